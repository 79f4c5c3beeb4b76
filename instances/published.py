"""Published instances: format, rule of distances, known values with citation, checksum, home.

The files themselves are not part of the program. A checksum is that of a file's words with one
blank between, so that line ends and layout, which copies differ in, do not count.
"""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"
_OR_LIBRARY = "https://people.brunel.ac.uk/~mastjjb/jeb/orlib/files/"


@dataclass(frozen=True)
class PublishedFamily:
    """Instances of one publication and one format.

    ``folder`` is where the data folder keeps them. ``files`` is the address that a file's name
    completes, None where its home gives no single files to take; ``home`` is the page about them.
    """

    name: str
    folder: str
    format: str
    distance: str
    source: str
    home: str
    files: str | None = None


@dataclass(frozen=True)
class KnownValue:
    """What is known of an instance: for which problem, with which parameters, and who says so."""

    problem: str
    parameters: str
    value: float
    status: str
    citation: str


@dataclass(frozen=True)
class Published:
    """One instance; ``content_sha256`` is the checksum of its words."""

    name: str
    family: PublishedFamily
    file: str
    content_sha256: str
    values: tuple[KnownValue, ...]

    @property
    def place(self) -> str:
        """Where the data folder keeps it."""
        return f"{self.family.folder}/{self.file}"

    @property
    def address(self) -> str | None:
        """Where it can be taken from, None where its home gives no single file."""
        return None if self.family.files is None else self.family.files + self.file


FAMILIES: Mapping[str, PublishedFamily] = {
    one.name: one
    for one in (
        PublishedFamily(
            "orlib-pmed",
            "pmed",
            "n m p; edges i j cost, the last cost of an edge counts",
            "shortest paths",
            "Beasley, J. E. (1985), doi:10.1016/0377-2217(85)90040-2",
            "https://people.brunel.ac.uk/~mastjjb/jeb/orlib/pmedinfo.html",
            _OR_LIBRARY,
        ),
        PublishedFamily(
            "orlib-cap",
            "cap",
            "m n; capacity and fixed cost a site; per customer its demand and m costs of all of it",
            "costs as given",
            "Beasley, J. E. (1988), doi:10.1016/0377-2217(88)90175-0",
            "https://people.brunel.ac.uk/~mastjjb/jeb/orlib/capinfo.html",
            _OR_LIBRARY,
        ),
        PublishedFamily(
            "orlib-scp",
            "scp",
            "m n; n costs; per row how many columns cover it, and which",
            "none: covered or not",
            "Beasley, J. E. (1987), doi:10.1016/0377-2217(87)90141-X",
            "https://people.brunel.ac.uk/~mastjjb/jeb/orlib/scpinfo.html",
            _OR_LIBRARY,
        ),
        PublishedFamily(
            "holmberg",
            "cflp_holmberg",
            "m n; capacity and fixed cost a site; n demands; m x n costs of the whole demand",
            "costs as given",
            "Holmberg, K., Ronnqvist, M. and Yuan, D. (1999), doi:10.1016/S0377-2217(98)00008-3",
            "https://doi.org/10.1016/S0377-2217(98)00008-3",
        ),
        PublishedFamily(
            "sjc-mclp",
            "mclp",
            "first line begins with n; x y demand in metres",
            "Euclid, not rounded",
            "Lorena, L. A. N. and Pereira, M. A. (2002), Int. J. of Industrial Engineering 9(1)",
            "http://www.lac.inpe.br/~lorena/instancias.html",
        ),
        PublishedFamily(
            "sjc-capacitated",
            "pmedcap/lorena_sjc",
            "n p; x y capacity demand",
            "Euclid, not rounded",
            "Lorena, L. A. N. and Senne, E. L. F. (2004), doi:10.1016/S0305-0548(03)00039-X",
            "http://www.lac.inpe.br/~lorena/instancias.html",
        ),
        PublishedFamily(
            "tsplib",
            "tsplib",
            "TSPLIB: NODE_COORD_SECTION, number x y",
            "p-median: Euclid rounded down; p-center: Euclid, not rounded",
            "Reinelt, G. (1991), doi:10.1287/ijoc.3.4.376",
            "http://comopt.ifi.uni-heidelberg.de/software/TSPLIB95/",
        ),
    )
}

_CITATIONS: Mapping[str, str] = {
    "beasley1985": "OR-Library, pmedopt",
    "beasley1987": "OR-Library's sets of Beasley (1987, 1990), table of fontanf/setcoveringsolver",
    "beasley1988": "OR-Library, capopt",
    "computed": "proved with HiGHS for this table; held against no publication",
    "duran2023": "Duran-Mateluna, C., Ales, Z. and Elloumi, S. (2023), EJOR 308, table 2",
    "holmberg1999": "Holmberg et al. (1999), table of Oscar-Oliveira/OR-Datasets",
    "lorena2004": "Lorena and Senne (2004)",
    "pullan2008": "Pullan, W. (2008), Computational Intelligence 24(4)",
    "ufllib": "UflLib, ORLIB package",
}


@cache
def published() -> Mapping[str, Published]:
    """Return every instance by its name; Holmberg's p1 is ``holmberg-p1``."""
    values: dict[tuple[str, str], list[KnownValue]] = {}
    for row in _rows("published_values.csv"):
        values.setdefault((row["family"], row["name"]), []).append(
            KnownValue(
                row["problem"],
                row["parameters"],
                float(row["value"]),
                row["status"],
                _CITATIONS[row["citation"]],
            )
        )
    found: dict[str, Published] = {}
    for row in _rows("published_files.csv"):
        family = FAMILIES[row["family"]]
        name = f"holmberg-{row['name']}" if family.name == "holmberg" else row["name"]
        known = tuple(values.get((family.name, row["name"]), ()))
        found[name] = Published(name, family, row["file"], row["content_sha256"], known)
    return found


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def content_sha256(raw: bytes) -> str:
    r"""Return the checksum of a file's words.

    Examples
    --------
    >>> content_sha256(b" 1 2\r\n3\n") == content_sha256(b"1 2 3")
    True
    """
    return hashlib.sha256(b" ".join(raw.split())).hexdigest()
