"""The stations of a plan with their coordinates, as a table; and tables as CSV."""

import csv
import io

from api.render.files.places import Target
from api.render.geojson import placing
from api.render.names import Names, implied_action
from api.render.station_tables import ordered_stations
from api.render.tables import Column, Row, Table, Value
from models.fire_stations import FireStationAnswer
from models.messages import message
from models.roads import TravelReport

_TRAVEL = ("travel_method", "travel_source")
_KEYS = ("id", "name_en", "name_zh", "class_id", "action", "x", "y", "crs")


def spots(names: Names, answer: FireStationAnswer, target: Target) -> Table | None:
    """Return the plan's stations with coordinates in ``target``; None where there are none."""
    if answer.plan is None or placing(names.request) != "geographic":
        return None
    rows = []
    for one in ordered_stations(names, answer.plan):
        site = names.sites.get(one.site_id)
        if site is None or site.lon is None or site.lat is None:
            continue
        x, y = target.from_wgs84(site.lon, site.lat)
        label = site.name
        cells: tuple[Value, ...] = (
            one.site_id,
            label.en if label else None,
            label.zh if label else None,
            one.class_id,
            implied_action(names.request, one),
            # Text, so that no digit of a coordinate is rounded away for reading.
            repr(round(float(x), 7)),
            repr(round(float(y), 7)),
            target.crs_name,
        )
        rows.append(Row(cells, illustrative=site.illustrative))
    titles = tuple(Column(key, key) for key in _KEYS)
    return Table("spots", message("file.stations", names.language), titles, tuple(rows))


def stations_csv(names: Names, answer: FireStationAnswer, target: Target) -> str | None:
    """Return the stations as CSV (UTF-8 with a mark, so that spreadsheets read Chinese names)."""
    table = spots(names, answer, target)
    if table is None:
        return None
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([*_KEYS, "illustrative", *_TRAVEL])
    travel = _travel(answer.travel)
    for row in table.rows:
        said = [safe(value) for value in row.cells[:5]] + list(row.cells[5:])
        writer.writerow([*said, str(row.illustrative).lower(), *travel])
    return "\ufeff" + made.getvalue()


def table_csv(table: Table, travel: TravelReport | None) -> str:
    """Return a table as CSV (UTF-8 with a mark) in base units; no text of it is a formula.

    Where it rests on ``travel``, each row says on which.
    """
    titles, said = (_TRAVEL, _travel(travel)) if travel is not None else ((), ())
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([*(safe(one.title) for one in table.columns), "illustrative", *titles])
    for row in table.rows:
        writer.writerow([*map(safe, row.cells), str(row.illustrative).lower(), *said])
    return "\ufeff" + made.getvalue()


def _travel(found: TravelReport | None) -> tuple[Value, ...]:
    return (found.method, safe(found.source or "")) if found else ("", "")


def safe(value: Value) -> Value:
    """Return a text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> safe("=1+1"), safe("Old")
    ("'=1+1", 'Old')
    """
    risky = isinstance(value, str) and value[:1] in tuple("=+-@\t\r")
    return f"'{value}" if risky else value
