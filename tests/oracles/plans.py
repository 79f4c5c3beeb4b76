"""Every option at every site, and every combination of them."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, product

from models.fire_stations.plan import Action, FireStationPlan, PlannedStation
from models.fire_stations.rules import IdlePolicy
from models.places import Change, Site, Station, StationStatus
from tests.oracles.facts import Facility, Facts, Plan

Option = Facility | None  # None: no station stands there


def _items(vehicles: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(vehicles.items()))


def people_today(facts: Facts, station: Station) -> int:
    """Return who is on duty as the station stands."""
    if station.on_duty_people is not None:
        return station.on_duty_people
    if station.headcount_people is not None:
        return station.headcount_people // facts.request.shift_count
    return facts.classes[station.class_id].on_duty_people


def as_it_stands(facts: Facts, site: int, action: Action, capital: float) -> Facility:
    """Return the existing station with its own people, vehicles and yearly cost."""
    station = facts.sites[site].station
    norm = facts.classes[station.class_id]
    vehicles = norm.vehicles if station.vehicles is None else station.vehicles
    yearly = norm.yearly_cost if station.yearly_cost is None else station.yearly_cost
    people = people_today(facts, station)
    return Facility(site, station.class_id, action, people, _items(vehicles), capital, yearly)


def by_norm(facts: Facts, site: int, class_id: str, *, action: Action, capital: float) -> Facility:
    """Return a station with what its class asks for."""
    norm = facts.classes[class_id]
    people, vehicles = norm.on_duty_people, _items(norm.vehicles)
    return Facility(site, class_id, action, people, vehicles, capital, norm.yearly_cost)


def allowed_classes(facts: Facts, site: Site) -> tuple[str, ...]:
    """Return the classes allowed at a site; None means those asked for anew."""
    if site.allowed_classes is None:
        return tuple(facts.request.new_stations)
    return site.allowed_classes


def _strengthened(facts: Facts, site: int) -> Facility:
    kept = as_it_stands(facts, site, Action.KEEP, 0.0)
    norm = facts.classes[kept.class_id]
    present = dict(kept.vehicles)
    most = {
        kind: max(present.get(kind, 0), norm.vehicles.get(kind, 0))
        for kind in present.keys() | norm.vehicles.keys()
    }
    return Facility(
        site,
        kept.class_id,
        Action.STRENGTHEN,
        max(kept.people, norm.on_duty_people),
        _items(most),
        norm.strengthening_cost,
        norm.yearly_cost,
    )


def _regraded(facts: Facts, site: int) -> Iterator[Facility]:
    own = facts.sites[site].station.class_id
    for class_id in allowed_classes(facts, facts.sites[site]):
        if class_id != own:
            dearer = facts.classes[class_id].capital_cost - facts.classes[own].capital_cost
            yield by_norm(facts, site, class_id, action=Action.REGRADE, capital=max(0.0, dearer))


def _moved(facts: Facts, site: int) -> Iterator[Facility]:
    kept = as_it_stands(facts, site, Action.KEEP, 0.0)
    for target, place in enumerate(facts.sites):
        if place.station is None and kept.class_id in allowed_classes(facts, place):
            capital = facts.classes[kept.class_id].capital_cost + place.land_cost
            yield Facility(
                target,
                kept.class_id,
                Action.MOVE,
                kept.people,
                kept.vehicles,
                capital,
                kept.yearly,
                moved_from=site,
            )


def _in_service_options(facts: Facts, site: int) -> list[Option]:
    may = facts.sites[site].station.may
    options: list[Option] = [as_it_stands(facts, site, Action.KEEP, 0.0)]
    if Change.CLOSE in may:
        options.append(None)
    if Change.STRENGTHEN in may:
        options.append(_strengthened(facts, site))
    if Change.REGRADE in may:
        options.extend(_regraded(facts, site))
    if Change.MOVE in may:
        options.extend(_moved(facts, site))
    return options


def _idle_options(facts: Facts, site: int) -> list[Option]:
    station = facts.sites[site].station
    cost = station.commissioning_cost
    if cost is None:
        cost = facts.classes[station.class_id].commissioning_cost
    return [None, as_it_stands(facts, site, Action.COMMISSION, cost)]


def _build_options(facts: Facts, site: int) -> list[Option]:
    place = facts.sites[site]
    builds = [
        by_norm(
            facts,
            site,
            class_id,
            action=Action.BUILD,
            capital=facts.classes[class_id].capital_cost + place.land_cost,
        )
        for class_id in allowed_classes(facts, place)
        if class_id in facts.request.new_stations
    ]
    return [None, *builds]


def site_options(facts: Facts, site: int) -> list[Option]:
    """Return what may become of a site, whatever the rules say of the whole."""
    if site not in facts.options:
        facts.options[site] = _list_options(facts, site)
    return facts.options[site]


def _list_options(facts: Facts, site: int) -> list[Option]:
    station = facts.sites[site].station
    if station is None:
        return _build_options(facts, site)
    if station.status is StationStatus.IN_SERVICE:
        return _in_service_options(facts, site)
    return _idle_options(facts, site)


def before(facts: Facts) -> Plan:
    """Return the stations in service as they stand."""
    return tuple(
        as_it_stands(facts, j, Action.KEEP, 0.0)
        for j, site in enumerate(facts.sites)
        if site.station is not None and site.station.status is StationStatus.IN_SERVICE
    )


def counts_hold(facts: Facts, plan: Plan) -> bool:
    """Return whether as many are built of each class as asked."""
    built = Counter(one.class_id for one in plan if one.action is Action.BUILD)
    return all(
        asked.min <= built[class_id] <= (built[class_id] if asked.max is None else asked.max)
        for class_id, asked in facts.request.new_stations.items()
    )


def _pruned(facts: Facts, options: list[Option]) -> list[Option]:
    policy, forbidden = facts.request.rules.idle_stations, facts.request.rules.forbidden_sites
    if any(one and one.action is Action.COMMISSION for one in options):
        kept = {IdlePolicy.CLOSED: options[:1], IdlePolicy.OPEN: options[1:]}
        options = kept.get(policy, options)
    opening = {Action.BUILD, Action.COMMISSION, Action.MOVE}
    return [
        one
        for one in options
        if one is None or one.action not in opening or facts.sites[one.site].id not in forbidden
    ]


def _combine(*parts: Plan) -> Plan | None:
    """Return all parts as one plan, or None where two stations share a site."""
    plan = sorted((one for part in parts for one in part), key=lambda one: one.site)
    clash = any(one.site == other.site for one, other in pairwise(plan))
    return None if clash else tuple(plan)


def enumerate_plans(facts: Facts) -> Iterator[Plan]:
    """Yield every combination that idle policy, forbidden sites and counts leave."""
    standing, vacant = [], []
    for j, site in enumerate(facts.sites):
        options = _pruned(facts, site_options(facts, j))
        (vacant if site.station is None else standing).append(options)
    builds = [tuple(filter(None, chosen)) for chosen in product(*vacant)]
    builds = [chosen for chosen in builds if counts_hold(facts, chosen)]
    for chosen in product(*standing):
        for built in builds:
            plan = _combine(tuple(filter(None, chosen)), built)
            if plan is not None:
                yield plan


def to_plan(facts: Facts, plan: Plan, values: tuple[float, ...] | None = None) -> FireStationPlan:
    """Return ``plan`` in names, with every figure claimed."""
    return FireStationPlan(
        stations=tuple(
            PlannedStation(
                site_id=facts.sites[one.site].id,
                class_id=one.class_id,
                action=one.action,
                moved_from=None if one.moved_from is None else facts.sites[one.moved_from].id,
                on_duty_people=one.people,
                vehicles=dict(one.vehicles),
                capital_cost=one.capital,
                yearly_cost=one.yearly,
            )
            for one in plan
        ),
        objective_values=values,
    )


def _action(facts: Facts, station: PlannedStation, site: int) -> Action:
    """Return the action given, else the one the request implies."""
    if station.action is not None:
        return station.action
    today = facts.sites[site].station
    if today is None:
        return Action.BUILD if station.moved_from is None else Action.MOVE
    if today.status is not StationStatus.IN_SERVICE:
        return Action.COMMISSION
    return Action.KEEP if today.class_id == station.class_id else Action.REGRADE


def _as_claimed(station: PlannedStation, one: Facility) -> bool:
    claims = (
        (station.on_duty_people, one.people),
        (station.vehicles, dict(one.vehicles)),
        (station.capital_cost, one.capital),
        (station.yearly_cost, one.yearly),
    )
    return all(claimed is None or claimed == actual for claimed, actual in claims)


def from_plan(facts: Facts, plan: FireStationPlan) -> Plan | None:
    """Return a plan in names as facilities; None where a site has no such option."""
    index = {site.id: j for j, site in enumerate(facts.sites)}
    every = [one for j in index.values() for one in site_options(facts, j) if one is not None]
    found: list[Facility] = []
    for station in plan.stations:
        site = index[station.site_id]
        origin = None if station.moved_from is None else index[station.moved_from]
        wanted = (site, station.class_id, _action(facts, station, site), origin)
        found += [
            one
            for one in every
            if (one.site, one.class_id, one.action, one.moved_from) == wanted
            and _as_claimed(station, one)
        ]
    combined = _combine(tuple(found))
    if combined is None or len(combined) != len(plan.stations):
        return None
    return combined if all_accounted(facts, combined) else None


def all_accounted(facts: Facts, plan: Plan) -> bool:
    """Return whether what happens to each station in service is one of its options, once."""
    for j, site in enumerate(facts.sites):
        if site.station is None or site.station.status is not StationStatus.IN_SERVICE:
            continue
        fates = [one for one in plan if j in {one.site, one.moved_from}]
        options = site_options(facts, j)
        if len(fates) > 1 or (fates[0] if fates else None) not in options:
            return False
    return True
