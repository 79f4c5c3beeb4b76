"""Looking things up in a plan's figures."""

from collections.abc import Iterator
from typing import Literal

from models.fire_stations.plan import Figures, FireStationPlan, GroupFigures, WeightCover

Scope = Literal["total", "area", "risk_class"]
Measure = Literal["cover", "force", "second", "probable"]


def group(
    figures: Figures | None,
    scope: Scope = "total",
    group_id: str | None = None,
    *,
    scenario_id: str | None = None,
) -> GroupFigures | None:
    """Return one group's figures, expected over the scenarios where none is named."""
    wanted = (scope, group_id, scenario_id)
    found = (one for one in groups(figures) if (one.scope, one.id, one.scenario_id) == wanted)
    return next(found, None)


def groups(figures: Figures | None) -> Iterator[GroupFigures]:
    """Yield all groups, none where there are no figures."""
    yield from figures.groups if figures is not None else ()


def covered(
    figures: GroupFigures | None, weight: str, measure: Measure = "cover"
) -> WeightCover | None:
    """Return how much of a weight a group has covered."""
    if figures is None:
        return None
    measured = {
        "cover": figures.cover,
        "force": figures.force,
        "second": figures.second,
        "probable": figures.probable,
    }
    return next((one for one in measured[measure] if one.weight == weight), None)


def share(figures: GroupFigures | None, weight: str, measure: Measure = "cover") -> float | None:
    """Return the covered share of a weight, None where there is no such number."""
    found = covered(figures, weight, measure)
    return None if found is None else found.share


def amount(figures: GroupFigures | None, weight: str, measure: Measure = "cover") -> float | None:
    """Return the covered amount of a weight, None where there is no such number."""
    found = covered(figures, weight, measure)
    return None if found is None else found.covered


def difference(after: float | None, before: float | None) -> float | None:
    """Return ``after - before``, None where one is missing."""
    return None if after is None or before is None else after - before


def weights(plan: FireStationPlan, first: str) -> tuple[str, ...]:
    """Return the weights that figures are given for, the population's ``first``."""
    total = group(plan.after)
    names = [one.weight for one in total.cover] if total else []
    return tuple(sorted(names, key=lambda name: (name != first, name)))
