"""A plan in whole people, as it is printed: nobody reads of two fifths of a person.

Each scenario's people are rounded, then shared out over its shelters and those without a place,
then over the entries of each, always by the largest remainder: what is printed adds up. The plan
itself keeps its exact numbers.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import floor
from typing import TypeVar

from models.shelters import ShelterPlan
from models.shelters.plan import Assignment, Fill, ScenarioFigures, WithoutPlace

_ROUNDING = 1e-6  # people: what sums leave

Entry = TypeVar("Entry", Assignment, WithoutPlace)


def whole_people(plan: ShelterPlan) -> ShelterPlan:
    """Return ``plan`` in whole people; what rounds to nobody is no entry."""
    entries = _entries(plan)
    counts: list[int] = [0] * len(entries)
    by_scenario: dict[str, list[int]] = defaultdict(list)
    for n, one in enumerate(entries):
        by_scenario[one.scenario_id].append(n)
    for mine in by_scenario.values():
        places: dict[str | None, list[int]] = defaultdict(list)
        for n in mine:
            places[entries[n].site_id].append(n)
        sums = [sum(entries[n].people for n in group) for group in places.values()]
        for group, total in zip(places.values(), _rounded(sums), strict=True):
            shares = _rounded([entries[n].people for n in group], total)
            for n, count in zip(group, shares, strict=True):
                counts[n] = count
    return _with(plan, counts)


@dataclass(frozen=True)
class _Entry:
    """People of one entry; a site of None is no place."""

    scenario_id: str
    site_id: str | None
    people: float


def _entries(plan: ShelterPlan) -> list[_Entry]:
    """Return the assignments' entries, then those without a place."""
    placed = [_Entry(one.scenario_id, one.site_id, one.people) for one in plan.assignments]
    left = [_Entry(one.scenario_id, None, one.people) for one in plan.without_place or ()]
    return placed + left


def _with(plan: ShelterPlan, counts: Sequence[int]) -> ShelterPlan:
    first, rest = counts[: len(plan.assignments)], counts[len(plan.assignments) :]
    assignments = tuple(_counted(plan.assignments, first))
    left = None if plan.without_place is None else tuple(_counted(plan.without_place, rest))
    figures = plan.figures
    if figures is not None:
        told = tuple(_figures(figures.scenarios, assignments, left or ()))
        figures = figures.model_copy(update={"scenarios": told})
    inside: dict[tuple[str, str], float] = defaultdict(float)
    for one in assignments:
        inside[one.scenario_id, one.site_id] += one.people
    return plan.model_copy(
        update={
            "assignments": assignments,
            "without_place": left,
            "figures": figures,
            "fills": None if plan.fills is None else tuple(_fills(plan.fills, inside)),
        }
    )


def _counted(entries: Iterable[Entry], counts: Iterable[int]) -> Iterator[Entry]:
    for one, count in zip(entries, counts, strict=True):
        if count > 0:
            yield one.model_copy(update={"people": float(count)})


def _fills(fills: Iterable[Fill], inside: dict[tuple[str, str], float]) -> Iterator[Fill]:
    for one in fills:
        people = inside.get((one.scenario_id, one.site_id), 0.0)
        yield one.model_copy(update={"people": people})


def _figures(
    scenarios: Iterable[ScenarioFigures],
    assignments: Iterable[Assignment],
    left: Iterable[WithoutPlace],
) -> Iterator[ScenarioFigures]:
    """Yield each scenario's figures as the sums of its entries."""
    sheltered, unmet, fetched = (defaultdict[str, float](float) for _ in range(3))
    for one in assignments:
        sheltered[one.scenario_id] += one.people
        fetched[one.scenario_id] += one.people if one.ride_s is not None else 0.0
    for other in left:
        unmet[other.scenario_id] += other.people
    for scenario in scenarios:
        name = scenario.scenario_id
        counted = {"sheltered": sheltered[name], "unmet": unmet[name], "fetched": fetched[name]}
        leaving = sheltered[name] + unmet[name]
        yield scenario.model_copy(update={**counted, "leaving": leaving})


def _rounded(amounts: Sequence[float], total: int | None = None) -> list[int]:
    """Return whole numbers that add up to ``total``, by default the rounded sum of ``amounts``.

    Rounded down, and what is left goes one by one to the largest remainders (Hamilton's rule),
    ties to the earlier.
    """
    whole = [floor(one + _ROUNDING) for one in amounts]
    missing = (floor(sum(amounts) + 0.5) if total is None else total) - sum(whole)
    order = sorted(range(len(amounts)), key=lambda n: whole[n] - amounts[n], reverse=missing < 0)
    step = 1 if missing > 0 else -1
    able = [n for n in order if step > 0 or whole[n] > 0]
    for n in able[: abs(missing)]:
        whole[n] += step
    return whole
