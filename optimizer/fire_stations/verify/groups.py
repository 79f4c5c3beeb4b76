"""The groups that figures and floors speak of: all demand, each area, each risk class."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.fire_stations.request import FireStationRequest
from models.places import Area
from optimizer.demand import DemandArrays
from optimizer.travel import IndexArray

Scope = Literal["total", "area", "risk_class"]


@dataclass(frozen=True)
class Group:
    """Some demand points: ``rows`` are their numbers, or all of them."""

    scope: Scope
    id: str | None
    rows: IndexArray | slice


@dataclass(frozen=True)
class Groups:
    """All groups of a request, in its order; an area holds what lies in its descendants too.

    ``named_areas`` are the areas that demand points name themselves: the smallest ones.
    """

    all: tuple[Group, ...]
    named_areas: frozenset[str]

    @classmethod
    def of(cls, request: FireStationRequest, demand: DemandArrays) -> "Groups":
        """Return the groups of the request's demand."""
        by_area = _rows_by_name(demand.area)
        by_risk = _rows_by_name(demand.risk_class)
        groups = [Group("total", None, slice(None))]
        inside = _descendants(request.areas)
        groups += [
            Group("area", area.id, _joined([by_area.get(one) for one in inside[area.id]]))
            for area in request.areas
        ]
        groups += [
            Group("risk_class", risk.id, _joined([by_risk.get(risk.id)]))
            for risk in request.risk_classes
        ]
        return cls(tuple(groups), frozenset(by_area))

    def of_scope(self, scope: Scope) -> tuple[Group, ...]:
        """Return the groups of one scope."""
        return tuple(group for group in self.all if group.scope == scope)

    def areas_of(self, level: str | None, areas: tuple[Area, ...]) -> tuple[Group, ...]:
        """Return the areas of ``level``; None means those that demand points name."""
        wanted = (
            self.named_areas
            if level is None
            else {area.id for area in areas if area.level == level}
        )
        return tuple(group for group in self.of_scope("area") if group.id in wanted)


def _rows_by_name(names: NDArray[np.object_] | None) -> dict[str, IndexArray]:
    if names is None:
        return {}
    texts = np.array(["" if name is None else name for name in names])
    distinct, code = np.unique(texts, return_inverse=True)
    order = np.argsort(code, kind="stable")
    ends = np.searchsorted(code[order], np.arange(len(distinct) + 1))
    return {
        str(name): order[ends[position] : ends[position + 1]]
        for position, name in enumerate(distinct)
        if name
    }


def _descendants(areas: tuple[Area, ...]) -> dict[str, list[str]]:
    parent = {area.id: area.parent for area in areas}
    inside: dict[str, list[str]] = {area.id: [] for area in areas}
    for area in areas:
        above: str | None = area.id
        while above is not None:
            inside[above].append(area.id)
            above = parent[above]
    return inside


def _joined(parts: Sequence[IndexArray | None]) -> IndexArray:
    found = [part for part in parts if part is not None]
    return np.sort(np.concatenate(found)) if found else np.zeros(0, dtype=np.intp)
