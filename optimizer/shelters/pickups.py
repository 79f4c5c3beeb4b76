"""Rounds with several stops for those who are fetched: a request to dispatch, made from a plan.

The plan lets each vehicle shuttle between one block and one site. Once it is known which vehicles
go to which site, their rounds may take in several blocks: a disaster phase, in which seats are what
a vehicle carries, a stop is where people get in, and the site is where it is empty again.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from models.answer import Assumption
from models.dispatch.incidents import Incident, TeamNeed
from models.dispatch.phase import Crew, Depot, PhaseRequest, Work
from models.dispatch.request import DispatchRequest, TravelMode
from models.dispatch.teams import Team
from models.roads import ByRoads
from models.shelters import ShelterPlan, ShelterRequest
from models.shelters.fleet import Vehicle
from models.shelters.plan import NOBODY
from models.text import Label
from models.travel import ByCoordinates, ByMatrix
from optimizer.datasets import Store
from optimizer.shelters.instance import Instance
from optimizer.travel.states import with_first

SEATS = "seats"  # what a vehicle carries
_MODE = "vehicle"
_SEVERITY_MOST = 10_000
_WHOLE = 1e-6  # of a person


def pickup_cases(plan: ShelterPlan) -> dict[str, tuple[str, ...]]:
    """Return the sites of each case that vehicles bring people to."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for one in plan.shuttles:
        if one.vehicles > 0:
            found[one.scenario_id][one.site_id] = None
    return {case: tuple(sites) for case, sites in found.items()}


def pickups(
    request: ShelterRequest, plan: ShelterPlan, case: str, site: str, *, store: Store | None = None
) -> PhaseRequest | None:
    """Return the request for the rounds that bring people to a site in a case of the plan.

    Its teams are the vehicles that the plan has going there; its stops are the people of the plan,
    and those who would still be waiting, where of the sites with vehicles this is the nearest with
    room for them. Deadlines of stops count the longest boarding of these vehicles.
    None where no vehicle goes there, or a matrix says how long rides take: it does not say the way
    between two blocks.
    """
    travel = None if request.fleet is None else request.fleet.travel
    if site not in pickup_cases(plan).get(case, ()) or travel is None:
        return None
    if isinstance(travel, ByMatrix):
        return None
    return _Rounds(Instance.from_request(request, store), plan, case, site).request(travel)


