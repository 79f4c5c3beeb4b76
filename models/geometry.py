"""Shapes on the map, as GeoJSON writes them (RFC 7946): positions are [lon, lat] on WGS 84."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Model
from models.quantities import Latitude, Longitude

Position = tuple[Longitude, Latitude]
Line = Annotated[tuple[Position, ...], Field(min_length=2)]
Ring = Annotated[tuple[Position, ...], Field(min_length=4)]
Rings = Annotated[tuple[Ring, ...], Field(min_length=1)]  # the outer one first, then its holes


class Point(Model):
    """One position."""

    type: Literal["Point"] = "Point"
    coordinates: Position


class LineString(Model):
    """A line through at least two positions."""

    type: Literal["LineString"] = "LineString"
    coordinates: Line


class MultiLineString(Model):
    """Several lines."""

    type: Literal["MultiLineString"] = "MultiLineString"
    coordinates: tuple[Line, ...]


class Polygon(Model):
    """An area with its holes; every ring ends where it begins."""

    type: Literal["Polygon"] = "Polygon"
    coordinates: Rings


class MultiPolygon(Model):
    """Several areas."""

    type: Literal["MultiPolygon"] = "MultiPolygon"
    coordinates: tuple[Rings, ...]


Geometry = Annotated[
    Point | LineString | MultiLineString | Polygon | MultiPolygon, Field(discriminator="type")
]
