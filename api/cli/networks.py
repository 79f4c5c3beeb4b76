"""``muster network``: road networks, read from files and kept in the store."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from api.cli.layers import Crs, Encoding, Layer
from api.cli.options import Lang
from api.cli.talk import errors_told, say, tell
from api.settings import Settings
from instances.coordinates import CrsError, parse_crs, to_wgs84
from instances.roads import Network, NetworkError, Options, TimeUnit, ToWgs84, read_network
from models.faults import Fault
from models.messages import render
from models.text import Text
from optimizer.errors import InputError

app = typer.Typer(no_args_is_help=True, help="Read road networks into the store, and show them.")

Columns = dict[str, NDArray[np.generic]]
Column = Annotated[str | None, typer.Option(help="The column, where its name is not a usual one.")]


@app.command("add")
def add(
    file: Annotated[
        Path,
        typer.Argument(help="PBF, OSM, GraphML, GPKG, GeoJSON, SHP, FGB, or nodes.csv + arcs.csv."),
    ],
    *,
    class_column: Column = None,
    speed_column: Column = None,
    oneway_column: Column = None,
    name_column: Column = None,
    time_column: Column = None,
    time_unit: Annotated[
        TimeUnit | None, typer.Option(help="The unit of given travel times.")
    ] = None,
    crs: Crs = None,
    layer: Layer = None,
    encoding: Encoding = None,
    source: Annotated[str | None, typer.Option(help="Who made the roads, for the reports.")] = None,
    licence: Annotated[str | None, typer.Option(help="Under which licence.")] = None,
    lang: Lang = "en",
) -> None:
    """Read a road network into the store and print the name that requests give it.

    What was read and what was left out is told on standard error.
    """
    with errors_told(lang):
        options = Options(
            class_column=class_column,
            speed_column=speed_column,
            oneway_column=oneway_column,
            name_column=name_column,
            time_column=time_column,
            time_unit=time_unit,
            layer=layer,
            encoding=encoding,
            to_wgs84=_conversion(crs),
            source=source,
            licence=licence,
        )
        network = roads_of(file, options)
        for text in (*_counts(network.columns), *network.notes):
            tell(render(text, lang))
        say(Settings().store.add_arrays(network.columns))


def roads_of(file: Path, options: Options) -> Network:
    """Return the road network of a file.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    try:
        return read_network(file, options=options)
    except NetworkError as error:
        raise InputError(error.faults) from None


def _conversion(crs: str | None) -> ToWgs84 | None:
    if crs is None:
        return None
    try:
        system = parse_crs(crs, path="--crs")
    except CrsError as error:
        raise InputError(error.faults) from None
    return lambda x, y: to_wgs84(x, y, system)


@app.command("show")
def show(
    sha256: Annotated[str, typer.Argument(help="A name that `muster network add` printed.")],
    lang: Lang = "en",
) -> None:
    """Show what a road network in the store holds: counts and lengths by class, and its source."""
    with errors_told(lang):
        columns = Settings().store.load(sha256)
        if not {"edge_class", "class_names", "edge_length_m", "about"} <= set(columns):
            raise InputError((Fault(path="SHA", value=sha256, need=Text(code="roads.no_network")),))
        for text in (*_about(columns), *_counts(columns), *_classes(columns)):
            say(render(text, lang))


def _about(columns: Columns) -> Iterator[Text]:
    about = json.loads(str(columns["about"]))
    for key in ("source", "format", "licence"):
        if about.get(key):
            yield Text(code=f"roads.{key}", values={key: about[key]})
    if about.get("illustrative"):
        yield Text(code="roads.illustrative")
    if about.get("dropped_edges"):
        dropped = {"nodes": about["dropped_nodes"], "edges": about["dropped_edges"]}
        yield Text(code="roads.dropped", values=dropped)


def _counts(columns: Columns) -> Iterator[Text]:
    lengths_m = columns["edge_length_m"]
    yield Text(
        code="roads.read",
        values={
            "nodes": len(columns["node_lat"]),
            "edges": len(lengths_m),
            "length": float(lengths_m.sum()) / 1000,
        },
    )
    timed = int(np.isfinite(columns["edge_time_s"].astype(np.float64)).sum())
    if timed:
        yield Text(code="roads.times_given", values={"number": timed})


def _classes(columns: Columns) -> Iterator[Text]:
    """Yield a line per class, the longest first."""
    kind = columns["edge_class"].astype(np.int64)
    names = columns["class_names"].tolist()
    edges = np.bincount(kind, minlength=len(names))
    lengths_m = np.bincount(kind, weights=columns["edge_length_m"].astype(np.float64))
    posted = np.isfinite(columns["edge_maxspeed_m_s"].astype(np.float64))
    limits = np.bincount(kind, weights=posted, minlength=len(names))
    for number in np.argsort(-lengths_m, kind="stable").tolist():
        values = {
            "name": names[number],
            "edges": int(edges[number]),
            "length": float(lengths_m[number]) / 1000,
            "posted": float(limits[number] / max(1, edges[number])),
        }
        yield Text(code="roads.of_class", values=values)
