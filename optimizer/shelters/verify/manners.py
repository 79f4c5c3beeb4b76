"""How people are spread: together, to the nearest with room, in well filled sites."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from math import ceil

from models.answer import Check
from models.shelters import ShelterPlan
from models.shelters.plan import Assignment
from optimizer.shelters.verify.areas import above
from optimizer.shelters.verify.question import Question
from optimizer.verification import at_least, at_most, finding, named, slack


class Spread:
    """What the plan's people take of each site, scenario by scenario."""

    def __init__(self, question: Question, plan: ShelterPlan) -> None:
        self.question = question
        self.went = [one for one in plan.assignments if one.people > 0]
        self.opened = {shelter.site_id for shelter in plan.shelters}
        self.used_m2: dict[tuple[str, str], float] = defaultdict(float)
        for one in self.went:
            self.used_m2[one.scenario_id, one.site_id] += one.people * self.each_m2(one)

    def each_m2(self, one: Assignment) -> float:
        """Return the space that each of these people needs."""
        usual = self.question.scenarios[one.scenario_id].m2_per_person
        return max(usual, self.question.groups[one.group].m2_per_person)

    def fill(self, place: tuple[str, str]) -> float:
        """Return the share of a site's surviving space that is taken."""
        area = self.question.capacity_m2(*place)
        return self.used_m2.get(place, 0.0) / area if area > 0 else float("inf")


def manners(question: Question, plan: ShelterPlan) -> Iterator[Check]:
    """Yield a check for each rule on how people are spread."""
    rules, spread = question.request.rules, Spread(question, plan)
    if rules.together is not None:
        yield _together(spread, rules.together)
    if rules.nearest_first is not None:
        yield _nearest(spread, rules.nearest_first)
    if rules.least_fill is not None:
        yield _least_fill(spread, rules.least_fill)
    if rules.fill_balance is not None:
        yield _balance(spread, rules.fill_balance)
    if rules.central is not None:
        yield _central(spread)


def _found(rule: str, broken: list[str]) -> Check:
    return finding(
        rule,
        passed=not broken,
        path=f"rules.{rule}",
        code=f"check.shelters.{rule}",
        found=named(broken),
    )


def _together(spread: Spread, level: str) -> Check:
    areas = spread.question.request.areas
    levels = {area.id: area.level for area in areas}
    goes_to: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in spread.went:
        block = spread.question.request.blocks[spread.question.block_index[one.block_id]]
        around = [area for area in above(areas, block.area) if levels[area] == level]
        cluster = f"block {block.id}" if level == "block" or not around else f"area {around[-1]}"
        goes_to[one.scenario_id, cluster].add(one.site_id)
    torn = sorted(f"{key[0]}/{key[1]}" for key, sites in goes_to.items() if len(sites) > 1)
    return _found("together", torn)


def _nearest(spread: Spread, detour: float) -> Check:
    """Return the check that nobody passes an open site that has room for one person more."""
    question, broken = spread.question, []
    for one in spread.went:
        if question.groups[one.group].fetched:
            continue
        walk = question.walk(one.scenario_id, one.block_id, one.site_id)
        each = spread.each_m2(one)
        for site in spread.opened:
            if not (question.accessible(site, one.group) and question.equipped(site, one.group)):
                continue
            nearer = question.walk(one.scenario_id, one.block_id, site)
            area = question.capacity_m2(one.scenario_id, site)
            room = area - spread.used_m2.get((one.scenario_id, site), 0.0)
            if walk > (1.0 + detour) * nearer + 1e-6 and area > 0 and room > each + slack(area):
                broken.append(f"{one.scenario_id}/{one.block_id}/{one.group}/{one.site_id}")
                break
    return _found("nearest_first", broken)


def _least_fill(spread: Spread, least: float) -> Check:
    low = sorted(
        "/".join(place) for place in spread.used_m2 if not at_least(spread.fill(place), least)
    )
    return _found("least_fill", low)


def _balance(spread: Spread, most: float) -> Check:
    by_class = spread.question.request.rules.balance_within == "class"

    def kind(place: tuple[str, str]) -> tuple[str, ...]:
        site = spread.question.sites[place[1]]
        setting = site.setting.value
        return (place[0], setting, site.class_id or "-") if by_class else (place[0], setting)

    broken = []
    for key, places in groupby(sorted(spread.used_m2, key=kind), key=kind):
        shares = [spread.fill(place) for place in places]
        if not at_most(max(shares) - min(shares), most):
            broken.append("/".join(key))
    return _found("fill_balance", broken)


def _central(spread: Spread) -> Check:
    question, rule = spread.question, spread.question.request.rules.central
    assert rule is not None
    people = sum(map(question.residents, question.block_index))
    area = 0.0
    for block in question.request.blocks:
        whole = (block.area_m2 or 0.0) * (1.0 - block.forest_share)
        area += whole if block.built_up_area_m2 is None else block.built_up_area_m2
    need = ceil(max(people / rule.people_each, area / rule.built_up_m2_each) - 1e-9)
    large = sorted(
        one for one in spread.opened if question.effective_m2(one) >= rule.least_effective_m2
    )
    return finding(
        "central",
        passed=len(large) >= need,
        path="rules.central",
        code="check.shelters.central",
        need=need,
        found=named(large),
    )
