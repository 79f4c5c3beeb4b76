"""What a set of open stations achieves, in total, by area, by risk class and by scenario."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from models.fire_stations.plan import District, Figures, GroupFigures, WeightCover
from optimizer.coverage import total_by
from optimizer.demand import FloatArray
from optimizer.fire_stations.arrivals import Arrivals
from optimizer.fire_stations.instance import Instance, members_by_area
from optimizer.fire_stations.options import BoolArray
from optimizer.fire_stations.values import Counter

_P90 = 0.9
# Where 90 % is reached on a plateau between near and far points, any time on it would do: a hair
# less is reached at one time only.
_HAIR = 1e-9
_BINS, _CLOSE = 4096, 1e-9
_Scope = tuple[Literal["total", "area", "risk_class"], str | None, BoolArray]


def figures(instance: Instance, chosen: BoolArray, arrivals: Arrivals) -> Figures:
    """Return the figures of the chosen options."""
    options = instance.options
    class_ids, counts = np.unique(
        instance.class_ids[options.class_index[chosen]].astype(str), return_counts=True
    )
    present = {name for o in np.flatnonzero(chosen) for name in options.entries[o].vehicles}
    population = float(instance.population.sum())
    headcount = int(options.headcount_people[chosen].sum())
    return Figures(
        groups=tuple(_groups(instance, chosen, arrivals)),
        station_count=dict(zip(class_ids.tolist(), counts.tolist(), strict=True)),
        on_duty_people=int(options.on_duty_people[chosen].sum()),
        headcount_people=headcount,
        vehicles={
            name: int(total)
            for name, total in zip(
                options.vehicle_types, options.vehicles[chosen].sum(axis=0), strict=True
            )
            if name in present
        },
        crew_per_10k=headcount / population * 10_000 if population > 0 else None,
        capital_cost=float(options.capital_cost[chosen].sum()),
        yearly_cost=float(options.yearly_cost[chosen].sum()),
    )


def districts(instance: Instance, arrivals: Arrivals) -> tuple[District, ...]:
    """Return each open station's built-up area in the first scenario against its nominal one."""
    area_m2 = district_areas_m2(instance, arrivals)
    return tuple(
        District(
            site_id=instance.request.sites[instance.options.site[option]].id,
            built_up_area_m2=float(area_m2[option]),
            nominal_area_m2=nominal_area_m2(instance, int(option)),
        )
        for option in arrivals.options
    )


def district_areas_m2(instance: Instance, arrivals: Arrivals) -> FloatArray:
    """Return the built-up area nearest to each option (option,) in the first scenario."""
    reached = np.isfinite(arrivals.first_s[0])
    area_m2 = instance.demand.built_up_area_m2[reached]
    return total_by(arrivals.first_option[0][reached], area_m2, len(instance.options))


def nominal_area_m2(instance: Instance, option: int) -> float | None:
    """Return the nominal area of an option's class, at the urban edge the larger one."""
    one = instance.options.entries[option]
    norm = instance.classes[one.class_index]
    outskirts = instance.request.sites[one.site].outskirts
    if outskirts and norm.outskirts_nominal_area_m2 is not None:
        return norm.outskirts_nominal_area_m2
    return norm.nominal_area_m2


@dataclass(frozen=True)
class _Facts:
    """What each point gets in each scenario (scenario, demand)."""

    covered: FloatArray
    force: FloatArray
    second: FloatArray
    time_s: FloatArray
    probable: FloatArray | None  # None where the request knows of no scatter


def _groups(instance: Instance, chosen: BoolArray, arrivals: Arrivals) -> list[GroupFigures]:
    counter = Counter(instance, chosen, arrivals)
    sigma = instance.request.time_sigma
    facts = _Facts(
        covered=counter.in_time(None),
        force=counter.force_in_time(None, None, None),
        second=counter.second_in_time(None),
        time_s=arrivals.first_s,
        probable=None if sigma is None else counter.likely_in_time(None, sigma),
    )
    return [
        _group(instance, facts, scope, scenario)
        for scope in _scopes(instance)
        for scenario in (None, *range(instance.scenario_count))
    ]


