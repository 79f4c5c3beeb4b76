"""What is said of every answer: its end, its travel, whom closed roads cut off."""

from typing import get_args

import pytest

from api.render.framing import heading, standing, warnings
from models.facilities import FacilityAnswer
from models.messages import message
from models.roads import ScenarioTravel, TravelReport
from models.run import NOT_SEARCHED, RunReport, Status, StopReason
from models.text import Label, Language

FLOOD = ScenarioTravel(
    scenario_id="flood",
    closures=("bridge",),
    closed_length_m=1200.0,
    cut_off_count=1,
    cut_off_sites=("school",),
    unreachable_count=2,
    unreachable_points=("p1", "p2"),
)
ROADS = TravelReport(method="roads", source="town", edge_count=7, scenarios=(FLOOD,))


def answer(travel: TravelReport | None) -> FacilityAnswer:
    run = RunReport(
        status=Status.OPTIMAL, stop=StopReason.PROOF, levels=(), wall_s=0.0, backend="none"
    )
    return FacilityAnswer(plan=None, run=run, travel=travel, assumptions=(), verification=None)


@pytest.mark.parametrize(
    ("status", "backend", "said", "kinds"),
    [
        (Status.OPTIMAL, "highs", "optimal", []),
        (Status.FEASIBLE, "highs", "feasible", ["unproven"]),
        (Status.UNKNOWN, "highs", "unknown", ["failed"]),
        (Status.OPTIMAL, NOT_SEARCHED, "optimal", []),
        (Status.FEASIBLE, NOT_SEARCHED, "proposed", ["unproven"]),
        (Status.UNKNOWN, NOT_SEARCHED, "broken", ["failed"]),
    ],
)
def test_a_plan_that_nobody_searched_for_is_a_proposal(
    status: Status, backend: str, said: str, kinds: list[str]
) -> None:
    run = RunReport(status=status, stop=StopReason.TIME, levels=(), wall_s=0.0, backend=backend)
    told = answer(None).model_copy(update={"run": run})
    assert standing(run) == said
    for language in get_args(Language):
        found = list(warnings(told, language))
        assert [kind for kind, _ in found] == kinds
        title = next(heading(Label(en="Town", zh="城"), told, language))
        assert message(f"status.{said}", language) in title


def test_whom_closed_roads_cut_off_is_told_by_name() -> None:
    lines = list(heading(Label(en="Town", zh="城"), answer(ROADS), "en"))
    assert lines[1].startswith("Travel over roads: 7 roads from town")
    assert lines[2].startswith("flood: 1.2 km of road closed, 1 sites cut off, 2 demand points")
    assert lines[3].endswith("1: school")
    assert lines[4].endswith("2: p1; p2")


def test_nothing_is_told_of_travel_where_nobody_travels() -> None:
    assert len(list(heading(Label(en="Town", zh="城"), answer(None), "zh"))) == 1
