"""The catalog of published instances: name, file, reader, source, best known value.

The files are not part of the program. They are looked for in the folder ``MUSTER_DATA`` names,
else in ``data`` of the working directory, else in ``../shared/data`` beside the checkout; each
family's ``best_known.csv`` there lists what is known of its instances; where there is none,
`instances.published` knows.
"""

import csv
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from instances.plain import CapacitatedProblem, TwoStageProblem
from instances.published import published
from instances.readers import (
    capacitated_arrays,
    mclp,
    or_library_pmed,
    or_library_scp,
    two_stage,
)
from instances.readers.facilities import request_of, uncapacitated
from models.facilities import FacilityRequest
from models.fire_stations import FireStationRequest

_CHECKOUT = Path(__file__).parents[1]


class NoDataError(LookupError):
    """The published data, or an instance of it, is not there."""


@dataclass(frozen=True)
class BestKnown:
    """What is known of an instance, in the unit of its publication.

    ``scale`` turns the request's objective into that unit: published = scale x objective.
    """

    value: float
    status: str
    source: str
    scale: float = 1.0


@dataclass(frozen=True)
class Entry:
    """One problem of the catalog; ``parameters`` are those its value belongs to."""

    name: str
    family: str
    file: str
    parameters: Mapping[str, str]
    value: float
    status: str
    value_source: str


Reader = Callable[[Path, Mapping[str, str]], FireStationRequest]


@dataclass(frozen=True)
class Family:
    """Instances of one format: how to name and read them, and where they were published."""

    name: str
    problem: str  # the first word of `parameter` in best_known.csv
    folder: str
    read: Reader
    source: str
    suffix: str = ""  # of the entry's name; may speak of the parameters
    licence: str = "not stated by the publisher; not passed on here"
    mean_over_weight: bool = field(default=False)  # published is a sum, the request's a mean
    file: str = "{instance}.txt"


@dataclass(frozen=True)
class CapacitatedFamily:
    """Instances of limited capacity, read as arrays: the capacitated search takes them as such."""

    name: str
    problem: str
    folder: str
    read: Callable[[Path, str], CapacitatedProblem]  # file, the instance's name
    source: str
    single_source: bool
    file: str
    suffix: str = ""
    licence: str = "not stated by the publisher; not passed on here"


@dataclass(frozen=True)
class StagedFamily:
    """Instances of two stages, plants and depots, read as arrays for their own search."""

    name: str
    problem: str
    folder: str
    read: Callable[[Path], TwoStageProblem]
    source: str
    suffix: str = ""
    licence: str = "not stated by the publisher; not passed on here"
    file: str = "{instance}.txt"


FAMILIES: Mapping[str, Family] = {
    family.name: family
    for family in (
        Family(
            name="pmed",
            problem="p-median",
            folder="pmed",
            read=lambda path, _: or_library_pmed.read(path),
            source="OR-Library; Beasley (1985), doi:10.1016/0377-2217(85)90040-2",
            mean_over_weight=True,
        ),
        Family(
            name="pmed-center",
            problem="p-center",
            folder="pmed",
            read=lambda path, _: or_library_pmed.read(path, problem="p-center"),
            source="OR-Library; Beasley (1985), doi:10.1016/0377-2217(85)90040-2",
            suffix="-center",
        ),
        Family(
            name="scp",
            problem="SCP",
            folder="scp",
            read=lambda path, _: or_library_scp.read(path),
            source="OR-Library; Beasley (1987), doi:10.1016/0377-2217(87)90141-X",
        ),
        Family(
            name="mclp",
            problem="MCLP",
            folder="mclp",
            read=lambda path, known: mclp.read(
                path, station_count=int(known["p"]), radius_m=float(known["r"])
            ),
            source="Lorena and Pereira (2002)",
            suffix="-r{r}-p{p}",
        ),
    )
}


CAPACITATED: Mapping[str, CapacitatedFamily] = {
    family.name: family
    for family in (
        CapacitatedFamily(
            name="cap",
            problem="CFL(multi-source)",
            folder="cap",
            read=lambda path, _: capacitated_arrays.or_library_cap(path),
            source="OR-Library; Beasley (1988), doi:10.1016/0377-2217(88)90175-0",
            single_source=False,
            file="{instance}.txt",
        ),
        CapacitatedFamily(
            name="cflp",
            problem="SSCFLP single-source",
            folder="cflp_holmberg",
            read=lambda path, _: capacitated_arrays.holmberg(path),
            source="Holmberg, Rönnqvist and Yuan (1999), doi:10.1016/S0377-2217(98)00008-3",
            single_source=True,
            file="{instance}",
        ),
        CapacitatedFamily(
            name="sjc",
            problem="CPMP",
            folder="pmedcap",
            read=lambda path, _: capacitated_arrays.lorena(path),
            source="Lorena and Senne (2004), doi:10.1016/S0305-0548(03)00039-X",
            single_source=True,
            file="lorena_sjc/{instance}.dat",
        ),
        CapacitatedFamily(
            name="pmedcap",
            problem="CPMP",
            folder="pmedcap",
            read=lambda path, name: capacitated_arrays.osman(path, int(name.rpartition("#")[2])),
            source="OR-Library; Osman and Christofides (1994)",
            single_source=True,
            file="folivetti/{file}.txt",
        ),
    )
}

