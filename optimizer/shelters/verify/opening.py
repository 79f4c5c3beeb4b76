"""An opening order against what is known now: from the request and the situation alone."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from models.answer import Check, Verification
from models.shelters import ShelterPlan
from models.shelters.opening import OpeningOrder, OpeningRequest, Situation
from models.shelters.plan import NOBODY, OpenShelter
from optimizer.datasets import Store
from optimizer.shelters.verify.people import people
from optimizer.shelters.verify.question import Question, Unit
from optimizer.shelters.verify.shuttles import shuttles
from optimizer.verification import Claim, at_most, claims_checked, finding, named

_STEP = 1e-3  # people: what the rounding of a step may come to


def verify_opening(
    request: OpeningRequest, order: OpeningOrder, store: Store | None = None
) -> Verification:
    """Return every rule of the day, and every number of the order, recomputed.

    Raises
    ------
    InputError
        The request itself cannot be read.
    """
    situation = request.situation
    question = _now(Question.read(request.shelters, store), situation)
    steps = [one.site_id for one in order.steps]
    usable = [site for site in question.sites if site not in situation.closed_sites]
    wrong = [
        site
        for n, site in enumerate(steps)
        if site not in usable or site in situation.open_sites or site in steps[:n]
    ]
    checks: list[Check] = [_found("steps", wrong), _found("scenario", _other(order, situation))]
    if not all(check.passed for check in checks):
        return Verification(checks=tuple(checks))
    opened = [*(site for site in situation.open_sites if site in usable), *steps]
    plan = ShelterPlan(
        shelters=tuple(OpenShelter(site_id=site) for site in opened),
        assignments=order.assignments,
        shuttles=order.shuttles,
    )
    checks += people(question, plan)
    if all(check.passed for check in checks if check.rule == "people.known"):
        checks += shuttles(question, plan)
        checks.append(claims_checked("steps", [*_claims(order)], path="situation", name=_CLAIM))
        checks.append(_without(question, order))
    return Verification(checks=tuple(checks))


_CLAIM = "shelters.step"


def _found(rule: str, broken: list[str]) -> Check:
    return finding(
        f"opening.{rule}",
        passed=not broken,
        path="situation",
        code=f"check.shelters.opening.{rule}",
        found=named(sorted(broken)),
    )


def _other(order: OpeningOrder, situation: Situation) -> list[str]:
    named_in = {order.scenario_id, *(one.scenario_id for one in order.assignments)}
    return sorted(named_in - {situation.scenario_id})


def _now(question: Question, situation: Situation) -> Question:
    """Return the question with the heads counted and the space of those inside taken."""
    name = situation.scenario_id
    each = question.scenarios[name].m2_per_person
    leaving: dict[Unit, float] = {}
    for block in question.block_index:
        if block in situation.heads:
            counts = situation.heads[block].items()
            leaving |= {(block, group): heads for group, heads in counts if heads > 0}
            continue
        expected = question.leaving[name].items()
        leaving |= {unit: count for unit, count in expected if unit[0] == block}
    survives = dict(question.survives)
    for site in question.sites:
        area = question.capacity_m2(name, site)
        left = max(0.0, area - each * situation.inside.get(site, 0.0))
        shut = site in situation.closed_sites
        kept = 0.0 if shut or area <= 0 else survives[name, site] * left / area
        survives[name, site] = kept
    return replace(question, leaving={name: leaving}, survives=survives)


def _claims(order: OpeningOrder) -> Iterator[Claim]:
    """Yield what each step says of the one before, and the last of those without a place."""
    before = order.unmet_before
    for n, step in enumerate(order.steps):
        yield Claim(f"steps[{n}].gains", before - step.unmet, step.gains)
        before = step.unmet
    if order.complete:
        left = sum(one.people for one in order.without_place)
        known = before if abs(left - before) <= _STEP * max(1.0, before) + 1.0 else left
        yield Claim("steps[-1].unmet", known, before)


def _without(question: Question, order: OpeningOrder) -> Check:
    """Return the check that who has no place is listed, by block and group."""
    name = order.scenario_id
    placed: dict[Unit, float] = defaultdict(float)
    for one in order.assignments:
        placed[one.block_id, one.group] += one.people
    listed: dict[Unit, float] = defaultdict(float)
    for left in order.without_place:
        listed[left.block_id, left.group] += left.people
    units = {*question.leaving[name], *listed}
    wrong = [
        "/".join(unit)
        for unit in units
        if not at_most(
            abs(question.leaving[name].get(unit, 0.0) - placed[unit] - listed[unit]), 2 * NOBODY
        )
    ]
    return finding(
        "without_place",
        passed=not wrong or not order.complete,
        path="shelters.blocks",
        code="check.shelters.without_place",
        found=named(sorted(wrong)),
    )
