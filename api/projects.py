"""Planners' workbooks and requests, as they come over HTTP, to checked requests."""

import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Literal

from api.doubting import Located, suspicions
from api.output import request_json
from api.problems import AnyRequest, problem_of
from api.processes import PROCESSES, check
from api.requests import parse, read_request
from api.settings import Settings
from api.solving import Task
from instances.projects import Imported, import_project
from instances.projects.comments import by_cell, commented
from instances.projects.copies import clean_copy
from models.base import Model
from models.faults import Fault
from models.messages import message, render
from models.quantities import Count
from models.text import Language, Text
from optimizer.errors import InputError

NAME = "workbook.xlsx"
_ARCHIVE = b"PK\x03\x04"
_UNREADABLE = (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile)


class CellFault(Model):
    """One fault in words: the cell (``sheet!C5``) or place, what stands there, what is needed."""

    path: str
    value: str | None = None
    need: str


class CheckedRequest(Model):
    """A request that can be solved, what was done to get it, and the rows left out of it.

    ``process`` is what answers requests of its kind.
    """

    source: Literal["workbook", "request"]
    kind: str
    process: str
    name: str
    demand_points: Count | None = None
    sites: Count
    notes: tuple[str, ...] = ()
    dropped: Count = 0
    errors: tuple[CellFault, ...] = ()
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
    if not is_workbook(raw):
        asked = read_request(parse(raw), store=settings.store)
        check(Task(asked, settings.store), settings.job_time_limit_s)
        return _checked("request", asked, language)
    imported = _imported(raw)
    faults = _by_cell(raw, imported.faults)
    if imported.request is None:
        raise InputError(faults)
    content = json.dumps(imported.request, ensure_ascii=False).encode()
    request = read_request(parse(content), store=settings.store)
    assert isinstance(request, Located)  # what projects make
    check(Task(request, settings.store), settings.job_time_limit_s)
    notes = [render(one, language) for one in imported.notes]
    notes += [
        message("project.suspicion", language, table=one.places, said=render(one.warning, language))
        for one in suspicions(request, settings.store)
    ]
    made = _checked("workbook", request, language)
    told = tuple(
        CellFault(path=one.path, value=one.value, need=render(one.need, language)) for one in faults
    )
    return made.model_copy(
        update={"notes": tuple(notes), "dropped": imported.dropped, "errors": told}
    )


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
    except _UNREADABLE:
        faults = imported.faults or (Fault(path=NAME, need=Text(code="table.need.workbook")),)
        raise InputError(faults) from None


def _checked(
    source: Literal["workbook", "request"], request: AnyRequest, language: Language
) -> CheckedRequest:
    points, sites = problem_of(request).size(request)
    return CheckedRequest(
        source=source,
        kind=request.kind,
        process=next(name for name, one in PROCESSES.items() if one.kind == request.kind),
        name=request.name.text(language),
        demand_points=points,
        sites=sites,
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
    except _UNREADABLE:
        return faults  # no workbook at all, as they say
