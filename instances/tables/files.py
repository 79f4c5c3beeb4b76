"""Files of rows to tables: spreadsheets, CSV, and points in the formats of maps."""

import codecs
import csv
import io
import warnings
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from instances.tables.layers import LayerError, layers_of, read_layer
from instances.tables.workbooks import SIZES, DamagedError, TooLargeError, read_book
from models.faults import Fault
from models.text import Text

GEOMETRY_X, GEOMETRY_Y = "geometry_x", "geometry_y"
MAPS = frozenset({".geojson", ".gpkg", ".shp", ".fgb"})
_SEPARATORS = (",", ";", "\t")
_TITLES_MAX = 3  # rows above the headings
SUFFIXES = frozenset({".csv", ".xlsx", ".parquet"}) | MAPS


@dataclass(frozen=True)
class Table:
    """Rows of one file or sheet; ``numbers`` are their rows as the file counts them, from 1.

    Points of a map format stand in the columns ``geometry_x`` and ``geometry_y``, in ``crs``;
    other shapes (shapely) in ``shapes``, that of row ``number`` at ``number - 1``.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, object], ...]
    numbers: tuple[int, ...]
    crs: str | None = None
    shapes: tuple[Any, ...] = field(default=(), repr=False)


class TableError(ValueError):
    """A file that cannot be read as a table; ``faults`` says why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.need.code}" for fault in faults))
        self.faults = faults


Choice = Callable[[Sequence[str]], Collection[str]]


def _none_of(names: Sequence[str]) -> Collection[str]:
    del names
    return ()


def read_tables(
    path: Path, *, passed_over: Choice = _none_of
) -> tuple[tuple[Table, ...], tuple[Fault, ...]]:
    """Return the tables of a file, one, or one a sheet or layer, and what is wrong with it.

    A file that is missing, damaged, empty, or of a kind that is not read has no tables.
    ``passed_over`` says which of the sheets or layers of a file are not read.
    """
    if not path.is_file():
        return (), _error(path.name, "table.need.file").faults
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        return (), _error(path.name, "table.need.format").faults
    try:
        if suffix == ".xlsx":
            return _read_workbook(path, passed_over)
        if suffix in MAPS:
            return _read_layers(path, passed_over)
        return (_read_parquet(path) if suffix == ".parquet" else _read_csv(path),), ()
    except TableError as error:
        return (), error.faults


def _error(path: str, code: str, **values: Any) -> TableError:
    return TableError((Fault(path=path, need=Text(code=code, values=values)),))


def _read_csv(path: Path) -> Table:
    content = path.read_bytes()
    # Excel's "Unicode text" is UTF-16 with a mark; without one it cannot be told from noise.
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise _error(path.name, "table.need.encoding")
    if "\0" in text:
        raise _error(path.name, "table.need.encoding")
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=_separator(text), strict=True)
    try:
        cells = [(reader.line_num, list[object](row)) for row in reader]
    except csv.Error:
        raise _error(f"{path.name}:{reader.line_num}", "table.need.csv") from None
    return _table(path.name, cells)


def _separator(text: str) -> str:
    r"""Return what separates the cells of the first line that has several.

    Examples
    --------
    >>> _separator("id,lat,lon"), _separator("A title\nid;lat;lon\na;1,5;2,5"), _separator("id")
    (',', ';', ',')
    """
    lines = [line for line in text.splitlines() if line.strip()][: _TITLES_MAX + 1]
    first = next((line for line in lines if any(one in line for one in _SEPARATORS)), "")
    return max(_SEPARATORS, key=first.count)  # the comma where none is there


def _read_workbook(path: Path, passed_over: Choice) -> tuple[tuple[Table, ...], tuple[Fault, ...]]:
    try:
        shown, written = read_book(path, values=True), read_book(path)
    except TooLargeError:
        raise _error(path.name, "table.need.small_workbook", **SIZES) from None
    except DamagedError:
        raise _error(path.name, "table.need.workbook") from None
    faults: list[Fault] = []
    tables = []
    without = passed_over(shown.sheetnames)
    for sheet in (one for one in shown.worksheets if one.title not in without):
        name = f"{path.name}:{sheet.title}"
        rows = list(sheet.iter_rows(values_only=True))
        headings = _headings([(n, list(row)) for n, row in enumerate(rows, 1)])
        spans = sheet.merged_cells.ranges
        if any(span.min_row <= headings <= span.max_row for span in spans):
            need = Text(code="table.need.unmerged")
            faults.append(Fault(path=f"{name}:{headings}", need=need))
            continue
        faults += _unknown_results(name, rows, written[sheet.title])
        if not any(cell is not None for row in rows for cell in row):
            continue
        try:
            tables.append(_table(name, [(n, list(row)) for n, row in enumerate(rows, 1)]))
        except TableError as error:
            faults += error.faults
    if not tables and not faults:
        faults.append(Fault(path=path.name, need=Text(code="table.need.rows")))
    return tuple(tables), tuple(faults)