def _scopes(instance: Instance) -> list[_Scope]:
    everyone = np.ones(len(instance.demand), dtype=np.bool_)
    scopes: list[_Scope] = [("total", None, everyone)]
    members: dict[str, BoolArray] = {}
    for level in {area.level for area in instance.request.areas}:
        members |= members_by_area(instance, level)
    nobody = np.zeros(len(instance.demand), dtype=np.bool_)
    scopes += [("area", area.id, members.get(area.id, nobody)) for area in instance.request.areas]
    risk = instance.demand.risk_class
    for one in instance.request.risk_classes:
        inside = nobody if risk is None else np.asarray(risk == one.id)
        scopes.append(("risk_class", one.id, inside))
    return scopes


def _group(
    instance: Instance,
    facts: _Facts,
    scope: _Scope,
    scenario: int | None,
) -> GroupFigures:
    index = np.flatnonzero(scope[2])
    everything = np.arange(instance.scenario_count)
    rows = everything if scenario is None else everything[scenario : scenario + 1]
    weights = instance.travel.weights if scenario is None else np.ones(1)

    def covers(there: FloatArray) -> tuple[WeightCover, ...]:
        share = weights @ there[rows[:, None], index]
        return tuple(
            WeightCover(
                weight=name,
                total=float(weight[index].sum()),
                covered=float(min(weight[index] @ share, weight[index].sum())),
            )
            for name, weight in sorted(instance.demand.weights.items())
        )

    population = instance.population[index]
    mass = weights[:, None] * population[None]
    times = facts.time_s[rows[:, None], index]
    mean, p90, worst, unreached = _times(times.reshape(-1), mass.reshape(-1))
    sigma = instance.request.time_sigma
    return GroupFigures(
        scope=scope[0],
        id=scope[1],
        scenario_id=None if scenario is None else instance.travel.scenario_ids[scenario],
        cover=covers(facts.covered),
        force=covers(facts.force),
        second=covers(facts.second),
        mean_time_s=mean,
        p90_time_s=p90,
        worst_time_s=worst,
        unreached=unreached,
        probable=() if facts.probable is None else covers(facts.probable),
        probable_p90_s=None if sigma is None else probable_p90_s(times, mass, sigma),
    )


def _times(
    times: FloatArray, mass: FloatArray
) -> tuple[float | None, float | None, float | None, float]:
    """Return mean, P90 and worst of the reached mass, and the mass not reached."""
    counts = mass > 0
    reached = counts & np.isfinite(times)
    unreached = float(mass[counts & ~reached].sum())
    times, mass = times[reached], mass[reached]
    if not len(times):
        return None, None, None, unreached
    order = np.argsort(times, kind="stable")
    running = np.cumsum(mass[order])
    position = int(np.searchsorted(running, _P90 * running[-1] * (1 - 1e-12)))
    p90 = float(times[order][min(position, len(order) - 1)])
    return float(times @ mass / mass.sum()), p90, float(times.max()), unreached


def probable_p90_s(times: FloatArray, mass: FloatArray, sigma: float) -> float | None:
    """Return the P90 of the reached mass when its times scatter (lognormal) around ``times``."""
    counts = (mass > 0) & np.isfinite(times)
    asked = _P90 * float(mass[counts].sum()) * (1 - _HAIR)
    at_once = float(mass[counts & (times <= 0)].sum())
    if not asked:
        return None
    if at_once >= asked:
        return 0.0
    later = counts & (times > 0)
    logs, mass = np.log(times[later]), mass[later]
    # Thousands of bins say it to within their width for the work of as many points.
    span = float(np.ptp(logs)) + _CLOSE
    first = float(logs.min()) - _CLOSE / 2
    binned, edges = np.histogram(logs, _BINS, range=(first, first + span), weights=mass)
    middles = (edges[1:] + edges[:-1]) / 2
    least, most = first - 9 * sigma - 1, first + span + 1.3 * sigma + 1
    rough = _crossing((middles, binned, sigma, asked - at_once), least, most)
    apart = span / _BINS + _CLOSE
    return float(
        np.exp(_crossing((logs, mass, sigma, asked - at_once), rough - apart, rough + apart))
    )


def _crossing(
    served: tuple[FloatArray, FloatArray, float, float], least: float, most: float
) -> float:
    """Return the logarithm of the time by which enough mass is served, between the two given.

    ``served`` are logarithms of medians, their masses, the scatter, and what is enough.
    """
    logs, mass, sigma, enough = served

    def beyond(log_s: float) -> float:
        return float(ndtr((log_s - logs) / sigma) @ mass) - enough

    # Within a rounding of either end that end is as good as any time.
    if beyond(least) >= 0:
        return least
    return most if beyond(most) <= 0 else float(brentq(beyond, least, most, xtol=1e-12))
