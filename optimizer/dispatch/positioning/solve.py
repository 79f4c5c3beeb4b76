r"""The strategy of pre-positioning: one program over all scenarios, proven and verified.

.. math::

    \max \sum_s \pi_s \sum_i w_{si} y_{si} - g \sum_{tp} m_{tp},\quad
    \sum_t z_{sgt} = d_{sg} y_{si(g)},\quad \sum_g z_{sgt} \le 1,\quad
    z_{sgt} \le a_{sgt0} + \sum_p (a_{sgtp} - a_{sgt0})\, m_{tp},\quad
    \sum_p m_{tp} \le 1

``m`` sends a team to a post, ``y`` says that an incident of a scenario has its standard response,
``z`` that a team fills a slot then, ``a`` that it reaches it in time from there. With ``m`` and
``y`` whole, what is left of each scenario is a matching, so ``z`` may be continuous.

Haight, R. G. and Fried, J. S. (2007). Deploying wildland fire suppression resources with a
scenario-based standard response model. INFOR 45(1), https://doi.org/10.3138/infor.45.1.31
"""

from importlib.metadata import version

import numpy as np
from scipy.sparse import coo_array, csr_array

from models.dispatch.positioning import (
    PositioningAnswer,
    PositioningExplanation,
    PositioningPlan,
    PositioningReason,
    PositioningRequest,
    ScenarioOrder,
    ScenarioOutcome,
)
from models.dispatch.readiness import MoveUp
from models.run import LevelReport, RunRecord, RunReport, Status, StopReason
from models.text import Text
from optimizer.algorithms.slots import match
from optimizer.backends import Outcome
from optimizer.backends.highs.solving import solve as solve_program
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.demand import FloatArray
from optimizer.dispatch.positioning.instance import BoolArray, Case, Instance, IntArray
from optimizer.dispatch.positioning.verify import verify
from optimizer.linear import Builder, LinearProgram
from optimizer.quiet import quiet
from optimizer.record import replay_limits, request_sha256
from optimizer.verification import insist

_STAYING_SHARE = 0.2  # of the time, for what comes of moving nobody: the first plan
_NO_REPLAY = "replay.not_promised"  # a clock ended it, or it began with another plan


def solve(
    request: PositioningRequest,
    control: RunControl | None = None,
    *,
    start: PositioningPlan | None = None,
    store: Store | None = None,
) -> PositioningAnswer:
    """Return where to wait, so that most severity is expected to be served; verified.

    The search begins with ``start`` where its moves are still possible, else with nobody moved.
    """
    control = control or RunControl(request.limits)
    instance = Instance.from_request(request, store)
    stay = np.zeros(len(instance.ready), dtype=np.intp)
    before = first = _best_at(instance, stay, quiet(control, _STAYING_SHARE))
    begun = stay if start is None else _places_of(instance, start)
    begun = stay if begun is None else begun
    if not np.array_equal(begun, stay):
        first = _best_at(instance, begun, quiet(control, _STAYING_SHARE))
    outcome, place = _search(instance, (begun, first), control)
    served = first if outcome.values is None else _served(instance, outcome.values)
    plan = _plan(instance, place, served, before)
    verification = insist(verify(request, plan, store))
    return PositioningAnswer(
        plan=plan,
        run=_report(request, control, outcome, plan, started=start is not None),
        verification=verification,
        explanation=PositioningExplanation(unserved=tuple(_reasons(instance, plan))),
        assumptions=request.situation.assumptions,
        illustrative=request.situation.illustrative,
    )


def replay(
    request: PositioningRequest, record: RunRecord, store: Store | None = None
) -> PositioningAnswer:
    """Return the answer of the run that the record is of, found again without a clock.

    Raises
    ------
    InputError
        The record is of another request or of other versions, or of a run that cannot be repeated.
    """
    return solve(request, RunControl(replay_limits(request, record)), store=store)


Served = list[BoolArray]  # of each scenario (incident,)


def _search(
    instance: Instance, first: tuple[IntArray, Served], control: RunControl
) -> tuple[Outcome, IntArray]:
    """Return the outcome of the whole program, and where each team waits."""
    place, served = first
    program = _formulate(instance)
    outcome = solve_program(program, control, start=_values(instance, program, place, served))
    if outcome.values is None:
        return outcome, place
    posts = len(instance.request.posts)
    moved = outcome.values[: len(place) * posts].reshape(len(place), posts) > 0.5
    return outcome, np.where(moved.any(axis=1), moved.argmax(axis=1) + 1, 0).astype(np.intp)


