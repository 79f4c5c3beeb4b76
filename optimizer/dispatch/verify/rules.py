"""The rules of a request, held against each order of a plan."""

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np

from models.answer import Check
from models.dispatch import RANKS, TeamNeed, TeamStatus
from optimizer.dispatch.verify.columns import BoolArray
from optimizer.dispatch.verify.question import Question, needs_of
from optimizer.verification import at_most, finding, named


def rules(question: Question) -> Iterator[Check]:
    """Yield the check of every rule."""
    yield _listed(question)
    request = question.request
    lost = any(one.status is TeamStatus.LOST for one in request.teams)
    bound = {
        "tier": bool(request.policy.tiers),
        "forbidden": bool(request.policy.forbidden),
        "shift": any(one.shift_ends_s is not None for one in request.teams),
        "free": lost or bool(request.owners) or not question.unbound,
    }
    for rule, kept, path in _OF_ORDERS:
        # What the request has nothing of, no order can break.
        looked_at = bool(question.orders) and bound.get(rule, True)
        broken = np.flatnonzero(~kept(question)).tolist() if looked_at else ()
        yield _check(rule, [question.orders[n].team_id for n in broken], path)
    yield _pins(question)
    yield _staying(question)
    yield _not_too_many(question)
    yield _first_due(question)
    yield _whole(question)
    yield _hard_reserve(question)


def _check(rule: str, broken: list[str], path: str | None) -> Check:
    code = "check.dispatch.rule"
    return finding(rule, passed=not broken, path=path, code=code, found=named(broken))


def _listed(question: Question) -> Check:
    """Every order names a team and an incident that there are, each team once."""
    orders = question.plan.orders
    if len(question.orders) == len(orders):  # then none was left out there
        return _check("one_place", [], "teams")
    count = Counter(one.team_id for one in orders)
    broken = [
        one.team_id
        for one in orders
        if one.team_id not in question.teams
        or one.incident_id not in question.incidents
        or count[one.team_id] > 1
    ]
    return _check("one_place", broken, "teams")


def _role(question: Question) -> BoolArray:
    """Return which orders fill needs of their incident, no more than the team has roles."""
    kept = question.columns.plain.copy()
    for n in np.flatnonzero(~kept).tolist():
        filled = needs_of(question.orders[n])
        count = len(question.all_needs[question.orders[n].incident_id])
        if not filled:
            kept[n] = question.settled[n]
        elif max(filled) < count and len(set(filled)) == len(filled):
            kept[n] = len(filled) <= question.columns.teams[n].roles_max
    return kept


def _skill(question: Question) -> BoolArray:
    """Return which teams can do what their needs ask; a pin or order may name the need."""
    columns, needs, fits = question.columns, question.wants.needs, question.fits
    asked = [needs[k] for k in columns.want.tolist()] if needs else ()
    pairs = zip(columns.teams, asked, strict=True) if needs else ()
    kept = np.array([fits(team, need) for team, need in pairs], dtype=np.bool_)
    kept = kept if needs else np.zeros(len(columns.orders), dtype=np.bool_)
    for n in np.flatnonzero(~(kept & columns.plain)).tolist():
        kept[n] = _able(question, n)
    return kept


def _able(question: Question, n: int) -> bool:
    order, team = question.orders[n], question.columns.teams[n]
    needs = question.all_needs[order.incident_id]
    if question.settled[n]:
        pin, going = question.pins.get(team.id), question.in_force.get(team.id)
        said = pin.need if pin is not None else (going.need if going is not None else None)
        if said is not None and said == order.need:
            return True
    asked = [needs[k] for k in needs_of(order) if k < len(needs)]
    return all(question.fits(team, need) for need in asked)


def _times(question: Question) -> BoolArray:
    leave, arrive = question.moments
    said_leave = np.array([one.leave_s for one in question.orders])
    said_arrive = np.array([one.arrive_s for one in question.orders])
    near = 1e-3  # seconds: far below what any clock of a dispatch room shows
    late, there = np.abs(leave - said_leave) > near, np.abs(arrive - said_arrive) > near
    return np.asarray(~(late | there), dtype=np.bool_)


def _in_time(question: Question) -> BoolArray:
    arrive, latest = question.moments[1], question.latest
    kept = (arrive <= latest) | question.settled
    for n in np.flatnonzero(~kept).tolist():
        kept[n] = at_most(float(arrive[n]), float(latest[n]))
    return kept


def _free(question: Question) -> BoolArray:
    """Return which teams can be sent: in contact, let go by their owners and their incidents."""
    held = {one.id for one in question.owners.values() if one.needs_permission and not one.granted}
    kept = np.array(
        [
            one.status is not TeamStatus.LOST and (settled or one.owner not in held)
            for one, settled in zip(question.columns.teams, question.settled.tolist(), strict=True)
        ],
        dtype=np.bool_,
    )
    for n in np.flatnonzero(kept & ~question.settled).tolist() if question.in_force else ():
        kept[n] = not question.stays(question.columns.teams[n])
    return kept


