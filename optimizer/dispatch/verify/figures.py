"""The figures of a plan, counted again from its orders."""

from collections.abc import Iterator

from models.answer import Check
from models.dispatch import Incident, TeamNeed, TeamStatus
from optimizer.dispatch.verify.question import Question
from optimizer.verification import Claim, claims_checked, listing_checked


def figures(question: Question) -> Iterator[Check]:
    """Yield the check of every figure."""
    plan, request = question.plan, question.request
    shares = {one.id: _share(question, one) for one in request.incidents}
    severities = question.severities
    served = sum(severities[name] * share for name, share in shares.items())
    total = float(sum(severities.values()))
    yield _claim("severity_served", served, plan.severity_served)
    yield _claim("severity_total", total, plan.severity_total)
    whole = [name for name, share in shares.items() if share >= 1.0 - 1e-9]
    yield listing_checked("figure.served", whole, plan.served_incidents, path="served_incidents")
    yield from _open_needs(question)
    yield from _reserve(question)
    diverted = _diversions(question)
    yield _claim("diversions", diverted, plan.diversions)
    yield _commands(question)
    cost = request.policy.stability.diversion_cost * diverted
    response = cost + sum(_response(question))
    yield _claim("response", response, plan.response)


def _commands(question: Question) -> Check:
    """Check who commands at each incident that several teams go to, and over how many."""
    found = []
    place = {one.id: number for number, one in enumerate(question.request.teams)}
    told = any(one.command_span is not None for one in question.request.teams)
    for name, orders in question.by_incident.items() if told else ():
        able = [
            (-span, place[one.team_id], one.team_id)
            for one in orders
            if (span := question.teams[one.team_id].command_span) is not None
        ]
        if len(orders) > 1 and able:
            span, _, team = min(able)
            led = len(orders) - 1
            found.append(f"{name}: {team}, {led} of {-span}, {max(0, led + span)} over")
    listed = [
        f"{one.incident_id}: {one.team_id}, {one.led} of {one.span}, {one.over} over"
        for one in question.plan.commands
    ]
    return listing_checked("figure.commands", found, listed, path="commands")


def _claim(name: str, found: float, claimed: float) -> Check:
    claims = [Claim(path=name, found=found, claimed=claimed)]
    return claims_checked(f"figure.{name}", claims, path=name, name=f"dispatch_{name}")


def _share(question: Question, incident: Incident) -> float:
    """Return the share of an incident's severity that counts."""
    needs = question.needs(incident)
    short = question.missing[incident.id]
    if not any(short):
        return 1.0
    if not incident.partial:
        return 0.0
    parts = sum(need.teams if isinstance(need, TeamNeed) else 1 for need in needs)
    lost = sum(
        gone if isinstance(need, TeamNeed) else gone / need.amount
        for need, gone in zip(needs, short, strict=True)
    )
    return (parts - lost) / parts


def _open_needs(question: Question) -> Iterator[Check]:
    found = {}
    for incident in question.request.incidents:
        for k, need in enumerate(question.needs(incident)):
            short = question.missing[incident.id][k]
            if short > 0.0:
                asked = need.teams if isinstance(need, TeamNeed) else need.amount
                found[f"{incident.id}[{k}]"] = (float(asked), short)
    names = [f"{one.incident_id}[{one.need}]" for one in question.plan.unserved]
    listed = dict(zip(names, question.plan.unserved, strict=True))
    yield listing_checked("figure.unserved", list(found), names, path="unserved")
    claims = [
        Claim(path=f"unserved.{name}", found=value, claimed=claimed)
        for name, (asked, short) in found.items()
        if name in listed
        for value, claimed in ((asked, listed[name].asked), (short, listed[name].short))
    ]
    yield claims_checked("figure.short", claims, path="unserved", name="dispatch_short")


def _reserve(question: Question) -> Iterator[Check]:
    rules, plan = question.request.policy.reserve, question.plan
    sent = {one.team_id for one in question.orders}
    claims, total = [], 0
    listed = {one.rule: one for one in plan.reserve}
    for r, rule in enumerate(rules):
        members = [
            one.id
            for one in question.request.teams
            if one.status is TeamStatus.READY
            and rule.zone in (None, one.zone)
            and (rule.skill is None or one.skills.get(rule.skill, 0) > 0)
        ]
        after = sum(one not in sent for one in members)
        before = sum(not _ordered(question, one) for one in members)
        short = max(0, rule.teams - after)
        total += short
        level = listed.get(r)
        if level is not None:
            path = f"reserve[{r}]"
            claims += [
                Claim(path=path, found=before, claimed=level.before),
                Claim(path=path, found=after, claimed=level.after),
                Claim(path=path, found=rule.teams, claimed=level.wanted),
                Claim(path=path, found=short, claimed=level.shortfall),
            ]
    names = [str(one.rule) for one in plan.reserve]
    wanted = [str(r) for r in range(len(rules))]
    yield listing_checked("figure.reserve_rules", wanted, names, path="reserve")
    yield claims_checked("figure.reserve", claims, path="reserve", name="dispatch_reserve")
    yield _claim("reserve_shortfall", total, plan.reserve_shortfall)


def _ordered(question: Question, team_id: str) -> bool:
    order = question.in_force.get(team_id)
    return order is not None and order.incident_id in question.incidents


def _diversions(question: Question) -> int:
    going = {one.team_id: one.incident_id for one in question.orders}
    return sum(
        order.incident_id in question.incidents and going.get(team) != order.incident_id
        for team, order in question.in_force.items()
    )


def _response(question: Question) -> Iterator[float]:
    """Yield what each order adds to the response figure."""
    severities, now_s = question.severities, question.request.now_s
    for order in question.orders:
        waited = question.moments[order.team_id][1] - now_s
        tier = question.teams[order.team_id].tier
        if tier is not None and tier in question.tiers:
            waited += question.tiers[tier].surcharge_s
        yield severities[order.incident_id] * waited
