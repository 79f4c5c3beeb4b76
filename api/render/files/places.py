"""Where places go: the coordinate system a file is written in, and geometries moved into it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.messages import message
from models.text import Language

Move = Callable[[Any, Any], tuple[Any, Any]]


def unmoved(lon: Any, lat: Any) -> tuple[Any, Any]:
    """Return a position as it is."""
    return lon, lat


@dataclass(frozen=True)
class Target:
    """A coordinate system to write in: its name, what PROJ calls it, and the way from WGS 84.

    ``authority`` is None for systems without a registered code (GCJ-02, BD-09): files then carry
    no code that would place them wrongly, and say the name instead.
    """

    crs_name: str = "WGS 84"
    authority: str | None = "EPSG:4326"
    from_wgs84: Move = unmoved
    suffix: str = ""

    def said(self, language: Language) -> str:
        """Return the system's name, with a warning where it has no registered code."""
        if self.authority is not None:
            return self.crs_name
        return message("file.crs_unregistered", language, crs=self.crs_name)

    def moved(self, geometry: dict[str, Any]) -> dict[str, Any]:
        """Return a GeoJSON geometry with its positions in this system."""
        return {**geometry, "coordinates": self._moved(geometry["coordinates"])}

    def _moved(self, given: Any) -> Any:
        if given and isinstance(given[0], float | int):
            x, y = self.from_wgs84(given[0], given[1])
            return [float(x), float(y)]
        return [self._moved(one) for one in given]


WGS84 = Target()
