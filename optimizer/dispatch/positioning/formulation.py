r"""Where to wait as one program over all scenarios.

.. math::

    \max \sum_s \pi_s \sum_i w_{si} y_{si} - g \sum_{tp} m_{tp},\quad
    \sum_t z_{sgt} = d_{sg} y_{si(g)},\quad \sum_g z_{sgt} \le 1,\quad
    z_{sgt} \le a_{sgt0} + \sum_p (a_{sgtp} - a_{sgt0})\, m_{tp},\quad
    \sum_p m_{tp} \le 1

``m`` sends a team to a post, ``y`` says that an incident of a scenario has its standard response,
``z`` that a team fills a slot then, ``a`` that it reaches it in time from there. With ``m`` and
``y`` whole, what is left of each scenario is a matching, so ``z`` may be continuous. A need for an
amount asks for :math:`\sum_t b_{gt} z_{sgt} \ge d_{sg} y_{si(g)}` instead, ``z`` whole.

Haight, R. G. and Fried, J. S. (2007). Deploying wildland fire suppression resources with a
scenario-based standard response model. INFOR 45(1), https://doi.org/10.3138/infor.45.1.31
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from optimizer.algorithms.slots import match
from optimizer.demand import FloatArray
from optimizer.dispatch.moving import add_move_rows
from optimizer.dispatch.positioning.instance import BoolArray, Case, Instance, IntArray
from optimizer.linear import Builder, LinearProgram


@dataclass(frozen=True)
class Done:
    """What is served in a scenario, and who brings to which amount then."""

    served: BoolArray  # (incident,)
    bringing: IntArray  # (team,), a group, -1 for none

    @classmethod
    def of(cls, case: Case, served: BoolArray, bringing: IntArray) -> "Done":
        """Return it without those whom an amount can do without, the least first."""
        groups, bringing = case.groups, bringing.copy()
        for team in np.argsort(case.brings.max(axis=0, initial=0.0), kind="stable").tolist():
            group = bringing[team]
            if group < 0:
                continue
            others = case.brings[group] @ ((bringing == group) & (np.arange(len(bringing)) != team))
            if not served[groups.incident[group]] or others >= groups.amount[group] * (1.0 - 1e-9):
                bringing[team] = -1
        return cls(served, bringing)


Served = list[Done]  # of each scenario


def formulate(instance: Instance, fixed: IntArray | None = None) -> LinearProgram:
    """Return the program; with ``fixed`` (team,) everybody waits there."""
    request = instance.request
    teams, posts = instance.way_s.shape
    upper = np.isfinite(instance.way_s).astype(np.float64)
    lower = np.zeros_like(upper)
    if fixed is not None:
        lower[np.arange(teams)[fixed > 0], fixed[fixed > 0] - 1] = 1.0
        upper = lower
    builder = Builder("max")
    builder.add_columns(
        "move",
        np.full(teams * posts, -request.least_gain),
        lower=lower.ravel(),
        upper=upper.ravel(),
    )
    worth = [one.scenario.probability * one.severity for one in instance.cases]
    builder.add_columns("served", np.concatenate(worth))
    fill = _Columns(instance)
    # Who brings an amount is whole; who fills a slot is then a matching.
    builder.add_columns("fill", np.zeros(len(fill.team)), integer=fill.amount[fill.group] > 0.0)
    each = np.arange(len(fill.team))
    needs = csr_array((fill.brings, (fill.group, each)), shape=(fill.groups, len(each)))
    every = np.arange(fill.groups)
    asked = np.where(fill.amount > 0.0, 1.0, fill.slots)
    asks = csr_array((-asked, (every, fill.incident)), shape=(fill.groups, len(fill.worth)))
    enough = np.where(fill.amount > 0.0, np.inf, 0.0)
    builder.add_rows("needs", {"fill": needs, "served": asks}, lower=0.0, upper=enough)
    keys, row = np.unique(fill.case * teams + fill.team, return_inverse=True)
    once = csr_array((np.ones(len(each)), (row, each)), shape=(len(keys), len(each)))
    builder.add_rows("once", {"fill": once}, lower=-np.inf, upper=1.0)
    _reach_rows(builder, fill, (teams, posts))
    add_move_rows(builder, request.posts, teams, request.moves_max, once="one_post")
    return builder.build()


class _Columns:
    """Who may fill which group of which scenario, from some place: one entry a column."""

    def __init__(self, instance: Instance) -> None:
        starts = np.cumsum([0, *(len(one.groups) for one in instance.cases)])
        first = np.cumsum([0, *(len(one.wanted) for one in instance.cases)])
        pairs = [np.nonzero(one.reach.any(axis=2)) for one in instance.cases]
        self.groups = int(starts[-1])
        self.case = np.concatenate([np.full(len(g), s) for s, (g, _) in enumerate(pairs)])
        self.group = np.concatenate([g + starts[s] for s, (g, _) in enumerate(pairs)])
        self.team = np.concatenate([t for _, t in pairs])
        self.reach = np.concatenate(
            [one.reach[pair] for one, pair in zip(instance.cases, pairs, strict=True)]
        )  # (column, place)
        self.slots = np.concatenate([one.groups.slots for one in instance.cases]).astype(float)
        self.amount = np.concatenate([one.groups.amount for one in instance.cases])
        brings = [one.brings[pair] for one, pair in zip(instance.cases, pairs, strict=True)]
        amount = self.amount[self.group]
        # The share of an amount, or one slot.
        self.brings = np.where(amount > 0.0, np.concatenate(brings) / np.maximum(amount, 1e-9), 1.0)
        self.incident = np.concatenate(
            [one.groups.incident + first[s] for s, one in enumerate(instance.cases)]
        )
        self.worth = np.concatenate([one.severity for one in instance.cases])


def _reach_rows(builder: Builder, fill: _Columns, shape: tuple[int, int]) -> None:
    """Let a team fill only what it reaches from where it waits."""
    teams, posts = shape
    home = fill.reach[:, 0]
    change = fill.reach[:, 1:].astype(np.float64) - home[:, None]
    bound = np.flatnonzero(change.any(axis=1) | ~home)
    row, post = np.nonzero(change[bound])
    column = fill.team[bound][row] * posts + post
    moves = coo_array(
        (-change[bound][row, post], (row, column)), shape=(len(bound), teams * posts)
    ).tocsr()
    each = np.arange(len(bound))
    fills = csr_array((np.ones(len(bound)), (each, bound)), shape=(len(bound), len(fill.team)))
    builder.add_rows(
        "reached",
        {"fill": fills, "move": csr_array(moves)},
        lower=-np.inf,
        upper=home[bound].astype(np.float64),
    )


def served_of(instance: Instance, values: FloatArray) -> Served:
    """Return what a solution serves in each scenario."""
    teams, posts = instance.way_s.shape
    at, fill, found, first = teams * posts, _Columns(instance), [], 0
    chosen = values[len(values) - len(fill.team) :] > 0.5
    chosen &= fill.amount[fill.group] > 0.0
    for s, one in enumerate(instance.cases):
        served = values[at : at + len(one.wanted)] > 0.5
        mine = chosen & (fill.case == s)
        bringing = np.full(teams, -1, dtype=np.intp)
        bringing[fill.team[mine]] = fill.group[mine] - first
        found.append(Done.of(one, served, bringing))
        at, first = at + len(one.wanted), first + len(one.groups)
    return found


def values_of(
    instance: Instance, program: LinearProgram, place: IntArray, served: Served
) -> FloatArray | None:
    """Return the values of a plan; None where it breaks a row."""
    teams, posts = instance.way_s.shape
    values = np.zeros(len(program.cost))
    moved = np.flatnonzero(place > 0)
    values[moved * posts + place[moved] - 1] = 1.0
    values[program.columns["served"]] = np.concatenate([one.served for one in served])
    fill = _Columns(instance)
    starts = np.cumsum([0, *(len(one.groups) for one in instance.cases)])
    chosen = np.concatenate(
        [
            np.where(group >= 0, group + starts[s], -1)
            for s, group in enumerate(
                fillers_of(one, place, done)
                for one, done in zip(instance.cases, served, strict=True)
            )
        ]
    ).reshape(len(instance.cases), teams)
    values[program.columns["fill"]] = chosen[fill.case, fill.team] == fill.group
    return values if program.violation(values) <= 1e-9 else None


def fillers_of(case: Case, place: IntArray, done: Done) -> IntArray:
    """Return the group that each team fills or brings to (team,), -1 for none."""
    reach = np.take_along_axis(case.reach, place[None, :, None], axis=2)[:, :, 0]
    wanted = case.groups.slots * done.served[case.groups.incident]
    filled = match(reach & (done.bringing < 0), wanted).team_group
    return np.where(done.bringing >= 0, done.bringing, filled)
