"""The day's trips: whether each vehicle can make them, and whether they carry all that is sent."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from models.answer import Check
from models.dispatch.teams import Team
from models.places import DemandPoint, Site
from models.stockpiles import StockPlan
from models.stockpiles.day import LOAD, StockDayRequest
from models.stockpiles.nodes import Contract, Depot
from models.stockpiles.plan import Trip
from models.travel import ByMatrix
from optimizer.demand import DemandArrays, FloatArray
from optimizer.stockpiles.verify.question import Question
from optimizer.travel import travel_times
from optimizer.verification import agrees, at_most, finding, named

_SECOND_S = 1e-3


@dataclass(frozen=True, eq=False)
class Trips:
    """The trips of a plan for a day."""

    request: StockDayRequest
    question: Question
    plan: StockPlan

    def checks(self) -> Iterator[Check]:
        """Yield the checks; where trips name what is not there, that alone."""
        strange = [one.vehicle_id for one in self.plan.trips if not self._known(one)]
        yield _none("trips.known", strange)
        if strange:
            return
        yield _none("trips.load", [one.vehicle_id for one in self.plan.trips if self._heavy(one)])
        late = [name for name, own in self._by_vehicle.items() if not self._possible(name, own)]
        yield _none("trips.time", late)
        yield _none("trips.deliveries", self._uncarried())

    def _known(self, trip: Trip) -> bool:
        asked = self.question.request
        return (
            trip.vehicle_id in self._vehicles
            and trip.source < len(self.question.sources)
            and trip.block < len(asked.blocks)
            and trip.band < len(asked.bands)
            and all(max(one.item, one.need) < len(asked.items) for one in trip.carried)
        )

    @cached_property
    def _vehicles(self) -> dict[str, Team]:
        return {one.id: one for one in self.request.vehicles}

    @cached_property
    def _by_vehicle(self) -> dict[str, list[Trip]]:
        found: dict[str, list[Trip]] = defaultdict(list)
        for one in sorted(self.plan.trips, key=lambda trip: trip.leaves_s):
            found[one.vehicle_id].append(one)
        return found

    def _heavy(self, trip: Trip) -> bool:
        items = self.question.request.items
        weight = sum(one.quantity * items[one.item].weight_kg for one in trip.carried)
        fits = at_most(weight, self._vehicles[trip.vehicle_id].amounts.get(LOAD, 0.0))
        return not fits or not agrees(weight, trip.weight_kg)

    def _possible(self, name: str, trips: list[Trip]) -> bool:
        """Return whether a vehicle can be where its trips begin, and where they end, in time."""
        vehicle, question, today = self._vehicles[name], self.question, self.request.today
        free = vehicle.free_in_s
        if vehicle.status == "lost" or (vehicle.status != "ready" and free is None):
            return False
        begun = (free or 0.0) + (vehicle.turnout_s if vehicle.status == "ready" else 0.0)
        stands: int | None = None  # the block it is at
        for one in trips:
            if stands is None:
                here = begun + self._approach_s(name, one.source)
            else:
                here = begun + question.travel_s(today, one.source, stands)
            tier = question.tiers[question.sources[one.source].tier]
            earliest = max(here, question.ready_s(one.source))
            takes = question.travel_s(today, one.source, one.block) + tier.hand_over_s
            ends = question.request.bands[one.band].end_s
            last = ends if vehicle.shift_ends_s is None else min(ends, vehicle.shift_ends_s)
            if one.leaves_s < earliest - _SECOND_S or one.arrives_s > last + _SECOND_S:
                return False
            if one.arrives_s < one.leaves_s + takes - _SECOND_S:
                return False
            begun, stands = one.arrives_s, one.block
        return True

    def _approach_s(self, name: str, source: int) -> float:
        if name not in self._placed:
            return 0.0
        today, question = self.request.today, self.question
        usual = float(self._ways[source, self._placed.index(name)])
        areas = question.source_areas[source]
        slower = [factor for area, factor in today.slower_by_area.items() if area in areas]
        return usual * today.slower * max([1.0, *slower])

    @cached_property
    def _placed(self) -> list[str]:
        """The vehicles that stand somewhere, where ways are told by positions."""
        if isinstance(self.question.request.travel, ByMatrix):
            return []
        every = self.request.vehicles
        return [one.id for one in every if one.lat is not None or one.x_m is not None]

    @cached_property
    def _ways(self) -> FloatArray:
        asked = self.question.request
        points = tuple(DemandPoint(**_position(one)) for one in self.question.sources)
        stands = (self._vehicles[name] for name in self._placed)
        sites = tuple(Site(**_position(one)) for one in stands)
        starts = DemandArrays.from_request(points, None)
        times = travel_times(asked.travel, starts, sites, self.question.store)
        states = [one.id for one in asked.travel.scenarios]
        state = self.request.today.travel_scenario
        way = 0 if state is None else states.index(state)
        return times.block(way, slice(0, len(points)))

    def _uncarried(self) -> list[str]:
        """Return the ways on which something else is sent than trips carry, and refills."""
        goes = self.request.carried_sources
        sent: dict[tuple[int, ...], float] = defaultdict(float)
        for one in self.plan.deliveries:
            columns = one.band, one.source, one.block, one.item, one.need
            for key, quantity in zip(zip(*columns, strict=True), one.quantity, strict=True):
                if goes[key[1]]:
                    sent[key] += quantity
        carried: dict[tuple[int, ...], float] = defaultdict(float)
        for trip in self.plan.trips:
            for load in trip.carried:
                key = trip.band, trip.source, trip.block, load.item, load.need
                carried[key] += load.quantity
        asked = self.question.request
        found = [
            f"{self.question.sources[key[1]].id}>{asked.blocks[key[2]].id}"
            for key in sorted({*sent, *carried})
            if not agrees(sent[key], carried[key])
        ]
        moved = any(one.refill_quantity for one in self.plan.deliveries)
        return [*found, "refill"] if moved else found


def _position(one: Depot | Contract | Team) -> dict[str, Any]:
    return {"id": one.id, "lat": one.lat, "lon": one.lon, "x_m": one.x_m, "y_m": one.y_m}


def _none(rule: str, offenders: list[str]) -> Check:
    return finding(
        rule,
        passed=not offenders,
        path="vehicles",
        code=f"check.stockpiles.{rule}",
        found=named(sorted(set(offenders))),
    )
