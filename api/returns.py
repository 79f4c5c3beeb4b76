"""A storekeeper's workbook that comes back over HTTP: what differs, and the next request."""

import base64
import json
import tempfile
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import Base64Bytes, Field

from api.carried import Body
from api.output import request_json, to_json
from api.problems import AnyRequest, Touched, problem_of, touched, unable
from api.projects import NAME, UNREADABLE, CellFault
from api.references import View
from api.requests import parse, read_model, read_request
from api.requests.parts import Reader, read_parts, under
from instances.projects.comments import by_cell, commented
from instances.projects.storekeeping import read_return
from models.base import Model
from models.messages import render
from models.quantities import Count
from models.rotation import RotationRequest
from models.rotation.storekeeping import Difference
from models.text import Language
from optimizer.errors import InputError
from optimizer.rotation.instance import Instance


class SentBook(Model):
    """A workbook that came back, in Base64, and where the next plan begins if not where it says."""

    workbook: Annotated[Base64Bytes, Field(min_length=1)]
    start: date | None = None


class NewReturn(Model):
    """A rotation request, and the workbook that came back of its plan."""

    request: RotationRequest
    returned: SentBook


class ReturnedBook(Model):
    """The request with its book brought up to date, and what differs from the old one.

    ``lines`` counts the lines carried out; faulty ones are left out and told by their cells in
    ``errors``, and ``marked`` is then the workbook, in Base64, with a comment on each.
    """

    lines: Count
    differences: tuple[Difference, ...]
    errors: tuple[CellFault, ...] = ()
    marked: str | None = None
    request: Any


@dataclass(frozen=True)
class Returned:
    """What a returned book brings, as JSON; nothing where the caller may not see its areas."""

    said: bytes
    touched: Touched


def read_returned(body: Body, view: View, language: Language) -> Returned:
    """Return what the body of a call brings: a request, and the workbook that came back.

    Raises
    ------
    InputError
        With every fault of either; or as `returned`.
    """
    store = view.settings.store
    readers: dict[str, Reader] = {
        "request": partial(read_request, store=store),
        "returned": partial(read_model, SentBook),
    }
    parts: Any = read_parts(parse(body.read()), readers)
    with under("request"):
        found = touched(parts["request"], store)
        if not view.may_see(found):
            return Returned(b"", found)
        request = rotation_of(parts["request"])
    made = returned(request, parts["returned"], language)
    return Returned(to_json(made).encode("utf-8"), found)


def rotation_of(request: AnyRequest) -> RotationRequest:
    """Return a request as one of rotation.

    Raises
    ------
    InputError
        It is of another kind.
    """
    if isinstance(request, RotationRequest):
        return request
    raise unable(problem_of(request), lambda one: one.kind == "stock_rotation")


def returned(request: RotationRequest, sent: SentBook, language: Language) -> ReturnedBook:
    """Return what a workbook brings: every line that can be read, and the faults of the others.

    Raises
    ------
    InputError
        No line can be read, or the book that follows contradicts the request.
    """
    with tempfile.TemporaryDirectory(prefix="muster-") as folder:
        path = Path(folder) / NAME
        path.write_bytes(sent.workbook)
        found = read_return(path, request, sent.start)
    faults, marked = found.faults, None
    if faults:
        try:
            faults = by_cell(sent.workbook, found.faults)
            marked = base64.b64encode(commented(sent.workbook, found.faults, language)).decode()
        except UNREADABLE:
            raise InputError(found.faults) from None
    if faults and not found.lines:
        raise InputError(faults)
    Instance.from_request(found.request)
    return ReturnedBook(
        lines=found.lines,
        differences=found.differences,
        errors=tuple(
            CellFault(path=one.path, value=one.value, need=render(one.need, language))
            for one in faults
        ),
        marked=marked,
        request=json.loads(request_json(found.request)),
    )
