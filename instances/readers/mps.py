"""MPS files, fixed or free: a mixed-integer program as plain arrays.

Sections NAME, OBJSENSE, ROWS, COLUMNS (with MARKER lines for integers), RHS, RANGES, BOUNDS and
ENDATA are read; names hold no blanks. An integer column without bounds goes from 0 to infinity. A
constant of the objective is the negative of its right-hand side.

IBM (1992). Mathematical Programming System Extended/370: Program Reference Manual; as HiGHS and
other solvers read it today.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NoReturn

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from instances.readers import ReadError
from instances.readers.tokens import what_is
from models.text import Text

FloatArray = NDArray[np.float64]

_SENSES = ("N", "L", "G", "E")
_WITH_VALUE = frozenset({"UP", "LO", "FX", "UI", "LI", "SC"})
_WITHOUT = frozenset({"FR", "MI", "PL", "BV"})
# What a bound makes of a column's limits: NaN stands for the number it gives, None for no change.
_LIMITS: dict[str, tuple[float | None, float | None]] = {
    "UP": (None, math.nan),
    "UI": (None, math.nan),
    "LO": (math.nan, None),
    "LI": (math.nan, None),
    "FX": (math.nan, math.nan),
    "FR": (-math.inf, math.inf),
    "MI": (-math.inf, None),
    "PL": (None, math.inf),
    "BV": (0.0, 1.0),
}


@dataclass(frozen=True)
class Program:
    """``sense`` cost @ x + offset  s.t.  row_lower <= matrix @ x <= row_upper, lower <= x <= upper.

    Missing limits are infinite.
    """

    name: str
    sense: Literal["min", "max"]
    cost: FloatArray  # (column,)
    offset: float
    lower: FloatArray  # (column,)
    upper: FloatArray
    integer: NDArray[np.bool_]
    matrix: csr_array  # (row, column)
    row_lower: FloatArray  # (row,)
    row_upper: FloatArray
    columns: tuple[str, ...]
    rows: tuple[str, ...]


def read(path: Path) -> Program:
    """Return the program in an MPS file.

    Raises
    ------
    ReadError
        With the line that is not what the format says.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ReadError(path, None, Text(code="read.missing")) from None
    except UnicodeDecodeError:
        raise ReadError(path, None, Text(code="read.not_text")) from None
    return _Reading(path).program(text)


