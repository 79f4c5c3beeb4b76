r"""The strategy of readiness: the best moves by a mixed-integer program, proven and verified.

.. math::

    \max \sum_z d_z \sum_k (1 - q) q^{k-1} u_{zk} - g \sum_{tp} m_{tp},\quad
    \sum_k u_{zk} \le \sum_t a_{tz} (1 - \sum_p m_{tp}) + \sum_{tp} b_{tpz} m_{tp}

with ``m`` a team's move to a post and ``u`` that a ``k``-th team reaches zone ``z``: the maximal
expected covering location problem of Daskin (1983) with teams that may stay where they are. The
shares of ``u`` fall with ``k``, so they need not be integers.
"""

from importlib.metadata import version

import numpy as np
from scipy.sparse import csr_array

from models.dispatch.readiness import (
    MoveUp,
    ReadinessAnswer,
    ReadinessPlan,
    ReadinessRequest,
    TeamWorth,
)
from models.run import LevelReport, RunRecord, RunReport, Status, StopReason
from optimizer.algorithms.cover_left import expected_cover, losses
from optimizer.backends.highs.solving import solve as solve_program
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.demand import FloatArray
from optimizer.dispatch.moving import add_move_rows
from optimizer.dispatch.readiness.instance import BoolArray, Instance
from optimizer.dispatch.readiness.verify import verify
from optimizer.linear import Builder, LinearProgram
from optimizer.record import replay_limits, request_sha256
from optimizer.verification import insist

_NO_REPLAY = "replay.not_promised"  # a clock ended it, or it began with another plan
Moves = list[tuple[int, int]]


def solve(
    request: ReadinessRequest,
    control: RunControl | None = None,
    *,
    start: ReadinessPlan | None = None,
    store: Store | None = None,
) -> ReadinessAnswer:
    """Return the moves that leave most cover, verified; ``start`` is where the search begins."""
    control = control or RunControl(request.limits)
    instance = Instance.from_request(request, store)
    moves: Moves = []
    status, stop, bound = Status.OPTIMAL, StopReason.PROOF, None
    if not instance.gated and instance.ready and request.moves_max > 0:
        program = _formulate(instance)
        begun = None if start is None else _start(instance, program, start)
        outcome = solve_program(program, control, start=begun)
        status, stop, bound = outcome.status, outcome.stop, outcome.bound
        if outcome.values is not None:
            picked = np.flatnonzero(outcome.values[: instance.way_s.size] > 0.5)
            moves = [divmod(int(one), len(request.posts)) for one in picked]
        status = Status.FEASIBLE if status is not Status.OPTIMAL else status
    plan = _plan(instance, moves)
    verification = insist(verify(request, plan, store))
    worth = plan.cover_after - request.least_gain * len(moves)
    level = LevelReport(
        kind="expected_cover",
        sense="max",
        status=status,
        stop=stop,
        objective=worth,
        bound=worth if bound is None and status is Status.OPTIMAL else bound,
        final=plan.cover_after,
        wall_s=control.elapsed_s,
    )
    return ReadinessAnswer(
        travel=instance.travel,
        plan=plan,
        run=RunReport(
            status=status,
            stop=stop,
            levels=(level,),
            wall_s=control.elapsed_s,
            backend="highs",
            record=RunRecord(
                request_sha256=request_sha256(request),
                versions={name: version(name) for name in ("numpy", "highspy")},
                seed=control.limits.seed,
                threads=1,
                backend="highs",
                node_limit=control.limits.node_limit,
                replayable=stop is StopReason.PROOF and start is None,
                reason=None if stop is StopReason.PROOF and start is None else _NO_REPLAY,
            ),
        ),
        verification=verification,
        assumptions=request.situation.assumptions,
        illustrative=request.situation.illustrative,
    )


def replay(
    request: ReadinessRequest, record: RunRecord, store: Store | None = None
) -> ReadinessAnswer:
    """Return the answer of the run that the record is of, found again without a clock.

    Raises
    ------
    InputError
        The record is of another request or of other versions, or of a run that cannot be repeated.
    """
    return solve(request, RunControl(replay_limits(request, record)), store=store)


def _start(instance: Instance, program: LinearProgram, start: ReadinessPlan) -> FloatArray | None:
    """Return the values of a plan's moves, None where they break a limit."""
    names = {instance.request.situation.teams[t].id: k for k, t in enumerate(instance.ready)}
    posts = {one.id: p for p, one in enumerate(instance.request.posts)}
    pairs = [(names.get(one.team_id), posts.get(one.post_id)) for one in start.moves]
    moves = [(team, post) for team, post in pairs if team is not None and post is not None]
    values = np.zeros(len(program.cost))
    for team, post in moves:
        values[team * len(posts) + post] = 1.0
    reached = _after(instance, moves).sum(axis=0)
    kth = np.arange(len(instance.ready))[None] < reached[:, None]
    values[program.columns["kth"]] = kth.ravel()
    return values if program.violation(values) <= 1e-9 else None


def _formulate(instance: Instance) -> LinearProgram:
    request, q = instance.request, instance.request.busy_share
    teams, posts, zones = instance.there.shape
    possible = np.isfinite(instance.way_s).ravel().astype(np.float64)
    builder = Builder("max")
    builder.add_columns("move", np.full(teams * posts, -request.least_gain), upper=possible)
    worth = instance.demand[:, None] * ((1.0 - q) * q ** np.arange(teams))[None]
    builder.add_columns("kth", worth.ravel(), integer=False)
    change = (instance.there.astype(int) - instance.here[:, None].astype(int)).reshape(-1, zones)
    kth = csr_array(np.kron(np.eye(zones), np.ones((1, teams))))
    builder.add_rows(
        "reached",
        {"kth": kth, "move": csr_array(-change.T.astype(np.float64))},
        lower=-np.inf,
        upper=instance.here.sum(axis=0).astype(np.float64),
    )
    add_move_rows(builder, request.posts, teams, request.moves_max, once="once")
    return builder.build()


def _after(instance: Instance, moves: Moves) -> BoolArray:
    reach = instance.here.copy()
    for team, post in moves:
        reach[team] = instance.there[team, post]
    return reach


def _plan(instance: Instance, moves: Moves) -> ReadinessPlan:
    request, demand, q = instance.request, instance.demand, instance.request.busy_share
    names = [request.situation.teams[t].id for t in instance.ready]
    after = _after(instance, moves)
    lost = losses(instance.here, demand, q)
    bare = ~after.any(axis=0) & (demand > 0)
    return ReadinessPlan(
        moves=tuple(
            MoveUp(
                team_id=names[team],
                post_id=request.posts[post].id,
                way_s=float(instance.way_s[team, post]),
            )
            for team, post in moves
        ),
        cover_before=min(1.0, expected_cover(instance.here, demand, q)),
        cover_after=min(1.0, expected_cover(after, demand, q)),
        worth=tuple(
            TeamWorth(team_id=name, loss=min(1.0, float(one)))
            for name, one in zip(names, lost, strict=True)
        ),
        bare_zones=tuple(request.zones[z].id for z in np.flatnonzero(bare)),
        busy=instance.busy,
        gated=instance.gated,
    )
