"""Workbooks too large to be read are found out before they are."""

import io
import struct
import zipfile

import openpyxl
import pytest

from instances.tables.workbooks import TooLargeError, check_size


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
