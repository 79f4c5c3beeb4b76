"""``muster calibrate``: a log of runs becomes a travel law for requests."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from api.cli.loading import load_request
from api.cli.options import Json, Lang, OutFile
from api.cli.talk import errors_told, say
from api.output import check_writable, request_json, to_json, write
from api.problems import about_fire_stations
from api.render.calibration import calibration_text
from api.requests import read_file
from api.settings import Settings
from instances.coordinates import CrsError, parse_crs, to_wgs84
from instances.coordinates.suspicion import needs_crs
from models.calibration import Calibration, HourBand, RoadCalibration
from models.faults import Fault
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import ProbabilisticCover
from models.roads import ByRoads
from models.text import Text
from models.travel import ByCoordinates
from optimizer.calibration import (
    HOUR_BANDS,
    Columns,
    Runs,
    calibrate_on_roads,
    read_runs,
)
from optimizer.calibration import calibrate as fit
from optimizer.errors import InputError

RunsFile = Annotated[Path, typer.Argument(metavar="RUNS", help="The log of runs (CSV, UTF-8).")]
Standard = Annotated[float, typer.Option("--standard-s", min=1, help="Travel time to judge by.")]
Hours = Annotated[
    str | None, typer.Option(metavar="NAME=FROM-TO,...", help="Bands of hours, both included.")
]
Distance = Annotated[str, typer.Option(help="The column of straight-line metres.")]
Observed = Annotated[str, typer.Option(help="The column of seconds.")]
HourColumn = Annotated[str, typer.Option(help="The column of the hour.")]
Request = Annotated[Path | None, typer.Option(help="The request to write with the fitted travel.")]
Seed = Annotated[int, typer.Option(min=0, help="Decides which runs are held out.")]
RunsCrs = Annotated[
    str | None,
    typer.Option("--crs", help="Of the log's ends in degrees: wgs84, gcj02, bd09 or cgcs2000."),
]


def calibrate(
    runs_file: RunsFile,
    *,
    standard_s: Standard = 240.0,
    hours: Hours = None,
    distance_column: Distance = "distance_m",
    time_column: Observed = "observed_s",
    hour_column: HourColumn = "hour",
    request: Request = None,
    crs: RunsCrs = None,
    seed: Seed = 1,
    out: OutFile = None,
    json_only: Json = False,
    lang: Lang = "en",
) -> None:
    """Fit travel times to a log of runs and say how well they do on runs held out.

    A request over roads gets speeds by class of road, from the runs' origins and destinations;
    any other a law over straight lines. With --request, --out is that request with the fitted
    travel; without, the calibration.
    """
    with errors_told(lang):
        settings = Settings()
        if out is not None:
            check_writable(out)
        asked = None if request is None else about_fire_stations(load_request(request, settings))
        columns = Columns(distance_column, time_column, hour_column)
        runs = read_runs(_lines(runs_file, settings), str(runs_file), columns)
        bands = HOUR_BANDS if hours is None else hour_bands(hours)
        found: Calibration | RoadCalibration
        if asked is not None and isinstance(asked.travel, ByRoads):
            found = calibrate_on_roads(
                _in_wgs84(runs, crs, str(runs_file)),
                (asked.travel, settings.store),
                source=runs_file.name,
                standard_s=standard_s,
                bands=bands,
                seed=seed,
            )
        else:
            found = fit(
                runs,
                source=runs_file.name,
                standard_s=standard_s,
                bands=bands,
                before=None if asked is None else _coordinates(asked),
                seed=seed,
            )
        if out is not None:
            written = to_json(found) if asked is None else request_json(calibrated(asked, found))
            write(out, written)
        say(to_json(found) if json_only else calibration_text(found, lang))


def calibrated(
    request: FireStationRequest, found: Calibration | RoadCalibration
) -> FireStationRequest:
    """Return ``request`` with the fitted travel and scatter.

    Probabilistic cover goes by the new scatter, unless it names a ``sigma`` of its own; one equal
    to the request's earlier scatter was taken from it.
    """
    sigma = found.time_sigma
    objectives = tuple(
        one.model_copy(update={"sigma": sigma})
        if isinstance(one, ProbabilisticCover)
        and ("sigma" not in one.model_fields_set or one.sigma == request.time_sigma)
        else one
        for one in request.objectives
    )
    update: dict[str, object] = {"travel": found.travel, "time_sigma": sigma}
    if objectives != request.objectives:
        update["objectives"] = objectives
    return request.model_copy(update=update)


def hour_bands(text: str) -> tuple[HourBand, ...]:
    """Return the bands that ``NAME=FROM-TO,...`` names; a band may run over midnight.

    Examples
    --------
    >>> [one.hours for one in hour_bands("night=22-1,day=2-4")]
    [(22, 23, 0, 1), (2, 3, 4)]
    """
    bands: list[HourBand] = []
    seen: set[int] = set()
    for part in text.split(","):
        name, _, span = part.strip().partition("=")
        first, _, last = span.partition("-")
        ends = [int(one) if one.isdecimal() else 99 for one in (first, last or first)]
        taken = tuple((ends[0] + step) % 24 for step in range((ends[1] - ends[0]) % 24 + 1))
        if (
            not name
            or max(ends) > 23
            or not seen.isdisjoint(taken)
            or name in {one.id for one in bands}
        ):
            need = Text(code="calibration.need_hours")
            raise InputError((Fault(path="--hours", value=f'"{part}"', need=need),))
        seen.update(taken)
        bands.append(HourBand(id=name, hours=taken))
    return tuple(bands)


def _coordinates(request: FireStationRequest) -> ByCoordinates:
    if not isinstance(request.travel, ByCoordinates):
        need = Text(code="calibration.need_coordinates")
        raise InputError((Fault(path="travel", value=f'"{request.travel.kind}"', need=need),))
    return request.travel


def _in_wgs84(runs: Runs, crs: str | None, path: str) -> Runs:
    """Return the runs with their ends on WGS 84, where a road network lies."""
    if runs.ends_deg is None:
        return runs
    ends = runs.ends_deg.reshape(-1, 2)  # lat, lon
    try:
        system = None if crs is None else parse_crs(crs, path="--crs")
    except CrsError as error:
        raise InputError(error.faults) from None
    if system is None:
        fault = needs_crs(ends[:, 1], ends[:, 0], None, path=path)
        if fault is not None:
            raise InputError((fault,))
        return runs
    if system.kind == "projected":
        need = Text(code="calibration.need_degrees")
        raise InputError((Fault(path="--crs", value=f'"{crs}"', need=need),))
    lon, lat = to_wgs84(ends[:, 1], ends[:, 0], system)
    return replace(runs, ends_deg=np.column_stack([lat, lon]).reshape(-1, 4))


def _lines(path: Path, settings: Settings) -> list[str]:
    content = read_file(path, limit_bytes=settings.file_limit_bytes)
    try:
        return content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError(
            (Fault(path=str(path), need=Text(code="calibration.need_utf8")),)
        ) from None
