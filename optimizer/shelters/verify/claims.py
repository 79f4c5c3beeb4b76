"""The figures a plan claims, recomputed from who goes where."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from models.answer import Check
from models.shelters import ShelterPlan
from models.shelters.objectives import (
    LargestShare,
    OpeningCost,
    ShelterObjective,
    Unmet,
    UnmetRisk,
    Unsuitability,
    Walk,
    WorstWalk,
)
from models.shelters.plan import NOBODY, ROOM, ScenarioFigures, WithoutPlace
from optimizer.shelters.verify.question import Question, Unit
from optimizer.shelters.verify.readings import reading_claims
from optimizer.verification import Claim, agrees, claims_checked, finding, named


class _Counted:
    """Everything a plan's assignments add up to."""

    def __init__(self, question: Question, plan: ShelterPlan) -> None:
        self.question, self.plan = question, plan
        placed: dict[str, dict[Unit, float]] = defaultdict(lambda: defaultdict(float))
        self.walks: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self.fetched: dict[str, float] = defaultdict(float)
        self.inside: dict[tuple[str, str], float] = defaultdict(float)
        self.used_m2: dict[tuple[str, str], float] = defaultdict(float)
        for one in plan.assignments:
            placed[one.scenario_id][one.block_id, one.group] += one.people
            walk = question.walk(one.scenario_id, one.block_id, one.site_id)
            if question.groups[one.group].fetched:
                self.fetched[one.scenario_id] += one.people
            elif one.people > 0:
                self.walks[one.scenario_id].append((walk, one.people))
            usual = question.scenarios[one.scenario_id].m2_per_person
            m2 = max(usual, question.groups[one.group].m2_per_person)
            self.inside[one.scenario_id, one.site_id] += one.people
            self.used_m2[one.scenario_id, one.site_id] += one.people * m2
        self.missing: dict[str, dict[Unit, float]] = {
            scenario: {
                unit: _left(people - placed[scenario][unit]) for unit, people in units.items()
            }
            for scenario, units in question.leaving.items()
        }
        total = sum(one.weight for one in question.request.scenarios)
        self.chance = {one.id: one.weight / total for one in question.request.scenarios}
        self.opened = {shelter.site_id for shelter in plan.shelters}

    def unmet(self, scenario: str) -> float:
        return sum(self.missing[scenario].values())

    def value(self, objective: ShelterObjective) -> float:
        """Return what an objective is worth."""
        match objective:
            case Unmet():
                return sum(share * self.unmet(one) for one, share in self.chance.items())
            case UnmetRisk():
                return self._risk(objective.alpha)
            case LargestShare():
                return self._largest_share(objective.level)
            case Unsuitability():
                lacks = {one.id: 1.0 - one.suitability for one in self.question.request.sites}
                return sum(
                    self.chance[scenario] * people * lacks[site]
                    for (scenario, site), people in self.inside.items()
                )
            case OpeningCost():
                sites = [self.question.sites[one] for one in self.opened]
                return sum(site.open_cost for site in sites if not site.existing)
            case Walk() | WorstWalk():
                return self._walked(objective)

    def _walked(self, objective: Walk | WorstWalk) -> float:
        """Return the longest walk, or the person-metres expected."""
        if isinstance(objective, WorstWalk):
            return max((walk for each in self.walks.values() for walk, _ in each), default=0.0)
        return sum(
            share * sum(walk * people for walk, people in self.walks[one])
            for one, share in self.chance.items()
        )

    def _largest_share(self, level: str) -> float:
        """Return the largest share without a place of any block, or any area of a level."""
        question, areas = self.question, self.question.request.areas
        parties = [{block} for block in question.block_index]
        if level != "block":
            parties = [question.blocks_in(area.id) for area in areas if area.level == level]
        largest = 0.0
        for scenario, units in question.leaving.items():
            for party in parties:
                mine = [unit for unit in units if unit[0] in party]
                leaving = sum(units[unit] for unit in mine)
                if leaving > 0:
                    unmet = sum(self.missing[scenario][unit] for unit in mine)
                    largest = max(largest, unmet / leaving)
        return largest

    def _risk(self, alpha: float) -> float:
        """Return the least, over every scenario's loss as threshold, of Rockafellar's form."""
        losses = [(self.unmet(one), share) for one, share in self.chance.items()]
        return min(
            level + sum(share * max(0.0, loss - level) for loss, share in losses) / (1.0 - alpha)
            for level, _ in losses
        )


