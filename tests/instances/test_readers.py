"""Readers on files written by hand: the first line, the last and the strangest."""

from collections.abc import Callable
from pathlib import Path

import pytest

from instances.readers import ReadError, mclp, or_library_pmed, or_library_scp
from models.fire_stations import FireStationRequest
from models.places import DemandPoint
from models.travel import ByMatrix

Matrix = tuple[tuple[float | None, ...], ...]
Write = Callable[[str], Path]

PMED = " 4 5 2 \n 1 2 3 \n 2 3 4 \n 3 4 5\n1 4 100\n 2 1 7"
SCP = " 3 4 \n 1 2\n 3 4 \n 2\n 1 3\n 1 \n 2 \n 4 1 2 3\n 4"
MCLP = "3\t9999\tp\tS\n0\t0\t5\n3\t4\t0.5\n300\t400\t7"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(text: str) -> Path:
        path = tmp_path / "tiny.txt"
        path.write_bytes(text.encode("gbk"))
        return path

    return _write


def matrix(request: FireStationRequest) -> Matrix:
    assert isinstance(request.travel, ByMatrix)
    (scenario,) = request.travel.scenarios
    assert isinstance(scenario.travel_time_s, tuple)
    return scenario.travel_time_s


def points(request: FireStationRequest) -> tuple[DemandPoint, ...]:
    assert isinstance(request.demand_points, tuple)
    return request.demand_points


def test_pmed_distances_are_shortest_paths_and_the_last_cost_of_an_edge_counts(
    write: Write,
) -> None:
    request = or_library_pmed.read(write(PMED))
    assert matrix(request) == ((0, 7, 11, 16), (7, 0, 4, 9), (11, 4, 0, 5), (16, 9, 5, 0))
    assert [objective.kind for objective in request.objectives] == ["mean_time"]
    assert (request.new_stations["station"].min, request.new_stations["station"].max) == (2, 2)


def test_pmed_published_sums_are_means_times_the_weight(write: Write) -> None:
    request = or_library_pmed.read(write(PMED))
    assert or_library_pmed.sum_of_distances(request, 3.0) == 12.0


def test_pmed_as_p_center_asks_for_the_worst_time(write: Write) -> None:
    request = or_library_pmed.read(write(PMED), problem="p-center")
    assert [objective.kind for objective in request.objectives] == ["worst_time"]


def test_scp_rows_are_places_and_columns_are_sites_at_their_cost(write: Write) -> None:
    request = or_library_scp.read(write(SCP))
    covered = [[j for j, t in enumerate(row) if t is not None] for row in matrix(request)]
    assert covered == [[0, 2], [1], [0, 1, 2, 3]]
    assert [site.land_cost for site in request.sites] == [1, 2, 3, 4]
    assert request.rules.cover_floors[0].share == 1.0
    assert request.new_stations["station"].max is None
    assert request.classes[0].capital_cost == request.classes[0].yearly_cost == 0


def test_mclp_points_are_places_and_sites(write: Write) -> None:
    request = mclp.read(write(MCLP), station_count=1, radius_m=5.0)
    assert [(site.x_m, site.y_m) for site in request.sites] == [(0, 0), (3, 4), (300, 400)]
    assert [point.weights["residents"] for point in points(request)] == [5, 0.5, 7]
    assert not isinstance(request.standard, str)
    assert request.standard.within_s == 5.0


def read_scp(path: Path) -> FireStationRequest:
    return or_library_scp.read(path)


def read_mclp(path: Path) -> FireStationRequest:
    return mclp.read(path, station_count=1, radius_m=5.0)


@pytest.mark.parametrize(
    ("read", "text", "line", "problem"),
    [
        (or_library_pmed.read, "", 1, "the file ends where the number of vertices should stand"),
        (or_library_pmed.read, "2 1 1\n1 3 4", 2, "a vertex of an edge must be from 1 to 2"),
        (or_library_pmed.read, "2 1 1\n1 2 x", 2, "the cost of an edge must be a whole number"),
        (or_library_pmed.read, "2 1 1\n1 2 -3", 2, "must be at least 1; it is -3"),
        (or_library_pmed.read, "2 1 3\n1 2 3", 1, "the number of medians must be from 1 to 2"),
        (or_library_pmed.read, "2 2 1\n1 2 3\n", 2, "the file ends where a vertex"),
        (or_library_pmed.read, "2 1 1\n1 2 3\n\n9", 4, "nothing more should follow"),
        (or_library_pmed.read, "3 1 1\n1 2 3", None, "vertex 3 cannot be reached"),
        (or_library_pmed.read, "深圳市坪山区", None, "not a text file in UTF-8"),
        (read_scp, "1 2\n1 1\n3", 3, "that cover a row must be from 1 to 2; it is 3"),
        (read_scp, "1 2\n1 1\n0", 3, "that cover a row must be from 1 to 2; it is 0"),
        (read_scp, "1 1\nnan", 2, "the cost of a column must be a number; it is 'nan'"),
        (read_mclp, "2\t9999\n1 2 3", 2, "the file ends where the x of a point"),
        (read_mclp, "1\n1 2 -3", 2, "the demand of a point must be at least 0"),
    ],
)
def test_a_malformed_file_is_named_by_line_and_problem(
    write: Write,
    read: Callable[[Path], FireStationRequest],
    text: str,
    line: int | None,
    problem: str,
) -> None:
    with pytest.raises(ReadError) as caught:
        read(write(text))
    assert caught.value.line == line
    assert problem in str(caught.value)
    assert "tiny.txt" in str(caught.value)


def test_a_missing_file_is_an_error_of_the_whole_file(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="there is no such file") as caught:
        or_library_pmed.read(tmp_path / "absent.txt")
    assert caught.value.line is None


def test_the_error_reads_in_chinese_too(write: Write) -> None:
    with pytest.raises(ReadError) as caught:
        or_library_pmed.read(write("2 1 1\n1 2 x"))
    assert caught.value.text("zh").endswith("第 2 行：边的费用须为整数；现为“x”")
