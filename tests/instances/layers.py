"""Layers written by the tests: plain figures in metres around a place in Pingshan."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from instances.coordinates import to_wgs84
from instances.shapes import Shapes

PLANE = "EPSG:4547"
EAST, NORTH = 536_000.0, 2_507_000.0  # multiples of 250 and 1000, so that cells are foreseen


def moved(figure: Any, crs: str = "wgs84") -> Any:
    """Return a figure drawn in metres from the place as degrees (or as metres of the plane)."""
    shifted = shapely.transform(figure, lambda xy: xy + np.array([EAST, NORTH]))
    if crs == PLANE:
        return shifted
    return shapely.transform(
        shifted, lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], PLANE))
    )


def layer(figures: list[Any], **columns: list[object]) -> Shapes:
    """Return figures in metres as a layer that was read."""
    return Shapes("a.gpkg", np.array([moved(one) for one in figures], dtype=object), {**columns})


def geojson(path: Path, figures: list[Any], **columns: list[object]) -> Path:
    """Write figures in metres as GeoJSON on WGS 84."""
    features = [
        {
            "type": "Feature",
            "properties": {name: values[at] for name, values in columns.items()},
            "geometry": shapely.geometry.mapping(moved(one)),
        }
        for at, one in enumerate(figures)
    ]
    made = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return path
