"""Plans to fall back on: everybody to the nearest open site with room, or nobody anywhere.

Who cannot walk is fetched to the nearest site by vehicle, as long as there are any.


Walks are taken in order of length, so nobody ever passes an open site that has room: what is full
when somebody goes farther stays full.
"""

from collections.abc import Iterator

import numpy as np

from optimizer.demand import FloatArray
from optimizer.shelters.instance import BoolArray, Instance
from optimizer.shelters.solution import Solution


def fallbacks(instance: Instance) -> Iterator[Solution]:
    """Yield plans that need no solver, the more useful first; the rules may forbid any of them."""
    asked = _asked(instance)
    yield _nearest(instance, _afforded(instance, asked))
    yield _nearest(instance, asked)
    nobody, none = np.zeros(len(instance.arcs)), np.zeros(len(instance.shuttles))
    yield Solution(instance, asked, nobody, none)


def _asked(instance: Instance) -> BoolArray:
    """Return the sites that must open: of each ground the class named, else the existing one."""
    sites, opened = instance.request.sites, instance.existing.copy()
    for name in instance.request.rules.open_sites:
        known = [j for j, site in enumerate(sites) if site.id == name]
        known = known or [j for j, site in enumerate(sites) if site.ground == name]
        if (
            not (opened & (instance.ground == instance.ground[known[0]])).any()
            or sites[known[0]].made_of is not None
        ):
            opened &= instance.ground != instance.ground[known[0]]
            opened[known[0]] = True
    return opened


def _afforded(instance: Instance, asked: BoolArray) -> BoolArray:
    """Return the sites open when the largest for their cost open, as far as the money goes."""
    rules, opened = instance.request.rules, asked.copy()
    forbidden = set(rules.forbidden_sites)
    budget = np.inf if rules.budget is None else rules.budget
    if rules.stages:
        budget = min(budget, sum(stage.budget for stage in rules.stages))
    count = np.inf if rules.max_new_sites is None else float(rules.max_new_sites)
    left = budget - float(instance.open_cost[asked].sum())
    count -= float((asked & ~instance.standing).sum())
    worth = instance.capacity_m2.mean(axis=0) / np.maximum(1.0, instance.open_cost)
    for j in np.argsort(-worth, kind="stable").tolist():
        cost = float(instance.open_cost[j])
        site = instance.request.sites[j]
        allowed = not forbidden & {site.id, site.ground}
        allowed &= not (opened & (instance.ground == instance.ground[j])).any()
        if allowed and count >= 1 and cost <= left:
            opened[j] = True
            left, count = left - cost, count - 1
    return opened


def _nearest(instance: Instance, opened: BoolArray) -> Solution:
    arcs = instance.arcs
    waiting, room = instance.leaving.copy(), instance.capacity_m2.copy()
    people = np.zeros(len(arcs))
    usable = np.flatnonzero(opened[arcs.site] & (instance.shuttles.pair_of_arc < 0))
    for a in usable[np.argsort(arcs.walk_m[usable], kind="stable")].tolist():
        s, unit, site, m2 = arcs.scenario[a], arcs.unit[a], arcs.site[a], arcs.m2[a]
        people[a] = min(waiting[s, unit], max(0.0, room[s, site]) / m2)
        waiting[s, unit] -= people[a]
        room[s, site] -= people[a] * m2
    vehicles = _fetch(instance, opened, waiting, room, people)
    return Solution(instance, opened, people, vehicles)


def _fetch(
    instance: Instance,
    opened: BoolArray,
    waiting: FloatArray,
    room: FloatArray,
    people: FloatArray,
) -> FloatArray:
    """Fill in who is fetched, the nearest first and each by the vehicle that brings most.

    Returns the vehicles of each leg.
    """
    arcs, shuttles = instance.arcs, instance.shuttles
    vehicles = np.zeros(len(shuttles))
    if instance.rides is None:
        return vehicles
    left = np.tile(shuttles.count, len(instance.probability)).astype(np.float64)
    spare = np.zeros(len(shuttles.pair_scenario))
    legs: dict[int, list[int]] = {}
    for leg in np.argsort(-shuttles.leg_seats, kind="stable").tolist():
        legs.setdefault(int(shuttles.leg_pair[leg]), []).append(leg)
    fetched = np.flatnonzero((shuttles.pair_of_arc >= 0) & opened[arcs.site])
    block, crews = instance.unit_block[arcs.unit], shuttles.crew
    ride_s = [instance.rides.ride_s[arcs.scenario[a]][block[a], arcs.site[a]] for a in fetched]
    for a in fetched[np.argsort(ride_s, kind="stable")].tolist():
        s, unit, site, m2 = arcs.scenario[a], arcs.unit[a], arcs.site[a], arcs.m2[a]
        pair, each = int(shuttles.pair_of_arc[a]), shuttles.arc_seats[a]
        wanted = min(waiting[s, unit], max(0.0, room[s, site]) / m2)
        for leg in legs.get(pair, []):
            crew = crews[leg]
            lacking = np.ceil(max(0.0, wanted * each - spare[pair]) / shuttles.leg_seats[leg])
            sent = min(lacking, left[crew])
            vehicles[leg] += sent
            left[crew] -= sent
            spare[pair] += sent * shuttles.leg_seats[leg]
        people[a] = min(wanted, spare[pair] / each)
        spare[pair] -= people[a] * each
        waiting[s, unit] -= people[a]
        room[s, site] -= people[a] * m2
    return vehicles
