"""Rows with shapes as files: CSV for tables, GeoJSON for maps."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import shapely
import typer

from api.render.files.spots import safe
from models.faults import Fault
from models.text import Text
from optimizer.errors import InputError

_DIGITS = 7  # of a degree: a centimetre

Crs = Annotated[
    str | None,
    typer.Option("--crs", help="wgs84, gcj02, bd09, cgcs2000 or EPSG:n, over the file's own."),
]
Layer = Annotated[str | None, typer.Option(help="The layer, where a file has several.")]
Encoding = Annotated[str | None, typer.Option(help="Of a file's text, such as GBK.")]


def check_name(path: Path) -> None:
    """Raise unless a file to write is CSV or GeoJSON by its name."""
    if path.suffix.lower() not in {".csv", ".geojson", ".json"}:
        need = Text(code="grid.need.out")
        raise InputError((Fault(path="--out", value=str(path), need=need),))


def layer_text(
    path: Path, keys: Sequence[str], rows: Iterable[Sequence[object]], shapes: Iterable[Any]
) -> str:
    """Return rows as the text of ``path``: CSV, or GeoJSON with a shape (WGS 84) for each."""
    if path.suffix.lower() == ".csv":
        return csv_text(keys, rows)
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(keys, map(_plain, row), strict=True)),
            "geometry": _rounded(shape),
        }
        for row, shape in zip(rows, shapes, strict=True)
    ]
    made = {"type": "FeatureCollection", "features": features}
    return json.dumps(made, ensure_ascii=False, allow_nan=False) + "\n"


def csv_text(keys: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV, with a mark so that spreadsheets read Chinese names."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(keys)
    for row in rows:
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in row])
    return "\ufeff" + made.getvalue()


def degrees(value: float) -> float:
    """Return a coordinate to the centimetre."""
    return round(float(value), _DIGITS)


def _plain(cell: object) -> object:
    """Return a cell as JSON has it; a whole amount stays whole."""
    if not isinstance(cell, Decimal):
        return cell
    return int(cell) if cell == cell.to_integral_value() else float(cell)


def _rounded(shape: Any) -> dict[str, Any]:
    """Return a shape as GeoJSON; rounding to a nanodegree keeps slivers whole."""
    rounded = shapely.transform(shape, lambda xy: xy.round(9))
    found: dict[str, Any] = shapely.geometry.mapping(rounded)
    return found
