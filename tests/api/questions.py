"""Filled-in workbooks that the tests of the doors share."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

from instances.projects.template import template


def filled(*, bad: bool = False, **settings: object) -> bytes:
    """Return the template filled in: 12 places, 5 sites, two stations; ``settings`` by key.

    ``bad``: the first place has no number of residents, and the second site no latitude.
    """
    book = openpyxl.load_workbook(io.BytesIO(template()))
    given = {"crs": "wgs84", "new_stations": 2, "name": "试点"} | settings
    for row in book["参数 Settings"].iter_rows(min_row=2):
        if row[0].value in given:
            row[1].value = given[row[0].value]
    for i in range(12):
        people = "many" if bad and i == 0 else 1000 * (i + 1)
        row = (f"p{i}", f"社区{i}", 22.52 + 0.0024 * i, 114.0 + 0.003 * (i % 4), people)
        book["需求 Demand"].append(row)
    for j in range(5):
        lat = 122.5 if bad and j == 1 else 22.521 + 0.006 * j
        book["站址 Sites"].append((f"s{j}", f"候选{j}", lat, 114.005))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def filled_in(
    kind: str,
    settings: Mapping[str, object],
    sheets: Mapping[str, Sequence[Mapping[str, object]]],
) -> bytes:
    """Return the template of a kind with settings by key, and rows by the keys of headings."""
    book = openpyxl.load_workbook(io.BytesIO(template(kind)))
    for row in book["参数 Settings"].iter_rows(min_row=2):
        row[1].value = settings.get(str(row[0].value), row[1].value)
    for title, rows in sheets.items():
        _fill(book[title], rows)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _fill(sheet: Any, rows: Sequence[Mapping[str, object]]) -> None:
    columns = {str(cell.value).split()[-1]: cell.column for cell in sheet[1]}
    for at, row in enumerate(rows, sheet.max_row + 1):
        for head, value in row.items():
            sheet.cell(at, columns[head]).value = value
