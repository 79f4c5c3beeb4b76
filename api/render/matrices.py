"""What a matrix of travel times holds, and whom it leaves out by name."""

from collections.abc import Iterator, Sequence

from api.render.names import Names
from api.render.travel import basis
from models.messages import formats
from models.roads import ScenarioTravel, TravelReport, Unsnapped

_NAMES_SHOWN = 20


def matrix_lines(
    names: Names, report: TravelReport, without_way: Sequence[int], shape: tuple[int, int]
) -> Iterator[str]:
    """Yield what a matrix (demand, site) of ``shape`` holds; ``without_way`` counts empty pairs."""
    yield from basis(report, names.language)
    if report.unsnapped:
        far = [_far(names, one) for one in report.unsnapped]
        yield names.say("matrix.unsnapped", names=_listed(names, far, report.unsnapped_count))
    for one, none in zip(report.scenarios, without_way, strict=True):
        yield names.say(
            "matrix.made",
            scenario=names.scenario(one.scenario_id),
            points=shape[0],
            sites=shape[1],
            total=shape[0] * shape[1],
            none=none,
        )
        yield from _left_out(names, one)


def _left_out(names: Names, one: ScenarioTravel) -> Iterator[str]:
    found = {
        "unreachable": (one.unreachable_points, one.unreachable_count),
        "cut_off": (one.cut_off_sites, one.cut_off_count),
    }
    for code, (ids, count) in found.items():
        if count:
            listed = _listed(names, ids, count)
            yield names.say(
                f"matrix.{code}", scenario=names.scenario(one.scenario_id), names=listed
            )


def _far(names: Names, one: Unsnapped) -> str:
    if one.distance_m is None:
        return one.id
    distance = formats.distance(one.distance_m, names.language)
    return names.say("matrix.far", name=one.id, distance=distance)


def _listed(names: Names, found: Sequence[str], count: int) -> str:
    shown = ", ".join(found[:_NAMES_SHOWN])
    more = count - min(count, _NAMES_SHOWN)
    return f"{shown} {names.say('cli.more_faults', number=more)}" if more else shown
