"""Files that commands are given, as models."""

from pathlib import Path

from api.output import check_writable
from api.problems import (
    DEFAULT_KIND,
    PROBLEMS,
    AnyAnswer,
    AnyPlan,
    AnyRequest,
    problem_of,
    unable,
)
from api.requests import Document, parse, read_answer, read_file, read_plan, read_request
from api.settings import Settings
from models.answer import Answer
from models.faults import Fault
from models.text import Text
from optimizer.errors import InputError


def asked(request_file: Path, out: Path | None = None) -> tuple[Settings, AnyRequest]:
    """Return the settings and the request of a command, once ``out`` is known to be writable."""
    settings = Settings()
    if out is not None:
        check_writable(out)
    return settings, load_request(request_file, settings)


def load_request(path: Path, settings: Settings) -> AnyRequest:
    """Return the request in ``path``."""
    return read_request(_document(path, settings), store=settings.store)


def load_plan(path: Path, settings: Settings, request: AnyRequest) -> AnyPlan:
    """Return the plan in ``path`` for ``request``: of a whole answer, or a bare plan."""
    return read_plan(_document(path, settings), problem_of(request))


def load_answer(path: Path, settings: Settings, request: AnyRequest | None = None) -> AnyAnswer:
    """Return the answer in ``path``; a bare plan's figures are counted from its ``request``.

    Raises
    ------
    InputError
        It is neither, or a bare plan without a request to judge it by.
    """
    problem = PROBLEMS[DEFAULT_KIND] if request is None else problem_of(request)
    read = read_answer(_document(path, settings), problem)
    if isinstance(read, Answer):
        return read
    if request is None:
        raise InputError((Fault(path=str(path), need=Text(code="need.answer")),))
    if problem.evaluate is None:
        raise unable(problem, lambda one: one.evaluate)
    return problem.evaluate(request, read, None, settings.store)


def _document(path: Path, settings: Settings) -> Document:
    return parse(read_file(path, limit_bytes=settings.file_limit_bytes))
