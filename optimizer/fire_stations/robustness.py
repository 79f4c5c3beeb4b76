"""The plan's fate if what it rests on is wrong: the first level solved again, case by case."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
from scipy.sparse import csr_array

from models.fire_stations import FireStationRequest
from models.fire_stations.explanation import Robustness, RobustnessCase, SiteSurvival
from models.run import Status
from models.text import Text
from models.travel import ByCoordinates, ConstantSpeed
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.fire_stations.first_level import FirstLevel, Resolved, first_only
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.growth import growths
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray
from optimizer.fire_stations.solution import Solution
from optimizer.fire_stations.unruled import Unruled, taken
from optimizer.linear import LinearProgram
from optimizer.quiet import quiet
from optimizer.travel import travel_times

SPEEDS_KM_H = (20.0, 25.0, 30.0, 38.0, 45.0)
TIME_CHANGES = (-0.3, -0.15, 0.15, 0.3)
SURVIVAL_LOSS = 0.001  # of the first objective, what a site may cost and still survive
_SOLVE_SHARE = 0.5  # of a case's time; the rest is for sites whose survival must be solved for


def robustness(
    request: FireStationRequest,
    solution: Solution,
    control: RunControl,
    store: Store | None = None,
) -> Robustness:
    """Return what the plan is worth, and what would be best, in each changed case.

    A site survives a case if the best plan there has it, or the best plan that has it is worse
    by less than 0.1 %; where its own station is the one that is out, nothing is asked of it.
    """
    trial = _Trial(solution)
    cases = list(_cases(request, solution, store))
    for position, case in enumerate(cases):
        if control.stop is not None:
            break
        trial.run(case, quiet(control, 1.0 / (len(cases) - position)))
    return Robustness(
        cases=tuple(trial.reports),
        sites=tuple(trial.survival(site_id) for site_id in solution.opened_sites),
        complete=trial.complete and len(trial.reports) == len(cases),
    )


@dataclass(frozen=True)
class _Posed:
    """A case ready to be solved, and solved again with a site that must be open."""

    level: FirstLevel
    program: LinearProgram
    plan: BoolArray  # (option,) of the level's instance

    def keeping(self, site_id: str) -> LinearProgram:
        """Return the program in which something must be opened at a site."""
        instance = self.level.instance
        at_site = instance.site_ids[instance.options.site] == site_id
        row = np.zeros((1, len(self.program.cost)))
        row[0, self.program.columns["option"]] = at_site & instance.options.opens
        return self.program.with_rows("kept_site", csr_array(row), 1.0, np.inf)


@dataclass(frozen=True)
class _Case:
    """One changed assumption; posed only when its turn comes.

    ``out`` is the site of the station that is out of service.
    """

    text: Text
    pose: Callable[[], _Posed]
    out: str | None = None


def _cases(request: FireStationRequest, solution: Solution, store: Store | None) -> Iterator[_Case]:
    instance = first_only(solution.instance)
    for text, changed in (*_travels(request, instance, store), *growths(instance)):
        yield _Case(text, partial(_posed, changed, solution.chosen))
    outage = _Outage(instance, solution.chosen)
    for option in np.flatnonzero(solution.chosen).tolist():
        site_id = str(instance.site_ids[instance.options.site[option]])
        text = Text(code="robustness.out", values={"site_id": site_id})
        yield _Case(text, partial(outage.posed, option), out=site_id)


def _posed(instance: Instance, plan: BoolArray) -> _Posed:
    formulation = Formulation(instance)
    part = formulation.part(0)
    return _Posed(FirstLevel.of(instance, part), formulation.program(part), plan)


class _Outage:
    """One plan's stations out of service in turn; the program is made once."""

    def __init__(self, instance: Instance, plan: BoolArray) -> None:
        self._instance = instance
        self._plan = plan

    @cached_property
    def _whole(self) -> tuple[Unruled, FirstLevel, LinearProgram]:
        unruled = Unruled.of(self._instance)
        part = unruled.part(0)
        return unruled, FirstLevel.of(unruled.instance, part), unruled.program(part)

    def posed(self, out: int) -> _Posed:
        """Return the program without a station: what a rule demands of it alone is waived."""
        unruled, level, program = self._whole
        every = np.arange(len(self._plan))
        lost = taken(self._instance, every == out, unruled.instance)
        options = unruled.instance.options
        gone = np.isin(options.site, options.site[lost])
        gone |= np.isin(options.origin, options.origin[lost])
        rest = taken(self._instance, self._plan & (every != out), unruled.instance)
        return _Posed(level, _unavailable(program, gone), rest)


