from pathlib import Path

import highspy
import pytest
from scipy.sparse import csr_array

from models.run import RunLimits
from optimizer.backends import highs
from optimizer.backends.export import write
from optimizer.control import RunControl
from optimizer.linear import Builder, LinearProgram
from tests.optimizer.backends.programs import knapsack, mixed, whole_numbers


def optimum_of_file(path: Path) -> float:
    reader = highspy.Highs()
    reader.setOptionValue("output_flag", False)
    assert reader.readModel(str(path)) == highspy.HighsStatus.kOk
    reader.run()
    assert reader.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(reader.getInfo().objective_function_value)


@pytest.mark.parametrize("ending", ["mps", "lp"])
@pytest.mark.parametrize(
    "program", [mixed(), whole_numbers(), knapsack(30, 8)], ids=["mixed", "whole", "knapsack"]
)
def test_a_written_program_has_the_same_optimum(
    tmp_path: Path, program: LinearProgram, ending: str
) -> None:
    path = tmp_path / f"level-1.{ending}"
    write(program, path)
    expected = highs.solve(program, RunControl(RunLimits())).bound
    assert optimum_of_file(path) == pytest.approx(expected)


def test_columns_and_rows_are_called_after_their_blocks(tmp_path: Path) -> None:
    write(knapsack(30, 8), tmp_path / "program.mps")
    words = set((tmp_path / "program.mps").read_text().split())
    assert {"take_0", "take_29", "capacity_0", "capacity_7"} <= words


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.mps, \.lp"):
        write(mixed(), tmp_path / "program.txt")


def test_names_that_would_collide_are_refused(tmp_path: Path) -> None:
    builder = Builder("min")
    builder.add_columns("a b", [1.0])
    builder.add_columns("a_b", [1.0])
    builder.add_rows("row", {"a b": csr_array([[1.0]])}, lower=0, upper=1)
    with pytest.raises(ValueError, match="nothing but their spaces"):
        write(builder.build(), tmp_path / "program.lp")
