"""Files that commands are given, as models."""

from pathlib import Path

from api.requests import Document, parse, read_answer, read_file, read_plan, read_request
from api.settings import Settings
from models.faults import Fault
from models.fire_stations import FireStationAnswer, FireStationPlan, FireStationRequest
from models.text import Text
from optimizer.errors import InputError


def load_request(path: Path, settings: Settings) -> FireStationRequest:
    """Return the request in ``path``."""
    return read_request(_document(path, settings), store=settings.store)


def load_plan(path: Path, settings: Settings) -> FireStationPlan:
    """Return the plan in ``path``, which holds a whole answer or a bare plan."""
    return read_plan(_document(path, settings))


def load_answer(path: Path, settings: Settings) -> FireStationAnswer:
    """Return the answer in ``path``.

    Raises
    ------
    InputError
        It is no answer; a bare plan has no figures to show.
    """
    read = read_answer(_document(path, settings))
    if isinstance(read, FireStationPlan):
        raise InputError((Fault(path=str(path), need=Text(code="need.answer")),))
    return read


def _document(path: Path, settings: Settings) -> Document:
    return parse(read_file(path, limit_bytes=settings.file_limit_bytes))
