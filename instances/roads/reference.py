"""Coordinates of files in the reference system that they declare, turned to WGS 84."""

from pathlib import Path

import numpy as np

from instances.extras import library
from instances.roads.ways import FloatArray, ToWgs84, refuse


def from_declared(path: Path, declared: object) -> ToWgs84:
    """Return the way from a declared system to WGS 84; a file that declares none is refused."""
    pyproj = library("pyproj")
    if declared is None or declared == "":
        raise refuse(path, "need.crs")
    try:
        system = pyproj.CRS.from_user_input(declared)
        transformer = pyproj.Transformer.from_crs(system, 4326, always_xy=True)
    except pyproj.exceptions.ProjError:
        raise refuse(path, "need.known_crs", value=str(declared)[:60]) from None

    def to_wgs84(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        lon, lat = transformer.transform(x, y)
        return np.asarray(lon), np.asarray(lat)

    return to_wgs84


def checked(path: Path, lon: FloatArray, lat: FloatArray) -> None:
    """Raise unless every position is on the earth."""
    with np.errstate(invalid="ignore"):
        good = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    if not good.all():
        worst = int(np.flatnonzero(~good)[0])
        value = f"{lon[worst]:g}, {lat[worst]:g}"
        raise refuse(path, "need.on_earth", value=value, number=int((~good).sum()))
