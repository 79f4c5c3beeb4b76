"""How large a workbook is, found out in bounded memory before anything reads the whole of it.

A workbook is an archive: a few kilobytes may unpack to gigabytes, and a single cell in the last
row makes whoever walks the sheet make millions of them.
"""

import copy
import io
import re
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any
from xml.parsers import expat

# Beyond any list of places that people keep in a workbook; a city's grid comes as a layer.
UNPACKED_MAX_BYTES = 200_000_000
CELLS_MAX = 1_000_000
SIZES: dict[str, float | str] = {"limit_mb": UNPACKED_MAX_BYTES // 1_000_000, "cells": CELLS_MAX}
_PARTS_MAX = 10_000
_CHUNK_BYTES = 1 << 16
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,9})$")


class TooLargeError(ValueError):
    """A workbook unpacks to more than may be, or its sheets span more cells."""


class DamagedError(ValueError):
    """A file that is no workbook, or not a whole one."""


# What readers raise on bytes that are not what they seem, one by one: SyntaxError is what the
# parsers of XML raise, zlib and zipfile have errors of their own, and openpyxl trusts its parts.
_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    NotImplementedError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    OSError,
    EOFError,
)


def read_book(workbook: Path | bytes, *, values: bool = False) -> Any:
    """Return a workbook as openpyxl has it; with ``values`` formulas are their results.

    Raises
    ------
    TooLargeError, DamagedError
        It unpacks to more than may be; it is no workbook.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - an extra

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            check_size(workbook)
            source = io.BytesIO(workbook) if isinstance(workbook, bytes) else workbook
            return load_workbook(source, data_only=values)
    except TooLargeError:
        raise
    except _DAMAGES as error:
        raise DamagedError(str(error)) from None


def check_size(workbook: Path | bytes) -> None:
    """Raise where a workbook is too large to be read whole.

    Every part is unpacked piece by piece, whatever size the archive claims for it; of sheets the
    cells up to the last one of each are counted, filled or not, and those of merged ranges.

    Raises
    ------
    TooLargeError
        It is.
    ValueError, OSError, EOFError, zipfile.BadZipFile
        It is no workbook.
    """
    source = io.BytesIO(workbook) if isinstance(workbook, bytes) else workbook
    unpacked = cells = 0
    with zipfile.ZipFile(source) as archive:
        parts = archive.infolist()
        if len(parts) > _PARTS_MAX:
            raise TooLargeError
        for part in parts:
            sheet = _Extent() if part.filename.lower().endswith(".xml") else None
            for chunk in _unpacked(archive, part):
                unpacked += len(chunk)
                if unpacked > UNPACKED_MAX_BYTES:
                    raise TooLargeError
                if sheet is not None:
                    sheet.feed(chunk)
                    if cells + sheet.cells > CELLS_MAX:
                        raise TooLargeError
            cells += 0 if sheet is None else sheet.cells


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Any:
    """Yield a part piece by piece to its very end, past the size that the archive claims."""
    honest = copy.copy(part)
    honest.file_size = UNPACKED_MAX_BYTES + 2 * _CHUNK_BYTES
    size = 0
    with archive.open(honest) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            size += len(chunk)
            yield chunk
    if size != part.file_size:
        raise zipfile.BadZipFile(part.filename)


class _Extent:
    """How many cells a reader of a sheet would make; rows count up where none is named."""

    def __init__(self) -> None:
        self.row = self.column = self.last_row = self.last_column = self.merged = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start

    @property
    def cells(self) -> int:
        """The cells from the first to the last row and column, and those of merged ranges."""
        return self.last_row * self.last_column + self.merged

    def feed(self, chunk: bytes) -> None:
        """Read on.

        Raises
        ------
        ValueError
            It is no XML.
        """
        try:
            self._parser.Parse(chunk)
        except expat.ExpatError as error:
            raise ValueError(str(error)) from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(" ")[2]:
            case "row":
                self.row = _number(attributes.get("r")) or self.row + 1
                self.column = 0
                self.last_row = max(self.last_row, self.row)
            case "c":
                self.row, self.column = _place(attributes.get("r")) or (self.row, self.column + 1)
                self.last_row = max(self.last_row, self.row)
                self.last_column = max(self.last_column, self.column)
            case "mergeCell":
                self._merge(attributes.get("ref", ""))

    def _merge(self, span: str) -> None:
        first, last = (_place(one) for one in (span.partition(":")[0], span.rpartition(":")[2]))
        if first is not None and last is not None:
            self.merged += (abs(last[0] - first[0]) + 1) * (abs(last[1] - first[1]) + 1)
            self.last_row = max(self.last_row, first[0], last[0])
            self.last_column = max(self.last_column, first[1], last[1])


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else None


def _place(text: str | None) -> tuple[int, int] | None:
    """Return row and column of a cell.

    Examples
    --------
    >>> _place("B3"), _place("AA10"), _place(None)
    ((3, 2), (10, 27), None)
    """
    found = _CELL.match(text.upper()) if text else None
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(found[2]), column
