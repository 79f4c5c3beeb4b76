"""``muster matrix``: the travel times of a request as a matrix, by Muster or by a router."""

import time
from pathlib import Path
from typing import Annotated

import typer

from api.cli.loading import load_request
from api.cli.matrix_files import REQUEST_SUFFIX, check_suffix, matrix_bytes
from api.cli.matrix_travel import Matrices, Places, RouterQuestion, computed, only
from api.cli.options import Lang, OutFile, RequestFile
from api.cli.progress import Line as Progress
from api.cli.router_options import (
    AtOnce,
    Kind,
    Profile,
    RouterOptions,
    SnapLimit,
    Timeout,
    Url,
)
from api.cli.talk import errors_told, say, tell
from api.clients import Router
from api.output import check_writable, request_json, write, write_bytes
from api.problems import about_fire_stations
from api.render.matrices import matrix_lines
from api.render.names import Names
from api.settings import Settings
from models.datasets import DatasetReference
from models.faults import Fault
from models.fire_stations import FireStationRequest
from models.messages import message
from models.text import Language, Text
from models.travel import ByMatrix, Travel
from optimizer.demand import DemandArrays
from optimizer.errors import InputError
from optimizer.fire_stations.checks import check

Scenarios = Annotated[
    list[str] | None, typer.Option("--scenario", metavar="ID", help="Only this; may come again.")
]


def matrix(
    request_file: RequestFile,
    *,
    router: Kind = None,
    url: Url = None,
    profile: Profile = None,
    at_once: AtOnce = None,
    timeout_s: Timeout = 30.0,
    snap_limit_m: SnapLimit = None,
    scenario: Scenarios = None,
    out: OutFile = None,
    lang: Lang = "en",
) -> None:
    """Print the request with a plain matrix for its travel; --out may be .csv, .parquet or .npz.

    Times come from the engine's own roads or straight lines, or from an OSRM or Valhalla server.
    Where they come from stays with them: every answer says it. Large ones go into the store.
    """
    with errors_told(lang):
        settings = Settings()
        if out is not None:
            check_suffix(out)
            check_writable(out)
        options = RouterOptions(router, url, profile, at_once, timeout_s, snap_limit_m)
        asked = options.checked(settings)
        request = about_fire_stations(load_request(request_file, settings))
        demand = DemandArrays.from_request(request.demand_points, settings.store)
        places = demand, request.sites
        travel = only(request.travel, scenario or ())
        _check_one(out, travel)
        question = _question(request, travel, places, options if asked else None)
        if asked is None or question is None:
            made = computed(travel, places, settings.store)
        else:
            made = _watched(question, asked, lang)
        names = Names(request.model_copy(update={"travel": travel}), lang)
        for line in matrix_lines(names, made.report, made.without_way(), made.times.shape):
            tell(line)
        if out is not None and out.suffix.lower() != REQUEST_SUFFIX:
            write_bytes(out, matrix_bytes(out, made.matrix_s(0), *places))
        else:
            _give(request, made.travel(settings.store), out, lang)
        if out is not None:
            tell(message("cli.written", lang, path=str(out)))


def _question(
    request: FireStationRequest, travel: Travel, places: Places, options: RouterOptions | None
) -> RouterQuestion | None:
    """Return what a router is to be asked, if any; raise with every fault of the request."""
    faults = list(check(request, places[0]))
    question = None
    if options is not None:
        try:
            question = RouterQuestion.of(travel, places, options.snap_limit_m)
        except InputError as error:
            known = {fault.path for fault in faults}
            faults += (fault for fault in error.faults if fault.path not in known)
    if faults:
        raise InputError(tuple(faults))
    return question


def _check_one(out: Path | None, travel: Travel) -> None:
    """Raise where several matrices are to go into a file of one."""
    if out is None or out.suffix.lower() == REQUEST_SUFFIX or len(travel.scenarios) == 1:
        return
    known = ", ".join(one.id for one in travel.scenarios)
    need = Text(code="matrix.need.one_scenario", values={"known": known})
    raise InputError((Fault(path="--out", value=str(out), need=need),))


def _watched(question: RouterQuestion, router: Router, lang: Language) -> Matrices:
    """Return the router's times, showing how many are there."""
    show, start_s = Progress(lang), time.monotonic()

    def told(done: int, total: int) -> None:
        text = message("matrix.progress", lang, done=done, total=total)
        show.show(text, time.monotonic() - start_s, always=done == total)

    with show.progress:
        return question.matrices(router, told)


def _give(request: FireStationRequest, travel: ByMatrix, out: Path | None, lang: Language) -> None:
    """Print or write the request with its new travel; say which matrices the store keeps."""
    for one in travel.scenarios:
        if isinstance(one.travel_time_s, DatasetReference):
            sha256 = one.travel_time_s.sha256
            tell(message("matrix.kept", lang, scenario=one.id, sha256=sha256))
    text = request_json(request.model_copy(update={"travel": travel}))
    if out is None:
        say(text)
    else:
        write(out, text)
