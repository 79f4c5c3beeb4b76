r"""Sets of posts, and what missing all of them costs.

Every objective that values a point by its best open station is a sum over *missed sets*: with
:math:`u_P \ge 1 - \sum_{k \in P} x_k` a point whose loss climbs :math:`l_1 < l_2 < \dots` as
ever farther posts serve it loses :math:`l_1 + \sum_k (l_{k+1} - l_k)\,u_{P_k}`, where
:math:`P_k` are the posts that keep its loss at most :math:`l_k`. With one step this is maximal
covering (Church and ReVelle 1974); with all of them it is the radius formulation of the p-median
(Cornuejols, Nemhauser and Wolsey 1980; Elloumi 2010). Points, steps and scenarios that share a
set share its column, which is what makes large cities small.

References
----------
Cornuejols, G., Nemhauser, G. L. and Wolsey, L. A. (1980). A canonical representation of simple
plant location problems and its applications. SIAM J. Algebraic Discrete Methods 1(3).
Elloumi, S. (2010). A tighter formulation of the p-median problem. J. Comb. Optim. 19.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csc_array, csr_array, eye_array

from optimizer.cache import name_of
from optimizer.coverage import (
    Groups,
    Words,
    cover_sets,
    group_sets,
    pack,
    row_blocks,
    total_by,
    unpack,
)
from optimizer.demand import FloatArray
from optimizer.fire_stations.formulation.parts import Values
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray, IndexArray
from optimizer.linear import Builder

_FEW = 8  # posts: where more change, counting afresh is cheaper

Loss = Callable[[int, FloatArray], FloatArray]


@dataclass
class _Count:
    """How many posts of each set are open, for one choice of open posts."""

    open_posts: BoolArray
    count: IndexArray  # (set,)


@dataclass(frozen=True)
class MissedSets:
    """Distinct sets of posts, as a block of columns :math:`u` of one program.

    ``inner`` names for each set a smaller one inside it, or the set itself where none is known.
    """

    name: str
    members: csr_array  # (set, post)
    inner: IndexArray | None = None  # (set,)

    def add(self, builder: Builder) -> None:
        r"""Add :math:`u_P + \sum_{k \in P} x_k \ge 1` with :math:`u \in [0, 1]`.

        A set with an inner set :math:`Q` says the same by what it has beyond it,
        :math:`u_P + \sum_{k \in P \setminus Q} x_k \ge u_Q`: as tight, and far sparser.
        """
        count = self.members.shape[0]
        builder.add_columns(self.name, np.zeros(count), integer=False)
        inner = np.arange(count) if self.inner is None else self.inner
        nested = np.flatnonzero(inner != np.arange(count))
        less = csr_array((np.ones(len(nested)), (nested, inner[nested])), shape=(count, count))
        own = csr_array(eye_array(count, format="csr") - less)
        beyond = csr_array(self.members - less @ self.members)
        beyond.eliminate_zeros()
        lower = np.where(inner == np.arange(count), 1.0, 0.0)
        terms = {self.name: own, "post": beyond}
        builder.add_rows(self.name, terms, lower=lower, upper=np.inf)

    def complete(self, open_posts: BoolArray) -> FloatArray:
        """Return 1 for each set with no open post, else 0."""
        return np.asarray(self.open_count(open_posts) == 0, dtype=np.float64)

    def open_count(self, open_posts: BoolArray) -> IndexArray:
        """Return how many posts of each set are open (set,).

        A search asks for one choice after another that differ in a post or two, so the last
        count is kept and moved by the posts that changed.
        """
        last = self._last
        changed = np.flatnonzero(open_posts != last.open_posts)
        if len(changed) > _FEW:
            last.count = (self.members @ open_posts.astype(np.float64)).astype(np.intp)
        else:
            for post in changed:
                inside = self._by_post.indices[
                    self._by_post.indptr[post] : self._by_post.indptr[post + 1]
                ]
                last.count[inside] += 1 if open_posts[post] else -1
        last.open_posts = open_posts.copy()
        return last.count

    @cached_property
    def _by_post(self) -> csc_array:
        return csc_array(self.members)

    @cached_property
    def _last(self) -> "_Count":
        sets, posts = self.members.shape
        return _Count(np.zeros(posts, dtype=np.bool_), np.zeros(sets, dtype=np.intp))

    def fill(self, values: Values, chosen: BoolArray, open_posts: BoolArray) -> None:
        """Put the columns' values for open posts into ``values``."""
        del chosen
        values[self.name] = self.complete(open_posts)

    def insertions(self, coefficients: FloatArray, open_posts: BoolArray) -> FloatArray:
        """Return ``coefficients @ u`` for each post (post,) when it opens too."""
        missed = np.flatnonzero((self.open_count(open_posts) == 0) & (coefficients != 0))
        gone = coefficients[missed]
        worth: FloatArray = float(gone.sum()) - self.members[missed].T @ gone
        return worth