UNCAPACITATED: Mapping[str, CapacitatedFamily] = {
    "ufl": CapacitatedFamily(
        name="ufl",
        problem="UFL",
        folder="cap",
        read=lambda path, _: uncapacitated(capacitated_arrays.or_library_cap(path)),
        source="UflLib, ORLIB package; Beasley (1988), doi:10.1016/0377-2217(88)90175-0",
        single_source=False,
        file="{instance}.txt",
        suffix="-ufl",
    )
}

STAGED: Mapping[str, StagedFamily] = {
    "tscflp": StagedFamily(
        name="tscflp",
        problem="TSCFLP(single product)",
        folder="tscflp",
        read=two_stage.read,
        source="Fernandes et al. (2014), doi:10.1016/j.cie.2014.05.023",
    )
}


def data_folder() -> Path | None:
    """Return the folder of published data, None where there is none.

    A folder that ``MUSTER_DATA`` names must exist.
    """
    named = os.environ.get("MUSTER_DATA")
    if named:
        if not Path(named).is_dir():
            raise NoDataError(f"MUSTER_DATA names {named!r}, which is not a folder")
        return Path(named)
    places = (Path("data"), _CHECKOUT.parent / "shared" / "data")
    return next((place for place in places if place.is_dir()), None)


def _parameters(text: str) -> tuple[str, dict[str, str]]:
    """Return the problem and its parameters, as in ``MCLP;r=800;p=1``.

    Examples
    --------
    >>> _parameters("MCLP;r=800;p=1")
    ('MCLP', {'r': '800', 'p': '1'})
    """
    problem, *pairs = text.split(";")
    return problem, dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def _entries(family: Family | CapacitatedFamily | StagedFamily, folder: Path) -> list[Entry]:
    found = []
    for row in _known(family, folder):
        problem, parameters = _parameters(row["parameter"])
        instance = row["instance"]
        named = family.file.format(instance=instance, file=instance.partition("#")[0])
        path = f"{family.folder}/{named}"
        if problem != family.problem or not (folder / path).is_file():
            continue
        found.append(
            Entry(
                name=row["instance"] + family.suffix.format_map(parameters),
                family=family.name,
                file=path,
                parameters=parameters,
                value=float(row["optimum"]),
                status=row["status"],
                value_source=row["source"],
            )
        )
    return found


def _known(family: Family | CapacitatedFamily | StagedFamily, folder: Path) -> list[dict[str, str]]:
    """Return what the folder's own list knows of a family; without one, what was published."""
    listed = folder / family.folder / "best_known.csv"
    if listed.is_file():
        with listed.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    return [
        {
            "instance": one.name,
            "parameter": ";".join(filter(None, (value.problem, value.parameters))),
            "optimum": str(value.value),
            "status": value.status,
            "source": value.citation,
        }
        for one in published().values()
        for value in one.values
        if one.family.folder == family.folder
    ]


def entries(family: str | None = None) -> tuple[Entry, ...]:
    """Return what the data folder holds, of one family or of all that are requests.

    Nothing where there is none.
    """
    folder = data_folder()
    if folder is None:
        return ()
    if family is None:
        return tuple(entry for one in FAMILIES.values() for entry in _entries(one, folder))
    every: dict[str, Family | CapacitatedFamily | StagedFamily]
    every = {**FAMILIES, **CAPACITATED, **UNCAPACITATED, **STAGED}
    asked = every[family]
    return tuple(_entries(asked, folder))


def available() -> tuple[str, ...]:
    """Return the names `load` knows on this machine."""
    return tuple(entry.name for entry in entries())


def load(name: str) -> tuple[FireStationRequest, BestKnown]:
    """Return the request called ``name`` and what is known of it."""
    folder = data_folder()
    entry = next((entry for entry in entries() if entry.name == name), None)
    if folder is None or entry is None:
        raise NoDataError(
            f"no instance {name!r} in {folder or 'the data folder, for there is none'};"
            " set MUSTER_DATA to the folder of published data"
        )
    family = FAMILIES[entry.family]
    request = family.read(folder / entry.file, entry.parameters)
    scale = or_library_pmed.sum_of_distances(request, 1.0) if family.mean_over_weight else 1.0
    return request, BestKnown(entry.value, entry.status, entry.value_source, scale)


def load_staged(entry: Entry) -> tuple[TwoStageProblem, BestKnown]:
    """Return an entry of two stages as arrays, and what is known of it."""
    problem = STAGED[entry.family].read(_file(entry))
    return problem, BestKnown(entry.value, entry.status, entry.value_source)


def load_capacitated(entry: Entry) -> tuple[CapacitatedProblem, BestKnown]:
    """Return an entry's problem as arrays, and what is known of it."""
    problem = CAPACITATED[entry.family].read(_file(entry), entry.name)
    return problem, BestKnown(entry.value, entry.status, entry.value_source)


def load_facilities(entry: Entry) -> tuple[FacilityRequest, BestKnown]:
    """Return an entry of `CAPACITATED` or `UNCAPACITATED` as a request of siting facilities."""
    family = {**CAPACITATED, **UNCAPACITATED}[entry.family]
    problem = family.read(_file(entry), entry.name)
    request = request_of(problem, single_source=family.single_source)
    return request, BestKnown(entry.value, entry.status, entry.value_source)


def _file(entry: Entry) -> Path:
    folder = data_folder()
    if folder is None:
        raise NoDataError(
            "there is no data folder; set MUSTER_DATA to the folder of published data"
        )
    return folder / entry.file
