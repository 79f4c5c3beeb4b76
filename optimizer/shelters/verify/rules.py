"""The rules of a request, each held against the plan."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate

from models.answer import Check
from models.shelters import ShelterPlan
from models.shelters.rules import CATCHMENT, AreaTarget, ChanceLimit, ServedFloor
from optimizer.shelters.verify.question import Question
from optimizer.shelters.verify.readings import catchments
from optimizer.verification import agrees, at_least, at_most, finding, named

_SHARE_ROUNDED = 1e-6  # of those who leave: rounding


def rules(question: Question, plan: ShelterPlan) -> Iterator[Check]:
    """Yield a check for each rule of the request."""
    opened = {shelter.site_id for shelter in plan.shelters}
    yield from _named(question, opened)
    yield from _money(question, opened)
    for n, floor in enumerate(question.request.rules.served_floors):
        yield _floor(question, plan, n, floor)
    for n, target in enumerate(question.request.rules.area_targets):
        yield _target(question, opened, n, target)
    if question.request.rules.chance is not None:
        yield _chance(question, plan, question.request.rules.chance)
    if question.request.rules.stages:
        yield _stages(question, plan, opened)


def _named(question: Question, opened: set[str]) -> Iterator[Check]:
    rules = question.request.rules
    grounds = {question.sites[one].ground for one in opened}
    closed = sorted(set(rules.open_sites) - opened - grounds)
    if rules.open_sites:
        yield finding(
            "open_sites",
            passed=not closed,
            path="rules.open_sites",
            code="check.shelters.open_sites",
            found=named(closed),
        )
    against = sorted(set(rules.forbidden_sites) & (opened | grounds))
    if rules.forbidden_sites:
        yield finding(
            "forbidden_sites",
            passed=not against,
            path="rules.forbidden_sites",
            code="check.shelters.forbidden_sites",
            found=named(against),
        )


def _money(question: Question, opened: set[str]) -> Iterator[Check]:
    rules = question.request.rules
    built = [question.sites[one] for one in opened if not question.sites[one].existing]
    new = [one for one in opened if not question.exists(one)]
    cost = sum(site.open_cost for site in built)
    if rules.budget is not None:
        yield finding(
            "budget",
            passed=at_most(cost, rules.budget),
            path="rules.budget",
            code="check.shelters.budget",
            found=cost,
            limit=rules.budget,
            currency=question.request.currency,
        )
    if rules.max_new_sites is not None:
        yield finding(
            "max_new_sites",
            passed=len(new) <= rules.max_new_sites,
            path="rules.max_new_sites",
            code="check.shelters.max_new_sites",
            found=len(new),
            limit=rules.max_new_sites,
        )


def _floor(question: Question, plan: ShelterPlan, n: int, floor: ServedFloor) -> Check:
    blocks = question.blocks_in(floor.area)
    parties = _parties(question, floor.level)
    leaving: dict[tuple[str, str], float] = defaultdict(float)
    placed: dict[tuple[str, str], float] = defaultdict(float)
    for scenario, units in question.leaving.items():
        for (block, group), people in units.items():
            if block in blocks and floor.group in (None, group):
                for party in parties.get(block, ()):
                    leaving[scenario, party] += people
    for one in plan.assignments:
        if one.block_id in blocks and floor.group in (None, one.group):
            for party in parties.get(one.block_id, ()):
                placed[one.scenario_id, party] += one.people
    short = sorted(
        "/".join(part for part in key if part)
        for key, people in leaving.items()
        if not at_least(placed[key], floor.share * people)
    )
    return finding(
        "served_floors",
        passed=not short,
        path=f"rules.served_floors[{n}]",
        code="check.shelters.served_floor",
        share=floor.share,
        found=named(short),
    )


def _parties(question: Question, level: str | None) -> dict[str, list[str]]:
    """Return whom each block is counted with: everybody, its like in an area, or itself."""
    if level is None:
        return {block: [""] for block in question.block_index}
    if level == "block":
        return {block: [block] for block in question.block_index}
    found: dict[str, list[str]] = defaultdict(list)
    for area in question.request.areas:
        if area.level == level:
            for block in question.blocks_in(area.id):
                found[block].append(area.id)
    return found


def _target(question: Question, opened: set[str], n: int, target: AreaTarget) -> Check:
    areas: list[str | None] = [None]
    if target.level == CATCHMENT:
        return _target_finding(n, target, _short_catchments(question, opened, target))
    if target.level is not None:
        areas = [one.id for one in question.request.areas if one.level == target.level]
    size = question.effective_m2 if target.reading == "effective" else question.gross_m2
    short = []
    for area in areas:
        residents = sum(map(question.residents, question.blocks_in(area)))
        found = sum(size(site) for site in question.sites_in(area) & opened)
        if not at_least(found, target.m2_per_resident * residents):
            short.append(area or "city")
    return _target_finding(n, target, short)


def _short_catchments(question: Question, opened: set[str], target: AreaTarget) -> list[str]:
    """Return the open sites with too little area for those around, and blocks in no catchment."""
    size = question.effective_m2 if target.reading == "effective" else question.gross_m2
    limit, short = question.request.rules.walk_limit_m, []
    first = question.request.scenarios[0].id
    for (_, site), (blocks, _) in catchments(question, opened).items():
        if site is not None:
            residents = sum(map(question.residents, blocks))
            if not at_least(size(site), target.m2_per_resident * residents):
                short.append(site)
            continue
        short += [
            block
            for block in sorted(blocks)
            if question.residents(block) > 0
            and any(question.walk(first, block, other) <= limit for other in question.sites)
        ]
    return short


def _target_finding(n: int, target: AreaTarget, short: list[str]) -> Check:
    return finding(
        "area_targets",
        passed=not short,
        path=f"rules.area_targets[{n}]",
        code="check.shelters.area_target",
        m2=target.m2_per_resident,
        found=named(short),
    )


def _stages(question: Question, plan: ShelterPlan, opened: set[str]) -> Check:
    """Return the check that every change has one stage and is paid by then."""
    stages, wrong = question.request.rules.stages, []
    costs = {one: question.sites[one].open_cost for one in opened}
    changes = sorted(one for one in opened if not question.sites[one].existing)
    if plan.stages is None:
        spent = [sum(costs[one] for one in changes)] if changes else []
        limits = [sum(stage.budget for stage in stages)]
    else:
        listed = sorted(site for stage in plan.stages for site in stage.site_ids)
        if listed != changes or [one.stage_id for one in plan.stages] != [s.id for s in stages]:
            wrong.append("stages")
        own = [sum(costs.get(site, 0.0) for site in one.site_ids) for one in plan.stages]
        pairs = zip(plan.stages, own, strict=True)
        wrong += [one.stage_id for one, cost in pairs if not agrees(cost, one.cost)]
        spent, limits = list(accumulate(own)), list(accumulate(s.budget for s in stages))
    paid = all(at_most(cost, limit) for cost, limit in zip(spent, limits, strict=False))
    wrong += [] if paid else ["budget"]
    return finding(
        "stages",
        passed=not wrong,
        path="rules.stages",
        code="check.shelters.stages",
        found=named(wrong),
    )


def _chance(question: Question, plan: ShelterPlan, limit: ChanceLimit) -> Check:
    placed: dict[str, float] = defaultdict(float)
    for one in plan.assignments:
        placed[one.scenario_id] += one.people
    total = sum(one.weight for one in question.request.scenarios)
    risk, bad = 0.0, []
    for scenario, units in question.leaving.items():
        leaving = sum(units.values())
        if leaving - placed[scenario] > limit.people_max + _SHARE_ROUNDED * leaving:
            risk += question.scenarios[scenario].weight / total
            bad.append(scenario)
    return finding(
        "chance",
        passed=at_most(risk, limit.risk),
        path="rules.chance",
        code="check.shelters.chance",
        people=limit.people_max,
        found=named(bad),
        share=risk,
        limit=limit.risk,
    )