@dataclass(frozen=True)
class Within:
    """Who can be reached within one time limit, in every scenario.

    ``group[s, i]`` is the set of point ``i`` in scenario ``s``; ``always`` marks sets that a
    forced post serves, ``never`` sets no possible post serves.
    """

    within_s: float
    sets: Words  # (set, word)
    group: IndexArray  # (scenario, demand)
    always: BoolArray  # (set,)
    never: BoolArray  # (set,)

    @classmethod
    def of(cls, instance: Instance, within_s: float, *, every_post: bool = False) -> "Within":
        """Return the distinct sets within ``within_s`` of the clock's start.

        With ``every_post`` nothing is taken as excluded or forced beforehand.
        """
        posts = len(instance.posts)
        possible = np.ones(posts, dtype=np.bool_) if every_post else instance.possible_posts
        forced = np.zeros(posts, dtype=np.bool_) if every_post else instance.forced_posts
        groups = _grouped(instance, within_s, possible)
        always = np.asarray((groups.sets & pack(forced[None])[0]).any(axis=1))
        never = np.asarray(~groups.sets.any(axis=1))
        group = groups.group.reshape(instance.scenario_count, -1)
        return cls(within_s, groups.sets, group, always, never)

    def weight(self, scenario: int, weight: FloatArray) -> FloatArray:
        """Return the summed demand weight of each set in one scenario."""
        return total_by(self.group[scenario], weight, len(self.sets))


def _grouped(instance: Instance, within_s: float, possible: BoolArray) -> Groups:
    """Return the sets of ``possible`` posts by scenario and point, kept ones where they are."""
    cache, arrivals = instance.cache, instance.arrivals_name
    name = "" if arrivals is None else name_of("within", arrivals, repr(within_s), possible)
    shape = (len(instance.demand), len(possible))
    kept = None if cache is None or not name else cache.load(name)
    if kept is not None:
        found = Groups.checked(kept, shape[0] * instance.scenario_count, shape[1])
        if found is not None:
            return found
    words = [
        cover_sets(lambda rows, s=s: _times(instance, s, rows, possible), shape, within_s)  # type: ignore[misc]
        for s in range(instance.scenario_count)
    ]
    groups = group_sets(np.concatenate(words))
    if cache is not None and name:
        cache.keep(name, {"sets": groups.sets, "group": groups.group})
    return groups


@dataclass(frozen=True)
class Cover:
    """The columns of one time limit: sets whose cover depends on the choice."""

    name: str
    within: Within
    kept: IndexArray  # (column,) the set each column stands for
    post_count: int

    @classmethod
    def of(cls, name: str, within: Within, relevant: FloatArray, post_count: int) -> "Cover":
        """Keep the sets undecided beforehand that some of ``relevant`` (demand,) weight uses."""
        used = sum(within.weight(scenario, relevant) for scenario in range(len(within.group)))
        open_question = ~within.always & ~within.never & (np.asarray(used) > 0)
        return cls(name, within, np.flatnonzero(open_question), post_count)

    @cached_property
    def block(self) -> MissedSets:
        """The columns and rows."""
        return MissedSets(self.name, unpack(self.within.sets[self.kept], self.post_count))

    def missed(self, scenario: int, weight: FloatArray) -> tuple[FloatArray, float]:
        """Return the weight missed by each column, and the weight missed whatever is chosen."""
        of_set = self.within.weight(scenario, weight)
        return of_set[self.kept], float(of_set[self.within.never].sum())


