"""Planners' workbooks and requests, as they come over HTTP, to checked requests."""

import json
import tempfile
from pathlib import Path
from typing import Any, Literal

from api.carried import Body
from api.doubting import Doubt, Located, suspicions
from api.offering import check
from api.output import request_json, to_json
from api.problems import AnyRequest, problem_of
from api.processes import PROCESSES
from api.render.preview import preview
from api.requests import parse, read_request
from api.settings import Settings
from api.solving import Task
from instances.projects import Imported, import_project
from instances.projects.comments import by_cell, commented
from instances.projects.copies import clean_copy
from instances.tables.workbooks import DamagedError, TooLargeError
from models.base import Model
from models.faults import Fault
from models.messages import message, render
from models.quantities import Count
from models.text import Language, Text
from optimizer.errors import InputError

NAME = "workbook.xlsx"
_ARCHIVE = b"PK\x03\x04"
UNREADABLE = (TooLargeError, DamagedError)


class CellFault(Model):
    """One fault in words: the cell (``sheet!C5``) or place, what stands there, what is needed."""

    path: str
    value: str | None = None
    need: str


class CheckedRequest(Model):
    """A request that can be solved, what was done to get it, and the rows left out of it.

    ``process`` is what answers requests of its kind. ``doubts`` are the lists of places that fit
    the roads and outlines clearly better under another reading of their coordinates.
    ``time_limit_s`` is what the search may take, None where a deadline of its own decides.
    """

    source: Literal["workbook", "request"]
    kind: str
    process: str
    name: str
    demand_points: Count | None = None
    sites: Count
    time_limit_s: float | None = None
    notes: tuple[str, ...] = ()
    dropped: Count = 0
    errors: tuple[CellFault, ...] = ()
    doubts: tuple[str, ...] = ()
    request: Any


def is_workbook(raw: bytes) -> bool:
    """Return whether bytes are an archive, as a workbook is."""
    return raw.startswith(_ARCHIVE)


def checked(raw: bytes, settings: Settings, language: Language) -> CheckedRequest:
    """Return the request that a workbook or JSON holds, checked as a job's is.

    Raises
    ------
    InputError
        It cannot be used; faults of a workbook by their cells.
    """
    request, imported, faults = _asked(raw, settings)
    if imported is None:
        return _checked("request", request, language)
    notes = [render(one, language) for one in imported.notes]
    doubts = _doubts(request, imported, settings)
    notes += [
        message("project.suspicion", language, table=one.places, said=render(one.warning, language))
        for one in doubts
    ]
    told = tuple(
        CellFault(path=one.path, value=one.value, need=render(one.need, language)) for one in faults
    )
    return _checked("workbook", request, language).model_copy(
        update={
            "notes": tuple(notes),
            "dropped": imported.dropped,
            "errors": told,
            "doubts": tuple(one.places for one in doubts),
        }
    )


def checked_json(body: Body, settings: Settings, language: Language) -> bytes:
    """Return `checked` of what a call carries, as JSON."""
    return to_json(checked(body.read(), settings, language)).encode("utf-8")


def marked_body(body: Body, language: Language) -> bytes:
    """Return `marked` of what a call carries."""
    return marked(body.read(), language)


def previewed_body(
    body: Body, settings: Settings, language: Language, places: str | None
) -> bytes | None:
    """Return `previewed` of what a call carries."""
    page = previewed(body.read(), settings, language, places)
    return None if page is None else page.encode("utf-8")


def previewed(raw: bytes, settings: Settings, language: Language, places: str | None) -> str | None:
    """Return the page that draws a doubtful list of ``places`` under every reading.

    The first such list where none is named; None where nothing is in doubt.

    Raises
    ------
    InputError
        As `checked`.
    """
    request, imported, _ = _asked(raw, settings)
    doubts = {one.places: one for one in _doubts(request, imported, settings)}
    found = next(iter(doubts.values()), None) if places is None else doubts.get(places)
    return None if found is None else preview(found.page, language)


def _asked(raw: bytes, settings: Settings) -> tuple[AnyRequest, Imported | None, tuple[Fault, ...]]:
    """Return the request of JSON or of a workbook, then with what was read and its faults."""
    if not is_workbook(raw):
        request = read_request(parse(raw), store=settings.store)
        check(Task(request, settings.store), settings.job_time_limit_s)
        return request, None, ()
    imported = _imported(raw)
    faults = _by_cell(raw, imported.faults)
    if imported.request is None:
        raise InputError(faults)
    content = json.dumps(imported.request, ensure_ascii=False).encode()
    request = read_request(parse(content), store=settings.store)
    check(Task(request, settings.store), settings.job_time_limit_s)
    return request, imported, faults


def _doubts(
    request: AnyRequest, imported: Imported | None, settings: Settings
) -> tuple[Doubt, ...]:
    if not isinstance(request, Located):
        return ()
    placed_in = None if imported is None else imported.placed_in
    return tuple(suspicions(request, settings.store, placed_in))


def marked(raw: bytes, language: Language) -> bytes:
    """Return a workbook with a comment on each faulty cell, without personal cells.

    Raises
    ------
    InputError
        It is no workbook.
    """
    imported = _imported(raw)
    try:
        return commented(clean_copy(raw), imported.faults, language)
    except UNREADABLE:
        faults = imported.faults or (Fault(path=NAME, need=Text(code="table.need.workbook")),)
        raise InputError(faults) from None


def _checked(
    source: Literal["workbook", "request"], request: AnyRequest, language: Language
) -> CheckedRequest:
    problem = problem_of(request)
    points, sites = problem.size(request)
    hurried = problem.deadline_s is not None
    return CheckedRequest(
        source=source,
        kind=request.kind,
        process=next(name for name, one in PROCESSES.items() if one.kind == request.kind),
        name=request.name.text(language),
        demand_points=points,
        sites=sites,
        time_limit_s=None if hurried else request.limits.time_limit_s,
        request=json.loads(request_json(request)),
    )


def _imported(raw: bytes) -> Imported:
    """Return what a workbook holds."""
    with tempfile.TemporaryDirectory(prefix="muster-") as folder:
        path = Path(folder) / NAME
        path.write_bytes(raw)
        return import_project(path, files=False)


def _by_cell(raw: bytes, faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    try:
        return by_cell(raw, faults) if faults else ()
    except UNREADABLE:
        return faults  # no workbook at all, as they say