@dataclass
class _Reading:
    """One file being read: what its lines have said so far."""

    path: Path
    line: int = 0
    name: str = ""
    sense: Literal["min", "max"] = "min"
    goal: str | None = None
    free: set[str] = field(default_factory=set)  # rows without limits that are not the goal
    kinds: dict[str, str] = field(default_factory=dict)  # row -> its sense
    columns: dict[str, int] = field(default_factory=dict)
    integer: list[bool] = field(default_factory=list)
    entries: dict[tuple[str, int], float] = field(default_factory=dict)
    right: dict[str, float] = field(default_factory=dict)
    ranges: dict[str, float] = field(default_factory=dict)
    lower: dict[int, float] = field(default_factory=dict)
    upper: dict[int, float] = field(default_factory=dict)
    _whole: bool = False

    def program(self, text: str) -> Program:
        section, ended = "", False
        readers: dict[str, Callable[[list[str]], None]] = {
            "OBJSENSE": self._sense,
            "ROWS": self._row,
            "COLUMNS": self._column,
            "RHS": self._right,
            "RANGES": self._range,
            "BOUNDS": self._bound,
        }
        for words, head in self._lines(text):
            if head:
                section = words[0].upper()
                ended = section == "ENDATA"
                self._begin(section, words, known={*readers, "NAME", "ENDATA"})
            elif section in readers:
                readers[section](words)
            else:
                self._fail("read.unknown", found=words[0])
            if ended:
                break
        if not ended:
            self._fail("read.expected", need="ENDATA", found="")
        return self._built()

    def _lines(self, text: str) -> Iterator[tuple[list[str], bool]]:
        """Yield the words of each line that is no remark, and whether it opens a section."""
        for number, line in enumerate(text.splitlines(), 1):
            self.line = number
            words = line.split()
            if words and not line.startswith("*"):
                yield words, not line[0].isspace()

    def _begin(self, section: str, words: list[str], known: set[str]) -> None:
        if section not in known:
            self._fail("read.unknown", found=words[0])
        if section == "NAME":
            self.name = words[1] if len(words) > 1 else ""
        if section == "OBJSENSE" and len(words) > 1:
            self._sense(words[1:])

    def _sense(self, words: list[str]) -> None:
        said = words[0].upper()
        if said not in {"MIN", "MAX", "MINIMIZE", "MAXIMIZE"}:
            self._fail("read.expected", need="MIN or MAX", found=words[0])
        self.sense = "max" if said.startswith("MAX") else "min"

    def _row(self, words: list[str]) -> None:
        self._count(words, 2)
        kind, row = words[0].upper(), words[1]
        if kind not in _SENSES:
            self._fail("read.expected", need="N, L, G or E", found=words[0])
        if row in self.kinds or row in self.free or row == self.goal:
            self._fail("read.twice", found=row)
        if kind != "N":
            self.kinds[row] = kind
        elif self.goal is None:
            self.goal = row
        else:
            self.free.add(row)

    def _column(self, words: list[str]) -> None:
        if len(words) == 3 and words[1].strip("'") == "MARKER":
            said = words[2].strip("'")
            if said not in {"INTORG", "INTEND"}:
                self._fail("read.expected", need="INTORG or INTEND", found=words[2])
            self._whole = said == "INTORG"
            return
        if words[0] not in self.columns:
            self.columns[words[0]] = len(self.columns)
            self.integer.append(self._whole)
        column = self.columns[words[0]]
        for row, value in self._pairs(words):
            if (row, column) in self.entries:
                self._fail("read.twice", found=f"{words[0]} {row}")
            self.entries[row, column] = value

    def _right(self, words: list[str]) -> None:
        self.right |= dict(self._pairs(words))

    def _range(self, words: list[str]) -> None:
        self.ranges |= dict(self._pairs(words))

    def _pairs(self, words: list[str]) -> Iterator[tuple[str, float]]:
        """Yield row and number of a line; the name before them may be missing in RHS and RANGES."""
        rest = words[1:] if len(words) % 2 else words
        if not 2 <= len(rest) <= 4:
            self._fail("read.fields", need="3 or 5", found=str(len(words)))
        for row, said in zip(rest[::2], rest[1::2], strict=True):
            if row not in self.kinds and row != self.goal and row not in self.free:
                self._fail("read.unknown", found=row)
            yield row, self._number(said, "entry")

    def _bound(self, words: list[str]) -> None:
        kind = words[0].upper()
        if kind not in _WITH_VALUE | _WITHOUT:
            self._fail("read.unknown", found=words[0])
        numbered = kind in _WITH_VALUE
        most = 4 if numbered else 3
        if not most - 1 <= len(words) <= most + (not numbered):
            self._fail("read.fields", need=str(most), found=str(len(words)))
        name = words[-2] if numbered else words[2 if len(words) > 2 else 1]
        if name not in self.columns:
            self._fail("read.unknown", found=name)
        value = self._number(words[-1], "limit") if numbered else 0.0
        self._limit(kind, self.columns[name], value)

    def _limit(self, kind: str, column: int, value: float) -> None:
        if kind == "SC":  # semi-continuous: neither read nor passed over
            self._fail("read.unknown", found=kind)
        self.integer[column] |= kind in {"UI", "LI", "BV"}
        low, high = _LIMITS[kind]
        if low is not None:
            self.lower[column] = value if math.isnan(low) else low
        if high is not None:
            self.upper[column] = value if math.isnan(high) else high
        if kind == "UP" and value < 0 and column not in self.lower:
            self.lower[column] = -math.inf  # as the format has it of old

    def _number(self, said: str, what: str) -> float:
        try:
            value = float(said)
        except ValueError:
            value = math.nan
        if math.isnan(value):
            self._fail("read.number", what=what_is(what), found=said)
        return value

    def _count(self, words: list[str], need: int) -> None:
        if len(words) != need:
            self._fail("read.fields", need=str(need), found=str(len(words)))

    def _fail(self, code: str, **values: object) -> NoReturn:
        raise ReadError(self.path, self.line, Text.model_validate({"code": code, "values": values}))

    def _built(self) -> Program:
        rows, width = tuple(self.kinds), len(self.columns)
        place = {row: n for n, row in enumerate(rows)}
        cost = np.zeros(width)
        at, to, values = [], [], []
        for (row, column), value in self.entries.items():
            if row == self.goal:
                cost[column] = value
            elif row in place:
                at.append(place[row])
                to.append(column)
                values.append(value)
        matrix = csr_array((values, (at, to)), shape=(len(rows), width), dtype=np.float64)
        limits = np.array([self._limits(row) for row in rows]).reshape(-1, 2)
        return Program(
            name=self.name,
            sense=self.sense,
            cost=cost,
            offset=-self.right.get(self.goal or "", 0.0),
            lower=np.array([self.lower.get(n, 0.0) for n in range(width)]),
            upper=np.array([self.upper.get(n, math.inf) for n in range(width)]),
            integer=np.array(self.integer, dtype=np.bool_),
            matrix=matrix,
            row_lower=limits[:, 0],
            row_upper=limits[:, 1],
            columns=tuple(self.columns),
            rows=rows,
        )

    def _limits(self, row: str) -> tuple[float, float]:
        """Return a row's limits; a range widens them by its size, an equality to its side."""
        kind, right, size = self.kinds[row], self.right.get(row, 0.0), self.ranges.get(row)
        if kind == "E":
            return right + min(0.0, size or 0.0), right + max(0.0, size or 0.0)
        if kind == "L":
            return (-math.inf if size is None else right - abs(size)), right
        return right, (math.inf if size is None else right + abs(size))
