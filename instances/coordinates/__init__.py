"""Any coordinate system to WGS 84 and back, and which one a file's numbers seem to be in."""

from instances.coordinates.systems import Crs, CrsError, parse_crs
from instances.coordinates.transform import distance_m, from_wgs84, metric_crs, to_wgs84

__all__ = [
    "Crs",
    "CrsError",
    "distance_m",
    "from_wgs84",
    "metric_crs",
    "parse_crs",
    "to_wgs84",
]