def _best_at(instance: Instance, place: IntArray, control: RunControl) -> Served:
    """Return what is best served with teams at these places, as far as the time allows."""
    program = _formulate(instance, place)
    outcome = solve_program(program, control)
    none = [np.zeros(len(one.wanted), dtype=np.bool_) for one in instance.cases]
    return none if outcome.values is None else _served(instance, outcome.values)


def _formulate(instance: Instance, fixed: IntArray | None = None) -> LinearProgram:
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
    builder.add_columns("fill", np.zeros(len(fill.team)), integer=False)
    each = np.arange(len(fill.team))
    needs = csr_array((np.ones(len(each)), (fill.group, each)), shape=(fill.groups, len(each)))
    every = np.arange(fill.groups)
    asks = csr_array((-fill.slots, (every, fill.incident)), shape=(fill.groups, len(fill.worth)))
    builder.add_rows("needs", {"fill": needs, "served": asks}, lower=0.0, upper=0.0)
    keys, row = np.unique(fill.case * teams + fill.team, return_inverse=True)
    once = csr_array((np.ones(len(each)), (row, each)), shape=(len(keys), len(each)))
    builder.add_rows("once", {"fill": once}, lower=-np.inf, upper=1.0)
    _reach_rows(builder, fill, (teams, posts))
    one_post = csr_array(np.kron(np.eye(teams), np.ones((1, posts))))
    builder.add_rows("one_post", {"move": one_post}, lower=0.0, upper=1.0)
    room = [teams if one.teams_max is None else one.teams_max for one in request.posts]
    at_post = csr_array(np.kron(np.ones((1, teams)), np.eye(posts)))
    builder.add_rows("room", {"move": at_post}, lower=0.0, upper=np.array(room, dtype=float))
    every_move = csr_array(np.ones((1, teams * posts)))
    builder.add_rows("few", {"move": every_move}, lower=0.0, upper=float(request.moves_max))
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


def _served(instance: Instance, values: FloatArray) -> Served:
    teams, posts = instance.way_s.shape
    at, found = teams * posts, []
    for one in instance.cases:
        found.append(values[at : at + len(one.wanted)] > 0.5)
        at += len(one.wanted)
    return found


def _values(
    instance: Instance, program: LinearProgram, place: IntArray, served: Served
) -> FloatArray | None:
    """Return the values of a plan; None where it breaks a row."""
    teams, posts = instance.way_s.shape
    values = np.zeros(len(program.cost))
    moved = np.flatnonzero(place > 0)
    values[moved * posts + place[moved] - 1] = 1.0
    values[program.columns["served"]] = np.concatenate(served)
    fill = _Columns(instance)
    starts = np.cumsum([0, *(len(one.groups) for one in instance.cases)])
    chosen = np.concatenate(
        [
            np.where(group >= 0, group + starts[s], -1)
            for s, group in enumerate(
                _filled(one, place, done) for one, done in zip(instance.cases, served, strict=True)
            )
        ]
    ).reshape(len(instance.cases), teams)
    values[program.columns["fill"]] = chosen[fill.case, fill.team] == fill.group
    return values if program.violation(values) <= 1e-9 else None


def _filled(case: Case, place: IntArray, served: BoolArray) -> IntArray:
    """Return the group that each team fills (team,), -1 for none."""
    reach = np.take_along_axis(case.reach, place[None, :, None], axis=2)[:, :, 0]
    wanted = case.groups.slots * served[case.groups.incident]
    return match(reach, wanted).team_group


def _plan(instance: Instance, place: IntArray, served: Served, before: Served) -> PositioningPlan:
    request = instance.request
    teams, posts = request.situation.teams, request.posts
    stay = np.zeros_like(place)
    outcomes = [
        _outcome(instance, one, place, done)
        for one, done in zip(instance.cases, served, strict=True)
    ]
    staying = [
        _outcome(instance, one, stay, done)
        for one, done in zip(instance.cases, before, strict=True)
    ]
    return PositioningPlan(
        moves=tuple(
            MoveUp(
                team_id=teams[instance.ready[t]].id,
                post_id=posts[place[t] - 1].id,
                way_s=float(instance.way_s[t, place[t] - 1]),
            )
            for t in np.flatnonzero(place > 0).tolist()
        ),
        outcomes=tuple(outcomes),
        staying=tuple(staying),
        expected_after=_expected(request, [one.severity_served for one in outcomes]),
        expected_before=_expected(request, [one.severity_served for one in staying]),
        expected_total=_expected(request, [one.severity_total for one in outcomes]),
    )


