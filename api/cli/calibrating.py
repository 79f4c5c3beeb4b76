"""``muster calibrate``: a log of runs becomes a travel law for requests."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.loading import load_request
from api.cli.options import Json, Lang, OutFile
from api.cli.talk import errors_told, say
from api.output import check_writable, request_json, to_json, write
from api.requests import read_file
from api.settings import Settings
from models.calibration import Calibration, HourBand, LawErrors
from models.faults import Fault
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import ProbabilisticCover
from models.messages import message
from models.text import Language, Text
from models.travel import ByCoordinates
from optimizer.calibration import HOUR_BANDS, Columns, read_runs
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


def calibrate(
    runs_file: RunsFile,
    *,
    standard_s: Standard = 240.0,
    hours: Hours = None,
    distance_column: Distance = "distance_m",
    time_column: Observed = "observed_s",
    hour_column: HourColumn = "hour",
    request: Request = None,
    seed: Seed = 1,
    out: OutFile = None,
    json_only: Json = False,
    lang: Lang = "en",
) -> None:
    """Fit a travel law to a log of runs and say how well it does on runs held out.

    With --request, --out is that request with the fitted travel; without, the calibration.
    """
    with errors_told(lang):
        settings = Settings()
        if out is not None:
            check_writable(out)
        asked = None if request is None else load_request(request, settings)
        columns = Columns(distance_column, time_column, hour_column)
        runs = read_runs(_lines(runs_file, settings), str(runs_file), columns)
        found = fit(
            runs,
            source=runs_file.name,
            standard_s=standard_s,
            bands=HOUR_BANDS if hours is None else hour_bands(hours),
            before=None if asked is None else _coordinates(asked),
            seed=seed,
        )
        if out is not None:
            written = to_json(found) if asked is None else request_json(calibrated(asked, found))
            write(out, written)
        say(to_json(found) if json_only else calibration_text(found, lang))


def calibrated(request: FireStationRequest, found: Calibration) -> FireStationRequest:
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


def calibration_text(found: Calibration, lang: Language) -> str:
    """Return what a calibration says, in ``lang``."""
    left_out = found.outliers
    lines = [
        message(
            "calibration.runs",
            lang,
            read=found.read_count,
            fitted=found.fitted_count,
            held=found.held_out_count,
            no_time=left_out.no_time,
            too_long=left_out.too_long,
            too_fast=left_out.too_fast,
        ),
        message(
            "calibration.law",
            lang,
            start=found.law.offset_s,
            speed=found.law.cruise_speed_m_s * 3.6,
            rate=found.law.acceleration_m_s2,
            sigma=found.time_sigma,
            p90=found.p90_factor,
        ),
    ]
    for one in found.hour_factors:
        values = {"factor": one.time_factor, "count": one.run_count}
        lines.append(message("calibration.hours", lang, band=one.band.id, **values))
    for name, speed in sorted(found.class_speeds_m_s.items()):
        lines.append(message("calibration.class_speed", lang, name=name, speed=speed * 3.6))
    lines.append(_errors("calibration.before", found.before, found.standard_s, lang))
    lines.append(_errors("calibration.after", found.after, found.standard_s, lang))
    return "\n".join([*lines, *_bands(found, lang)])


def _errors(code: str, errors: LawErrors, standard_s: float, lang: Language) -> str:
    return message(
        code,
        lang,
        mae=errors.mean_absolute_error_s,
        ratio=errors.median_ratio,
        standard=standard_s,
        right=errors.right_verdicts,
    )


def _bands(found: Calibration, lang: Language) -> list[str]:
    return [
        message(
            "calibration.band",
            lang,
            low=band.from_m,
            count=band.run_count,
            ratio=band.median_ratio,
            mae=band.mean_absolute_error_s,
            seen=band.observed_within,
            expected=band.predicted_within,
        )
        for band in found.after.bands
    ]


def _coordinates(request: FireStationRequest) -> ByCoordinates:
    if not isinstance(request.travel, ByCoordinates):
        need = Text(code="calibration.need_coordinates")
        raise InputError((Fault(path="travel", value=f'"{request.travel.kind}"', need=need),))
    return request.travel


def _lines(path: Path, settings: Settings) -> list[str]:
    content = read_file(path, limit_bytes=settings.file_limit_bytes)
    try:
        return content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError(
            (Fault(path=str(path), need=Text(code="calibration.need_utf8")),)
        ) from None
