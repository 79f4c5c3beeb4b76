"""What is said of every answer: its end, its travel, whom closed roads cut off."""

from api.render.framing import heading
from models.facilities import FacilityAnswer
from models.roads import ScenarioTravel, TravelReport
from models.run import RunReport, Status, StopReason
from models.text import Label

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


def test_whom_closed_roads_cut_off_is_told_by_name() -> None:
    lines = list(heading(Label(en="Town", zh="城"), answer(ROADS), "en"))
    assert lines[1].startswith("Travel over roads: 7 roads from town")
    assert lines[2].startswith("flood: 1.2 km of road closed, 1 sites cut off, 2 demand points")
    assert lines[3].endswith("1: school")
    assert lines[4].endswith("2: p1; p2")


def test_nothing_is_told_of_travel_where_nobody_travels() -> None:
    assert len(list(heading(Label(en="Town", zh="城"), answer(None), "zh"))) == 1
