"""Workbooks too large to be read are found out before they are."""

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from instances.tables.files import read_tables
from instances.tables.workbooks import TooLargeError, check_size
from tests.api.questions import filled


def _book(**cells: object) -> bytes:
    book = openpyxl.Workbook()
    for place, value in cells.items():
        book.active[place] = value
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _with_sheet(xml: str) -> bytes:
    """Return a workbook whose sheet is ``xml``."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_book(A1=1))) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, xml if name.endswith("sheet1.xml") else old.read(name))
    return made.getvalue()


def test_a_plain_workbook_passes() -> None:
    check_size(_book(A1="id", B2=3, Z900="last"))


def test_a_single_cell_in_the_last_corner_is_too_large() -> None:
    with pytest.raises(TooLargeError):
        check_size(_book(A1="id", XFD1048576="stray"))


@pytest.mark.parametrize(
    "inside",
    [
        "<sheetData/><mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells>",
        "<sheetData>" + "<row>" * 1 + "<c/>" * 1_100_000 + "</row></sheetData>",
        "<sheetData><row r='900000'><c r='A900000'/><c r='C900000'/></row></sheetData>",
    ],
    ids=["merged", "unnamed cells", "far row"],
)
def test_cells_are_counted_as_a_reader_would_make_them(inside: str) -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with pytest.raises(TooLargeError):
        check_size(_with_sheet(f"<worksheet xmlns='{space}'>{inside}</worksheet>"))


def test_an_archive_that_lies_about_its_sizes_is_unpacked_no_further() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/lies.bin", bytes(300_000_000))
    raw = made.getvalue().replace(struct.pack("<L", 300_000_000), struct.pack("<L", 10))
    with pytest.raises(TooLargeError):
        check_size(raw)
    small = io.BytesIO()
    with zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/lies.bin", bytes(300_000))
    with pytest.raises(zipfile.BadZipFile):
        check_size(small.getvalue().replace(struct.pack("<L", 300_000), struct.pack("<L", 10)))


@pytest.mark.parametrize("seed", range(4))
def test_a_workbook_damaged_anywhere_is_read_or_refused(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    whole = zipfile.ZipFile(io.BytesIO(filled()))
    parts = {name: whole.read(name) for name in whole.namelist()}
    refused = 0
    for name in [one for one in parts if one.endswith((".xml", ".rels"))]:
        damaged = bytearray(parts[name])
        for _ in range(3):
            damaged[rng.integers(len(damaged))] = rng.choice(list(b"<>\"'&0Az"))
        if seed == 0:
            del damaged[len(damaged) // 2 :]
        path = tmp_path / "book.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            for other, content in parts.items():
                archive.writestr(other, damaged if other == name else content)
        tables, faults = read_tables(path)
        assert tables or faults
        refused += not tables
    assert refused > 0


def test_a_title_above_the_headings_is_passed_over(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled()))
    sheet = book["需求 Demand"]
    sheet.insert_rows(1, 2)
    sheet["A1"] = "各社区常住人口统计表"
    sheet.merge_cells("A1:E1")
    book.save(tmp_path / "book.xlsx")
    plain = {one.name: one for one in read_tables(_saved(tmp_path, filled()))[0]}
    titled = {one.name: one for one in read_tables(tmp_path / "book.xlsx")[0]}
    name = "book.xlsx:需求 Demand"
    assert titled[name].rows == plain[name].rows
    assert [n - 2 for n in titled[name].numbers] == list(plain[name].numbers)


def _saved(folder: Path, content: bytes) -> Path:
    path = folder / "plain" / "book.xlsx"
    path.parent.mkdir()
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8", ";"), ("utf-16", "\t"), ("gb18030", ",")]
)
def test_csv_is_read_as_spreadsheets_save_it(encoding: str, separator: str, tmp_path: Path) -> None:
    text = "坪山区需求\n编号,名称,纬度\np1,龙田,22.7\n".replace(",", separator)
    (tmp_path / "demand.csv").write_bytes(text.encode(encoding))
    (table,), faults = read_tables(tmp_path / "demand.csv")
    assert faults == ()
    assert table.rows == ({"编号": "p1", "名称": "龙田", "纬度": "22.7"},)
