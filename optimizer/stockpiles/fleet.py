r"""Vehicles on the day: what they can carry bounds what arrives, and their trips are what does.

A trip carries up to :math:`q_v` from a source :math:`n` to a block :math:`j` and is over when the
vehicle stands at a source again. Whatever the trips, up to the end :math:`T_b` of a band

.. math:: \sum_{n,j,b' \le b} k f_{njb'} (t_{nj} + h_n + \min_m t_{mj})
          \le \sum_v q_v (T_b - r_v + \max_j \min_m t_{mj})^+

with :math:`k f` kilograms, :math:`h_n` the hand-over, :math:`r_v` when the vehicle is at its
nearest source, and the last way back left out. That bounds the day; trips are then given, one after
the other, to the vehicle that is free first: the way that brings most weighted need in time for
every second it takes. What no trip brings is missing.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, vstack

from models.dispatch.teams import Team, TeamStatus
from models.places import Site
from models.stockpiles import StockRequest
from models.stockpiles.day import LOAD, StockDayRequest
from models.stockpiles.plan import Carried, Trip
from models.travel import ByMatrix
from optimizer.algorithms.two_stage import Recourse
from optimizer.demand import FloatArray
from optimizer.stockpiles.instance import BoolArray, IndexArray, Instance
from optimizer.stockpiles.outcomes import Outcome
from optimizer.stockpiles.recourse import Response
from optimizer.stockpiles.situations import Situations

_LEAST = 1e-7  # of a unit
_LEAST_M3 = 1e-6
_LEAST_S = 1.0  # of a trip, so that none is for nothing


def simplest(request: StockRequest) -> StockRequest:
    """Return a request in which depots do not refill each other, and nothing comes back."""
    return request.model_copy(
        update={
            "tiers": tuple(one.model_copy(update={"refills": ()}) for one in request.tiers),
            "items": tuple(
                one.model_copy(update={"returns_after_s": None}) for one in request.items
            ),
        }
    )


@dataclass(frozen=True, eq=False)
class Fleet:
    """The vehicles of a day as arrays, over the sources and blocks of one instance."""

    request: StockDayRequest
    instance: Instance
    situations: Situations  # whose one scenario is the day

    @cached_property
    def carried(self) -> BoolArray:
        """Which sources' stock goes by vehicle, (source,)."""
        return np.array(self.request.carried_sources, dtype=np.bool_)

    @cached_property
    def able(self) -> tuple[Team, ...]:
        """The vehicles that will be free some time."""
        return tuple(one for one in self.request.vehicles if free_s(one) is not None)

    @cached_property
    def load_kg(self) -> FloatArray:
        """What each carries, (vehicle,)."""
        return np.array([one.amounts[LOAD] for one in self.able])

    @cached_property
    def until_s(self) -> FloatArray:
        """By when each must have delivered, (vehicle,)."""
        return np.array([np.inf if (t := one.shift_ends_s) is None else t for one in self.able])

    @cached_property
    def way_s(self) -> FloatArray:
        """Today's travel times, (source, block)."""
        return self.situations.travel_s(self.request.today)

    @cached_property
    def approach_s(self) -> FloatArray:
        """When each vehicle can stand at each source first, (vehicle, source)."""
        free = np.array([free_s(one) or 0.0 for one in self.able])
        way = np.zeros((len(free), len(self.carried)))
        if isinstance(self.request.stockpiles.travel, ByMatrix):
            return np.asarray(way + free[:, None])
        placed = np.array([one.lat is not None or one.x_m is not None for one in self.able])
        if placed.any():
            stands = tuple(one for one, known in zip(self.able, placed, strict=True) if known)
            way[placed] = self.situations.approach_s(self.request.today, places(stands))
        return np.asarray(way + free[:, None])

    @cached_property
    def back_s(self) -> FloatArray:
        """The shortest way from each block to a source that vehicles load at, (block,)."""
        return np.asarray(self.way_s[self.carried].min(axis=0, initial=np.inf))

    def limited(self, response: Response) -> Recourse:
        """Return the day's program with what the vehicles can carry up to each band's end."""
        base, instance = response.recourse, self.instance
        source, group, exchange, band = response.flows
        sent = instance.exchange_sent[exchange]
        kilograms = instance.weight_kg[sent] * instance.exchange_rate[exchange]
        block = response.groups.block[group]  # a group is one block here
        trip_s = self.way_s[source, block] + instance.hand_over_s[source] + self.back_s[block]
        each = np.where(self.carried[source], kilograms * trip_s, 0.0)
        ends = np.array([one.end_s for one in instance.bands])
        rows = np.where(band[None, :] <= np.arange(len(ends))[:, None], -each, 0.0)
        wide = np.zeros((len(ends), len(base.cost)))
        wide[:, : len(source)] = rows
        ready = self.approach_s[:, self.carried].min(axis=1, initial=np.inf)
        reached = self.back_s[np.isfinite(self.back_s)].max(initial=0.0)
        left = np.maximum(0.0, ends[:, None] - ready[None, :] + reached)
        room = np.where(ends[:, None] > ready[None, :], left, 0.0) @ self.load_kg
        return Recourse(
            base.cost,
            csr_array(vstack([base.matrix, csr_array(wide)], format="csr")),
            csr_array(vstack([base.tie, csr_array((len(ends), base.tie.shape[1]))], format="csr")),
            np.concatenate([base.least, -room]),
        )

    def trips(self, wanted: Outcome, handled_m3: FloatArray) -> tuple[Trip, ...]:
        """Return the trips that bring what is wanted, as far as the vehicles can.

        ``handled_m3`` (source, band) is what each source can have sent by the end of a band.
        """
        return _Scheduler(self, wanted, handled_m3.copy()).scheduled()


