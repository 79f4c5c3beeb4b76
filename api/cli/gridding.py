"""``muster grid``: areas and what is counted in them to cells, every total kept."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import shapely
import typer

from api.cli.layers import Crs, Encoding, Layer, check_name, degrees, layer_text
from api.cli.options import Lang
from api.cli.talk import errors_told, tell
from api.output import check_writable, write
from instances.grids import Buildings, Grid, Mesh, Zones, make_grid, read_zones
from instances.shapes import (
    POINTS,
    POLYGONS,
    ShapeError,
    Shapes,
    Source,
    plane_of,
    read_shapes,
    to_plane,
)
from models.faults import Fault
from models.messages import message, render
from models.text import Text
from optimizer.errors import InputError


def grid(
    polygons: Annotated[
        Path,
        typer.Argument(metavar="POLYGONS", help="GPKG, GeoJSON, SHP or FGB of areas (or points)."),
    ],
    *,
    weights: Annotated[
        str, typer.Option(help="Columns to spread: residents, or residents=常住人口; by commas.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="demand.csv or demand.geojson.")],
    cell_m: Annotated[float, typer.Option(help="The side of a square cell, metres.")] = 250.0,
    h3: Annotated[
        int | None, typer.Option("--h3", help="Hexagons of this resolution of H3 instead.")
    ] = None,
    id_column: Annotated[str | None, typer.Option(help="The column that names an area.")] = None,
    buildings: Annotated[
        Path | None, typer.Option(help="Buildings: spread by their floors, not by ground.")
    ] = None,
    floor_column: Annotated[
        str | None, typer.Option(help="Their floor area; default: the footprint.")
    ] = None,
    buildings_crs: Annotated[
        str | None, typer.Option(help="Of the buildings; default: what their file declares.")
    ] = None,
    crs: Crs = None,
    layer: Layer = None,
    encoding: Encoding = None,
    lang: Lang = "en",
) -> None:
    """Cut areas into cells and spread what is counted in them, every total kept exactly.

    People are spread evenly over an area's ground, or over the floors of its buildings. Totals
    before and after are told on standard error.
    """
    with errors_told(lang):
        check_name(out)
        check_writable(out)
        wanted = _weights(weights)
        try:
            shapes = read_shapes(Source(polygons, crs, layer, encoding), POLYGONS, POINTS)
            zones = read_zones(shapes, wanted, id_column)
            floors = _buildings(buildings, buildings_crs, floor_column)
            made = make_grid(zones, Mesh(cell_m, h3), floors)
        except ShapeError as error:
            raise InputError(error.faults) from None
        write(out, _text(out, made))
        for text in (*_counts(zones, made), *made.notes):
            tell(render(text, lang))
        tell(message("cli.written", lang, path=str(out)))


def _weights(text: str) -> dict[str, str]:
    """Return the column of each weight, as in ``residents=常住人口,jobs``."""
    pairs = [tuple(part.strip() for part in one.split("=", 1)) for one in text.split(",")]
    found = {pair[0]: pair[-1] for pair in pairs}
    if not all(all(pair) for pair in pairs) or len(found) < len(pairs):
        need = Text(code="grid.need.weights")
        raise InputError((Fault(path="--weights", value=text, need=need),))
    return found


def _buildings(path: Path | None, crs: str | None, column: str | None) -> Buildings | None:
    if path is not None:
        return Buildings(read_shapes(Source(path, crs), POLYGONS, POINTS), column)
    if column is not None:
        need = Text(code="grid.need.buildings")
        raise InputError((Fault(path="--floor-column", value=column, need=need),))
    return None


def _text(path: Path, made: Grid) -> str:
    ground = ["area_m2", "area"] if made.zones is not None else []
    keys = ["id", "lat", "lon", *ground, *made.weights]
    return layer_text(path, keys, _rows(made), made.pieces)


def _rows(made: Grid) -> Iterator[list[object]]:
    amounts = zip(*made.weights.values(), strict=True)
    for at, parts in enumerate(amounts):
        ground: list[object] = []
        if made.zones is not None and made.area_m2 is not None:
            ground = [round(float(made.area_m2[at]), 4), made.zones[at]]
        yield [made.ids[at], degrees(made.lat[at]), degrees(made.lon[at]), *ground, *parts]


def _counts(zones: Zones, made: Grid) -> Iterator[Text]:
    yield Text(code="grid.made", values={"cells": len(made.ids), "zones": len(zones.ids)})
    if made.area_m2 is not None:
        after = float(made.area_m2.sum()) / 1e6
        yield Text(code="grid.area", values={"before": _area_km2(zones.shapes), "after": after})
    for name, total in made.totals.items():
        kept = sum(made.weights[name], Decimal(0))
        values = {"name": name, "before": f"{total:,f}", "after": f"{kept:,f}"}
        yield Text(code="grid.total", values={**values})


def _area_km2(shapes: Shapes) -> float:
    return float(shapely.area(to_plane(shapes.geometry, plane_of(shapes))).sum()) / 1e6
