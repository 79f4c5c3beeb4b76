"""Why a plan is as it is: who has no place and why, what each site is worth, what binds."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from models.run import Status
from models.shelters import ShelterExplanation
from models.shelters.explanation import Binding, SiteWorth, UnmetByReason
from models.text import Text
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.quiet import quiet
from optimizer.shelters.figures import without_place
from optimizer.shelters.formulation import Expression, Formulation
from optimizer.shelters.solution import Solution

_SHOWN = 50  # blocks named per reason
_TRIED = 3  # closed sites tried in the place of an open one
_TIGHT = 1e-6  # relative
_REASONS_S = 20.0


def explain(
    formulation: Formulation, solution: Solution, control: RunControl
) -> ShelterExplanation:
    """Return the reasons of a solution; what the time does not allow is named."""
    worth = _Worth(formulation, solution, quiet(control.slice(_REASONS_S)))
    found = tuple(worth.sites())
    worst = max(found, key=lambda one: one.loses, default=None)
    return ShelterExplanation(
        unmet=tuple(_by_reason(solution)),
        worth=found,
        worst_loss=None if worst is None or worst.loses <= 0 else worst.site_id,
        binding=tuple(_binding(formulation, solution)),
        left_out=(Text(code="explanation.shelters.worth"),) if worth.cut_short else (),
    )


def _by_reason(solution: Solution) -> Iterator[UnmetByReason]:
    chance = dict(
        zip(
            (one.id for one in solution.instance.request.scenarios),
            solution.instance.probability.tolist(),
            strict=True,
        )
    )
    people: dict[str, float] = defaultdict(float)
    blocks: dict[str, dict[str, None]] = defaultdict(dict)
    for one in without_place(solution):
        assert one.reason is not None
        people[one.reason] += chance[one.scenario_id] * one.people
        blocks[one.reason][one.block_id] = None
    for reason, count in people.items():
        yield UnmetByReason.model_validate(
            {"reason": reason, "people": count, "block_ids": tuple(blocks[reason])[:_SHOWN]}
        )


def _binding(formulation: Formulation, solution: Solution) -> Iterator[Binding]:
    program, values = formulation.program({}), formulation.values_of(solution)
    for rule in formulation.rules:
        if rule.number is None:
            continue
        activity = program.matrix[program.rows[rule.path]] @ values
        for limits, sign in ((rule.upper, 1.0), (rule.lower, -1.0)):
            room = sign * (limits - activity)
            tight = np.isfinite(limits) & (room <= _TIGHT * np.maximum(1.0, np.abs(limits)))
            if tight.any():
                row = int(np.flatnonzero(tight)[0])
                yield Binding(
                    path=rule.path,
                    rule=rule.text,
                    used=float(activity[row]),
                    limit=float(limits[row]),
                )


class _Worth:
    """Closes one open site after the other and assigns everybody anew.

    Vehicles may be shared out in parts, as they are not in a plan.
    """

    def __init__(self, formulation: Formulation, solution: Solution, control: RunControl) -> None:
        self._instance, self._solution, self._control = formulation.instance, solution, control
        self.cut_short = False
        chance = self._instance.probability[formulation.waiting // self._instance.leaving.shape[1]]
        everybody: Expression = {"unmet": chance}
        program = formulation.assigning(everybody)
        self._session = LpSession(program, quiet(control).limits)
        self._chosen = solution.open.astype(np.float64)
        self._place(self._chosen)

    def sites(self) -> Iterator[SiteWorth]:
        """Yield what each site of the plan is worth, as long as time allows."""
        whole = self._unmet()
        if whole is None:
            return
        for j in np.flatnonzero(self._solution.open).tolist():
            without = self._chosen.copy()
            without[j] = 0.0
            self._place(without)
            unmet = self._unmet()
            if unmet is None:
                return
            yield self._worth(j, without, whole, unmet)

    def _worth(self, j: int, without: FloatArray, whole: float, unmet: float) -> SiteWorth:
        request, cost = self._instance.request, self._instance.open_cost
        site = request.sites[j].id
        best, left = None, np.inf
        for k in self._candidates(j, without):
            instead = np.where(self._instance.ground == self._instance.ground[k], 0.0, without)
            instead[k] = 1.0
            self._place(instead)
            found = self._unmet()
            if found is not None and found < left:
                best, left = k, found
        if best is None:
            return SiteWorth(site_id=site, loses=max(0.0, unmet - whole))
        return SiteWorth(
            site_id=site,
            loses=max(0.0, unmet - whole),
            replacement=request.sites[best].id,
            replacement_loss=max(0.0, left - whole),
            saved=max(0.0, float(cost[j] - cost[best])),
        )

    def _candidates(self, j: int, without: FloatArray) -> list[int]:
        """Return the closed sites whose opening promises most, by the duals of the last solve."""
        promise = self._session.reduced_cost[: len(without)]
        sites = self._instance.request.sites
        forbidden = set(self._instance.request.rules.forbidden_sites)
        allowed = [
            k
            for k in np.flatnonzero(without == 0.0).tolist()
            if self._instance.ground[k] != self._instance.ground[j]
            and not forbidden & {sites[k].id, sites[k].ground}
        ]
        helping = [k for k in allowed if promise[k] < 0.0]
        return sorted(helping, key=lambda k: float(promise[k]))[:_TRIED]

    def _place(self, chosen: FloatArray) -> None:
        every = np.arange(len(chosen))
        self._session.change_bounds(every, chosen, chosen)

    def _unmet(self) -> float | None:
        if self._session.solve(self._control) is Status.OPTIMAL:
            return self._session.objective
        self.cut_short = True
        return None