def _tier(question: Question) -> BoolArray:
    opens = {one.id: RANKS[one.opens_at] for one in question.tiers.values()}
    least = np.array([opens.get(one.tier or "", 0) for one in question.columns.teams])
    ranks = np.array([question.rank(one) for one in question.incidents.values()])
    open_to = least <= ranks[question.columns.incident]
    return np.asarray(open_to | question.settled, dtype=np.bool_)


def _shift(question: Question) -> BoolArray:
    kept = np.ones(len(question.orders), dtype=np.bool_)
    for n, team in enumerate(question.columns.teams):
        if team.shift_ends_s is not None and not question.settled[n]:
            work = question.incidents[question.orders[n].incident_id].on_scene_s
            kept[n] = at_most(float(question.moments[1][n]) + work, team.shift_ends_s)
    return kept


def _not_forbidden(question: Question) -> BoolArray:
    pairs = question.forbidden
    allowed = [(one.team_id, one.incident_id) not in pairs for one in question.orders]
    return np.asarray(np.array(allowed, dtype=np.bool_) | question.settled, dtype=np.bool_)


def _marked(question: Question) -> BoolArray:
    if question.unbound:
        return np.array([one.fixed is None for one in question.orders], dtype=np.bool_)
    teams = question.columns.teams
    marks = zip(question.orders, teams, strict=True)
    return np.array([one.fixed == question.fixed(team) for one, team in marks], dtype=np.bool_)


_OF_ORDERS: tuple[tuple[str, Callable[[Question], BoolArray], str | None], ...] = (
    ("role", _role, "incidents"),
    ("skill", _skill, "incidents"),
    ("times", _times, None),
    ("deadline", _in_time, "incidents"),
    ("free", _free, "teams"),
    ("tier", _tier, "policy.tiers"),
    ("shift", _shift, "teams"),
    ("forbidden", _not_forbidden, "policy.forbidden"),
    ("fixed", _marked, None),
)


def _pins(question: Question) -> Check:
    pins = question.request.policy.pinned
    going = {one.team_id: one.incident_id for one in question.orders} if pins else {}
    broken = [one.team_id for one in pins if going.get(one.team_id) != one.incident_id]
    return _check("pinned", broken, "policy.pinned")


def _staying(question: Question) -> Check:
    going = {one.team_id: one.incident_id for one in question.orders}
    broken = [
        team.id
        for team in (question.request.teams if question.in_force else ())
        if team.id not in question.pins
        and question.stays(team)
        and going.get(team.id) != question.in_force[team.id].incident_id
    ]
    return _check("frozen", broken, "policy.stability.freeze_s")


def _not_too_many(question: Question) -> Check:
    """No need has more teams chosen for it than it asks for."""
    wants, names = question.wants, list(question.incidents)
    over = (wants.teams > 0) & (question.filling > wants.teams)
    broken = [
        names[wants.incident[want]]
        for want in np.flatnonzero(over).tolist()
        if any(one.fixed is None for one in question.fillers(want))
    ]
    return _check("not_too_many", broken, "incidents")


def _first_due(question: Question) -> Check:
    """Check that a full first-due need has one first-due order, and no other order is one."""
    wants, columns = question.wants, question.columns
    due = [isinstance(one, TeamNeed) and one.first_due for one in wants.needs]
    firsts = Counter(
        (columns.incident[n], question.orders[n].need) for n in np.flatnonzero(columns.first_due)
    )
    if not firsts and not any(due):
        return _check("first_due", [], "incidents")
    broken = []
    for i, name in enumerate(question.incidents):
        for k, want in enumerate(range(wants.begin[i], wants.begin[i + 1])):
            full = due[want] and question.filling[want] >= wants.teams[want]
            marked = firsts[i, k]
            if marked > int(due[want]) or (full and marked == 0):
                broken.append(name)
    return _check("first_due", broken, "incidents")


def _whole(question: Question) -> Check:
    """No team is chosen for an all-or-nothing incident that is not wholly served."""
    lacking = np.flatnonzero(question.lacking).tolist()
    names = list(question.incidents)
    chosen = {one.incident_id for one in question.orders if one.fixed is None} if lacking else ()
    broken = [
        names[i] for i in lacking if names[i] in chosen and not question.incidents[names[i]].partial
    ]
    return _check("whole", broken, "incidents")


def _hard_reserve(question: Question) -> Check:
    if not any(one.hard for one in question.request.policy.reserve):
        return _check("reserve", [], "policy.reserve")
    fixed = np.zeros(len(question.teams), dtype=np.bool_)
    for n, team in enumerate(question.columns.teams):
        fixed[question.columns.team[n]] = question.fixed(team) is not None
    spare = (question.members & ~fixed).sum(axis=1)
    used = (question.members & question.sent & ~fixed).sum(axis=1)
    broken = [
        f"policy.reserve[{r}]"
        for r, rule in enumerate(question.request.policy.reserve)
        if rule.hard and used[r] > max(0, spare[r] - rule.teams)
    ]
    return _check("reserve", broken, "policy.reserve")
