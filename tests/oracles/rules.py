"""Every rule of a request, one function each."""

from models.fire_stations.plan import Action
from models.fire_stations.rules import CoverFloor, IdlePolicy
from models.places import StationStatus
from tests.oracles.facts import RELATIVE, SLACK_S, Facility, Facts, Plan
from tests.oracles.plans import all_accounted, before, counts_hold

OPENED = frozenset({Action.BUILD, Action.COMMISSION, Action.MOVE})


def _at_most(amount: float, limit: float | None) -> bool:
    return limit is None or amount <= limit + RELATIVE * max(1.0, abs(limit))


def idle_stations(facts: Facts, plan: Plan) -> bool:
    """Idle stations stay closed, or are all commissioned, where the policy says so."""
    idle = {
        j
        for j, site in enumerate(facts.sites)
        if site.station is not None and site.station.status is not StationStatus.IN_SERVICE
    }
    commissioned = {one.site for one in plan if one.action is Action.COMMISSION}
    policy = facts.request.rules.idle_stations
    if policy is IdlePolicy.CLOSED:
        return not commissioned
    return policy is IdlePolicy.MAY_OPEN or commissioned == idle


def open_sites(facts: Facts, plan: Plan) -> bool:
    """A station stands at each site named, of the class named."""
    classes = {facts.sites[one.site].id: one.class_id for one in plan}
    return all(
        choice.site_id in classes
        and (choice.class_id is None or choice.class_id == classes[choice.site_id])
        for choice in facts.request.rules.open_sites
    )


def forbidden_sites(facts: Facts, plan: Plan) -> bool:
    """Nothing is opened at a forbidden site."""
    forbidden = facts.request.rules.forbidden_sites
    return not any(one.action in OPENED and facts.sites[one.site].id in forbidden for one in plan)


def capital_budget(facts: Facts, plan: Plan) -> bool:
    """All changes together cost at most the capital budget."""
    return _at_most(sum(one.capital for one in plan), facts.request.rules.capital_budget)


def yearly_budget(facts: Facts, plan: Plan) -> bool:
    """The yearly cost grows by at most the yearly budget."""
    limit = facts.request.rules.yearly_budget
    if limit is None:
        return True
    growth = sum(one.yearly for one in plan) - sum(one.yearly for one in before(facts))
    return _at_most(growth, limit)


def crew_limit(facts: Facts, plan: Plan) -> bool:
    """The people on duty grow by at most the crew limit."""
    limit = facts.request.rules.crew_limit_people
    if limit is None:
        return True
    growth = sum(one.people for one in plan) - sum(one.people for one in before(facts))
    return _at_most(growth, limit)


def spacing(facts: Facts, plan: Plan) -> bool:
    """Opened stations keep their distance from each other, or from every open station."""
    rule = facts.request.rules.spacing
    if rule is None:
        return True
    return all(
        facts.site_distance_m[one.site][other.site] >= rule.distance_m - RELATIVE
        for one in plan
        if one.action in OPENED
        for other in plan
        if other is not one and (rule.between == "all" or other.action in OPENED)
    )


def clearances(facts: Facts, plan: Plan) -> bool:
    """What is built or moved keeps its distance from everything of the kinds named."""
    return all(
        nearby.distance_m >= rule.distance_m - RELATIVE
        for rule in facts.request.rules.clearances
        for one in plan
        if one.action in {Action.BUILD, Action.MOVE}
        for nearby in facts.sites[one.site].nearby
        if nearby.kind == rule.kind
    )


def _adjoins(facts: Facts, one: Facility, other: Facility) -> bool:
    """Return whether some demand point is in time of both, in the first scenario."""
    limit_s = facts.standard.within_s + SLACK_S
    own = facts.response(one.site, one.class_id)[0]
    theirs = facts.response(other.site, other.class_id)[0]
    return any(a <= limit_s and b <= limit_s for a, b in zip(own, theirs, strict=True))


