"""What is settled before anything is chosen: pins, teams on scene, teams as good as there."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.dispatch import DispatchRequest, TeamNeed
from models.faults import Fault
from models.text import Text
from optimizer.demand import FloatArray
from optimizer.dispatch.crews import Crews
from optimizer.dispatch.groups import Groups
from optimizer.errors import InputError

IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Fixed:
    """Fixed orders; ``group`` is -1 where the team fills no need."""

    team: IntArray  # (order,)
    incident: IntArray  # (order,)
    group: IntArray  # (order,)
    why: tuple[str, ...]  # (order,), pin, frozen or on_scene

    def leaves(self, groups: Groups, amounts: dict[str, FloatArray]) -> Groups:
        """Return the groups without what the fixed orders fill."""
        slots, amount = groups.slots.copy(), groups.amount.copy()
        filled = self.group >= 0
        for group, team in zip(self.group[filled], self.team[filled], strict=True):
            need = groups.needs[group]
            if isinstance(need, TeamNeed):
                slots[group] = max(0, slots[group] - 1)
            elif need.of in amounts:
                amount[group] = max(0.0, amount[group] - amounts[need.of][team])
        return replace(groups, slots=slots, amount=amount)


def fixed_orders(
    request: DispatchRequest,
    crew: Crews,
    groups: Groups,
    able: BoolArray,
    delay_s: FloatArray,
) -> Fixed:
    """Return the fixed orders: pins first, then teams that stay with their incident.

    A fixed team fills the need its order names, or else the first open one it is able to fill,
    in time if there is one.
    """
    if not request.policy.pinned and not crew.frozen.any():
        nobody = np.zeros(0, dtype=np.intp)
        return Fixed(team=nobody, incident=nobody, group=nobody, why=())
    incident_at = {one.id: i for i, one in enumerate(request.incidents)}
    team_at = {one.id: t for t, one in enumerate(request.teams)}
    settled: dict[int, tuple[int, int | None, str]] = {}
    for pin in request.policy.pinned:
        settled[team_at[pin.team_id]] = (incident_at[pin.incident_id], pin.need, "pin")
    needs = {one.team_id: one.need for one in request.orders}
    for t in np.flatnonzero(crew.frozen).tolist():
        why = "on_scene" if np.isnan(crew.under_way_s[t]) else "frozen"
        need = needs.get(request.teams[t].id)
        settled.setdefault(t, (int(crew.going[t]), need, why))
    _refuse_unreachable(request, delay_s, incident_at, team_at)
    left = groups.slots.copy()
    ends = np.arange(len(request.incidents) + 1)
    begin = np.searchsorted(groups.incident, ends).tolist()
    chosen = [
        _group(groups, left, able[:, t], range(*begin[i : i + 2]), (float(delay_s[i, t]), need))
        for t, (i, need, _) in settled.items()
    ]
    return Fixed(
        team=np.array(list(settled), dtype=np.intp),
        incident=np.array([one[0] for one in settled.values()], dtype=np.intp),
        group=np.array(chosen, dtype=np.intp),
        why=tuple(one[2] for one in settled.values()),
    )


def _refuse_unreachable(
    request: DispatchRequest,
    delay_s: FloatArray,
    incident_at: dict[str, int],
    team_at: dict[str, int],
) -> None:
    faults = tuple(
        Fault(
            path=f"policy.pinned[{k}]",
            value=pin.team_id,
            need=Text(code="fault.dispatch.pin_unreachable", values={"incident": pin.incident_id}),
        )
        for k, pin in enumerate(request.policy.pinned)
        if not np.isfinite(delay_s[incident_at[pin.incident_id], team_at[pin.team_id]])
    )
    if faults:
        raise InputError(faults)


def _group(
    groups: Groups,
    left: IntArray,
    able: BoolArray,
    own: range,
    order: tuple[float, int | None],
) -> int:
    """Return which of the ``own`` groups of its incident a team fills, -1 for none.

    ``able`` (group,) is of the team; ``order`` its delay and the need that is named.
    """
    delay_s, need = order
    could = [
        g
        for g in own
        if (able[g] if need is None else groups.need[g] == need)
        and (left[g] > 0 or groups.asked_amount[g] > 0.0)
    ]
    if not could:
        return -1
    group = min(could, key=lambda g: delay_s > groups.deadline_s[g])  # of equals the first
    left[group] -= 1
    return group