def free_s(vehicle: Team) -> float | None:
    """Return when a vehicle can begin, in seconds after the alarm; None: never."""
    if vehicle.status is TeamStatus.READY:
        return vehicle.turnout_s + (vehicle.free_in_s or 0.0)
    return None if vehicle.status is TeamStatus.LOST else vehicle.free_in_s


def places(vehicles: tuple[Team, ...]) -> tuple[Site, ...]:
    """Return where vehicles stand, as travel wants it."""
    return tuple(
        Site(id=one.id, lat=one.lat, lon=one.lon, x_m=one.x_m, y_m=one.y_m) for one in vehicles
    )


@dataclass(eq=False)
class _Scheduler:
    """Gives trips to vehicles; what is still to be brought is counted per delivery wanted."""

    fleet: Fleet
    wanted: Outcome
    room_m3: FloatArray  # (source, band) what each can still have sent by the end of a band

    def __post_init__(self) -> None:
        instance = self.fleet.instance
        self._mine = np.flatnonzero(self.fleet.carried[self.wanted.source])
        wanted, mine = self.wanted, self._mine
        self._left = wanted.quantity[mine].copy()
        exchange = wanted.exchange[mine]
        self._kilograms = (
            instance.weight_kg[instance.exchange_sent[exchange]] * instance.exchange_rate[exchange]
        )
        self._volume_m3 = (
            instance.volume_m3[instance.exchange_sent[exchange]] * instance.exchange_rate[exchange]
        )
        pairs = np.vstack([wanted.source[mine], wanted.block[mine]])
        self._pairs, self._pair_of = np.unique(pairs, axis=1, return_inverse=True)
        self._pair_of = self._pair_of.ravel()
        weights = np.array([one.weight for one in instance.bands])
        later = np.cumsum(weights[::-1])[::-1]  # what a unit counts from a band on
        arrives = np.arange(len(weights))
        from_band = np.maximum(wanted.band[mine][:, None], arrives[None, :])
        self._worth = instance.worth[exchange][:, None] * later[from_band]  # (delivery, band)
        self._at_s = self.fleet.approach_s.copy()  # (vehicle, source)

    def scheduled(self) -> tuple[Trip, ...]:
        """Return all trips."""
        found = []
        waiting = set(range(len(self.fleet.able)))
        while waiting and (self._left > _LEAST).any():
            vehicle = min(waiting, key=lambda v: (float(self._at_s[v].min()), v))
            trip = self._next(vehicle)
            if trip is None:
                waiting.remove(vehicle)
            else:
                found.append(trip)
        return tuple(found)

    def _next(self, vehicle: int) -> Trip | None:
        """Return the best trip of a vehicle from where it is; None where none brings anything."""
        fleet, instance = self.fleet, self.fleet.instance
        source, block = self._pairs
        ends = np.array([one.end_s for one in instance.bands])
        leaves = np.maximum(self._at_s[vehicle, source], instance.ready_s[source])
        arrives = leaves + fleet.way_s[source, block] + instance.hand_over_s[source]
        band, arrives = self._handled(source, np.searchsorted(ends, arrives - 1e-6), arrives)
        way_s = np.where(band < len(ends), fleet.way_s[source, block], 0.0)
        leaves = arrives - way_s - instance.hand_over_s[source]
        may = (band < len(ends)) & (arrives <= fleet.until_s[vehicle])
        band = np.where(may, band, 0)
        worth = self._left * self._worth[np.arange(len(self._left)), band[self._pair_of]]
        load = np.bincount(self._pair_of, self._left * self._kilograms, len(source))
        gain = np.bincount(self._pair_of, worth, len(source))
        part = fleet.load_kg[vehicle] / np.maximum(load, fleet.load_kg[vehicle])
        begun = float(self._at_s[vehicle].min())
        taken_s = np.maximum(_LEAST_S, arrives - begun + fleet.back_s[block])
        score = np.where(may & (gain > _LEAST), gain * part / taken_s, -np.inf)
        best = int(np.argmax(score)) if len(score) else 0
        if not len(score) or not np.isfinite(score[best]):
            return None
        carried = self._loaded(best, int(band[best]), float(fleet.load_kg[vehicle]))
        if not carried:
            return None
        here = int(block[best])
        # From the block it goes to whichever source it loads at next.
        self._at_s[vehicle] = arrives[best] + fleet.way_s[:, here]
        self._at_s[vehicle][~fleet.carried] = np.inf
        items = instance.request.items
        return Trip(
            vehicle_id=fleet.able[vehicle].id,
            source=int(source[best]),
            block=here,
            band=int(band[best]),
            leaves_s=float(leaves[best]),
            arrives_s=float(arrives[best]),
            weight_kg=sum(one.quantity * items[one.item].weight_kg for one in carried),
            carried=carried,
        )

    def _handled(
        self, source: IndexArray, band: IndexArray, arrives: FloatArray
    ) -> tuple[IndexArray, FloatArray]:
        """Return the band and time of each arrival, put off until its source can handle it."""
        ends = np.array([one.end_s for one in self.fleet.instance.bands])
        room = np.minimum.accumulate(self.room_m3[:, ::-1], axis=1)[:, ::-1]  # later ones bind too
        first = np.argmax(room > _LEAST_M3, axis=1)
        first[~(room > _LEAST_M3).any(axis=1)] = len(ends)
        later = np.maximum(band, first[source])
        starts = np.concatenate([[0.0], ends[:-1] + 1.0, [np.inf]])
        return later, np.where(later > band, starts[later], arrives)

    def _loaded(self, pair: int, band: int, room_kg: float) -> tuple[Carried, ...]:
        """Load what counts most for its weight, and return it."""
        instance = self.fleet.instance
        own = np.flatnonzero((self._pair_of == pair) & (self._left > _LEAST))
        room_m3 = self.room_m3[int(self._pairs[0, pair])]
        value = self._worth[own, band] / np.maximum(self._kilograms[own], 1e-12)
        found = []
        for at in own[np.argsort(-value, kind="stable")].tolist():
            each, volume = float(self._kilograms[at]), float(self._volume_m3[at])
            units = float(self._left[at])
            if each > 0:
                units = min(units, room_kg / each)
            if volume > 0:
                units = min(units, float(room_m3[band:].min()) / volume)
            if units <= _LEAST:
                continue
            self._left[at] -= units
            room_kg -= units * each
            room_m3[band:] -= units * volume
            exchange = int(self.wanted.exchange[self._mine[at]])
            found.append(
                Carried(
                    item=int(instance.exchange_sent[exchange]),
                    need=int(instance.exchange_needed[exchange]),
                    quantity=units * float(instance.exchange_rate[exchange]),
                )
            )
        return tuple(found)


