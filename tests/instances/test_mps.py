"""MPS files: what one program writes another reads, and every fault has its line."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from instances.readers import ReadError
from instances.readers.mps import read
from models.run import RunLimits
from optimizer.backends import highs
from optimizer.backends.export import write
from optimizer.control import RunControl
from optimizer.linear import Builder, LinearProgram

SMALL = """\
* a remark
NAME knap
OBJSENSE
    MAX
ROWS
 N  gain
 L  room
 E  both
 G  least
 N  unused
COLUMNS
    MARKER MARKER 'INTORG'
    x gain 5 room 2
    x both 1
    y gain 4.5 room 3
    y least 1
    MARKER MARKER 'INTEND'
    z gain -1 both 1
    z unused 7
RHS
    RHS gain -2 room 6
    RHS both 2
    least 0.5
RANGES
    RNG room 4
    both -1
BOUNDS
 UP BND x 4
 BV BND y
 MI BND z
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "small.mps"


def test_every_section_is_read(file: Path) -> None:
    file.write_text(SMALL + "ENDATA\n")
    found = read(file)
    assert (found.name, found.sense, found.offset) == ("knap", "max", 2.0)
    assert found.columns == ("x", "y", "z")
    assert found.rows == ("room", "both", "least")
    assert found.cost.tolist() == [5.0, 4.5, -1.0]
    assert found.integer.tolist() == [True, True, False]
    assert (found.lower.tolist(), found.upper.tolist()) == ([0.0, 0.0, -math.inf], [4, 1, math.inf])
    assert found.row_lower.tolist() == [2.0, 1.0, 0.5]
    assert found.row_upper.tolist() == [6.0, 2.0, math.inf]
    assert found.matrix.toarray().tolist() == [[2, 3, 0], [1, 0, 1], [0, 1, 0]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" L  room", " Q  room"),
        (" E  both", " E  room"),
        ("    x gain 5 room 2", "    x gain five room 2"),
        ("    x gain 5 room 2", "    x gain 5 rooms 2"),
        ("    x gain 5 room 2", "    x gain 5 gain 2"),
        ("    RHS both 2", "    RHS both"),
        (" UP BND x 4", " UP BND w 4"),
        (" UP BND x 4", " XX BND x 4"),
        (" UP BND x 4", " SC BND x 4"),
        ("BOUNDS", "SOS1"),
        ("    MAX", "    BEST"),
    ],
)
def test_a_fault_names_its_line(file: Path, old: str, new: str) -> None:
    file.write_text(SMALL.replace(old, new, 1) + "ENDATA\n")
    with pytest.raises(ReadError) as raised:
        read(file)
    assert raised.value.line == SMALL[: SMALL.index(old)].count("\n") + 1
    assert raised.value.text("zh") != raised.value.text("en")


def test_a_file_cut_short_and_none_at_all_are_faults(file: Path) -> None:
    file.write_text(SMALL)
    with pytest.raises(ReadError, match="ENDATA"):
        read(file)
    with pytest.raises(ReadError, match="no such file"):
        read(file.with_name("none.mps"))


def test_what_the_engine_writes_is_read_and_has_the_same_optimum(file: Path) -> None:
    builder = Builder("min", offset=3.0)
    builder.add_columns("open", [4.0, 3.0, 5.0])
    builder.add_columns("go", [1.5, -0.5], upper=[7.5, np.inf], lower=[-1.0, 0.0], integer=False)
    builder.add_rows(
        "cover",
        {"open": csr_array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]]), "go": csr_array([[0.0, 0.25]] * 2)},
        lower=[1.0, 1.0],
        upper=[np.inf, 4.0],
    )
    builder.add_rows("room", {"go": csr_array([[1.0, 1.0]])}, lower=-np.inf, upper=2.0)
    program = builder.build()
    write(program, file)
    found = read(file)
    again = LinearProgram(
        sense=found.sense,
        cost=found.cost,
        lower=found.lower,
        upper=found.upper,
        integer=found.integer,
        matrix=found.matrix,
        row_lower=found.row_lower,
        row_upper=found.row_upper,
        columns={},
        rows={},
        offset=found.offset,
    )
    control = RunControl(RunLimits())
    one, other = (highs.solve(each, control) for each in (program, again))
    assert one.values is not None
    assert other.values is not None
    assert program.objective(one.values) == pytest.approx(again.objective(other.values))
