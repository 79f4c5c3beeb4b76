"""``muster parcels``: parcels that may hold a station, and why the others may not."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from api.cli.layers import Crs, Encoding, Layer, check_name, csv_text, degrees, layer_text
from api.cli.options import Lang
from api.cli.talk import errors_told, tell
from api.output import check_writable, write
from instances.parcels import LAND_AREA_M2, Columns, Parcel, Rules, judge
from instances.shapes import LINES, POLYGONS, ShapeError, Source, read_shapes
from models.faults import Fault
from models.messages import message, render
from models.text import Text
from optimizer.errors import InputError

_SITE = ("id", "name", "lat", "lon", "area_m2", "frontage_m", "road", "use", "allowed_classes")
_REJECT = ("id", "name", "lat", "lon", "area_m2", "frontage_m", "use", "codes", "why_en", "why_zh")


def parcels(
    parcels_file: Annotated[
        Path, typer.Argument(metavar="PARCELS", help="GPKG, GeoJSON, SHP or FGB of parcels.")
    ],
    *,
    roads: Annotated[Path, typer.Option(help="Road lines with a column of classes.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="sites.csv or sites.geojson.")],
    rejects: Annotated[Path | None, typer.Option(help="The others with the reasons (CSV).")] = None,
    classes: Annotated[
        str | None, typer.Option(help=f"Of {', '.join(LAND_AREA_M2)}; default: all.")
    ] = None,
    min_frontage_m: Annotated[float, typer.Option(help="Frontage on the road, metres.")] = 20.0,
    road_distance_m: Annotated[
        float, typer.Option(help="To the road's centre line, metres.")
    ] = 40.0,
    use_column: Annotated[str | None, typer.Option(help="The column of land use.")] = None,
    allowed_uses: Annotated[
        str | None, typer.Option(help="Uses that may hold a station, by commas.")
    ] = None,
    id_column: Annotated[str | None, typer.Option(help="The column that names a parcel.")] = None,
    class_column: Annotated[str | None, typer.Option(help="The column of road classes.")] = None,
    crs: Crs = None,
    roads_crs: Annotated[
        str | None, typer.Option(help="Of the roads; default: what their file declares.")
    ] = None,
    layer: Layer = None,
    encoding: Encoding = None,
    lang: Lang = "en",
) -> None:
    """Keep the parcels whose ground, frontage and use fit a class of station.

    A site's position is the middle of its frontage. What was dropped and why is told on standard
    error, and row by row in the file of rejects.
    """
    with errors_told(lang):
        check_name(out)
        for path in (out, rejects):
            if path is not None:
                check_writable(path)
        uses = _uses(use_column, allowed_uses)
        rules = Rules(_least_areas(classes), min_frontage_m, road_distance_m, uses)
        columns = Columns(id_column, use_column, class_column)
        try:
            ground = read_shapes(Source(parcels_file, crs, layer, encoding), POLYGONS)
            lines = read_shapes(Source(roads, roads_crs, None, encoding), LINES)
            found, notes = judge(ground, lines, rules, columns)
        except ShapeError as error:
            raise InputError(error.faults) from None
        kept = [at for at, one in enumerate(found) if not one.reasons]
        sites = (_site(found[at]) for at in kept)
        write(out, layer_text(out, _SITE, sites, ground.geometry[kept]))
        dropped = [one for one in found if one.reasons]
        if rejects is not None:
            write(rejects, csv_text(_REJECT, map(_reject, dropped)))
        for text in (*_counts(found, dropped), *_rests_on(rules), *notes):
            tell(render(text, lang))
        for path in (out, rejects):
            if path is not None:
                tell(message("cli.written", lang, path=str(path)))


def _least_areas(text: str | None) -> dict[str, float]:
    names = [one.strip() for one in text.split(",")] if text is not None else list(LAND_AREA_M2)
    need = Text(code="parcel.need.class", values={"known": ", ".join(LAND_AREA_M2)})
    faults = [
        Fault(path="--classes", value=one, need=need) for one in names if one not in LAND_AREA_M2
    ]
    if faults:
        raise InputError(tuple(faults))
    return {one: LAND_AREA_M2[one] for one in names}


def _uses(column: str | None, allowed: str | None) -> frozenset[str]:
    uses = frozenset(one.strip() for one in (allowed or "").split(",") if one.strip())
    if (column is None) != (not uses):
        raise InputError((Fault(path="--allowed-uses", need=Text(code="parcel.need.uses")),))
    return uses


def _site(one: Parcel) -> list[object]:
    return [*_measured(one), one.road, one.use, ";".join(one.classes)]


def _measured(one: Parcel) -> list[object]:
    place = [one.id, one.name, degrees(one.lat), degrees(one.lon)]
    return [*place, round(one.area_m2, 1), round(one.frontage_m, 1)]


def _reject(one: Parcel) -> list[object]:
    codes = ";".join(reason.code.removeprefix("parcel.") for reason in one.reasons)
    english = "; ".join(render(reason, "en") for reason in one.reasons)
    chinese = "；".join(render(reason, "zh") for reason in one.reasons)
    return [*_measured(one), one.use, codes, english, chinese]


def _counts(found: Sequence[Parcel], dropped: Sequence[Parcel]) -> Iterator[Text]:
    numbers = {"parcels": len(found), "kept": len(found) - len(dropped), "dropped": len(dropped)}
    yield Text(code="parcel.kept", values={**numbers})
    reasons = (reason for one in dropped for reason in one.reasons)
    codes = Counter(reason.code.removeprefix("parcel.") for reason in reasons)
    for code, number in codes.most_common():
        yield Text(code=f"parcel.dropped.{code}", values={"number": number})


def _rests_on(rules: Rules) -> Iterator[Text]:
    areas = ", ".join(f"{name} {area:,.0f}" for name, area in rules.min_area_m2.items())
    yield Text(code="parcel.source", values={"areas": areas})
    lengths = {"frontage": rules.min_frontage_m, "distance": rules.road_distance_m}
    yield Text(code="parcel.assumed", values={**lengths})
