"""Files that commands are given, as models."""

from pathlib import Path

from api.output import check_writable
from api.requests import Document, parse, read_answer, read_file, read_plan, read_request
from api.settings import Settings
from models.faults import Fault
from models.fire_stations import FireStationAnswer, FireStationPlan, FireStationRequest
from models.text import Text
from optimizer.errors import InputError
from optimizer.fire_stations.evaluate import evaluate


def asked(request_file: Path, out: Path | None = None) -> tuple[Settings, FireStationRequest]:
    """Return the settings and the request of a command, once ``out`` is known to be writable."""
    settings = Settings()
    if out is not None:
        check_writable(out)
    return settings, load_request(request_file, settings)


def load_request(path: Path, settings: Settings) -> FireStationRequest:
    """Return the request in ``path``."""
    return read_request(_document(path, settings), store=settings.store)


def load_plan(path: Path, settings: Settings) -> FireStationPlan:
    """Return the plan in ``path``, which holds a whole answer or a bare plan."""
    return read_plan(_document(path, settings))


def load_answer(
    path: Path, settings: Settings, request: FireStationRequest | None = None
) -> FireStationAnswer:
    """Return the answer in ``path``; a bare plan's figures are counted from its ``request``.

    Raises
    ------
    InputError
        It is neither, or a bare plan without a request to judge it by.
    """
    read = read_answer(_document(path, settings))
    if not isinstance(read, FireStationPlan):
        return read
    if request is None:
        raise InputError((Fault(path=str(path), need=Text(code="need.answer")),))
    return evaluate(request, read, store=settings.store)


def _document(path: Path, settings: Settings) -> Document:
    return parse(read_file(path, limit_bytes=settings.file_limit_bytes))