def _expected(request: PositioningRequest, values: list[float]) -> float:
    return sum(
        one.probability * value for one, value in zip(request.scenarios, values, strict=True)
    )


def _outcome(instance: Instance, case: Case, place: IntArray, served: BoolArray) -> ScenarioOutcome:
    groups, incidents = case.groups, case.scenario.incidents
    filled = _filled(case, place, served)
    assert int((filled >= 0).sum()) == int((groups.slots * served[groups.incident]).sum()), (
        "what the program serves can be matched"
    )
    return ScenarioOutcome(
        scenario_id=case.scenario.id,
        orders=tuple(
            ScenarioOrder(
                team_id=instance.request.situation.teams[instance.ready[t]].id,
                incident_id=incidents[groups.incident[filled[t]]].id,
                need=int(groups.need[filled[t]]),
                first_due=bool(groups.first_due[filled[t]]),
            )
            for t in np.flatnonzero(filled >= 0).tolist()
        ),
        unserved=tuple(incidents[i].id for i in np.flatnonzero(~served).tolist()),
        severity_served=float(case.severity @ served),
        severity_total=float(case.severity.sum()),
    )


def _places_of(instance: Instance, start: PositioningPlan) -> IntArray | None:
    """Return where the moves of a plan put each team, None where that breaks a limit."""
    request = instance.request
    posts = {one.id: p + 1 for p, one in enumerate(request.posts)}
    teams = {request.situation.teams[t].id: k for k, t in enumerate(instance.ready.tolist())}
    place = np.zeros(len(instance.ready), dtype=np.intp)
    for one in start.moves:
        if one.team_id in teams and one.post_id in posts:
            place[teams[one.team_id]] = posts[one.post_id]
    moved = np.flatnonzero(place > 0)
    used = np.bincount(place[moved] - 1, minlength=len(request.posts))
    room = [np.inf if one.teams_max is None else one.teams_max for one in request.posts]
    reached = np.isfinite(instance.way_s[moved, place[moved] - 1]).all()
    if len(moved) > request.moves_max or (used > np.array(room)).any() or not reached:
        return None
    return place


def _reasons(instance: Instance, plan: PositioningPlan) -> list[PositioningReason]:
    found = []
    for case, outcome in zip(instance.cases, plan.outcomes, strict=True):
        at = {one.id: i for i, one in enumerate(case.scenario.incidents)}
        for name in outcome.unserved:
            own = np.flatnonzero(case.groups.incident == at[name])
            reason = _reason(case, own)
            text = Text(code=f"positioning.reason.{reason}", values={"incident": name})
            found.append(
                PositioningReason.model_validate(
                    {
                        "scenario_id": case.scenario.id,
                        "incident_id": name,
                        "reason": reason,
                        "text": text,
                    }
                )
            )
    return found


def _reason(case: Case, own: IntArray) -> str:
    """Say what keeps an incident from being served, asked from the hardest limit to the softest."""
    wanted = case.groups.slots[own]
    for name, could in (
        ("SKILL", case.able[own]),
        ("TIME_WINDOW", case.reach[own].any(axis=2)),
    ):
        if not match(could, wanted).complete:
            return name
    return "OUTCOMPETED"


def _report(
    request: PositioningRequest,
    control: RunControl,
    outcome: Outcome,
    plan: PositioningPlan,
    *,
    started: bool,
) -> RunReport:
    worth = plan.expected_after - request.least_gain * len(plan.moves)
    status = Status.OPTIMAL if outcome.status is Status.OPTIMAL else Status.FEASIBLE
    replayable = outcome.stop is StopReason.PROOF and not started
    level = LevelReport(
        kind="expected_severity",
        sense="max",
        status=status,
        stop=outcome.stop,
        objective=worth,
        bound=outcome.bound,
        final=worth,
        node_count=outcome.node_count,
        wall_s=control.elapsed_s,
    )
    return RunReport(
        status=status,
        stop=outcome.stop,
        levels=(level,),
        wall_s=control.elapsed_s,
        backend="highs",
        record=RunRecord(
            request_sha256=request_sha256(request),
            versions={name: version(name) for name in ("numpy", "scipy", "highspy")},
            seed=control.limits.seed,
            threads=control.limits.threads,
            backend="highs",
            node_limit=control.limits.node_limit,
            replayable=replayable,
            reason=None if replayable else _NO_REPLAY,
        ),
    )
