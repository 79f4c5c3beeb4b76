"""The figures of a plan, counted again from its orders."""

from collections.abc import Iterator

import numpy as np

from models.answer import Check
from models.dispatch import TeamNeed
from optimizer.dispatch.verify.question import Question
from optimizer.verification import Claim, claims_checked, listing_checked


def figures(question: Question) -> Iterator[Check]:
    """Yield the check of every figure."""
    plan, request = question.plan, question.request
    shares = _shares(question)
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
    response = cost + _response(question)
    yield _claim("response", response, plan.response)


def _commands(question: Question) -> Check:
    """Check who commands at each incident that several teams go to, and over how many."""
    found = []
    place = dict(zip(question.teams, range(len(question.teams)), strict=True))
    told = any(one.command_span is not None for one in question.columns.teams)
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


def _shares(question: Question) -> dict[str, float]:
    """Return the share of each incident's severity that counts."""
    shares = dict.fromkeys(question.incidents, 1.0)
    names = list(shares)
    for i in np.flatnonzero(question.lacking).tolist():
        shares[names[i]] = _share(question, i) if question.incidents[names[i]].partial else 0.0
    return shares


def _share(question: Question, incident: int) -> float:
    """Return the share that counts of a partial incident that something is missing of."""
    wants = question.wants
    own = slice(wants.begin[incident], wants.begin[incident + 1])
    needs = wants.needs[own]
    short: list[float] = question.missing[own].tolist()
    parts = sum(need.teams if isinstance(need, TeamNeed) else 1 for need in needs)
    lost = sum(
        gone if isinstance(need, TeamNeed) else gone / need.amount
        for need, gone in zip(needs, short, strict=True)
    )
    return (parts - lost) / parts


def _open_needs(question: Question) -> Iterator[Check]:
    wants, found, incidents = question.wants, {}, list(question.incidents)
    for want in np.flatnonzero(question.missing > 0.0).tolist():
        need, i = wants.needs[want], int(wants.incident[want])
        asked = need.teams if isinstance(need, TeamNeed) else need.amount
        place = f"{incidents[i]}[{want - wants.begin[i]}]"
        found[place] = (float(asked), float(question.missing[want]))
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
    rules, plan, members = question.request.policy.reserve, question.plan, question.members
    after = (members & ~question.sent).sum(axis=1).tolist()
    ordered = np.array([_ordered(question, name) for name in question.teams], dtype=np.bool_)
    before = (members & ~ordered).sum(axis=1).tolist()
    claims, total = [], 0
    listed = {one.rule: one for one in plan.reserve}
    for r, rule in enumerate(rules):
        short = max(0, rule.teams - after[r])
        total += short
        level = listed.get(r)
        if level is not None:
            path = f"reserve[{r}]"
            claims += [
                Claim(path=path, found=before[r], claimed=level.before),
                Claim(path=path, found=after[r], claimed=level.after),
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


def _response(question: Question) -> float:
    """Return what all orders add to the response figure."""
    waited = question.moments[1] - question.request.now_s
    if question.tiers:
        extra = {one.id: one.surcharge_s for one in question.tiers.values()}
        waited = waited + [extra.get(one.tier or "", 0.0) for one in question.columns.teams]
    severity = np.array(list(question.severities.values()), dtype=np.float64)
    return float(severity[question.columns.incident] @ waited)
