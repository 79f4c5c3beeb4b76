"""Crews and vehicles by trying every way of sharing them out.

People and vehicles meet only in full force, so each is shared out alone first: what counts of a
share-out is which groups of demand it serves, and what it costs. Whoever is at hand costs nothing
and never harms: a share-out that leaves out someone at hand whom a station could use is not
looked at. Nor is one that gives a station more than its norm and full force could use.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from tests.oracles.facts import RELATIVE, SLACK_S, Facts, Plan
from tests.oracles.plans import before

if TYPE_CHECKING:
    from models.fire_stations.staffing import Staffing

Split = tuple[int, ...]  # one number per station


@dataclass(frozen=True)
class Group:
    """Demand with the same stations in time and the same special vehicles."""

    stations: tuple[int, ...]
    special: tuple[tuple[str, int], ...]
    weight: float


class StaffingFacts:
    """What a plan's stations need, and what there is."""

    def __init__(self, facts: Facts, plan: Plan) -> None:
        self.facts, self.plan = facts, plan
        self.asked: Staffing = facts.request.staffing
        self.shifts = facts.request.shift_count
        self.norms = [facts.classes[one.class_id] for one in plan]

    @cached_property
    def population(self) -> list[float]:
        return self.facts.weights(self.facts.request.population_weight)

    @cached_property
    def people_at_hand(self) -> int:
        if self.asked.people_at_hand is not None:
            return self.asked.people_at_hand
        today = (self.facts.sites[one.site].station for one in before(self.facts))
        return sum(
            one.people * self.shifts
            if station.headcount_people is None
            else station.headcount_people
            for one, station in zip(before(self.facts), today, strict=True)
        )

    @cached_property
    def vehicles_at_hand(self) -> dict[str, int]:
        if self.asked.vehicles_at_hand is not None:
            return self.asked.vehicles_at_hand
        found: dict[str, int] = {}
        for one in before(self.facts):
            for kind, number in one.vehicles:
                found[kind] = found.get(kind, 0) + number
        return found

    @cached_property
    def people_wanted(self) -> int:
        """The headcount that the ratio asks for; people come whole."""
        return math.ceil(self.asked.people_per_10k * sum(self.population) / 1e4 - 1e-9)

    @cached_property
    def kinds(self) -> list[str]:
        risks = self.facts.request.risk_classes
        named = [norm.vehicles for norm in self.norms] + [risk.vehicle_types for risk in risks]
        named += [self.vehicles_at_hand, self.asked.vehicles_bought_max or {}]
        return sorted({kind for types in named for kind in types})

    @cached_property
    def groups(self) -> list[Group]:
        limit_s = self.facts.standard.full_force_within_s + SLACK_S
        risks = {risk.id: risk.vehicle_types for risk in self.facts.request.risk_classes}
        weights: dict[tuple[tuple[int, ...], tuple[tuple[str, int], ...]], float] = {}
        for s, share in enumerate(self.facts.scenario_shares):
            for i, point in enumerate(self.facts.points):
                there = tuple(
                    j
                    for j, one in enumerate(self.plan)
                    if self.facts.response(one.site, one.class_id)[s][i] <= limit_s
                )
                special = tuple(sorted(risks.get(point.risk_class, {}).items()))
                key = (there, special)
                weights[key] = weights.get(key, 0.0) + share * self.population[i]
        return [Group(*key, weight) for key, weight in weights.items() if weight]


def splits(most: Split, least_total: int, most_total: int | None) -> Iterator[Split]:
    """Yield every split with at most ``most`` for each station and a total within limits."""
    least_total = min(least_total, sum(most))
    for split in product(*(range(number + 1) for number in most)):
        if least_total <= sum(split) and (most_total is None or sum(split) <= most_total):
            yield split


def people_splits(known: StaffingFacts) -> list[Split]:
    """Return the headcounts with least shortfall: against the norms, then the ratio."""
    most = [
        max(norm.on_duty_people, known.facts.standard.people) * known.shifts for norm in known.norms
    ]
    if most:  # whoever the ratio wants beyond that may stand anywhere
        most[0] += max(0, known.people_wanted - sum(most))
    hired = known.asked.people_hired_max
    limit = None if hired is None else known.people_at_hand + hired
    found = list(splits(tuple(most), known.people_at_hand, limit))
    found = least(found, lambda split: people_short(known, split))
    return least(found, lambda split: max(0, known.people_wanted - sum(split)))


