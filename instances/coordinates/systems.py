"""Coordinate systems as people name them: WGS 84, CGCS2000, GCJ-02, BD-09, EPSG codes."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

from instances.extras import library
from models.faults import Fault
from models.text import Text

Kind = Literal["wgs84", "cgcs2000", "gcj02", "bd09", "projected"]


@dataclass(frozen=True)
class Crs:
    """A coordinate system.

    ``definition`` is what PROJ knows a ``projected`` one by, and ``base`` the geographic system
    it is led back to: its own where that is CGCS2000, which is taken to be WGS 84.
    """

    kind: Kind
    definition: str | None = None
    base: Literal["EPSG:4326", "EPSG:4490"] = "EPSG:4326"

    @property
    def name(self) -> str:
        """Return what `parse_crs` reads it from again."""
        return self.kind if self.definition is None else self.definition

    @property
    def shifted(self) -> bool:
        """Say whether it is one of the shifted systems, which PROJ does not know."""
        return self.kind in {"gcj02", "bd09"}


class CrsError(ValueError):
    """Coordinates that cannot be read; ``faults`` says why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.need.code}" for fault in faults))
        self.faults = faults


WGS84, CGCS2000 = Crs("wgs84"), Crs("cgcs2000")
GCJ02, BD09 = Crs("gcj02"), Crs("bd09")

_NAMES: dict[str, Crs] = {
    **dict.fromkeys(("wgs84", "wgs1984", "gps", "crs84", "ogccrs84"), WGS84),
    **dict.fromkeys(("4326", "epsg4326", "urnogcdefcrsogc1.3crs84"), WGS84),
    **dict.fromkeys(
        ("cgcs2000", "国家2000", "国家大地2000", "2000坐标", "国家2000坐标系"), CGCS2000
    ),
    **dict.fromkeys(("2000国家大地坐标系", "大地2000", "国家2000大地坐标系"), CGCS2000),
    **dict.fromkeys(("4490", "epsg4490", "chinageodeticcoordinatesystem2000"), CGCS2000),
    **dict.fromkeys(
        ("gcj02", "gcj", "火星", "火星坐标", "火星坐标系", "国测局", "国测局坐标"), GCJ02
    ),
    **dict.fromkeys(
        ("高德", "高德坐标", "高德地图", "高德坐标系", "amap", "腾讯", "tencent"), GCJ02
    ),
    **dict.fromkeys(("腾讯坐标", "腾讯地图", "mars"), GCJ02),
    **dict.fromkeys(
        ("bd09", "bd09ll", "百度", "百度坐标", "百度地图", "百度坐标系", "baidu"), BD09
    ),
}
_EPSG = re.compile(r"^(?:urn:ogc:def:crs:)?(?:epsg)?:{0,2}(?:\d[\d.]*:)?(\d{4,6})$", re.IGNORECASE)
_WKT = re.compile(r"^\s*(PROJC|GEOGC|GEODC|GEOGRAPHICCRS|COMPD|BOUND)", re.IGNORECASE)


def parse_crs(text: str, *, path: str = "crs") -> Crs:
    """Return the system that ``text`` names: a short name, an EPSG code, or WKT as in a .prj file.

    Raises
    ------
    CrsError
        It names none.

    Examples
    --------
    >>> parse_crs("国家2000").kind, parse_crs("高德").kind, parse_crs("EPSG:4547").definition
    ('cgcs2000', 'gcj02', 'EPSG:4547')
    """
    known = _NAMES.get(_plain(text))
    if known is not None:
        return known
    code = _EPSG.match(text.strip())
    if code is not None:
        return _of_proj(f"EPSG:{code[1]}", text, path)
    if _WKT.match(text):
        return _of_proj(text, text, path)
    raise _fault(text, path, "coordinates.need.crs")


def _plain(text: str) -> str:
    return re.sub(r"[\s_\-/:()]", "", unicodedata.normalize("NFKC", text)).casefold()


def _of_proj(definition: str, text: str, path: str) -> Crs:
    """Return a system of PROJ's, known by its EPSG code where it has one."""
    pyproj = library("pyproj")
    try:
        found = pyproj.CRS.from_user_input(definition)
    except pyproj.exceptions.CRSError:
        raise _fault(text, path, "coordinates.need.crs") from None
    code = found.to_epsg()
    named = _NAMES.get(f"epsg{code}")
    if named is not None:
        return named
    if not (found.is_projected or found.is_geographic):
        raise _fault(text, path, "coordinates.need.crs")
    told = definition if code is None else f"EPSG:{code}"
    if _on_cgcs2000(found):
        return Crs("projected", told, "EPSG:4490")
    try:  # Xian 1980 and others whose way to WGS 84 is not published would pass unshifted.
        pyproj.Transformer.from_crs(told, "EPSG:4326", allow_ballpark=False)
    except pyproj.exceptions.ProjError:
        raise _fault(text, path, "coordinates.need.datum", name=found.name) from None
    return Crs("projected", told)


def _on_cgcs2000(crs: Any) -> bool:
    """Say whether a system of PROJ's rests on CGCS2000, by EPSG's or Esri's name."""
    name = crs.datum.name if crs.datum is not None else ""
    return _plain(name) in {"china2000", "dchina2000"}


def _fault(text: str, path: str, code: str, **values: str) -> CrsError:
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    return CrsError((Fault(path=path, value=shown, need=Text(code=code, values={**values})),))