def brought(
    instance: Instance, wanted: Outcome, carried: BoolArray, trips: tuple[Trip, ...]
) -> Outcome:
    """Return what becomes of the day if the vehicles' stock arrives with their trips alone."""
    by_hand = np.flatnonzero(~carried[wanted.source])
    exchanges = {
        (int(k), int(need)): n
        for n, (k, need) in enumerate(
            zip(instance.exchange_sent, instance.exchange_needed, strict=True)
        )
    }
    sums: dict[tuple[int, int, int, int], float] = {}
    for n in by_hand.tolist():
        source, block = int(wanted.source[n]), int(wanted.block[n])
        key = source, block, int(wanted.exchange[n]), int(wanted.band[n])
        sums[key] = sums.get(key, 0.0) + float(wanted.quantity[n])
    for trip in trips:
        for one in trip.carried:
            exchange = exchanges[one.item, one.need]
            key = trip.source, trip.block, exchange, trip.band
            units = one.quantity / float(instance.exchange_rate[exchange])
            sums[key] = sums.get(key, 0.0) + units
    rows: IndexArray = np.array(sorted(sums), dtype=np.int64).reshape(-1, 4)
    quantity = np.array([sums[key] for key in sorted(sums)])
    situation = wanted.situation
    got = np.zeros(situation.need.shape)
    place, item, each = instance.parts(rows[:, 2])
    arrived = zip(rows[place].tolist(), item.tolist(), quantity[place] * each, strict=True)
    for (_, block, _, band), needed, amount in arrived:
        got[block, needed, band:] += amount
    missing = np.maximum(0.0, np.maximum(0.0, situation.need - wanted.kits) - got)
    return Outcome(
        situation=situation,
        kits=wanted.kits,
        source=rows[:, 0],
        block=rows[:, 1],
        exchange=rows[:, 2],
        band=rows[:, 3],
        quantity=quantity,
        missing=missing,
        refills=wanted.refills,
        refilled=wanted.refilled,
    )