def people_short(known: StaffingFacts, split: Split) -> int:
    """Return the people on duty missing to the norms."""
    return sum(
        max(0, norm.on_duty_people - people // known.shifts)
        for norm, people in zip(known.norms, split, strict=True)
    )


def vehicles_short(known: StaffingFacts, kind: str, split: Split) -> int:
    """Return the vehicles of one kind missing to the norms."""
    return sum(
        max(0, norm.vehicles.get(kind, 0) - number)
        for norm, number in zip(known.norms, split, strict=True)
    )


def vehicle_splits(known: StaffingFacts, kind: str) -> list[Split]:
    """Return the ways to share out one kind of vehicle with least shortfall."""
    special = [risk.vehicle_types.get(kind, 0) for risk in known.facts.request.risk_classes]
    force = max([known.facts.standard.vehicles, *special])
    most = tuple(max(norm.vehicles.get(kind, 0), force) for norm in known.norms)
    at_hand, bought = known.vehicles_at_hand.get(kind, 0), known.asked.vehicles_bought_max
    limit = None if bought is None else at_hand + bought.get(kind, 0)
    found = list(splits(most, at_hand, limit))
    return least(found, lambda split: vehicles_short(known, kind, split))


def least(found: list[Split], shortfall: object) -> list[Split]:
    """Return those with the least shortfall."""
    smallest = min((shortfall(split) for split in found), default=0)
    return [split for split in found if shortfall(split) == smallest]


def extra(split: Split, at_hand: int) -> int:
    """Return how many of a split are hired or bought."""
    return max(0, sum(split) - at_hand)


Served = frozenset[int]  # groups that have people enough, or vehicles enough
Price = tuple[float, int]  # what hiring or buying costs, and how many are new


def people_ways(known: StaffingFacts, people: list[Split]) -> dict[Served, Price]:
    """Return the least price of having people enough at each set of groups."""
    ways: dict[Served, Price] = {}
    for split in people:
        on_duty = [number // known.shifts for number in split]
        served = frozenset(
            g
            for g, group in enumerate(known.groups)
            if sum(on_duty[j] for j in group.stations) >= known.facts.standard.people
        )
        new = extra(split, known.people_at_hand)
        price = (new * known.asked.hire_cost_yearly, new)
        ways[served] = min(price, ways.get(served, price))
    return ways


def has_vehicles(known: StaffingFacts, group: Group, vehicles: dict[str, Split]) -> bool:
    """Return whether vehicles enough, and those its risk needs, come to a group."""
    number = {kind: sum(split[j] for j in group.stations) for kind, split in vehicles.items()}
    return sum(number.values()) >= known.facts.standard.vehicles and all(
        number.get(kind, 0) >= needed for kind, needed in group.special
    )


def vehicle_ways(known: StaffingFacts, of_kind: dict[str, list[Split]]) -> dict[Served, Price]:
    """Return the least price of having vehicles enough at each set of groups."""
    ways: dict[Served, Price] = {}
    for chosen in product(*of_kind.values()):
        vehicles = dict(zip(of_kind, chosen, strict=True))
        served = frozenset(
            g for g, group in enumerate(known.groups) if has_vehicles(known, group, vehicles)
        )
        bought = {
            kind: extra(split, known.vehicles_at_hand.get(kind, 0))
            for kind, split in vehicles.items()
        }
        prices = known.asked.vehicle_price
        cost = sum(number * prices.get(kind, 0.0) for kind, number in bought.items())
        price = (cost, sum(bought.values()))
        ways[served] = min(price, ways.get(served, price))
    return ways


def best_staffing(facts: Facts, plan: Plan) -> tuple[float, ...]:
    """Return the best value of each level, and the fewest hired and bought at that.

    People short of the norms, vehicles short of the norms, people short of the ratio, the
    population that full force reaches, what hiring and buying cost, and how many are new.
    """
    known = StaffingFacts(facts, plan)
    people = people_splits(known)
    of_kind = {kind: vehicle_splits(known, kind) for kind in known.kinds}
    missing = sum(vehicles_short(known, kind, found[0]) for kind, found in of_kind.items())
    short = max(0, known.people_wanted - sum(people[0]))
    both = [
        (sum(known.groups[g].weight for g in served & moved), hire[0] + buy[0], hire[1] + buy[1])
        for served, hire in people_ways(known, people).items()
        for moved, buy in vehicle_ways(known, of_kind).items()
    ]
    reached = max(way[0] for way in both)
    enough = [way[1:] for way in both if way[0] >= reached - RELATIVE * max(1.0, reached)]
    cost, new = min(enough)
    return (people_short(known, people[0]), missing, short, reached, cost, new)
