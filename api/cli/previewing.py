"""``muster preview``: points under every reading of their numbers, over the user's own layers."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from api.cli.options import Lang
from api.cli.talk import errors_told, tell
from api.doubting import preview_of
from api.output import check_writable, write
from api.render.preview import preview
from instances.coordinates import Crs, CrsError, parse_crs, to_wgs84
from instances.coordinates.suspicion import Reading, suspect, swapped
from instances.tables.points import Points, read_layers, read_points
from models.faults import Fault
from models.messages import message, render
from models.text import Language, Text
from optimizer.errors import InputError

_SHIFTED: dict[str, Reading] = {"gcj02": "gcj02", "bd09": "bd09"}


def preview_points(
    points_file: Annotated[
        Path, typer.Argument(metavar="POINTS", help="CSV, XLSX, GeoJSON, GeoPackage or Shapefile.")
    ],
    *,
    layers: Annotated[
        list[Path], typer.Option("--layers", help="Roads or outlines to hold the points against.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The page to write (HTML).")],
    crs: Annotated[
        str | None, typer.Option("--crs", help="Of the points; default: what the file claims.")
    ] = None,
    layers_crs: Annotated[
        str | None, typer.Option("--layers-crs", help="Of the layers; default likewise.")
    ] = None,
    lang: Lang = "en",
) -> None:
    """Draw points as WGS 84, GCJ-02 and BD-09 over your own roads, and say which fits."""
    with errors_told(lang):
        check_writable(out)
        try:
            page, warning = _page(points_file, layers, crs, layers_crs, lang)
        except CrsError as error:
            raise InputError(error.faults) from None
        write(out, page)
        if warning is not None:
            tell(render(warning, lang))
        tell(message("cli.written", lang, path=str(out)))


def _page(
    path: Path, layer_paths: list[Path], crs: str | None, layers_crs: str | None, lang: Language
) -> tuple[str, Text | None]:
    points = read_points(path)
    system = parse_crs(crs or points.claimed or "wgs84", path="--crs" if crs else str(path))
    own = parse_crs(layers_crs, path="--layers-crs") if layers_crs is not None else None
    shapes = [shape for one in layer_paths for shape in read_layers(one, own)]
    lon, lat, declared = _numbers(points, system, path)
    found = suspect(lon, lat, shapes, declared=declared)
    shown = preview_of(path.name, points.names, (lon, lat), found, shapes)
    return preview(shown, lang), found.warning


def _numbers(points: Points, crs: Crs, path: Path) -> tuple[Any, Any, Reading]:
    """Return the numbers as longitudes and latitudes, and the reading they are said to need."""
    turned = swapped(points.x, points.y, crs, path=str(path))
    if turned is not None:
        raise InputError((turned,))
    declared = _SHIFTED.get(crs.kind, "wgs84")
    lon, lat = (points.x, points.y) if crs.shifted else to_wgs84(points.x, points.y, crs)
    wrong = ~((np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    if wrong.any() or not len(lon):
        values = {"crs": crs.name, "count": int(wrong.sum())}
        need = Text(code="coordinates.need.placed", values={**values})
        raise InputError((Fault(path=str(path), need=need),))
    return lon, lat, declared
