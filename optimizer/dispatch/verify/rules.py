"""The rules of a request, held against each order of a plan."""

from collections import Counter
from collections.abc import Callable, Iterator

from models.answer import Check
from models.dispatch import RANKS, Order, TeamNeed, TeamStatus
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
    for rule, holds, path in _OF_AN_ORDER:
        # What the request has nothing of, no order can break.
        orders = question.orders if bound.get(rule, True) else ()
        yield _check(rule, [one.team_id for one in orders if not holds(question, one)], path)
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
    count = Counter(one.team_id for one in question.plan.orders)
    broken = [
        one.team_id
        for one in question.plan.orders
        if one.team_id not in question.teams
        or one.incident_id not in question.incidents
        or count[one.team_id] > 1
    ]
    return _check("one_place", broken, "teams")


def _settled(question: Question, order: Order) -> bool:
    return order.team_id in question.settled


def _role(question: Question, order: Order) -> bool:
    """Return whether an order fills needs of its incident, no more than the team has roles."""
    count = len(question.all_needs[order.incident_id])
    filled = needs_of(order)
    if len(filled) == 1 and filled[0] < count:
        return True
    if any(need >= count for need in filled) or len(set(filled)) != len(filled):
        return False
    if not filled:
        return _settled(question, order)
    return len(filled) <= question.teams[order.team_id].roles_max


def _skill(question: Question, order: Order) -> bool:
    """Return whether the team can do what its needs ask; a pin or order may name the need."""
    team = question.teams[order.team_id]
    needs = question.all_needs[order.incident_id]
    if _settled(question, order):
        pin, going = question.pins.get(team.id), question.in_force.get(team.id)
        said = pin.need if pin is not None else (going.need if going is not None else None)
        if said is not None and said == order.need:
            return True
    asked = [needs[k] for k in needs_of(order) if k < len(needs)]
    return all(question.fits(team, need) for need in asked)


def _times(question: Question, order: Order) -> bool:
    leave, arrive = question.moments[order.team_id]
    near = 1e-3  # seconds: far below what any clock of a dispatch room shows
    return abs(leave - order.leave_s) <= near and abs(arrive - order.arrive_s) <= near


def _in_time(question: Question, order: Order) -> bool:
    latest = question.latest[order.incident_id, order.need, order.extra_needs, order.first_due]
    arrive = question.moments[order.team_id][1]
    return arrive <= latest or at_most(arrive, latest) or _settled(question, order)


def _free(question: Question, order: Order) -> bool:
    """Return whether the team can be sent: in contact, let go by its owner and its incident."""
    team = question.teams[order.team_id]
    if _settled(question, order):
        return team.status is not TeamStatus.LOST
    owner = None if team.owner is None else question.owners.get(team.owner)
    held = owner is not None and owner.needs_permission and not owner.granted
    return team.status is not TeamStatus.LOST and not held and not question.stays(team)


def _tier(question: Question, order: Order) -> bool:
    tier = question.tiers.get(question.teams[order.team_id].tier or "")
    if tier is None or _settled(question, order):
        return True
    return RANKS[tier.opens_at] <= question.rank(question.incidents[order.incident_id])


def _shift(question: Question, order: Order) -> bool:
    ends = question.teams[order.team_id].shift_ends_s
    if ends is None or _settled(question, order):
        return True
    work = question.incidents[order.incident_id].on_scene_s
    return at_most(question.moments[order.team_id][1] + work, ends)


def _not_forbidden(question: Question, order: Order) -> bool:
    return (order.team_id, order.incident_id) not in question.forbidden or _settled(question, order)


def _marked(question: Question, order: Order) -> bool:
    if question.unbound:
        return order.fixed is None
    return order.fixed == question.fixed(question.teams[order.team_id])


_OF_AN_ORDER: tuple[tuple[str, Callable[[Question, Order], bool], str | None], ...] = (
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
    broken = []
    for (name, k), orders in question.fillers.items():
        needs = question.all_needs[name]
        need = needs[k] if k < len(needs) else None
        if not isinstance(need, TeamNeed) or len(orders) <= need.teams:
            continue
        if len(orders) > sum(one.fixed is not None for one in orders):
            broken.append(name)
    return _check("not_too_many", broken, "incidents")


def _first_due(question: Question) -> Check:
    """Check that a full first-due need has one first-due order, and no other order is one."""
    broken = []
    firsts = Counter((one.incident_id, one.need) for one in question.orders if one.first_due)
    for name, incident in question.incidents.items():
        for k, need in enumerate(question.needs(incident)):
            due = isinstance(need, TeamNeed) and need.first_due
            marked = firsts[name, k] if firsts else 0
            if not due and not marked:
                continue
            if due:
                count = len(question.fillers.get((name, k), ()))
                full = isinstance(need, TeamNeed) and count >= need.teams
            if marked > int(due) or (due and full and marked == 0):
                broken.append(name)
    return _check("first_due", broken, "incidents")


def _whole(question: Question) -> Check:
    """No team is chosen for an all-or-nothing incident that is not wholly served."""
    broken = [
        name
        for name, orders in question.by_incident.items()
        if not question.incidents[name].partial
        and any(one.fixed is None for one in orders)
        and any(question.missing[name])
    ]
    return _check("whole", broken, "incidents")


def _hard_reserve(question: Question) -> Check:
    if not any(one.hard for one in question.request.policy.reserve):
        return _check("reserve", [], "policy.reserve")
    sent = {one.team_id for one in question.orders}
    fixed = {one.team_id for one in question.orders if question.fixed(question.teams[one.team_id])}
    broken = []
    for r, rule in enumerate(question.request.policy.reserve):
        members = {
            one.id
            for one in question.request.teams
            if one.status is TeamStatus.READY
            and rule.zone in (None, one.zone)
            and (rule.skill is None or one.skills.get(rule.skill, 0) > 0)
        }
        spare = max(0, len(members - fixed) - rule.teams)
        if rule.hard and len((members & sent) - fixed) > spare:
            broken.append(f"policy.reserve[{r}]")
    return _check("reserve", broken, "policy.reserve")
