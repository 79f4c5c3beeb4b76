"""Groups of slots alike, and the units that are served together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.dispatch import DispatchRequest, Need, TeamNeed
from optimizer.demand import FloatArray
from optimizer.dispatch.needs import Asked

IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Groups:
    """Groups of slots in the order of incidents and needs.

    ``slots`` teams are still wanted; for an amount it is 0 and ``amount`` what is wanted. A
    unit is an incident, or a group of a partial one.
    """

    needs: tuple[Need, ...]  # (group,)
    fits: tuple[object, ...]  # (group,): groups of one value want the same of a team
    incident: IntArray  # (group,)
    need: IntArray  # (group,), its place in the incident's list
    first_due: BoolArray  # (group,)
    deadline_s: FloatArray  # (group,), seconds from now, inf without
    slots: IntArray  # (group,)
    amount: FloatArray  # (group,), 0 for slots
    asked_slots: IntArray  # (group,), before anything was settled
    asked_amount: FloatArray  # (group,)
    unit: IntArray  # (group,)
    unit_incident: IntArray  # (unit,)
    partial: BoolArray  # (unit,)

    def __len__(self) -> int:
        """Return the number of groups."""
        return len(self.needs)

    @classmethod
    def of(cls, request: DispatchRequest, asked: list[Asked]) -> "Groups":
        """Return the groups of every incident's needs."""
        rows = [
            (need, k, i, first, deadline, count)
            for i, one in enumerate(asked)
            for k, need in enumerate(one.needs)
            for first, deadline, count in _parts(need, one)
        ]
        partial = [one.partial for one in request.incidents]
        incident = np.array([row[2] for row in rows], dtype=np.intp)
        own = np.array([partial[i] for i in incident], dtype=np.bool_)
        starts = np.r_[True, incident[1:] != incident[:-1]] if rows else np.zeros(0, bool)
        unit = np.cumsum(starts | own).astype(np.intp) - 1
        first_of_unit = np.flatnonzero(np.r_[True, unit[1:] != unit[:-1]]) if rows else unit
        slots = np.array([row[5] for row in rows], dtype=np.intp)
        amount = np.array([0.0 if isinstance(row[0], TeamNeed) else row[0].amount for row in rows])
        return cls(
            needs=tuple(row[0] for row in rows),
            fits=tuple(_fit(row[0]) for row in rows),
            incident=incident,
            need=np.array([row[1] for row in rows], dtype=np.intp),
            first_due=np.array([row[3] for row in rows], dtype=np.bool_),
            deadline_s=np.array([row[4] for row in rows], dtype=np.float64),
            slots=slots,
            amount=amount,
            asked_slots=slots,
            asked_amount=amount,
            unit=unit,
            unit_incident=incident[first_of_unit],
            partial=own[first_of_unit],
        )

    @property
    def is_amount(self) -> BoolArray:
        """Which groups want an amount, not teams."""
        return np.asarray(self.asked_amount > 0.0, dtype=np.bool_)

    def parts(self, incidents: int) -> FloatArray:
        """Return into how many equal parts each incident's severity is divided if partial."""
        count = np.where(self.is_amount, 1, self.asked_slots)
        return np.bincount(self.incident, weights=count, minlength=incidents).astype(np.float64)


def _parts(need: Need, one: Asked) -> list[tuple[bool, float, int]]:
    """Return the groups of one need: (first due, deadline, slots)."""
    full = one.full_s
    if need.within_s is not None:
        # A need's own deadline counts from the report, as the incident's does.
        full = need.within_s - one.age_s
    deadline = np.inf if full is None else full
    if not isinstance(need, TeamNeed):
        return [(False, deadline, 0)]
    if not need.first_due:
        return [(False, deadline, need.teams)]
    first = min(deadline, np.inf if one.first_s is None else one.first_s)
    rest = [(False, deadline, need.teams - 1)] if need.teams > 1 else []
    return [(True, first, 1), *rest]


def _fit(need: Need) -> object:
    if isinstance(need, TeamNeed):
        vehicles = tuple(sorted(need.vehicles.items())) if need.vehicles else ()
        return need.skill, need.min_skilled if need.skill else 0, need.min_people, vehicles
    return need.of
