"""Demand points as arrays, whether they came in the request or as a dataset."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from models.places import DemandPoint, DemandTable
from optimizer.datasets import Store, dataset_error

FloatArray = NDArray[np.float64]

_TEXT_COLUMNS = ("id", "risk_class", "area")
_PLACE_COLUMNS = ("lat", "lon", "x_m", "y_m")
_AREA_COLUMNS = ("area_m2", "forest_share", "built_up_area_m2")


@dataclass(frozen=True)
class DemandArrays:
    """Demand points in request order; what nobody gave is None.

    ``built_up_area_m2`` is 0 where neither it nor ``area_m2`` is known.
    """

    ids: NDArray[np.object_]  # (demand,), str
    lat: FloatArray | None  # (demand,)
    lon: FloatArray | None
    x_m: FloatArray | None
    y_m: FloatArray | None
    weights: dict[str, FloatArray]  # name -> (demand,)
    risk_class: NDArray[np.object_] | None  # (demand,), str or None
    area: NDArray[np.object_] | None  # (demand,), str or None
    built_up_area_m2: FloatArray  # (demand,)

    def __len__(self) -> int:
        """Return the number of demand points."""
        return len(self.ids)

    @classmethod
    def from_request(
        cls, demand: tuple[DemandPoint, ...] | DemandTable, store: Store | None
    ) -> Self:
        """Return the points as arrays; a table is read from ``store``."""
        if isinstance(demand, DemandTable):
            return cls._from_table(demand, store)
        names = sorted({name for point in demand for name in point.weights})
        return cls(
            ids=_texts(point.id for point in demand),
            lat=_numbers(point.lat for point in demand),
            lon=_numbers(point.lon for point in demand),
            x_m=_numbers(point.x_m for point in demand),
            y_m=_numbers(point.y_m for point in demand),
            weights={
                name: np.array([point.weights.get(name, 0.0) for point in demand]) for name in names
            },
            risk_class=_some(_texts(point.risk_class for point in demand)),
            area=_some(_texts(point.area for point in demand)),
            built_up_area_m2=np.array([_built_up_m2(point) for point in demand]),
        )

    @classmethod
    def _from_table(cls, table: DemandTable, store: Store | None) -> Self:
        if store is None:
            raise dataset_error(table.sha256, code="dataset.no_store")
        columns = store.load(table.sha256)
        lengths = {len(column) for column in columns.values()}
        if len(lengths) != 1 or lengths == {0}:
            raise dataset_error(table.sha256, code="dataset.columns")
        count = lengths.pop()
        floats = {
            name: _column(table.sha256, name, column)
            for name, column in columns.items()
            if name not in _TEXT_COLUMNS
        }
        area_m2 = floats.get("area_m2", np.zeros(count))
        built_up = area_m2 * (1.0 - floats.get("forest_share", np.zeros(count)))
        places = (*_PLACE_COLUMNS, *_AREA_COLUMNS)
        ids = columns.get("id", np.arange(count))
        return cls(
            ids=_texts(str(one) for one in ids.tolist()),
            **{name: floats.get(name) for name in _PLACE_COLUMNS},
            weights={name: column for name, column in floats.items() if name not in places},
            risk_class=_names(columns.get("risk_class")),
            area=_names(columns.get("area")),
            built_up_area_m2=floats.get("built_up_area_m2", built_up),
        )


def _built_up_m2(point: DemandPoint) -> float:
    if point.built_up_area_m2 is not None:
        return point.built_up_area_m2
    return (point.area_m2 or 0.0) * (1.0 - point.forest_share)


def _column(sha256: str, name: str, column: NDArray[Any]) -> FloatArray:
    if column.dtype.kind not in "iuf" or not np.isfinite(column).all():
        raise dataset_error(sha256, code="dataset.finite", name=name)
    if name not in _PLACE_COLUMNS and (column < 0).any():
        raise dataset_error(sha256, code="dataset.not_negative", name=name)
    return column.astype(np.float64)


def _numbers(values: Any) -> FloatArray | None:
    array = np.array([np.nan if value is None else value for value in values])
    return None if np.isnan(array).any() else array


def _names(column: NDArray[Any] | None) -> NDArray[np.object_] | None:
    """Return a column of names; what is empty in a table (None, NaN) is None."""
    if column is None:
        return None
    return _some(_texts(str(one) if isinstance(one, str) else None for one in column))


def _texts(values: Any) -> NDArray[np.object_]:
    return np.array(list(values), dtype=object)


def _some(values: NDArray[np.object_]) -> NDArray[np.object_] | None:
    return values if any(value is not None for value in values) else None