def small_adjoins_larger(facts: Facts, plan: Plan) -> bool:
    """Each small station opened or regraded shares a demand point with an open larger one."""
    rank = {class_id: one.rank for class_id, one in facts.classes.items()}
    asked = facts.request.new_stations.items()
    buildable = [rank[class_id] for class_id, count in asked if count.max != 0]
    if not facts.request.rules.small_adjoins_larger or not buildable:
        return True
    return all(
        any(
            rank[other.class_id] > rank[one.class_id] and _adjoins(facts, one, other)
            for other in plan
        )
        for one in plan
        if one.action in OPENED | {Action.REGRADE} and rank[one.class_id] <= min(buildable)
    )


def district_areas_m2(facts: Facts, plan: Plan) -> dict[int, float]:
    """Return the built-up area nearest to each open station, by site."""
    areas = {one.site: 0.0 for one in plan}
    by_id = sorted(plan, key=lambda one: facts.sites[one.site].id)
    for i, area in enumerate(facts.built_up_m2):
        reach = [(facts.response(one.site, one.class_id)[0][i], one.site) for one in by_id]
        nearest_s, site = min(reach, key=lambda pair: pair[0], default=(float("inf"), -1))
        if nearest_s < float("inf"):
            areas[site] += area
    return areas


def nominal_area(facts: Facts, plan: Plan) -> bool:
    """No district is larger than its station's class is meant for."""
    if facts.request.rules.nominal_area != "enforce":
        return True
    areas = district_areas_m2(facts, plan)
    for one in plan:
        norm = facts.classes[one.class_id]
        limit = norm.nominal_area_m2
        if facts.sites[one.site].outskirts and norm.outskirts_nominal_area_m2 is not None:
            limit = norm.outskirts_nominal_area_m2
        if limit is not None and areas[one.site] > limit * (1 + 1e-9):
            return False
    return True


def _floor_groups(facts: Facts, floor: CoverFloor) -> list[list[int]]:
    everyone = list(range(len(facts.points)))
    if floor.each == "area":
        return [facts.points_in(area) for area in facts.area_ids(floor.level)]
    if floor.each == "risk_class":
        risks = {point.risk_class for point in facts.points} - {None}
        return [[i for i in everyone if facts.points[i].risk_class == risk] for risk in risks]
    if floor.area is not None:
        return [facts.points_in(floor.area)]
    if floor.risk_class is not None:
        return [[i for i in everyone if facts.points[i].risk_class == floor.risk_class]]
    return [everyone]


def floor_holds(facts: Facts, floor: CoverFloor, plan: Plan) -> bool:
    """Return whether enough of each group of ``floor`` is covered."""
    within_s = facts.standard.within_s if floor.within_s is None else floor.within_s
    weights, nearest = facts.weights(floor.weight), facts.nearest(plan)
    for group in _floor_groups(facts, floor):
        needed = floor.share * sum(weights[i] for i in group)
        covered = [
            sum(weights[i] for i in group if times[i] <= within_s + SLACK_S) for times in nearest
        ]
        if floor.scenarios == "worst":
            reached = min(covered)
        else:
            reached = sum(a * b for a, b in zip(facts.scenario_shares, covered, strict=True))
        if reached < needed - RELATIVE * max(1.0, needed):
            return False
    return True


def cover_floors(facts: Facts, plan: Plan) -> bool:
    """Every cover floor holds."""
    return all(floor_holds(facts, floor, plan) for floor in facts.request.rules.cover_floors)


RULES = {
    "options": all_accounted,
    "new_stations": counts_hold,
    "idle_stations": idle_stations,
    "open_sites": open_sites,
    "forbidden_sites": forbidden_sites,
    "capital_budget": capital_budget,
    "yearly_budget": yearly_budget,
    "crew_limit_people": crew_limit,
    "clearances": clearances,
    "spacing": spacing,
    "cover_floors": cover_floors,
    "small_adjoins_larger": small_adjoins_larger,
    "nominal_area": nominal_area,
}


def broken_rules(facts: Facts, plan: Plan) -> set[str]:
    """Return the names of the rules that ``plan`` breaks."""
    return {name for name, rule in RULES.items() if not rule(facts, plan)}


def feasible(facts: Facts, plan: Plan) -> bool:
    """Return whether ``plan`` keeps every rule."""
    return all(rule(facts, plan) for rule in RULES.values())