@dataclass(frozen=True)
class Steps:
    """Every step of every point's loss: missing ``group``'s set costs ``rise`` more.

    ``first`` is what each (scenario, point) loses whatever is chosen.
    """

    members: csr_array  # (set, post), distinct
    inner: IndexArray  # (set,) the largest set of a step just before one of this set
    scenario: IndexArray  # (step,)
    point: IndexArray  # (step,) demand index
    group: IndexArray  # (step,) the set of the step
    rise: FloatArray  # (step,)
    points: IndexArray  # (point,) demand indices with some weight
    first: FloatArray  # (scenario, point)

    @classmethod
    def of(cls, instance: Instance, weight: FloatArray, loss: Loss) -> "Steps":
        """Return the steps of ``loss(scenario, response_s)``, a climbing function of time."""
        points = np.flatnonzero(weight > 0)
        scenarios = range(instance.scenario_count)
        parts = [
            _steps(instance, scenario, points[rows], loss)
            for scenario in scenarios
            for rows in row_blocks(len(points), 8 * len(instance.posts))
        ]
        words = max(1, -(-len(instance.posts) // 64))
        sets = [np.zeros((0, words), dtype=np.uint64), *(part.sets for part in parts)]
        groups = group_sets(np.concatenate(sets))
        nothing = np.zeros(0, dtype=np.intp)
        members = unpack(groups.sets, len(instance.posts))
        scenario = np.concatenate([nothing, *(part.scenario for part in parts)])
        point = np.concatenate([nothing, *(part.point for part in parts)])
        return cls(
            members=members,
            inner=_inner(members, scenario, point, groups.group),
            scenario=scenario,
            point=point,
            group=groups.group,
            rise=np.concatenate([np.zeros(0), *(part.rise for part in parts)]),
            points=points,
            first=np.concatenate([np.zeros(0), *(part.first for part in parts)]).reshape(
                len(scenarios), len(points)
            ),
        )


@dataclass(frozen=True)
class Ladder:
    """The summed loss of all points, scenario by scenario."""

    name: str
    members: csr_array  # (set, post)
    inner: IndexArray  # (set,)
    penalty: FloatArray  # (scenario, set), what missing the set costs
    constant: FloatArray  # (scenario,)

    @cached_property
    def block(self) -> MissedSets:
        """The columns and rows."""
        return MissedSets(self.name, self.members, self.inner)

    @classmethod
    def of(cls, name: str, instance: Instance, weight: FloatArray, loss: Loss) -> "Ladder":
        """Return the ladder of ``loss`` times ``weight`` (demand,)."""
        steps = Steps.of(instance, weight, loss)
        shape = (instance.scenario_count, steps.members.shape[0])
        cell = steps.scenario * shape[1] + steps.group
        penalty = total_by(cell, steps.rise * weight[steps.point], shape[0] * shape[1])
        return cls(
            name=name,
            members=steps.members,
            inner=steps.inner,
            penalty=penalty.reshape(shape),
            constant=steps.first @ weight[steps.points],
        )


def _inner(
    members: csr_array, scenario: IndexArray, point: IndexArray, group: IndexArray
) -> IndexArray:
    """Return for each set the largest set that some point's ladder has one step before it."""
    inner = np.arange(members.shape[0])
    follows = np.flatnonzero((scenario[1:] == scenario[:-1]) & (point[1:] == point[:-1])) + 1
    size = np.diff(members.indptr)
    order = follows[np.argsort(size[group[follows - 1]], kind="stable")]
    inner[group[order]] = group[order - 1]
    return inner


@dataclass(frozen=True)
class _Part:
    sets: Words
    scenario: IndexArray
    point: IndexArray
    rise: FloatArray
    first: FloatArray


def _steps(instance: Instance, scenario: int, rows: IndexArray, loss: Loss) -> _Part:
    """Return the steps of some points in one scenario, one set a step."""
    posts = np.flatnonzero(instance.possible_posts)
    losses = loss(scenario, _response_of(instance, scenario, rows, posts))
    nothing = loss(scenario, np.full(1, np.inf))[0]
    ceiling = losses[:, instance.forced_posts[posts]].min(axis=1, initial=nothing)
    order = np.argsort(losses, axis=1, kind="stable")
    climbing = np.minimum(np.take_along_axis(losses, order, axis=1), ceiling[:, None])
    width = int((climbing < ceiling[:, None]).sum(axis=1).max(initial=0))
    climbing = np.hstack([climbing[:, :width], ceiling[:, None]])
    rise = np.diff(climbing, axis=1)
    point, step = np.nonzero(rise > 0)
    sets = _prefixes(posts[order[:, :width]], len(instance.posts))[point, step]
    return _Part(
        sets=sets,
        scenario=np.full(len(point), scenario, dtype=np.intp),
        point=rows[point],
        rise=rise[point, step],
        first=climbing[:, 0],
    )


def _response_of(
    instance: Instance, scenario: int, rows: IndexArray, posts: IndexArray
) -> FloatArray:
    if not len(rows):
        return np.zeros((0, len(posts)))
    span = slice(int(rows[0]), int(rows[-1]) + 1)
    times: FloatArray = instance.response_s(scenario, span, posts)[rows - rows[0]]
    return times


def _times(instance: Instance, scenario: int, rows: slice, possible: BoolArray) -> FloatArray:
    """Return response times (rows, post), ``inf`` from posts that are not possible."""
    if possible.all():
        return instance.response_s(scenario, rows)
    posts = np.flatnonzero(possible)
    some = instance.response_s(scenario, rows, posts)
    times = np.full((len(some), len(possible)), np.inf)
    times[:, posts] = some
    return times


def _prefixes(order: IndexArray, posts: int) -> Words:
    """Return the packed set of the first 1, 2, ... posts of each row of ``order``."""
    words = max(1, -(-posts // 64))
    bits = np.zeros((*order.shape, words), dtype=np.uint64)
    point, step = np.indices(order.shape)
    bits[point, step, order // 64] = np.uint64(1) << (order % 64).astype(np.uint64)
    prefixes: Words = np.bitwise_or.accumulate(bits, axis=1)
    return prefixes