def _left(people: float) -> float:
    return people if people > NOBODY else 0.0


def claims(question: Question, plan: ShelterPlan) -> Iterator[Check]:
    """Yield a check of every kind of claim the plan makes."""
    counted = _Counted(question, plan)
    yield _simple(counted)
    if plan.without_place is not None:
        yield _without(counted, plan.without_place)
    if plan.fills is not None:
        yield claims_checked("fills", list(_fills(counted)), path="sites", name="shelters.fill")
    if plan.objective_values is not None:
        yield _objectives(counted, plan.objective_values)
    if plan.figures is not None:
        found = [*_figures(counted), *reading_claims(question, plan, counted.opened)]
        yield claims_checked("figures", found, path="scenarios", name="shelters.figure")


def objective_values(question: Question, plan: ShelterPlan) -> tuple[float, ...]:
    """Return what the request's objectives are worth in a plan that names nothing unknown."""
    counted = _Counted(question, plan)
    return tuple(counted.value(one) for one in question.request.objectives)


def _simple(counted: _Counted) -> Check:
    """Return the check of what single shelters and assignments claim of themselves."""
    question, found = counted.question, []
    for n, shelter in enumerate(counted.plan.shelters):
        site, path = question.sites[shelter.site_id], f"shelters[{n}]"
        if shelter.open_cost is not None:
            cost = 0.0 if site.existing else site.open_cost
            found.append(Claim(f"{path}.open_cost", cost, shelter.open_cost))
        if shelter.existing is not None:
            found.append(Claim(f"{path}.existing", site.existing, shelter.existing))
    for n, one in enumerate(counted.plan.assignments):
        fetched = question.groups[one.group].fetched
        if one.ride_s is not None:
            known = fetched and question.request.fleet is not None
            ride = question.ride(one.scenario_id, one.block_id, one.site_id) if known else None
            found.append(Claim(f"assignments[{n}].ride_s", ride, one.ride_s))
        if one.walk_m is not None and fetched:
            found.append(Claim(f"assignments[{n}].walk_m", 0.0, one.walk_m))
        elif one.walk_m is not None:
            walk = question.walk(one.scenario_id, one.block_id, one.site_id)
            found.append(Claim(f"assignments[{n}].walk_m", walk, one.walk_m))
    return claims_checked("shelters", found, path="sites", name="shelters.own")


def _objectives(counted: _Counted, values: tuple[float, ...]) -> Check:
    objectives = counted.question.request.objectives
    found = [
        Claim(f"objective_values[{n}]", counted.value(one), values[n] if n < len(values) else None)
        for n, one in enumerate(objectives)
    ]
    if len(values) > len(objectives):
        found.append(Claim("objective_values", None, float(len(values))))
    return claims_checked("objectives", found, path="objectives", name="shelters.objective")


def _without(counted: _Counted, listed: tuple[WithoutPlace, ...]) -> Check:
    """Return the check that exactly those without a place are listed, with the true reason."""
    claimed: dict[tuple[str, Unit], WithoutPlace] = {
        (one.scenario_id, (one.block_id, one.group)): one for one in listed
    }
    wrong = [] if len(claimed) == len(listed) else ["twice"]
    keys = {
        (scenario, unit)
        for scenario, units in counted.missing.items()
        for unit, people in units.items()
        if people > 0
    }
    for scenario, unit in sorted(keys | claimed.keys()):
        one = claimed.get((scenario, unit))
        people = counted.missing.get(scenario, {}).get(unit, 0.0)
        fits = abs((one.people if one else 0.0) - people) <= NOBODY
        if one is not None and one.reason is not None and fits:
            fits = one.reason == _reason(counted, scenario, unit)
        if not fits:
            wrong.append("/".join((scenario, *unit)))
    return finding(
        "without_place",
        passed=not wrong,
        path="blocks",
        code="check.shelters.without_place",
        found=named(wrong),
    )


