"""The coordinate system that results leave in: the one asked for, else the one they came in."""

from pathlib import Path

from api.problems import AnyRequest
from api.render.files.places import WGS84, Target
from instances.coordinates import CrsError, from_wgs84, parse_crs
from optimizer.errors import InputError

_GEOGRAPHIC = {"cgcs2000": "EPSG:4490"}


def target_of(asked: str | None, request: AnyRequest) -> Target:
    """Return the system that files are written in.

    Raises
    ------
    InputError
        ``asked`` names no system.
    """
    name = asked or request.source_crs
    if name is None:
        return WGS84
    try:
        system = parse_crs(name, path="--crs" if asked else "source_crs")
    except CrsError as error:
        raise InputError(error.faults) from None
    if system.kind == "wgs84":
        return WGS84
    return Target(
        crs_name=system.name,
        authority=_GEOGRAPHIC.get(system.kind, system.definition),
        from_wgs84=lambda lon, lat: from_wgs84(lon, lat, system),
        suffix=f".{system.name.lower().replace(':', '')}",
    )


def named_for(path: Path, target: Target) -> Path:
    """Return ``path`` with the system in its name, where that is not WGS 84.

    Examples
    --------
    >>> named_for(Path("plan.gpkg"), Target(suffix=".gcj02")).name
    'plan.gcj02.gpkg'
    """
    if not target.suffix or path.name.endswith(f"{target.suffix}{path.suffix}"):
        return path
    return path.with_name(f"{path.stem}{target.suffix}{path.suffix}")