def _unavailable(program: LinearProgram, gone: BoolArray) -> LinearProgram:
    """Return the program without the options ``gone``; rows of nothing else ask nothing."""
    closed = np.zeros(len(program.cost), dtype=np.bool_)
    closed[program.columns["option"]] = gone
    upper = np.where(closed, 0.0, program.upper)
    used = np.diff(program.matrix.indptr)
    of_gone = np.diff(csr_array(program.matrix[:, np.flatnonzero(closed)]).indptr)
    waived = (used > 0) & (used == of_gone)
    lower = np.where(waived, -np.inf, program.row_lower)
    return replace(program.with_bounds(program.lower, upper), row_lower=lower)


def _travels(
    request: FireStationRequest, instance: Instance, store: Store | None
) -> Iterator[tuple[Text, Instance]]:
    """Yield the instance at other speeds, or with all of a matrix's times changed."""
    if isinstance(request.travel, ByCoordinates):
        for speed_kmh in SPEEDS_KM_H:
            travel = _at_speed(request.travel, speed_kmh)
            changed = instance.request.model_copy(update={"travel": travel})
            times = travel_times(travel, instance.demand, changed.sites, store)
            text = Text(code="robustness.speed", values={"speed_kmh": speed_kmh})
            yield text, replace(instance, request=changed, travel=times)
        return
    for change in TIME_CHANGES:
        code = "robustness.slower" if change > 0 else "robustness.faster"
        text = Text(code=code, values={"change": abs(change)})
        yield text, replace(instance, travel=instance.travel.scaled(1.0 + change))


def _at_speed(travel: ByCoordinates, speed_kmh: float) -> ByCoordinates:
    law = ConstantSpeed(speed_m_s=speed_kmh / 3.6)
    scenarios = tuple(one.model_copy(update={"law": law}) for one in travel.scenarios)
    return travel.model_copy(update={"scenarios": scenarios})


class _Trial:
    """Runs the cases and keeps the score of the sites the plan opens."""

    def __init__(self, solution: Solution) -> None:
        self._opened = solution.opened_sites
        self._chosen: dict[str, list[bool]] = {site_id: [] for site_id in self._opened}
        self._survived: dict[str, list[bool]] = {site_id: [] for site_id in self._opened}
        self.reports: list[RobustnessCase] = []
        self.complete = True

    def run(self, case: _Case, control: RunControl) -> None:
        """Solve one case and score the sites in it."""
        posed = case.pose()
        worth = posed.level.value(posed.plan)
        resolved = posed.level.solve(posed.program, quiet(control, _SOLVE_SHARE))
        kept: tuple[str, ...] = ()
        regret = None
        if resolved.objective is not None and resolved.chosen is not None:
            found = set(Solution(posed.level.instance, resolved.chosen).opened_sites)
            kept = tuple(site_id for site_id in self._opened if site_id in found)
            regret = posed.level.sign * (resolved.objective - worth) or 0.0
            self._score(case, posed, resolved, kept=kept, control=control)
        self.complete &= resolved.status in {Status.OPTIMAL, Status.INFEASIBLE}
        report = RobustnessCase(
            case=case.text,
            status=resolved.status,
            plan_objective=worth,
            objective=resolved.objective,
            regret=regret,
            kept_sites=kept,
        )
        self.reports.append(report)

    def _score(
        self,
        case: _Case,
        posed: _Posed,
        resolved: Resolved,
        *,
        kept: tuple[str, ...],
        control: RunControl,
    ) -> None:
        """Count who is chosen again, and who costs next to nothing where not."""
        judged = [site_id for site_id in self._opened if site_id != case.out]
        doubtful = [site_id for site_id in judged if site_id not in kept]
        for site_id in judged:
            self._chosen[site_id].append(site_id in kept)
        for site_id in kept:
            self._survived[site_id].append(True)
        for position, site_id in enumerate(doubtful):
            part = quiet(control, 1.0 / (len(doubtful) - position))
            self._survived[site_id].append(self._costs_little(posed, resolved, site_id, part))

    def _costs_little(
        self, posed: _Posed, resolved: Resolved, site_id: str, control: RunControl
    ) -> bool:
        """Return whether the best plan with a site is all but as good as the best at all."""
        best = float(resolved.objective or 0.0)
        again = posed.level.solve(posed.keeping(site_id), control)
        self.complete &= again.status in {Status.OPTIMAL, Status.INFEASIBLE}
        if again.objective is None:
            return False
        return posed.level.sign * (best - again.objective) < SURVIVAL_LOSS * abs(best)

    def survival(self, site_id: str) -> SiteSurvival:
        """Return how a site fared over the cases so far."""
        chosen, survived = self._chosen[site_id], self._survived[site_id]
        return SiteSurvival(
            site_id=site_id,
            chosen_share=sum(chosen) / len(chosen) if chosen else 0.0,
            survives=bool(survived) and all(survived),
        )