@dataclass(frozen=True, eq=False)
class _Rounds:
    """The rounds to one site in one case."""

    instance: Instance
    plan: ShelterPlan
    case: str
    site: str

    def request(self, travel: ByCoordinates | ByRoads) -> PhaseRequest:
        """Return the request to dispatch."""
        asked = self.instance.request
        site = asked.sites[self._j]
        vehicles = list(self._vehicles())
        stops = list(self._stops([vehicle for _, _, vehicle in vehicles]))
        state = asked.scenarios[self._s].driving_scenario
        mode = TravelMode(id=_MODE, travel=with_first(travel, state))
        illustrative = asked.illustrative or site.illustrative
        where = {"lat": site.lat, "lon": site.lon, "x_m": site.x_m, "y_m": site.y_m}
        return PhaseRequest(
            name=_to(asked.name, site.name or Label(en=site.id, zh=site.id)),
            situation=DispatchRequest(
                name=asked.name,
                teams=tuple(self._team(name, block, one) for name, block, one in vehicles),
                incidents=tuple(incident for incident, _ in stops),
                modes=(mode,),
                areas=asked.areas,
                assumptions=(_STANDS,),
                backdrop=asked.backdrop,
                source_crs=asked.source_crs,
                illustrative=illustrative,
            ),
            works=tuple(work for _, work in stops),
            crews=tuple(
                Crew(
                    team_id=name,
                    carries={SEATS: one.seats},
                    reload_s=one.boarding_s - _getting_in_s([kind for _, _, kind in vehicles]),
                )
                for name, _, one in vehicles
            ),
            depots=(Depot(id=site.id, name=site.name, **where),),
        )

    @property
    def _s(self) -> int:
        return [one.id for one in self.instance.request.scenarios].index(self.case)

    @property
    def _j(self) -> int:
        return [one.id for one in self.instance.request.sites].index(self.site)

    def _vehicles(self) -> Iterator[tuple[str, int, Vehicle]]:
        """Yield name, block and kind of each vehicle that the plan has going to the site."""
        request, number = self.instance.request, defaultdict[str, int](int)
        assert request.fleet is not None
        kinds = {one.id: one for one in request.fleet.vehicles}
        blocks = {block.id: i for i, block in enumerate(request.blocks)}
        for one in self.plan.shuttles:
            if (one.scenario_id, one.site_id) == (self.case, self.site):
                for _ in range(one.vehicles):
                    number[one.vehicle_id] += 1
                    name = f"{one.vehicle_id}-{number[one.vehicle_id]}"
                    yield name, blocks[one.block_id], kinds[one.vehicle_id]

    def _team(self, name: str, block: int, vehicle: Vehicle) -> Team:
        at = self.instance.request.blocks[block]
        return Team(
            id=name,
            name=vehicle.name,
            kind=vehicle.id,
            lat=at.lat,
            lon=at.lon,
            x_m=at.x_m,
            y_m=at.y_m,
            amounts={SEATS: vehicle.seats},
            turnout_s=vehicle.ready_s,
            mode=_MODE,
        )

    def _stops(self, vehicles: list[Vehicle]) -> Iterator[tuple[Incident, Work]]:
        """Yield a stop for each load of people, none larger than the smallest vehicle."""
        instance, rides = self.instance, self.instance.rides
        assert rides is not None
        boarding_s, in_s = max(one.boarding_s for one in vehicles), _getting_in_s(vehicles)
        for unit, people in self._people().items():
            i, group = int(instance.unit_block[unit]), instance.groups[instance.unit_group[unit]]
            block = instance.request.blocks[i]
            able = [one.seats for one in vehicles if one.seats >= group.seats]
            most = max(1, floor(min(able, default=group.seats) / group.seats + _WHOLE))
            loads = max(1, ceil(people / most - _WHOLE))
            last_s = self._deadline_s - float(rides.ride_s[self._s][i, self._j]) - boarding_s
            for n in range(loads):
                here = min(float(most), people - n * most)
                name = f"{block.id}/{group.id}/{n + 1}"
                incident = Incident(
                    id=name,
                    name=block.name,
                    kind="pickup",
                    lat=block.lat,
                    lon=block.lon,
                    x_m=block.x_m,
                    y_m=block.y_m,
                    zone=block.area,
                    severity=int(np.clip(round(here), 1, _SEVERITY_MOST)),
                    needs=(TeamNeed(),),
                    full_within_s=max(0.0, last_s),
                    on_scene_s=in_s,
                    illustrative=instance.request.illustrative,
                )
                yield incident, Work(incident_id=name, loads={SEATS: here * group.seats})

    @property
    def _deadline_s(self) -> float:
        request = self.instance.request
        own = request.scenarios[self._s].fetch_deadline_s
        assert request.fleet is not None
        return request.fleet.deadline_s if own is None else own

    def _people(self) -> dict[int, float]:
        """Return the people by unit whom the vehicles are to bring to the site."""
        instance, found = self.instance, defaultdict[int, float](float)
        blocks = {block.id: i for i, block in enumerate(instance.request.blocks)}
        groups = {group.id: g for g, group in enumerate(instance.groups)}
        place = {
            (int(i), int(g)): unit
            for unit, (i, g) in enumerate(
                zip(instance.unit_block, instance.unit_group, strict=True)
            )
        }
        used = np.zeros(len(instance.existing))
        sites = {site.id: j for j, site in enumerate(instance.request.sites)}
        for one in self.plan.assignments:
            if one.scenario_id != self.case:
                continue
            unit = place[blocks[one.block_id], groups[one.group]]
            used[sites[one.site_id]] += one.people * self._each_m2(unit)
            if one.site_id == self.site and instance.fetched[unit] and one.people > NOBODY:
                found[unit] += one.people
        room = instance.capacity_m2[self._s] - used
        for late in self.plan.without_place or ():
            if late.scenario_id == self.case and late.reason == "waiting":
                unit = place[blocks[late.block_id], groups[late.group]]
                j, people = self._nearest(unit, room), late.people
                if j is not None:
                    people = min(people, max(0.0, float(room[j])) / self._each_m2(unit))
                    room[j] -= people * self._each_m2(unit)
                if j == self._j and people > NOBODY:
                    found[unit] += people
        return dict(found)

    def _each_m2(self, unit: int) -> float:
        usual = self.instance.request.scenarios[self._s].m2_per_person
        group = self.instance.groups[int(self.instance.unit_group[unit])]
        return max(usual, group.m2_per_person)

    def _nearest(self, unit: int, room: np.ndarray) -> int | None:
        """Return the open site with room that the unit may be brought to soonest."""
        instance, arcs = self.instance, self.instance.arcs
        assert instance.rides is not None
        served = set(pickup_cases(self.plan).get(self.case, ()))
        mine = arcs.site[(arcs.scenario == self._s) & (arcs.unit == unit)].tolist()
        each = self._each_m2(unit)
        able = [
            j for j in mine if instance.request.sites[j].id in served and room[j] >= each - _WHOLE
        ]
        ride_s = instance.rides.ride_s[self._s][instance.unit_block[unit]]
        return min(able, key=lambda j: (float(ride_s[j]), j), default=None)


def _getting_in_s(vehicles: list[Vehicle]) -> float:
    """Return how long getting in takes at each stop: half of the quickest boarding.

    What a vehicle takes beyond it counts at the site, so that a round with one stop takes as long
    as in the plan.
    """
    return min(one.boarding_s for one in vehicles) / 2.0


def _to(name: Label, site: Label) -> Label:
    return Label(en=f"{name.en} → {site.en}", zh=f"{name.zh} → {site.zh}")


_STANDS = Assumption(
    path="situation.teams",
    value="at the first block of their shuttle",
    source="shelter plan",
    is_default=True,
)
