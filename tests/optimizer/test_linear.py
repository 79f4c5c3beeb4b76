import numpy as np
import pytest
from scipy.sparse import coo_array, csr_array, eye_array

from optimizer.linear import Builder, LinearProgram


def cover_program() -> LinearProgram:
    builder = Builder("max", offset=1.0)
    builder.add_columns("covered", [3.0, 2.0], upper=[1.0, 4.0], integer=False)
    builder.add_columns("open", [0.0, 0.0, -1.0], lower=-1.0)
    builder.add_rows("pick", {"open": csr_array(np.ones((1, 3)))}, lower=1, upper=2)
    terms = {"covered": eye_array(2, format="csr"), "open": -csr_array([[1, 0, 1], [0, 1, 1]])}
    builder.add_rows("link", terms, lower=-np.inf, upper=0.0)
    return builder.build()


def test_blocks_stand_where_their_names_say() -> None:
    program = cover_program()
    assert program.columns == {"covered": slice(0, 2), "open": slice(2, 5)}
    assert program.rows == {"pick": slice(0, 1), "link": slice(1, 3)}
    expected = [[0, 0, 1, 1, 1], [1, 0, -1, 0, -1], [0, 1, 0, -1, -1]]
    assert program.matrix.toarray().tolist() == expected
    assert program.lower.tolist() == [0, 0, -1, -1, -1]
    assert program.upper.tolist() == [1, 4, 1, 1, 1]
    assert program.integer.tolist() == [False, False, True, True, True]


def test_coefficients_given_twice_add_up() -> None:
    builder = Builder("min")
    builder.add_columns("x", [1.0])
    twice = coo_array(([2.0, 3.0], ([0, 0], [0, 0])), shape=(1, 1))
    builder.add_rows("row", {"x": twice}, lower=0, upper=5)
    assert builder.build().matrix.toarray().tolist() == [[5.0]]


def test_a_name_given_twice_is_refused() -> None:
    builder = Builder("min")
    builder.add_columns("x", [1.0])
    builder.add_rows("row", {"x": csr_array([[1.0]])}, lower=0, upper=1)
    with pytest.raises(ValueError, match="already a column block 'x'"):
        builder.add_columns("x", [1.0])
    with pytest.raises(ValueError, match="already a row block 'row'"):
        builder.add_rows("row", {"x": csr_array([[1.0]])}, lower=0, upper=1)
    with pytest.raises(ValueError, match="already a row block 'row'"):
        builder.build().with_rows("row", csr_array([[1.0]]), 0.0, 1.0)
    with pytest.raises(ValueError, match="already a column block 'x'"):
        builder.build().with_columns("x", 1, upper=1.0, integer=True)


def test_columns_are_added_in_no_row() -> None:
    program = cover_program().with_columns("more", 2, upper=3.0, integer=True)
    assert program.columns["more"] == slice(5, 7)
    assert program.matrix.shape == (3, 7)
    assert program.matrix.toarray()[:, 5:].tolist() == [[0, 0]] * 3
    assert program.upper.tolist()[5:] == [3, 3]
    assert program.integer.tolist()[5:] == [True, True]
    rows = csr_array([[0.0, 0, 0, 0, 0, 1, 1]])
    assert program.with_rows("both", rows, 0.0, 1.0).rows["both"] == slice(3, 4)


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        ({"y": csr_array([[1.0]])}, "unknown column block 'y'"),
        ({"x": csr_array([[1.0]])}, "1 columns for 'x', not 2"),
        ({}, "need one height"),
        ({"x": csr_array((1, 2)), "z": csr_array((2, 1))}, r"one height, not \[1, 2\]"),
    ],
)
def test_terms_that_do_not_fit_are_refused(terms: dict[str, csr_array], fault: str) -> None:
    builder = Builder("min")
    builder.add_columns("x", [1.0, 1.0])
    builder.add_columns("z", [1.0])
    with pytest.raises(ValueError, match=fault):
        builder.add_rows("row", terms, lower=0, upper=1)


def test_numbers_that_are_none_are_refused() -> None:
    builder = Builder("min")
    builder.add_columns("x", [np.inf])
    with pytest.raises(ValueError, match="finite"):
        builder.build()
    builder = Builder("min")
    builder.add_columns("x", [1.0], upper=np.nan)
    with pytest.raises(ValueError, match="upper holds a value that is not a number"):
        builder.build()


def test_an_empty_program_can_be_built() -> None:
    program = Builder("min", offset=3.0).build()
    assert program.matrix.shape == (0, 0)
    assert program.objective(np.zeros(0)) == 3.0
    assert program.violation(np.zeros(0)) == 0.0


def test_a_program_cannot_be_changed_in_place() -> None:
    program = cover_program()
    with pytest.raises(ValueError, match="read-only"):
        program.cost[0] = 9.0


def test_the_objective_counts_its_offset() -> None:
    values = np.array([1.0, 1.0, 0.0, 0.0, 1.0])
    assert cover_program().objective(values) == 5.0
    other = cover_program().with_cost([1.0, 0, 0, 0, 0], "min", 7.0)
    assert other.objective(values) == 8.0
    assert other.sense == "min"


@pytest.mark.parametrize(
    ("values", "violation"),
    [
        ([1.0, 1.0, 0.0, 0.0, 1.0], 0.0),
        ([0.5, 1.0, 0.0, 0.0, 1.0], 0.0),
        ([1.0, 1.0, 1.0, 1.0, 1.0], 1.0),
        ([0.0, 0.0, 0.0, 0.0, 0.0], 1.0),
        ([1.0, 0.0, 0.75, 0.0, 1.0], 0.25),
        ([0.0, 0.0, 3.0, 0.0, -1.0], 2.0),
        ([-0.5, 0.0, 0.0, 0.0, 1.0], 0.5),
        ([np.nan, 0.0, 0.0, 0.0, 1.0], np.inf),
    ],
)
def test_violation_is_the_largest_there_is(values: list[float], violation: float) -> None:
    assert cover_program().violation(np.array(values)) == pytest.approx(violation)


def test_rows_can_be_appended() -> None:
    program = cover_program().with_rows("floor", csr_array([[1.0, 1.0, 0, 0, 0]]), 2.0, np.inf)
    assert program.rows["floor"] == slice(3, 4)
    assert program.violation(np.array([1.0, 0.0, 0.0, 0.0, 1.0])) == 1.0
    with pytest.raises(ValueError, match="2 columns, not 5"):
        program.with_rows("narrow", csr_array((1, 2)), 0.0, 0.0)


def test_bounds_and_integrality_can_be_exchanged() -> None:
    program = cover_program().with_bounds(0.0, [1, 1, 1, 0, 0]).relaxed()
    assert program.lower.tolist() == [0] * 5
    assert program.upper.tolist() == [1, 1, 1, 0, 0]
    assert not program.integer.any()
    with pytest.raises(ValueError, match="shape"):
        program.with_bounds(0.0, [1.0, 1.0])
