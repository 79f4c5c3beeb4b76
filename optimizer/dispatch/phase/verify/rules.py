"""Every rule of a plan of rounds, one check each."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

from models.answer import Check
from models.dispatch import RANKS, TeamNeed, TeamStatus
from models.dispatch.phase import Round
from optimizer.dispatch.phase.verify.question import Made, PhaseQuestion
from optimizer.dispatch.phase.verify.walking import touches
from optimizer.verification import finding, named

_NEAR_S = 1e-3  # far below what any clock of a control room shows


def rules(question: PhaseQuestion) -> Iterator[Check]:
    """Yield the check of every rule."""
    yield _check("listed", _listed(question), "rounds")
    for rule, keeps in _BY_CALL.items():
        broken = [
            f"{one.team.id} → {one.incident.id}"
            for calls in question.made.values()
            for one in calls
            if not keeps(question, one)
        ]
        yield _check(rule, broken, "rounds")
    for rule, kept in _BY_ROUND.items():
        broken = [one.team_id for one in question.rounds if not kept(question, one)]
        yield _check(rule, broken, "rounds")
    yield _check("slots", _slots(question), "situation.incidents")
    yield _check("together", _together(question), "situation.incidents")
    yield _check("after", _after(question), "works")
    yield _check("breaks", _breaks(question), "crews")
    yield _check("first", _first(question), "crews")


def _check(rule: str, broken: list[str], path: str) -> Check:
    return finding(rule, passed=not broken, path=path, code="check.phase.rule", found=named(broken))


def _listed(question: PhaseQuestion) -> list[str]:
    """Return teams and incidents that there are not, or teams that stand twice."""
    counts = Counter(one.team_id for one in question.plan.rounds)
    broken = [name for name, count in counts.items() if count > 1]
    broken += [name for name in counts if name not in question.basis.teams]
    known = set(question.basis.incidents)
    for one in question.plan.rounds:
        named_ids = [call.incident_id for call in one.calls if call.incident_id is not None]
        broken += [name for name in named_ids if name not in known]
    return broken


def _skill(question: PhaseQuestion, made: Made) -> bool:
    need = question.need(made)
    return isinstance(need, TeamNeed) and question.basis.fits(made.team, need)


def _free(question: PhaseQuestion, made: Made) -> bool:
    owner = question.basis.owners.get(made.team.owner or "")
    held = owner is not None and owner.needs_permission and not owner.granted
    pair = (made.team.id, made.incident.id)
    lost = made.team.status is TeamStatus.LOST
    return not held and not lost and pair not in question.basis.forbidden


def _tier(question: PhaseQuestion, made: Made) -> bool:
    tier = question.basis.tiers.get(made.team.tier or "")
    return tier is None or RANKS[tier.opens_at] <= question.basis.rank(made.incident)


def _work(question: PhaseQuestion, made: Made) -> bool:
    length = made.call.finish_s - made.call.start_s
    return abs(length - question.work_s(made)) <= _NEAR_S


def _in_time(question: PhaseQuestion, made: Made) -> bool:
    if not question.request.hard_deadlines:
        return True
    return made.call.start_s <= question.due_s(made) + _NEAR_S


def _travel(question: PhaseQuestion, one: Round) -> bool:
    """Return whether a team can be at each call when it says, one after another."""
    team = question.basis.teams[one.team_id]
    free, place = one.leave_s, ("team", team.id)
    kept = free >= question.leaves_s(team) - _NEAR_S
    for call, missing in zip(one.calls, _missing(question, one), strict=True):
        ready = free
        if call.incident_id is not None:
            there = ("incident", call.incident_id)
            if call.by_depot is None:
                ready += question.way_s(team, place, there)
            else:
                depot = ("depot", call.by_depot)
                ready += question.way_s(team, place, depot)
                ready += question.fills_s(team, call.by_depot, missing)
                ready += question.way_s(team, depot, there)
            place = there
        kept = kept and call.arrive_s >= ready - _NEAR_S and call.start_s >= call.arrive_s - _NEAR_S
        if call.road_end_s is not None:
            kept = kept and call.road_end_s >= ready - call.walk_s - _NEAR_S
        free = call.finish_s
    return kept and all(a.finish_s <= b.arrive_s + _NEAR_S for a, b in pairwise(one.calls))


def _walk(question: PhaseQuestion, one: Round) -> bool:
    """Return whether a team walks up to each call, and back, as long as it takes on foot."""
    team = question.basis.teams[one.team_id]
    place, kept = None, True
    for call in one.calls:
        up = back = 0.0
        if call.incident_id in question.basis.incidents:
            moves = call.incident_id != place or call.by_depot is not None
            up = question.up_s(team, call.incident_id) if moves else 0.0
            back, place = question.back_s(team, call.incident_id), call.incident_id
        kept = kept and abs(call.walk_s - up) <= _NEAR_S and abs(call.back_s - back) <= _NEAR_S
        kept = kept and (call.road_end_s is not None) == (call.walk_s > 0.0)
        if call.road_end_s is not None:
            kept = kept and call.road_end_s + call.walk_s <= call.arrive_s + _NEAR_S
    return kept


def _night(question: PhaseQuestion, one: Round) -> bool:
    """Return whether a team on foot is up, at work and down again by day."""
    night, team = question.request.no_foot_at_night, question.basis.teams[one.team_id]
    for call in one.calls if night is not None else ():
        if night is None or call.incident_id not in question.basis.incidents:
            continue
        up, home = (way(team, call.incident_id) for way in (question.up_s, question.home_s))
        begin = (call.start_s if call.walk_s == 0.0 else call.arrive_s) - up
        if up + home > 0.0 and touches(night, begin, call.finish_s + home, _NEAR_S):
            return False
    return True


def _missing(question: PhaseQuestion, one: Round) -> Iterator[dict[str, float]]:
    """Yield what a team has handed out before each call since it was full."""
    missing: dict[str, float] = {}
    for call in one.calls:
        yield dict(missing)
        if call.by_depot is not None:
            missing.clear()
        if call.incident_id in question.basis.incidents:
            for name, amount in question.hands_out(call.incident_id).items():
                missing[name] = missing.get(name, 0.0) + amount


def _loads(question: PhaseQuestion, one: Round) -> bool:
    """Return whether a team has what it hands out, full at the start and after each depot."""
    full = question.crews[one.team_id].carries
    stock = dict(full)
    for call in one.calls:
        if call.by_depot is not None:
            stock = dict(full)
        known = call.incident_id in question.basis.incidents
        for name, amount in (question.hands_out(call.incident_id or "") if known else {}).items():
            stock[name] = stock.get(name, 0.0) - amount
            if stock[name] < -1e-9:
                return False
    return True


def _shift(question: PhaseQuestion, one: Round) -> bool:
    ends = question.basis.teams[one.team_id].shift_ends_s
    return ends is None or not one.calls or one.calls[-1].finish_s <= ends + _NEAR_S


_BY_CALL: dict[str, Callable[[PhaseQuestion, Made], bool]] = {
    "skill": _skill,
    "free": _free,
    "tier": _tier,
    "work": _work,
    "in_time": _in_time,
}
_BY_ROUND: dict[str, Callable[[PhaseQuestion, Round], bool]] = {
    "travel": _travel,
    "walk": _walk,
    "night": _night,
    "loads": _loads,
    "shift": _shift,
}


def _slots(question: PhaseQuestion) -> list[str]:
    """Return incidents with more teams for a need than it wants, or a team that counts twice."""
    broken: list[str] = []
    for name, calls in question.made.items():
        needs = question.basis.needs(question.basis.incidents[name])
        for k, need in enumerate(needs):
            mine = [one for one in calls if one.call.need == k]
            firsts = sum(one.call.first_due for one in mine)
            wanted = need.teams if isinstance(need, TeamNeed) else 0
            if len(mine) > wanted or firsts > int(getattr(need, "first_due", False)):
                broken.append(name)
        whole = not question.basis.incidents[name].partial
        times = Counter(one.team.id for one in calls)
        roles = Counter((one.team.id, one.call.need) for one in calls)
        most = {one.team.id: 1 if whole else one.team.roles_max for one in calls}
        if any(count > most[team] for team, count in times.items()):
            broken.append(name)
        if any(count > 1 for count in roles.values()):
            broken.append(name)
    return broken


def _together(question: PhaseQuestion) -> list[str]:
    """Return incidents served by too few teams, or not all at once, that want all together."""
    broken: list[str] = []
    for name, calls in question.made.items():
        incident = question.basis.incidents[name]
        if incident.partial or not calls:
            continue
        starts = [one.call.start_s for one in calls]
        if len(calls) < question.slots(incident) or max(starts) - min(starts) > _NEAR_S:
            broken.append(name)
    return broken


def _after(question: PhaseQuestion) -> list[str]:
    """Return incidents begun before another that must be complete."""
    broken: list[str] = []
    for name, work in question.works.items():
        calls = question.made[name]
        if not calls:
            continue
        begin = min(one.call.start_s for one in calls)
        for earlier in work.after:
            done = question.made.get(earlier, [])
            whole = len(done) == question.slots(question.basis.incidents[earlier])
            if not whole or max(one.call.finish_s for one in done) > begin + _NEAR_S:
                broken.append(name)
    return broken


def _breaks(question: PhaseQuestion) -> list[str]:
    """Return teams that do not take each of their breaks once, in its window and whole."""
    broken: list[str] = []
    rounds = {one.team_id: one for one in question.rounds}
    for name, crew in question.crews.items():
        calls = rounds[name].calls if name in rounds else ()
        taken = {call.need: call for call in calls if call.incident_id is None}
        count = sum(call.incident_id is None for call in calls)
        kept = count == len(crew.breaks) and len(taken) == count
        for k, rest in enumerate(crew.breaks):
            call = taken.get(k)
            kept = kept and call is not None
            if call is not None:
                inside = rest.from_s - _NEAR_S <= call.start_s <= rest.until_s + _NEAR_S
                length = call.finish_s - call.start_s
                kept = kept and inside and abs(length - rest.length_s) <= _NEAR_S
        if not kept:
            broken.append(name)
    return broken


def _first(question: PhaseQuestion) -> list[str]:
    rounds = {one.team_id: one for one in question.rounds}
    broken: list[str] = []
    for name, crew in question.crews.items():
        calls = rounds[name].calls if name in rounds else ()
        begun = [call.incident_id for call in calls[: len(crew.first)]]
        if begun != list(crew.first):
            broken.append(name)
    return broken
