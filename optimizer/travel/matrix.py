"""A travel-time matrix as the request gives it: nested rows or a dataset."""

import numpy as np

from models.datasets import DatasetReference
from models.faults import Fault
from models.text import Text
from optimizer.datasets import Store, dataset_error
from optimizer.demand import FloatArray
from optimizer.errors import InputError

_ARRAY_NAME = "travel_time_s"


def scenario_matrix(
    given: tuple[tuple[float | None, ...], ...] | DatasetReference,
    shape: tuple[int, int],
    store: Store | None,
    scenario: int,
) -> FloatArray:
    """Return the matrix as an array of ``shape`` (demand, site), ``inf`` where unreachable.

    Raises
    ------
    InputError
        It has another shape, or negative times.

    Examples
    --------
    >>> scenario_matrix(((60.0, None),), (1, 2), None, 0)
    array([[60., inf]])
    """
    if isinstance(given, DatasetReference):
        matrix = _dataset(given, store)
    else:
        widths = sorted({len(row) for row in given})
        if len(given) != shape[0] or widths != [shape[1]]:
            raise _shape_error(scenario, shape, len(given), "/".join(map(str, widths)))
        matrix = np.array(given, dtype=np.float64)
    if matrix.shape != shape:
        raise _shape_error(scenario, shape, matrix.shape[0], str(matrix.shape[1:]))
    matrix[np.isnan(matrix)] = np.inf
    return matrix


def _dataset(reference: DatasetReference, store: Store | None) -> FloatArray:
    if store is None:
        raise dataset_error(reference.sha256, code="dataset.no_store")
    arrays = store.load(reference.sha256)
    matrix = arrays.get(_ARRAY_NAME)
    if matrix is None:
        matrix = np.column_stack(list(arrays.values()))
    if matrix.dtype.kind not in "iuf" or matrix.ndim != 2:
        raise dataset_error(reference.sha256, code="dataset.matrix", name=_ARRAY_NAME)
    times = matrix.astype(np.float64)
    if (times < 0).any():
        raise dataset_error(reference.sha256, code="dataset.times")
    return times


def _shape_error(
    scenario: int, shape: tuple[int, int], got_rows: int, got_columns: str
) -> InputError:
    need = Text(
        code="fault.matrix_shape",
        values={
            "rows": shape[0],
            "columns": shape[1],
            "got_rows": got_rows,
            "got_columns": got_columns,
        },
    )
    path = f"travel.scenarios[{scenario}].travel_time_s"
    return InputError((Fault(path=path, value=f"{got_rows} x {got_columns}", need=need),))