def _unknown_results(name: str, rows: list[tuple[Any, ...]], written: Any) -> list[Fault]:
    """Return a fault for each formula whose result the file does not hold."""
    return [
        Fault(path=f"{name}:{cell.coordinate}", need=Text(code="table.need.result"))
        for row in written.iter_rows()
        for cell in row
        if cell.data_type == "f" and rows[cell.row - 1][cell.column - 1] is None
    ]


def _read_layers(path: Path, passed_over: Choice) -> tuple[tuple[Table, ...], tuple[Fault, ...]]:
    """Return a table for each layer of a map file; that of the only one goes by the file."""
    tables: list[Table] = []
    faults: list[Fault] = []
    try:
        layers = layers_of(path)
        without = passed_over(layers)
        for layer in (one for one in layers if one not in without):
            name = path.name if len(layers) == 1 else f"{path.name}:{layer}"
            try:
                tables.append(_of_frame(name, read_layer(path, layer=layer)))
            except TableError as error:
                faults += error.faults
    except LayerError:
        raise _error(path.name, "table.need.whole") from None
    return tuple(tables), tuple(faults)


def _read_parquet(path: Path) -> Table:
    import geopandas  # noqa: PLC0415 - an extra
    import pandas as pd  # noqa: PLC0415

    frame: Any
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = pd.read_parquet(path)
            if "geometry" in frame.columns:
                frame = geopandas.read_parquet(path)
    except (ValueError, OSError, RuntimeError, KeyError, TypeError):
        raise _error(path.name, "table.need.whole") from None
    return _of_frame(path.name, frame)


def _of_frame(name: str, frame: Any) -> Table:
    """Return the rows of a frame, with points as two columns."""
    import geopandas  # noqa: PLC0415 - an extra
    import pandas as pd  # noqa: PLC0415

    crs = None
    shapes: tuple[Any, ...] = ()
    if isinstance(frame, geopandas.GeoDataFrame):
        geometry = frame.geometry
        crs = None if frame.crs is None else frame.crs.to_string()
        in_metres = frame.crs is not None and not frame.crs.is_geographic
        frame = pd.DataFrame(frame.drop(columns=geometry.name))
        if (geometry.geom_type == "Point").all() and not geometry.is_empty.any():
            frame[GEOMETRY_X], frame[GEOMETRY_Y] = geometry.x, geometry.y
        elif not {"lat", "lon"} <= set(frame.columns):
            shapes = tuple(geometry)
        elif in_metres:  # parcels and cells say in degrees where they lie
            crs = None
    rows = [list(row) for row in frame.itertuples(index=False, name=None)]
    table = _table(name, list(enumerate([list(frame.columns), *rows], 0)), crs)
    return replace(table, shapes=shapes) if shapes else table


def _headings(cells: list[tuple[int, list[object]]]) -> int:
    """Return the number of the row of headings: the first, past titles above it.

    A title is a row with one cell above a row of several, none of which is a number.
    """
    filled = [
        (number, [cell for cell in row if not is_blank(cell)])
        for number, row in cells
        if any(not is_blank(cell) for cell in row)
    ]
    place = 0
    while place < min(_TITLES_MAX, len(filled) - 1) and len(filled[place][1]) == 1:
        place += 1
    if not filled:
        return 1
    titled = len(filled[place][1]) > 1 and not any(_is_number(one) for one in filled[place][1])
    return filled[place][0] if titled else filled[0][0]


def _is_number(cell: object) -> bool:
    if not isinstance(cell, str):
        return True
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _table(name: str, cells: list[tuple[int, list[object]]], crs: str | None = None) -> Table:
    first = _headings(cells)
    filled = [
        (number, row)
        for number, row in cells
        if number >= first and any(not is_blank(cell) for cell in row)
    ]
    if len(filled) < 2:
        raise _error(name, "table.need.rows")
    (header_row, header), body = filled[0], filled[1:]
    columns = ["" if is_blank(cell) else str(cell).strip() for cell in header]
    twice = sorted({one for one in columns if one and columns.count(one) > 1})
    faults = [
        Fault(path=f"{name}:{header_row}", value=one, need=Text(code="table.need.unique_header"))
        for one in twice
    ]
    faults += [
        Fault(path=f"{name}:{number}", need=Text(code="table.need.width"))
        for number, row in body
        if any(not is_blank(cell) for cell in row[len(columns) :])
    ]
    if faults:
        raise TableError(tuple(faults))
    rows = tuple({c: v for c, v in zip(columns, row, strict=False) if c} for _, row in body)
    kept = tuple(one for one in columns if one)
    return Table(name, kept, rows, tuple(number for number, _ in body), crs)


def read_name(cell: object) -> str | None:
    """Return a cell as a name, None where it is blank; a whole number stays one.

    Examples
    --------
    >>> read_name(12.0), read_name(" 坪山社区 "), read_name(float("nan"))
    ('12', '坪山社区', None)
    """
    if is_blank(cell):
        return None
    whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell)) if whole and isinstance(cell, float) else str(cell).strip()


def is_blank(cell: object) -> bool:
    """Return whether a cell holds nothing: empty, spaces, not a number or not a time."""
    if isinstance(cell, float | datetime):
        return cell != cell  # noqa: PLR0124  NaN and NaT alone differ from themselves
    return cell is None or (isinstance(cell, str) and not cell.strip())
