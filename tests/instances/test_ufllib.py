"""UflLib and OR-Library warehouse files: what they say, the open capacity, and their faults."""

from pathlib import Path

import pytest

from instances.readers import ReadError, facilities
from instances.readers.ufllib import read_or_library, read_simple
from models.run import Status
from models.shelters import ShelterRequest
from optimizer.control import RunControl
from optimizer.facilities.solve import solve as solve_facilities
from optimizer.shelters.solve import solve

SIMPLE = "FILE: tiny\n2 3 0\n1 10 1 2 3\n2 4 5 1 1\n"
CAP = "2 2\n{} 10\n{} 4\n4\n 8 12\n2\n 6 2\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tiny.txt"


def least(request: ShelterRequest) -> float:
    answer = solve(request, RunControl(request.limits))
    assert answer.run.status is Status.OPTIMAL
    assert answer.run.objective is not None
    return answer.run.objective


def test_the_simple_format_is_opening_and_serving(file: Path) -> None:
    file.write_text(SIMPLE)
    assert least(read_simple(file)) == pytest.approx(11.0)  # the second alone: 4 + 5 + 1 + 1


def test_the_simple_format_is_a_request_of_facilities_too(file: Path) -> None:
    file.write_text(SIMPLE)
    request = facilities.read_simple(file)
    answer = solve_facilities(request, RunControl(request.limits))
    assert (answer.run.status, answer.run.objective) == (Status.OPTIMAL, pytest.approx(11.0))
    assert answer.explanation is not None
    assert [one.loses for one in answer.explanation.contributions] == [None]  # the only one


def test_an_orlib_file_with_and_without_its_capacities(file: Path) -> None:
    file.write_text(CAP.format("4", "2"))
    assert least(read_or_library(file)) == pytest.approx(24.0)  # both: 10 + 4 + 8 + 2
    assert least(read_or_library(file, uncapacitated=True)) == pytest.approx(18.0)
    file.write_text(CAP.format("3", "3"))
    assert least(read_or_library(file)) == pytest.approx(25.0)  # a quarter of the first goes on
    tight = read_or_library(file, single_source=True)
    assert solve(tight, RunControl(tight.limits)).run.status is Status.INFEASIBLE


def test_a_capacity_left_open_must_be_given(file: Path) -> None:
    file.write_text(CAP.format("capacity", "capacity"))
    with pytest.raises(ReadError, match="line 2"):
        read_or_library(file)
    assert least(read_or_library(file, capacity=6.0)) == pytest.approx(18.0)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [("FILE:", "NAME", 1), ("2 3 0", "2 3 1", 2), ("2 4 5", "3 4 5", 4), ("1 1\n", "1\n", 4)],
)
def test_a_fault_names_its_line(file: Path, old: str, new: str, line: int) -> None:
    file.write_text(SIMPLE.replace(old, new))
    with pytest.raises(ReadError) as raised:
        read_simple(file)
    assert raised.value.line == line
