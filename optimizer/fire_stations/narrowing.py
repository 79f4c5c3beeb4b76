"""What a level settles for good: what no plan that keeps its worth can open, or leave out.

Later levels keep what a level has won, so its relaxation speaks of them too. The reduced costs of
one solve settle most of what can be settled (see `fixing`); then each post still in question is
tried out: the relaxation is solved with the post against the plan's choice, and the post is
settled where no value that keeps the level is left. Achterberg, T. et al. (2020). Presolve
reductions in mixed integer programming. INFORMS J. Computing 32(2), probing.

The programs of later levels are then written for what is left, which is often a tenth. All of it
hangs on the plan and the levels before alone, never on how the search went, so that a replay
settles the same.
"""

import numpy as np

from models.run import Status
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.errors import BackendError
from optimizer.fire_stations.fixing import fixed
from optimizer.fire_stations.formulation import Floor, Formulation
from optimizer.fire_stations.formulation.thinning import activated, thinned
from optimizer.fire_stations.instance import Posts, Settled
from optimizer.fire_stations.options import BoolArray, IndexArray
from optimizer.fire_stations.scaling import scaled, scaling
from optimizer.judging import PROVEN_GAP
from optimizer.linear import LinearProgram

_PATIENCE = 10  # posts tried in a row without settling one, and it is over
_WORTHWHILE = 0.1  # of the options in question: less does not pay for writing programs anew
_SEEN = 1.0 - 1e-6  # where some relaxation has a post, none need be solved to see whether it can


def narrowed(
    formulation: Formulation,
    floors: tuple[Floor, ...],
    chosen: BoolArray,
    control: RunControl,
) -> Formulation | None:
    """Return the formulation of what plans that keep ``floors`` can differ in.

    The last of ``floors`` is that of the level just solved, ``chosen`` its plan. None where
    little is settled, or where the control ended it early.
    """
    program, start, limit = _program(formulation, floors, chosen)
    if program.violation(start, relative=True) > PROVEN_GAP:
        return None
    instance = formulation.instance
    after = _settled(program, start, limit, instance.posts, control)
    if after is None:
        return None
    settled = _read(after, instance.posts)
    before = ~instance.excluded & ~instance.forced
    left = before & ~settled.shut & ~settled.taken
    if left.sum() > (1.0 - _WORTHWHILE) * before.sum():
        return None
    return Formulation(instance.narrowed(settled))


def _program(
    formulation: Formulation, floors: tuple[Floor, ...], chosen: BoolArray
) -> tuple[LinearProgram, FloatArray, float]:
    """Return the program of the last floor's level, scaled, with the plan and the worth to keep."""
    open_posts = (formulation.instance.posts.options @ chosen.astype(np.float64)) > 0
    active, _ = activated({}, tuple(floor.part for floor in floors), open_posts)
    *earlier, own = (Floor(thinned(floor.part, active), floor.limit) for floor in floors)
    program = formulation.program(own.part, tuple(earlier))
    start = formulation.complete(program, own.part, tuple(earlier), chosen)
    factor, step = scaling(own.part)
    cost = scaled(program.cost, factor, step)
    program = program.with_cost(cost, program.sense, program.offset * factor)
    return program, start, own.limit * factor


def _settled(
    program: LinearProgram, start: FloatArray, limit: float, posts: Posts, control: RunControl
) -> LinearProgram | None:
    """Return ``program`` with the bounds of every solution worth at least ``limit``.

    None where the control ended it early, or the relaxation proves nothing.
    """
    session = LpSession(program, control.limits)
    if session.solve(control) is not Status.OPTIMAL or session.safe_bound is None:
        return None
    after = fixed(program, start, -abs(program.objective(start) - limit), control, session)
    after = _agreed(after, posts)
    session.change_bounds(np.arange(len(program.cost)), after.lower, after.upper)
    if session.solve(control) is Status.OPTIMAL:
        after = _tried(session, start, limit, control)
    return None if control.halted is not None else after


def _tried(
    session: LpSession, start: FloatArray, limit: float, control: RunControl
) -> LinearProgram:
    """Return the program of ``session``, solved, with the posts settled that can be so."""
    seen_open = seen_shut = session.primal
    basis, vain = session.basis, 0
    for column in _in_question(session):
        taken = start[column] > 0.5
        possible = seen_shut[column] <= 1.0 - _SEEN if taken else seen_open[column] >= _SEEN
        if possible:
            continue
        if vain >= _PATIENCE or control.halted is not None:
            break
        at = np.array([column])
        session.change_bounds(at, 1.0 - start[column], 1.0 - start[column])
        session.basis = basis
        status = session.solve(control, cutoff=limit)
        if _hopeless(session, status, limit):
            session.change_bounds(at, start[column], start[column])
            vain = 0
            continue
        vain += 1
        if status is Status.OPTIMAL:
            seen_open = np.maximum(seen_open, session.primal)
            seen_shut = np.minimum(seen_shut, session.primal)
        session.change_bounds(at, 0.0, 1.0)
    return session.program


def _in_question(session: LpSession) -> IndexArray:
    """Return the columns of posts not settled yet, those first whose move costs the relaxation."""
    program = session.program
    posts = program.columns["post"]
    free = np.flatnonzero(program.upper[posts] > program.lower[posts]) + posts.start
    order = np.argsort(-np.abs(session.reduced_cost[free]), kind="stable")
    return np.asarray(free[order], dtype=np.intp)


def _hopeless(session: LpSession, status: Status, limit: float) -> bool:
    """Return whether the last solve proves that no value keeps ``limit``."""
    if status is Status.INFEASIBLE:
        try:
            session.ray()
        except BackendError:
            return False
        return True
    if status is not Status.OPTIMAL and not session.cut_off:
        return False
    bound = session.safe_bound
    if bound is None:
        return False
    return bound > limit if session.program.sense == "min" else bound < limit


def _agreed(program: LinearProgram, posts: Posts) -> LinearProgram:
    """Return ``program`` with no post open that no option can open."""
    option, post = program.columns["option"], program.columns["post"]
    upper = program.upper.copy()
    upper[post] = np.minimum(upper[post], posts.options @ upper[option])
    return program.with_bounds(program.lower, upper)


def _read(program: LinearProgram, posts: Posts) -> Settled:
    """Return what the bounds of ``program`` say of options and posts."""
    option, post = program.columns["option"], program.columns["post"]
    taken = program.lower[option] > 0.5
    # A post has one option at most: whoever counts on one that is taken counts on no other there.
    one_taken = posts.options @ taken > 0
    shut = (program.upper[option] < 0.5) | (program.upper[post] < 0.5)[posts.of_option]
    return Settled(
        taken=taken,
        shut=shut | (one_taken[posts.of_option] & ~taken),
        open_posts=program.lower[post] > 0.5,
    )
