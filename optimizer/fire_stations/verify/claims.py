"""The figures a plan claims, each held against the verifier's own count."""

from collections.abc import Callable, Iterator, Mapping

from models.answer import Check
from models.fire_stations.plan import Figures, FireStationPlan, GroupFigures
from optimizer.fire_stations.verify.cover_rules import district_areas_m2, nominal_area_m2
from optimizer.fire_stations.verify.figures import count_figures
from optimizer.fire_stations.verify.objectives import objective_value
from optimizer.fire_stations.verify.reach import Situation
from optimizer.fire_stations.verify.stations import Reading
from optimizer.verification import Claim, claims_checked, finding, listing_checked

_COVERS = ("cover", "force", "second", "probable")
_GROUP_NUMBERS = ("mean_time_s", "p90_time_s", "worst_time_s", "unreached", "probable_p90_s")
_NUMBERS = ("on_duty_people", "headcount_people", "crew_per_10k", "capital_cost", "yearly_cost")
_COUNTS = ("station_count", "vehicles")

Pairs = list[tuple[int, GroupFigures, GroupFigures]]  # place in the plan, found, claimed


def station_claims(reading: Reading, plan: FireStationPlan) -> Iterator[Check]:
    """Yield a check of the crews, vehicles and costs claimed station by station."""
    place = {id(one): k for k, one in enumerate(plan.stations)}
    claims: dict[str, list[Claim]] = {}
    for found, one in zip(reading.stations, reading.planned, strict=True):
        path = f"plan.stations[{place[id(one)]}]"
        numbers = {
            "on_duty_people": (float(found.crew.on_duty_people), one.on_duty_people),
            "capital_cost": (found.capital_cost, one.capital_cost),
            "yearly_cost": (found.yearly_cost, one.yearly_cost),
        }
        for name, (number, claimed) in numbers.items():
            if claimed is not None:
                claims.setdefault(name, []).append(Claim(f"{path}.{name}", number, claimed))
        if one.vehicles is not None:
            claims.setdefault("vehicles", []).extend(
                count_claims(f"{path}.vehicles", found.crew.vehicles, one.vehicles)
            )
    for name, of_name in claims.items():
        yield claims_checked(f"station.{name}", of_name, path="plan.stations", name=name)


def objective_claims(after: Situation, plan: FireStationPlan) -> Iterator[Check]:
    """Yield a check of every objective's value."""
    if plan.objective_values is None:
        return
    objectives = after.question.request.objectives
    yield finding(
        "objective_count",
        passed=len(plan.objective_values) == len(objectives),
        path="objectives",
        code="check.objective_count",
        found=len(plan.objective_values),
        asked=len(objectives),
    )
    for k, (objective, claimed) in enumerate(zip(objectives, plan.objective_values, strict=False)):
        path = f"objectives[{k}]"
        claim = Claim(path, objective_value(after, objective), claimed)
        yield claims_checked(f"objective.{k}", [claim], path=path, name=objective.kind)


def figure_claims(now: Situation, claimed: Figures | None, side: str) -> Iterator[Check]:
    """Yield a check for each kind of figure; ``side`` is ``before`` or ``after``."""
    if claimed is None:
        return
    found, path, rule = count_figures(now), f"plan.{side}", f"figure.{side}"
    yield listing_checked(
        f"{rule}.groups",
        map(_said, found.groups),
        map(_said, claimed.groups),
        path=f"{path}.groups",
    )
    counted = {_said(group): group for group in found.groups}
    pairs: Pairs = [
        (k, counted[_said(group)], group)
        for k, group in enumerate(claimed.groups)
        if _said(group) in counted
    ]
    for name in _COVERS:
        covers = [claim for pair in pairs for claim in _cover_claims(*pair, name, path)]
        yield claims_checked(f"{rule}.{name}", covers, path=f"{path}.groups", name=name)
    for name in _GROUP_NUMBERS:
        numbers = [
            Claim(f"{path}.groups[{k}].{name}", getattr(one, name), getattr(other, name))
            for k, one, other in pairs
        ]
        short = name.removesuffix("_s")
        yield claims_checked(f"{rule}.{short}", numbers, path=f"{path}.groups", name=short)
    for name in _NUMBERS:
        claim = Claim(f"{path}.{name}", getattr(found, name), getattr(claimed, name))
        yield claims_checked(f"{rule}.{name}", [claim], path=claim.path, name=name)
    for name in _COUNTS:
        whole = f"{path}.{name}"
        counts = count_claims(whole, getattr(found, name), getattr(claimed, name))
        yield claims_checked(f"{rule}.{name}", counts, path=whole, name=name)


def _said(group: GroupFigures) -> str:
    """Return what a group is of, as one name."""
    of = group.scope if group.id is None else f"{group.scope}:{group.id}"
    return of if group.scenario_id is None else f"{of}@{group.scenario_id}"


def _cover_claims(
    k: int, found: GroupFigures, claimed: GroupFigures, name: str, path: str
) -> Iterator[Claim]:
    listed = {one.weight: one for one in getattr(claimed, name)}
    for one in getattr(found, name):
        other = listed.pop(one.weight, None)
        here = f"{path}.groups[{k}].{name}[{one.weight}]"
        yield Claim(f"{here}.total", one.total, other and other.total)
        yield Claim(f"{here}.covered", one.covered, other and other.covered)
    for weight, other in listed.items():
        yield Claim(f"{path}.groups[{k}].{name}[{weight}].total", None, other.total)


def count_claims(path: str, found: Mapping[str, int], claimed: Mapping[str, int]) -> list[Claim]:
    """Return claims of counts by name; a name left out counts 0."""
    return [
        Claim(f"{path}.{name}", float(found.get(name, 0)), float(claimed.get(name, 0)))
        for name in sorted(found.keys() | claimed.keys())
    ]


def district_claims(after: Situation, plan: FireStationPlan) -> Iterator[Check]:
    """Yield a check of the districts: one for each open station, its area, its nominal area."""
    if plan.districts is None:
        return
    path = "plan.districts"
    site_ids = [station.site_id for station in after.stations]
    listed = [district.site_id for district in plan.districts]
    yield listing_checked("districts", site_ids, listed, path=path)
    areas = dict(zip(site_ids, district_areas_m2(after).tolist(), strict=True))
    nominal = {one.site_id: nominal_area_m2(after.question, one) for one in after.stations}
    known = [(k, one) for k, one in enumerate(plan.districts) if one.site_id in areas]
    numbers: tuple[tuple[str, Callable[[str], float | None]], ...] = (
        ("built_up_area_m2", areas.__getitem__),
        ("nominal_area_m2", nominal.__getitem__),
    )
    for name, found in numbers:
        claims = [
            Claim(f"{path}[{k}].{name}", found(one.site_id), getattr(one, name)) for k, one in known
        ]
        short = name.removesuffix("_m2")
        yield claims_checked(f"districts.{short}", claims, path=path, name=short)
