"""What is written of the answers that jobs keep: reports, comparisons, the names of levels.

Each is read from the bytes that were kept, so that a process of its own can do it: whoever writes
a report of a million points holds up nobody else.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module

from api.handing import hand_over
from api.output import request_json
from api.payloads import Payload
from api.problems import AnyAnswer, AnyRequest, problem_of
from api.processes import offered
from api.render.compare import Side, changes, compare
from api.render.tables import Table, formatted
from api.reports import Format, Look, levels_of, made, side_of
from api.requests import parse, read_answer
from api.settings import Settings
from api.solving import Echo
from api.targets import target_of
from models.answer import Answer
from models.comparisons import Compared, ComparedFigure, Comparison, Named
from models.faults import Fault
from models.hand_over import NewHandOver
from models.text import Language, Text
from optimizer.errors import InputError


@dataclass(frozen=True)
class Ended:
    """A job that has a result: its process, its inputs and its answer, as they were kept."""

    job_id: str
    process_id: str
    inputs: Payload
    result: Payload


def written(one: Ended, as_format: Format, language: Language, settings: Settings) -> bytes:
    """Return the answer of a job in a format.

    Raises
    ------
    InputError
        It cannot be written so.
    """
    request = request_of(one.process_id, one.inputs, settings)
    look = Look(language, target_of(None, request))
    content = made(request, _answer(one, request), as_format, look)
    return content if isinstance(content, bytes) else content.encode("utf-8")


def levels(
    process_id: str, inputs: Payload, language: Language, settings: Settings
) -> tuple[str, ...]:
    """Return what the levels of a job's request look for, in their order."""
    return levels_of(request_of(process_id, inputs, settings), language)


def compared(jobs: Sequence[Ended], language: Language, settings: Settings) -> Comparison:
    """Return the plans of jobs held against that of the first, as ``muster compare`` does.

    Raises
    ------
    InputError
        A job is about another kind of question than the first; by its place in ``jobs``.
    """
    requests = [request_of(one.process_id, one.inputs, settings) for one in jobs]
    odd = tuple(
        Fault(
            path=f"jobs[{place}]",
            value=jobs[place].job_id,
            need=Text(code="need.comparable", values={"kind": requests[0].kind}),
        )
        for place, request in enumerate(requests)
        if request.kind != requests[0].kind
    )
    if odd:
        raise InputError(odd)
    sides = {
        one.job_id: side_of(request, _answer(one, request), language)
        for one, request in zip(jobs, requests, strict=True)
    }
    base = sides[jobs[0].job_id]
    return Comparison(
        jobs=tuple(_told(job, side, base) for job, side in sides.items()),
        currency=base.currency,
        figures=_figures(compare(sides, language), language),
    )


def part_of(answer: Payload, names: Sequence[str]) -> bytes | None:
    """Return the first part of an answer that is there, as JSON."""
    content = json.loads(answer.read())
    part = next((content[name] for name in names if content.get(name) is not None), None)
    if part is None:
        return None
    said = json.dumps(part, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return said.encode("utf-8")


def handed_over(one: Ended, asked: NewHandOver, settings: Settings) -> bytes:
    """Return the request to dispatch that the answer of a job leads to.

    Raises
    ------
    InputError
        It sends no vehicles, or several cases or sites are to choose from.
    """
    request = request_of(one.process_id, one.inputs, settings)
    answer = _answer(one, request)
    made = hand_over(request, answer, case=asked.case, site=asked.site, store=settings.store)
    return request_json(made).encode("utf-8")


def request_of(process_id: str, inputs: Payload, settings: Settings) -> AnyRequest:
    """Return the request of a job, as its inputs were kept.

    Raises
    ------
    InputError
        It asked for no plan.
    """
    task = offered(settings)[process_id].read(parse(inputs.read()), settings)
    if isinstance(task, Echo):
        raise InputError((Fault(path="", need=Text(code="need.a_plan")),))
    return task.request


def _answer(one: Ended, request: AnyRequest) -> AnyAnswer:
    answer = read_answer(parse(one.result.read()), problem_of(request))
    assert isinstance(answer, Answer)  # what a job keeps is a whole answer
    return answer


def _told(job_id: str, side: Side, base: Side) -> Compared:
    number = None if side.chosen is None else len(side.chosen)
    gained, lost = changes(base, side)
    return Compared(
        job=job_id,
        status=side.status,
        chosen=number,
        gained=tuple(Named(id=one, name=name) for one, name in gained.items()),
        lost=tuple(Named(id=one, name=name) for one, name in lost.items()),
    )


def _figures(table: Table, language: Language) -> tuple[ComparedFigure, ...]:
    _, texts = formatted(table, language)
    return tuple(
        ComparedFigure(
            key=row.key,
            title=text[0],
            kind=row.kind or "text",
            values=row.cells[1:],
            text=text[1:],
        )
        for row, text in zip(table.rows, texts, strict=True)
    )


def ready_to_write() -> None:
    """Load what reports and workbooks are made with, so that the first of them need not wait."""
    for name in _LIBRARIES:
        with suppress(ImportError):
            import_module(name)


_LIBRARIES = ("jinja2", "openpyxl", "pandas", "plotly.graph_objects", "pyproj")
