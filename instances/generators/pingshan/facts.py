"""The facts of the Pingshan scenario, as its small files hold them."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from instances.generators.plane import FloatArray, Plane
from models.text import Label

DATA = Path(__file__).parents[2] / "data"

# The middle of the district's bounding box.
PLANE = Plane(22.7025, 114.351)

# The district government, approximately: the centre that land prices fall away from.
CENTRE_LAT, CENTRE_LON = 22.697, 114.334

WEIGHTS = (
    "residents",
    "three_small",
    "hazardous_chemical_users",
    "key_fire_units",
    "buildings",
)


@dataclass(frozen=True)
class Community:
    """One of the 23 communities, and what the illustrative split gives it."""

    id: str
    name: Label
    subdistrict: str
    lat: float
    lon: float
    counts: dict[str, int]


@dataclass(frozen=True)
class ExistingStation:
    """A station that exists, in service or idle."""

    id: str
    name: Label
    lat: float
    lon: float
    class_id: str
    status: str
    headcount_people: int | None
    vehicles: dict[str, int] | None
    owner: str


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _label(row: dict[str, str]) -> Label:
    return Label(en=row["name_en"], zh=row["name_zh"])


@cache
def communities() -> tuple[Community, ...]:
    """Return the 23 communities."""
    return tuple(
        Community(
            id=row["id"],
            name=_label(row),
            subdistrict=row["subdistrict"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            counts={name: int(row[name]) for name in WEIGHTS},
        )
        for row in _rows("communities.csv")
    )


@cache
def subdistricts() -> dict[str, Label]:
    """Return the names of the six sub-districts by id."""
    return {row["id"]: _label(row) for row in _rows("subdistricts.csv")}


def _existing_station(row: dict[str, str]) -> ExistingStation:
    known = row["headcount_people"] != ""
    vehicles = {kind: int(row[kind]) for kind in ("engine", "ladder", "rescue") if known}
    return ExistingStation(
        id=row["id"],
        name=_label(row),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        class_id=row["class_id"],
        status=row["status"],
        headcount_people=int(row["headcount_people"]) if known else None,
        vehicles={kind: count for kind, count in vehicles.items() if count} if known else None,
        owner=f"{row['owner_en']} / {row['owner_zh']}",
    )


@cache
def stations() -> tuple[ExistingStation, ...]:
    """Return the 14 stations in service, 3 idle small ones and 5 idle detachments."""
    return tuple(map(_existing_station, _rows("stations.csv")))


@cache
def hazard_points() -> dict[str, tuple[int, int]]:
    """Return how many waterlogging spots and geohazard points each community has, by its id."""
    return {
        row["community"]: (int(row["waterlogging_points"]), int(row["geohazard_points"]))
        for row in _rows("hazard_points.csv")
    }


@cache
def totals() -> dict[str, float]:
    """Return the published totals by name."""
    return {row["name"]: float(row["value"]) for row in _rows("totals.csv")}


def outline_m() -> FloatArray:
    """Return the coarse outline of the district (23, 2) in metres on `PLANE`."""
    corners = np.array([[float(row["lat"]), float(row["lon"])] for row in _rows("outline.csv")])
    return PLANE.to_metres(corners[:, 0], corners[:, 1])


def community_points_m() -> FloatArray:
    """Return the community points (23, 2) in metres on `PLANE`."""
    lat = np.array([community.lat for community in communities()])
    lon = np.array([community.lon for community in communities()])
    return PLANE.to_metres(lat, lon)
