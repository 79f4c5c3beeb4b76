"""Each level solved again by another solver, and held against ours."""

from typing import Literal

from models.fire_stations.explanation import SecondOpinion
from models.run import LevelReport, Status
from optimizer.backends import pulp
from optimizer.control import RunControl
from optimizer.fire_stations.districts import DistrictCuts
from optimizer.fire_stations.formulation import Floor, Formulation, floor_of
from optimizer.fire_stations.scaling import scaling
from optimizer.fire_stations.values import level_value, level_values
from optimizer.quiet import quiet

BACKEND = "PuLP/CBC"
_AGREEMENT = 1e-6  # relative
Verdict = Literal["agrees", "differs", "not_finished"]


def second_opinion(
    formulation: Formulation, reports: tuple[LevelReport, ...], control: RunControl
) -> tuple[SecondOpinion, ...]:
    """Return what CBC through PuLP finds for each level within ``control``.

    Every level keeps what our earlier levels won, as ours did. An objective agrees that is
    equal to ours, or better than ours where ours is not proven and within our bound.
    """
    found: list[SecondOpinion] = []
    floors: tuple[Floor, ...] = ()
    cuts = DistrictCuts(formulation.instance)
    for level, report in enumerate(reports):
        part = quiet(control, 1.0 / (len(reports) - level))
        found.append(_opinion(formulation, level, report, floors=floors, cuts=cuts, control=part))
        if report.objective is not None:
            floors = (*floors, floor_of(formulation.part(level), report))
    return tuple(found)


def _opinion(
    formulation: Formulation,
    level: int,
    report: LevelReport,
    *,
    floors: tuple[Floor, ...],
    cuts: DistrictCuts,
    control: RunControl,
) -> SecondOpinion:
    """Return the other solver's opinion of one level."""
    status, objective = _solved(formulation, level, floors=floors, cuts=cuts, control=control)
    return SecondOpinion(
        level=level,
        backend=BACKEND,
        objective=objective,
        verdict=_verdict(report, status, objective),
    )


def _solved(
    formulation: Formulation,
    level: int,
    *,
    floors: tuple[Floor, ...],
    cuts: DistrictCuts,
    control: RunControl,
) -> tuple[Status, float | None]:
    """Return how the level ended, and its objective counted afresh from the options chosen."""
    part = formulation.part(level)
    scale, step = scaling(part)
    gap = 0.9 * step * scale if step else 0.0
    while control.stop is None:
        program = formulation.program(part, floors, cuts.rows())
        scaled = program.with_cost(program.cost * scale, part.sense, program.offset * scale)
        outcome = pulp.solve(scaled, control, absolute_gap=gap)
        if outcome.values is None:
            return outcome.status, None
        chosen = outcome.values[program.columns["option"]] > 0.5
        if not cuts.separate(chosen):
            values = level_values(formulation.instance, chosen)
            return outcome.status, level_value(formulation.instance, values, level)
    return Status.UNKNOWN, None


def _verdict(report: LevelReport, status: Status, theirs: float | None) -> Verdict:
    """Return what the other solver's end says of ours.

    A proof that there is none where we have one, or a plan beyond our bound, contradicts us
    whether the other solver has finished or not.
    """
    ours, bound = report.objective, report.bound
    if ours is None:
        if report.status is Status.INFEASIBLE and status is Status.INFEASIBLE:
            return "agrees"
        contradicted = report.status is Status.INFEASIBLE and theirs is not None
        return "differs" if contradicted else "not_finished"
    if theirs is None:
        return "differs" if status is Status.INFEASIBLE else "not_finished"
    room = _AGREEMENT * max(1.0, abs(ours))
    sign = 1.0 if report.sense == "max" else -1.0
    better = sign * (theirs - ours)
    if bound is not None and sign * (theirs - bound) > room:
        return "differs"
    if status is not Status.OPTIMAL:
        return "not_finished"
    return "agrees" if better >= -room and (better <= room or bound is not None) else "differs"
