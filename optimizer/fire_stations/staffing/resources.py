"""What there is of people and of each type of vehicle, and what the stations should have."""

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.fire_stations.staffing import Staffing
from models.standards import StationClass
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import IndexArray
from optimizer.fire_stations.solution import Solution

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Resource:
    """People, or the vehicles of one type.

    A unit is one person on duty, or one vehicle; behind each stand ``each`` heads: one firefighter
    per shift, or the vehicle itself. ``wanted`` heads are asked for in total, wherever they are.
    """

    norm: IntArray  # (station,) units
    each: int
    at_hand: int  # heads
    more_max: int | None  # heads that may be hired or bought
    price: float
    wanted: int = 0  # heads

    @cached_property
    def heads_max(self) -> int | None:
        """Most heads the stations can have; None without limit."""
        if not len(self.norm):
            return 0
        return None if self.more_max is None else self.at_hand + self.more_max

    @cached_property
    def units_max(self) -> int | None:
        """Most units the stations can have; None without limit."""
        return None if self.heads_max is None else self.heads_max // self.each

    @cached_property
    def short(self) -> int:
        """Units missing to the norms whatever is done: units may go to any station."""
        return 0 if self.units_max is None else max(0, int(self.norm.sum()) - self.units_max)

    @cached_property
    def short_of_wanted(self) -> int:
        """Heads missing to those wanted whatever is done."""
        return 0 if self.heads_max is None else max(0, self.wanted - self.heads_max)

    @cached_property
    def lower(self) -> IntArray:
        """Units each station has in every staffing that is least short of the norms.

        Where the norms can be met all of them are; otherwise no station is above its norm.
        """
        return np.zeros_like(self.norm) if self.short else self.norm

    def spare(self, most: int) -> int:
        """Return the units left above the norms, at most ``most``."""
        return most if self.units_max is None else min(most, self.units_max - int(self.norm.sum()))

    def heads(self, units: int) -> int:
        """Return the heads the stations get when they need ``units``.

        Everyone at hand has a station, and so have those that the wanted number asks for.
        """
        if not len(self.norm):
            return 0
        return max(units * self.each, self.at_hand, self.wanted - self.short_of_wanted)

    def more(self, units: int) -> int:
        """Return the heads to be hired or bought for ``units``."""
        return max(0, self.heads(units) - self.at_hand)


@dataclass(frozen=True)
class Resources:
    """People and vehicles for the open stations of one solution, in the order of their sites."""

    options: IndexArray  # (station,)
    classes: tuple[StationClass, ...]  # (station,)
    people: Resource
    types: tuple[str, ...]
    vehicles: tuple[Resource, ...]  # (vehicle type,)

    @classmethod
    def of(cls, solution: Solution, asked: Staffing) -> "Resources":
        """Return what ``asked`` gives to the stations of ``solution``."""
        instance = solution.instance
        options = np.flatnonzero(solution.chosen)
        classes = tuple(instance.classes[k] for k in instance.options.class_index[options])
        types = _types(instance, asked, classes)
        return cls(
            options=options,
            classes=classes,
            people=_people(instance, asked, classes),
            types=types,
            vehicles=tuple(_vehicles(instance, asked, classes, name) for name in types),
        )

    @property
    def every(self) -> tuple[Resource, ...]:
        """People first, then each type of vehicle."""
        return (self.people, *self.vehicles)


def _people(instance: Instance, asked: Staffing, classes: tuple[StationClass, ...]) -> Resource:
    at_hand = asked.people_at_hand
    if at_hand is None:
        at_hand = sum(instance.options.entries[o].headcount_people for o in instance.today)
    wanted = asked.people_per_10k * float(instance.population.sum()) / 1e4
    return Resource(
        norm=np.array([one.on_duty_people for one in classes], dtype=np.int64),
        each=instance.request.shift_count,
        at_hand=at_hand,
        more_max=asked.people_hired_max,
        price=asked.hire_cost_yearly,
        # People come whole; a rounding above a whole number asks for nobody more.
        wanted=math.ceil(wanted - 1e-9),
    )


def _vehicles(
    instance: Instance, asked: Staffing, classes: tuple[StationClass, ...], name: str
) -> Resource:
    at_hand = asked.vehicles_at_hand
    if at_hand is None:
        at_hand = _vehicles_today(instance)
    bought = asked.vehicles_bought_max
    return Resource(
        norm=np.array([one.vehicles.get(name, 0) for one in classes], dtype=np.int64),
        each=1,
        at_hand=at_hand.get(name, 0),
        more_max=None if bought is None else bought.get(name, 0),
        price=asked.vehicle_price.get(name, 0.0),
    )


def _vehicles_today(instance: Instance) -> Counter[str]:
    found: Counter[str] = Counter()
    for option in instance.today:
        found.update(instance.options.entries[option].vehicles)
    return found


def _types(
    instance: Instance, asked: Staffing, classes: tuple[StationClass, ...]
) -> tuple[str, ...]:
    """Return the types that are at hand, have a price or a limit, or are asked for."""
    named = [one.vehicles for one in classes]
    named += [one.vehicle_types for one in instance.request.risk_classes]
    at_hand = asked.vehicles_at_hand
    named += [dict(_vehicles_today(instance)) if at_hand is None else at_hand]
    types = {name for counts in named for name in counts}
    return tuple(sorted(types | set(asked.vehicles_bought_max or {}) | set(asked.vehicle_price)))