def _reason(counted: _Counted, scenario: str, unit: Unit) -> str:
    question, (block, name) = counted.question, unit
    group = question.groups[name]
    if group.fetched:
        near = [site for site in question.sites if question.fetchable(scenario, block, site)]
    else:
        limit = question.walk_limit_m(scenario, name)
        near = [site for site in question.sites if question.walk(scenario, block, site) <= limit]
    fit = [site for site in near if question.accessible(site, name)]
    ready = [site for site in fit if question.equipped(site, name)]
    dry = [site for site in ready if question.capacity_m2(scenario, site) > 0]
    first = "too_late" if group.fetched else "too_far"
    steps = ((first, near), ("not_accessible", fit), ("not_equipped", ready), ("in_hazard", dry))
    for reason, left in steps:
        if not left:
            return reason
    each = max(question.scenarios[scenario].m2_per_person, group.m2_per_person)
    for site in counted.opened.intersection(dry):
        room = question.capacity_m2(scenario, site) - counted.used_m2[scenario, site]
        if room > ROOM * each:
            return "waiting" if group.fetched else "kept_out"
    return "full" if set(dry) <= counted.opened else "not_open"


def _fills(counted: _Counted) -> Iterator[Claim]:
    question, fills = counted.question, counted.plan.fills or ()
    claimed = {(one.scenario_id, one.site_id): n for n, one in enumerate(fills)}
    keys = {(scenario, site) for scenario in question.scenarios for site in counted.opened}
    if len(claimed) != len(fills) or claimed.keys() != keys:
        yield Claim("fills", float(len(keys)), None)
        return
    for key, n in claimed.items():
        one, path, inside = fills[n], f"fills[{n}]", counted.inside[key]
        area = question.capacity_m2(*key)
        yield Claim(f"{path}.people", inside, one.people)
        yield Claim(f"{path}.used_m2", counted.used_m2[key], one.used_m2)
        yield Claim(f"{path}.capacity_m2", area, one.capacity_m2)
        per = (area / inside, question.gross_m2(key[1]) / inside) if inside > 0 else (None, None)
        yield Claim(f"{path}.effective_m2_per_person", per[0], one.effective_m2_per_person)
        yield Claim(f"{path}.gross_m2_per_person", per[1], one.gross_m2_per_person)


def _figures(counted: _Counted) -> Iterator[Claim]:
    figures = counted.plan.figures
    assert figures is not None
    sites = counted.question.sites
    yield Claim("figures.expected_unmet", counted.value(Unmet()), figures.expected_unmet)
    yield Claim("figures.unmet_risk", counted.value(UnmetRisk()), figures.unmet_risk)
    yield Claim("figures.open_cost", counted.value(OpeningCost()), figures.open_cost)
    metres = counted.value(Walk())
    yield Claim("figures.expected_person_metres", metres, figures.expected_person_metres)
    built = [one for one in counted.opened if not sites[one].existing]
    new = sum(not counted.question.exists(one) for one in built)
    yield Claim("figures.new_sites", float(new), float(figures.new_sites))
    better = float(len(built) - new)
    yield Claim("figures.upgraded_sites", better, float(figures.upgraded_sites))
    if [one.scenario_id for one in figures.scenarios] != list(counted.question.scenarios):
        yield Claim("figures.scenarios", float(len(counted.question.scenarios)), None)
        return
    for n, one in enumerate(figures.scenarios):
        yield from _scenario(counted, one, f"figures.scenarios[{n}]")


def _scenario(counted: _Counted, one: ScenarioFigures, path: str) -> Iterator[Claim]:
    walks = sorted(counted.walks[one.scenario_id])
    people, fetched = sum(count for _, count in walks), counted.fetched[one.scenario_id]
    leaving = sum(counted.question.leaving[one.scenario_id].values())
    mean = sum(walk * count for walk, count in walks) / people if people > 0 else None
    found: Mapping[str, float | None] = {
        "leaving": leaving,
        "sheltered": people + fetched,
        "fetched": fetched,
        "unmet": counted.unmet(one.scenario_id),
        "mean_walk_m": mean,
        "worst_walk_m": walks[-1][0] if walks else None,
    }
    for name, value in found.items():
        yield Claim(f"{path}.{name}", value, getattr(one, name))
    if not _is_p90(walks, people, one.p90_walk_m):
        yield Claim(f"{path}.p90_walk_m", None, one.p90_walk_m)


def _is_p90(walks: list[tuple[float, float]], people: float, claimed: float | None) -> bool:
    """Return whether nine of ten people walk at most this far, and fewer walk less."""
    if not walks or claimed is None:
        return not walks and claimed is None
    at_most = sum(count for walk, count in walks if walk <= claimed or agrees(walk, claimed))
    less = sum(count for walk, count in walks if walk < claimed and not agrees(walk, claimed))
    room = 1e-6 * people
    return at_most >= 0.9 * people - room and less <= 0.9 * people + room
