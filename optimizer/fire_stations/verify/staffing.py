"""The crews and vehicles a plan gives its stations, counted against norms and limits."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from models.answer import Check
from models.fire_stations.staffing import Staffing, StaffingPlan, StationCrew
from models.standards import StationClass
from optimizer.fire_stations.verify.claims import count_claims
from optimizer.fire_stations.verify.figures import per_10k, vehicle_count
from optimizer.fire_stations.verify.question import Question
from optimizer.fire_stations.verify.reach import Situation, situation, standard_force
from optimizer.fire_stations.verify.stations import Crew, stations_today
from optimizer.verification import Claim, at_most, claims_checked, finding, listing_checked

_PATH = "plan.staffing"


def staffing_claims(after: Situation, plan: StaffingPlan | None) -> Iterator[Check]:
    """Yield a check of each sum, limit and shortfall of a staffing plan."""
    if plan is None:
        return
    question = after.question
    asked = question.request.staffing or Staffing()
    yield listing_checked(
        "staffing.stations",
        [f"{one.site_id}:{one.station_class.id}" for one in after.stations],
        [f"{one.site_id}:{one.class_id}" for one in plan.crews],
        path=f"{_PATH}.crews",
    )
    yield _crew_check(question, plan)
    yield from _limit_checks(question, asked, plan)
    found = {**_sums(plan, asked), **_shortfalls(question, asked, plan), **_force(after, plan)}
    for name, number in found.items():
        claim = Claim(f"{_PATH}.{name}", number, getattr(plan, name))
        yield claims_checked(f"staffing.{name}", [claim], path=claim.path, name=name)


def _crew_check(question: Question, plan: StaffingPlan) -> Check:
    """Return the check of people on duty and norms, station by station."""
    claims: list[Claim] = []
    shifts = question.request.shift_count
    for k, crew in enumerate(plan.crews):
        path, own = f"{_PATH}.crews[{k}]", question.classes.get(crew.class_id)
        on_duty = float(crew.headcount_people // shifts)
        claims.append(Claim(f"{path}.on_duty_people", on_duty, crew.on_duty_people))
        if own is not None:
            norm = float(own.on_duty_people)
            claims.append(Claim(f"{path}.norm_on_duty_people", norm, crew.norm_on_duty_people))
            claims += count_claims(f"{path}.norm_vehicles", own.vehicles, crew.norm_vehicles)
    return claims_checked("staffing.crews", claims, path=f"{_PATH}.crews", name="crews")


def _limit_checks(question: Question, asked: Staffing, plan: StaffingPlan) -> Iterator[Check]:
    """Yield whether people and vehicles are there: at hand, or hired and bought within limits."""
    today = stations_today(question)
    people = sum(station.crew.headcount_people for station in today)
    if asked.people_at_hand is not None:
        people = asked.people_at_hand
    used = {"people": sum(crew.headcount_people for crew in plan.crews)}
    yield _within("people_at_hand", used, {"people": people + plan.hired_people})
    at_hand: Mapping[str, int] = vehicle_count(today)
    if asked.vehicles_at_hand is not None:
        at_hand = asked.vehicles_at_hand
    there = Counter(at_hand)
    there.update(plan.bought_vehicles)
    yield _within("vehicles_at_hand", _vehicles(plan), there)
    if asked.people_hired_max is not None:
        limits = {"people": asked.people_hired_max}
        yield _within("people_hired_max", {"people": plan.hired_people}, limits)
    if asked.vehicles_bought_max is not None:
        limits = asked.vehicles_bought_max
        yield _within("vehicles_bought_max", plan.bought_vehicles, limits)


def _within(rule: str, used: Mapping[str, int], there: Mapping[str, int]) -> Check:
    """Return the check that nothing is used beyond what is there, said of the worst kind."""
    kinds = sorted(used.keys() | there.keys())
    beyond = {kind: used.get(kind, 0) - there.get(kind, 0) for kind in kinds}
    worst = max(kinds, key=lambda kind: beyond[kind], default=None)
    return finding(
        f"staffing.{rule}",
        passed=worst is None or at_most(beyond[worst], 0),
        path=f"staffing.{rule}",
        code=f"check.staffing.{rule}",
        kind=worst,
        found=None if worst is None else used.get(worst, 0),
        limit=None if worst is None else there.get(worst, 0),
    )


def _vehicles(plan: StaffingPlan) -> Counter[str]:
    total: Counter[str] = Counter()
    for crew in plan.crews:
        total.update(crew.vehicles)
    return total


def _sums(plan: StaffingPlan, asked: Staffing) -> dict[str, float]:
    prices = asked.vehicle_price
    bought = plan.bought_vehicles.items()
    return {
        "headcount_people": float(sum(crew.headcount_people for crew in plan.crews)),
        "yearly_cost": plan.hired_people * asked.hire_cost_yearly,
        "capital_cost": sum(count * prices.get(kind, 0.0) for kind, count in bought),
    }


def _shortfalls(question: Question, asked: Staffing, plan: StaffingPlan) -> dict[str, float | None]:
    headcount = sum(crew.headcount_people for crew in plan.crews)
    wanted = asked.people_per_10k * float(question.population.sum()) / 1e4
    known = [
        (crew, question.classes[crew.class_id])
        for crew in plan.crews
        if crew.class_id in question.classes
    ]
    people = sum(max(0, own.on_duty_people - crew.on_duty_people) for crew, own in known)
    return {
        "per_10k": per_10k(question, headcount),
        "people_short_of_norm": float(people),
        "vehicles_short_of_norm": float(sum(_vehicles_short(*one) for one in known)),
        # People come whole; a rounding above a whole number asks for nobody more.
        "people_short_of_per_10k": float(max(0, math.ceil(wanted - 1e-9) - headcount)),
    }


def _vehicles_short(crew: StationCrew, own: StationClass) -> int:
    return sum(max(0, norm - crew.vehicles.get(kind, 0)) for kind, norm in own.vehicles.items())


def _force(after: Situation, plan: StaffingPlan) -> dict[str, float]:
    """Return the population that full force reaches with these crews, as expected."""
    question = after.question
    crews = {crew.site_id: crew for crew in plan.crews}
    staffed = [
        replace(
            station,
            crew=Crew(
                crews[station.site_id].on_duty_people,
                crews[station.site_id].headcount_people,
                crews[station.site_id].vehicles,
            ),
        )
        for station in after.stations
        if station.site_id in crews
    ]
    force, population = standard_force(question), question.population
    reached = [
        float(population[reach.force[force]].sum())
        for reach in situation(question, staffed).reaches
    ]
    return {
        "full_force_weight": float(question.times.weights @ reached),
        "full_force_total": float(population.sum()),
    }
