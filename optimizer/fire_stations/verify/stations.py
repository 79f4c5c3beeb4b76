"""The stations of a plan as the request lets them stand: crew, vehicles and cost of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.fire_stations.plan import Action, PlannedStation
from models.places import Change, Site, Station, StationStatus
from models.standards import StationClass
from optimizer.fire_stations.verify.question import Question

OPENING = frozenset({Action.BUILD, Action.COMMISSION, Action.MOVE})

_PERMISSION = {Action.STRENGTHEN: Change.STRENGTHEN, Action.REGRADE: Change.REGRADE}


@dataclass(frozen=True)
class Crew:
    """Who and what a station has."""

    on_duty_people: int
    headcount_people: int
    vehicles: Mapping[str, int]


@dataclass(frozen=True)
class OpenStation:
    """One open station, recomputed; ``site`` is its column."""

    site: int
    site_id: str
    station_class: StationClass
    action: Action
    crew: Crew
    turnout_s: float
    capital_cost: float
    yearly_cost: float
    moved_from: str | None = None

    @property
    def opened(self) -> bool:
        """Whether the plan opens it: built, commissioned or moved here."""
        return self.action in OPENING


@dataclass(frozen=True)
class Reading:
    """A plan's stations, and the ids of those that cannot be as the plan has them.

    ``stations`` are in the order of their site ids; what has no site or class is left out.
    """

    stations: tuple[OpenStation, ...]
    planned: tuple[PlannedStation, ...]  # of these, in the same order
    mentioned: Mapping[str, str]  # site id -> class id, as the plan says
    vacated: frozenset[str]
    wrong_sites: list[str] = field(default_factory=list)
    wrong_classes: list[str] = field(default_factory=list)
    wrong_actions: list[str] = field(default_factory=list)


def read_stations(question: Question, planned: Sequence[PlannedStation]) -> Reading:
    """Return the stations a plan names, at their first mention."""
    first: dict[str, PlannedStation] = {}
    wrong_sites = []
    for one in planned:
        if one.site_id in question.site_index and one.site_id not in first:
            first[one.site_id] = one
        else:
            wrong_sites.append(one.site_id)
    known = [one for _, one in sorted(first.items()) if one.class_id in question.classes]
    sources = [one.moved_from for one in known if _action(question, one) is Action.MOVE]
    reading = Reading(
        stations=tuple(_open(question, one) for one in known),
        planned=tuple(known),
        mentioned={site_id: one.class_id for site_id, one in first.items()},
        vacated=frozenset(source for source in sources if source is not None),
        wrong_sites=wrong_sites,
    )
    for site_id, one in first.items():
        if one.class_id not in question.classes or not _class_fits(question, one):
            reading.wrong_classes.append(site_id)
        if not _action_fits(question, one, reading.mentioned, sources):
            reading.wrong_actions.append(site_id)
    return reading


def stations_today(question: Question) -> tuple[OpenStation, ...]:
    """Return the stations in service as they stand, in the order of their site ids."""
    planned = [
        PlannedStation(site_id=site.id, class_id=site.station.class_id, action=Action.KEEP)
        for site in question.in_service()
        if site.station is not None
    ]
    return read_stations(question, planned).stations


def _action(question: Question, planned: PlannedStation) -> Action:
    """Return what the plan does here: what it says if that can be, else what must be meant."""
    possible = _actions_at(question.site(planned.site_id).station, planned)
    return planned.action if planned.action in possible else possible[0]


def _actions_at(station: Station | None, planned: PlannedStation) -> tuple[Action, ...]:
    """Return the actions possible at a site by what stands there, the implied one first."""
    if station is None:
        moved = planned.moved_from is not None
        return (Action.MOVE, Action.BUILD) if moved else (Action.BUILD, Action.MOVE)
    if station.status is not StationStatus.IN_SERVICE:
        return (Action.COMMISSION,)
    if station.class_id == planned.class_id:
        return (Action.KEEP, Action.STRENGTHEN)
    return (Action.REGRADE,)


def _action_fits(
    question: Question,
    planned: PlannedStation,
    mentioned: Mapping[str, str],
    sources: Sequence[str | None],
) -> bool:
    action = _action(question, planned)
    if planned.action not in {None, action}:
        return False
    if action is Action.MOVE:
        source = _source(question, planned)
        return (
            source is not None
            and Change.MOVE in source.may
            and planned.moved_from not in mentioned
            and sources.count(planned.moved_from) <= 1
        )
    station = question.site(planned.site_id).station
    permission = _PERMISSION.get(action)
    allowed = permission is None or (station is not None and permission in station.may)
    return allowed and planned.moved_from is None


def _class_fits(question: Question, planned: PlannedStation) -> bool:
    site = question.site(planned.site_id)
    match _action(question, planned):
        case Action.BUILD:
            return site.allowed_classes is None or planned.class_id in site.allowed_classes
        case Action.REGRADE:
            return planned.class_id in question.allowed_classes(site)
        case Action.MOVE:
            source = _source(question, planned)
            same = source is None or source.class_id == planned.class_id
            return same and planned.class_id in question.allowed_classes(site)
        case _:
            return site.station is not None and site.station.class_id == planned.class_id


def _source(question: Question, planned: PlannedStation) -> Station | None:
    """Return the station in service that is moved here, if there is such a one."""
    if planned.moved_from not in question.site_index:
        return None
    station = question.site(planned.moved_from).station
    in_service = station is not None and station.status is StationStatus.IN_SERVICE
    return station if in_service else None


def _open(question: Question, planned: PlannedStation) -> OpenStation:
    action = _action(question, planned)
    site, own = question.site(planned.site_id), question.classes[planned.class_id]
    station = _source(question, planned) if action is Action.MOVE else site.station
    capital_cost, yearly_cost = _costs(question, action, site, (station, own))
    return OpenStation(
        site=question.site_index[site.id],
        site_id=site.id,
        station_class=own,
        action=action,
        crew=_crew(question, action, station, own),
        turnout_s=question.turnout_s(own),
        capital_cost=capital_cost,
        yearly_cost=yearly_cost,
        moved_from=planned.moved_from if action is Action.MOVE else None,
    )


def _crew(question: Question, action: Action, station: Station | None, own: StationClass) -> Crew:
    shifts = question.request.shift_count
    norm = Crew(own.on_duty_people, own.on_duty_people * shifts, own.vehicles)
    if station is None or action in {Action.BUILD, Action.REGRADE}:
        return norm
    present = _present(station, question.classes[station.class_id], shifts)
    if action is not Action.STRENGTHEN:
        return present
    return Crew(
        max(present.on_duty_people, norm.on_duty_people),
        max(present.headcount_people, norm.headcount_people),
        {
            kind: max(present.vehicles.get(kind, 0), norm.vehicles.get(kind, 0))
            for kind in present.vehicles.keys() | norm.vehicles.keys()
        },
    )


def _present(station: Station, own: StationClass, shifts: int) -> Crew:
    on_duty, headcount = station.on_duty_people, station.headcount_people
    if on_duty is None:
        on_duty = own.on_duty_people if headcount is None else headcount // shifts
    return Crew(
        on_duty,
        on_duty * shifts if headcount is None else headcount,
        own.vehicles if station.vehicles is None else station.vehicles,
    )


def _costs(
    question: Question, action: Action, site: Site, given: tuple[Station | None, StationClass]
) -> tuple[float, float]:
    """Return the capital and the yearly cost of a station."""
    station, own = given
    if station is None or action in {Action.BUILD, Action.MOVE}:
        capital_cost = own.capital_cost + site.land_cost
        return capital_cost, own.yearly_cost if station is None else _yearly(station, own)
    if action is Action.STRENGTHEN:
        return own.strengthening_cost, own.yearly_cost
    if action is Action.REGRADE:
        before = question.classes[station.class_id]
        return max(0.0, own.capital_cost - before.capital_cost), own.yearly_cost
    if action is Action.COMMISSION:
        cost = station.commissioning_cost
        return own.commissioning_cost if cost is None else cost, _yearly(station, own)
    return 0.0, _yearly(station, own)


def _yearly(station: Station, own: StationClass) -> float:
    return own.yearly_cost if station.yearly_cost is None else station.yearly_cost
