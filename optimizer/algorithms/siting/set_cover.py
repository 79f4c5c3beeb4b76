r"""Set covering: the cheapest sites that reach every place.

min :math:`\sum_j f_j y_j` with :math:`\sum_{j \in N_i} y_j \ge 1`. Reductions first; then
multipliers :math:`u \ge 0` bound by :math:`\sum_i u_i + \sum_j \min(0, f_j - \sum_i u_i)`, whose
reduced costs give sites up; then the integer program of what is left. Whether few sites are enough
is first searched in depth.

Beasley, J. E. (1987). An algorithm for set covering problems. European Journal of Operational
Research 31(1). Caprara, A., Fischetti, M. and Toth, P. (1999). A heuristic method for the set
covering problem. Operations Research 47(5).
"""

import math
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array, vstack

from models.run import Status, StopReason
from optimizer.algorithms.branching import BranchAndBound
from optimizer.algorithms.covers import few_enough, half_cuts, lighter_cover, prepare
from optimizer.algorithms.siting.choice import FloatArray, IndexArray
from optimizer.algorithms.siting.instance import Found, Work, agree, impossible
from optimizer.algorithms.siting.pair_tree import PairTree
from optimizer.algorithms.siting.reductions import (
    Cover,
    best_sites,
    count_cover,
    greedy_cover,
    hardest_places,
    reduce_cover,
)
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.errors import BackendError
from optimizer.linear import Builder

_STEPS = 600
_PATIENCE = 15
_FEW_WALKED = 20_000  # steps of the local search before the bound
_FEW_TO_DECIDE = 5_000  # where it is asked whether few sites are enough
_WALKED = 100_000  # and after it, where it did not prove the best
_WALKED_TO_DECIDE = 10_000  # a tree that decides is quick, and finds what the walk did not
_PASSES = 4  # of cuts, each on the sites that the one before left
_FEWER = 0.9  # of its sites, at most, for another pass to pay
_CUT_ROUNDS = 24
_MOST_CUTS = 200  # of a round
_NODE_CUTS = 60
_NODES = 100_000  # of the search in depth, before one that bounds better
_CUT_LITTLE = 0.01  # of what is left to the cutoff, that a round must gain
_ROUNDING = 1e-7
_EPSILON = float(np.finfo(np.float64).eps)


def set_cover(cover: Cover, control: RunControl, *, enough: float | None = None) -> Found:
    """Return the cheapest cover, or whether one of at most ``enough`` exists.

    With ``enough`` the search ends as soon as it has a cover that cheap, FEASIBLE, or a proof
    that none is: its bound is then above ``enough``.
    """
    if not cover.reaches.any(axis=1).all():
        return impossible()
    prepare(control)
    whole = bool((cover.cost == np.rint(cover.cost)).all())
    left = reduce_cover(cover)
    base = float(cover.cost[left.taken].sum())
    part = Cover(cover.reaches[np.ix_(left.places, left.sites)], cover.cost[left.sites])
    target = None if enough is None else enough - base
    rest = _Search(part, control, whole, target, base).settle()
    chosen = np.concatenate([left.taken, left.sites[rest.sites]]).astype(np.intp)
    cost = count_cover(cover, chosen)
    agree(base + rest.cost, cost)
    proved = rest.bound >= rest.cost
    return Found(
        Status.OPTIMAL if proved else Status.FEASIBLE,
        StopReason.PROOF if proved else control.stop or StopReason.WORK,
        cost,
        cost if proved else base + rest.bound,
        tuple(np.sort(chosen).tolist()),
        tuple(one for one in control.incumbents if one.level == control.level),
        rest.work,
    )


@dataclass(frozen=True)
class _Rest:
    sites: IndexArray
    cost: float
    bound: float
    work: Work


@dataclass
class _Search:
    """The search on what reductions left."""

    cover: Cover
    control: RunControl
    whole: bool
    enough: float | None
    base: float
    cost: float = math.inf
    sites: IndexArray = field(default_factory=lambda: np.zeros(0, dtype=np.intp))

    def settle(self) -> _Rest:
        """Search until proved, good enough, or stopped."""
        if not len(self.cover.cost):
            return _Rest(self.sites, 0.0, 0.0, Work())
        self._offer(greedy_cover(self.cover, self.cover.cost))
        self._lighten(_FEW_WALKED if self.enough is None else _FEW_TO_DECIDE)
        bound, reduced_cost, steps = self._multiply()
        if self._done(bound):
            return _Rest(self.sites, self.cost, self._proved(bound), Work(0, steps))
        sought = 0
        if self.enough is not None and (self.cover.cost == 1.0).all():
            bound, sought = self._decide(self._possible(bound, reduced_cost), bound)
            if self._done(bound):
                return _Rest(self.sites, self.cost, self._proved(bound), Work(sought, steps))
        self._lighten(_WALKED if self.enough is None else _WALKED_TO_DECIDE)
        if self._done(bound):
            return _Rest(self.sites, self.cost, self._proved(bound), Work(sought, steps))
        keep = self._possible(bound, reduced_cost)
        bound, nodes = self._program(keep, bound)
        return _Rest(self.sites, self.cost, self._proved(bound), Work(sought + nodes, steps))

    def _possible(self, bound: float, reduced_cost: FloatArray) -> IndexArray:
        """Return the sites that a cover below the cutoff may hold."""
        return np.flatnonzero(bound + np.maximum(reduced_cost, 0.0) <= self._cutoff)

    @property
    def _cutoff(self) -> float:
        """What a better cover costs at most, or one that is good enough."""
        step = 1.0 - 1e-6 if self.whole else 1e-9 * max(1.0, self.cost)
        better = self.cost - step
        return better if self.enough is None else min(better, self.enough + 1e-6)

    def _above(self) -> float:
        """Return what a cover that costs more than the cutoff costs at least."""
        return float(math.ceil(self._cutoff)) if self.whole else self._cutoff

    def _proved(self, bound: float) -> float:
        if self.whole:
            bound = math.ceil(bound - 1e-6)
        return (
            min(self.cost, bound) if bound < self.cost - 1e-9 * max(1.0, self.cost) else self.cost
        )

    def _done(self, bound: float) -> bool:
        good = self.enough is not None and self.cost <= self.enough + 1e-6
        return good or bound > self._cutoff or self._stopped()

    def _stopped(self) -> bool:
        return self.control.halted is not None

    def _offer(self, sites: IndexArray) -> None:
        cost = count_cover(self.cover, sites)
        if cost < self.cost:
            self.cost, self.sites = cost, sites
            self.control.improved(self.base + cost, None)

    def _lighten(self, steps: int) -> None:
        """Look for a cheaper cover, or one that is good enough, near the best."""
        enough = -math.inf if self.enough is None else self.enough + 1e-6
        cover, seed = self.cover, self.control.limits.seed
        self._offer(
            lighter_cover(
                cover.reaches,
                cover.cost,
                self.sites,
                self._stopped,
                steps=steps,
                seed=seed,
                enough=enough,
            )
        )

    def _multiply(self) -> tuple[float, FloatArray, int]:
        """Climb by subgradients; return the best bound, its reduced costs, and the steps."""
        matrix = csr_array(self.cover.reaches.astype(np.float64))
        turned = matrix.T.tocsr()
        cheapest = self.cover.cost / np.maximum(np.asarray(turned.sum(axis=1)).ravel(), 1.0)
        now = np.where(self.cover.reaches, cheapest[None, :], np.inf).min(axis=1)
        best, reduced_cost = -math.inf, self.cover.cost
        held, pace, since, step = now, 1.0, 0, 0
        for step in range(1, _STEPS + 1):
            reduced = self.cover.cost - np.asarray(turned @ now)
            gained = float(np.minimum(reduced, 0.0).sum())
            total = float(now.sum())
            error = _EPSILON * (matrix.nnz + 8) * (total - gained)
            since += 1
            if total + gained - error > best:
                since = 0 if total + gained - error > best + 1e-4 * abs(best) else since
                best, reduced_cost, held = total + gained - error, reduced, now
            if self._done(best) or pace < 5e-3:
                break
            if step % 10 == 1:
                self._offer(greedy_cover(self.cover, np.maximum(reduced, 0.0)))
            slope = 1.0 - np.asarray(matrix @ (reduced < 0.0).astype(np.float64))
            slope[(now <= 0.0) & (slope < 0.0)] = 0.0
            norm = float(slope @ slope)
            if norm <= 0.0:
                break
            if since >= _PATIENCE:
                pace, since, now = 0.6 * pace, 0, held
            now = np.maximum(now + pace * max(self.cost - total - gained, 1e-3) / norm * slope, 0.0)
        return best, reduced_cost, step

    def _decide(self, keep: IndexArray, bound: float) -> tuple[float, int]:
        """Search in depth for few enough of the sites kept; return a bound, and the nodes."""
        none = csr_array((0, len(self.cover.cost)))
        session = self._session(keep, none, np.zeros(0))
        relaxed = self._solved(session)
        if relaxed is None or self.enough is None:
            return bound, 0
        bound = max(bound, relaxed)
        if bound > self._cutoff:
            return self._above(), 0
        reaches = np.asarray(session.program.matrix.toarray() > 0.5)
        most = math.floor(self.enough + 1e-6)
        found = few_enough(reaches, most, session.dual, self._stopped, nodes=_NODES)
        if found.sites is not None:
            self._offer(keep[found.sites])
        return self._above() if found.settled and found.sites is None else bound, found.nodes

    def _program(self, keep: IndexArray, bound: float) -> tuple[float, int]:
        """Solve the program of the sites kept; return a bound on all covers, and the nodes."""
        session, every = None, len(self.cover.cost)
        cuts, least = csr_array((0, every)), np.zeros(0)
        for _ in range(_PASSES):
            part = self.cover.reaches[:, keep]
            if not part.any(axis=1).all():
                return self._above(), 0
            keep = keep[best_sites(part, self.cover.cost[keep])]
            session = self._session(keep, cuts, least)
            relaxed, left, cuts, least = self._tighten(session, keep, cuts, least)
            if relaxed is None:
                return bound, 0
            bound = max(bound, relaxed)
            if bound > self._cutoff:
                return self._above(), 0
            fewer, keep = len(left) < _FEWER * len(keep), left
            if not fewer:
                break
        return self._branch(self._session(keep, cuts, least), keep, bound)

    def _session(self, keep: IndexArray, cuts: csr_array, least: FloatArray) -> LpSession:
        """Return the program of some sites, with the places that no other implies, and cuts."""
        reaches = self.cover.reaches[:, keep]
        reaches = reaches[hardest_places(reaches)].astype(np.float64)
        builder = Builder("min")
        builder.add_columns("open", self.cover.cost[keep], upper=1.0, integer=True)
        builder.add_rows("reach", {"open": csr_array(reaches)}, lower=1.0, upper=np.inf)
        if len(least):
            builder.add_rows("cut", {"open": csr_array(cuts[:, keep])}, lower=least, upper=np.inf)
        return LpSession(builder.build(), self.control.limits)

    def _tighten(
        self, session: LpSession, keep: IndexArray, cuts: csr_array, least: FloatArray
    ) -> tuple[float | None, IndexArray, csr_array, FloatArray]:
        """Add cuts while they raise the bound; return it, the sites it leaves, and binding cuts.

        None for the bound where the program was not solved.
        """
        places = session.program.matrix.shape[0] - len(least)
        best, left, before = None, keep, -math.inf
        for turn in range(_CUT_ROUNDS):
            bound = self._solved(session)
            if bound is None:
                break
            if best is None or bound >= best:
                dual = session.dual
                reduced = session.program.cost - session.program.matrix.T @ dual
                left = keep[bound + np.maximum(reduced, 0.0) <= self._cutoff + _ROUNDING]
                best, binding = bound, dual[places:] > _ROUNDING
            gained, before = bound - before, bound
            if bound > self._cutoff or turn + 1 == _CUT_ROUNDS:
                break
            if gained < _CUT_LITTLE * (self._cutoff - bound):
                break
            share = np.zeros(len(self.cover.cost))
            share[keep] = np.clip(session.primal, 0.0, 1.0)
            more, lower = half_cuts(self.cover.reaches, share, most=_MOST_CUTS)
            if not len(lower):
                break
            session.add_rows(csr_array(more[:, keep]), lower, np.inf)
            cuts, least = csr_array(vstack([cuts, more], format="csr")), np.append(least, lower)
        if best is not None:
            held = np.flatnonzero(binding)
            cuts, least = csr_array(cuts[held]), least[held]
        return best, left, cuts, least

    def _solved(self, session: LpSession) -> float | None:
        try:
            return session.safe_bound if session.solve(self.control) is Status.OPTIMAL else None
        except BackendError:  # numerical trouble: what was proved before stands
            return None

    def _branch(self, session: LpSession, keep: IndexArray, bound: float) -> tuple[float, int]:
        """Branch on the program of the sites kept.

        To decide whether few sites are enough, as a center's radii do where sites are many and
        alike, on pairs of places; else on sites.
        """
        reaches = self.cover.reaches[:, keep]
        incumbent = self._above() if self.whole else self.cost
        slack = 1.0 - 1e-6 if self.whole else 1e-9 * max(1.0, self.cost)

        def judge(values: FloatArray) -> float:
            self._offer(keep[values > 0.5])
            return count_cover(self.cover, keep[values > 0.5])

        def cutter(values: FloatArray) -> tuple[csr_array, FloatArray] | None:
            cuts, least = half_cuts(reaches, values, most=_NODE_CUTS)
            return (cuts, least) if len(least) else None

        tree: PairTree | BranchAndBound
        if self.enough is not None:
            tree = PairTree(
                session,
                reaches[hardest_places(reaches)],
                incumbent=incumbent,
                slack=slack,
                judge=judge,
                cutter=cutter,
            )
            tree.enough = self.enough + 1e-6
        else:
            if session.solve(self.control) is not Status.OPTIMAL:
                return bound, 0
            every = np.arange(len(keep))
            tree = BranchAndBound(
                [session],
                every,
                every,
                incumbent=incumbent,
                slack=slack,
                judge=judge,
            )
            tree.cutter = cutter
        proof = tree.prove(self.control)
        # What was left out costs more than the cutoff was; what was kept, at least the proof's.
        left = incumbent if proof.finished else min(proof.bound, incumbent)
        return max(bound, left), proof.node_count
