"""Files that commands are given, as models."""

from pathlib import Path

from api.requests import Document, parse, read_answer, read_file, read_plan, read_request
from api.settings import Settings
from models.fire_stations import FireStationAnswer, FireStationPlan, FireStationRequest


def load_request(path: Path, settings: Settings) -> FireStationRequest:
    """Return the request in ``path``."""
    return read_request(_document(path, settings), store=settings.store)


def load_plan(path: Path, settings: Settings) -> FireStationPlan:
    """Return the plan in ``path``, which holds a whole answer or a bare plan."""
    return read_plan(_document(path, settings))


def load_answer(
    path: Path, request: FireStationRequest | None, settings: Settings
) -> FireStationAnswer:
    """Return the answer in ``path``."""
    del request
    return read_answer(_document(path, settings))


def _document(path: Path, settings: Settings) -> Document:
    return parse(read_file(path, limit_bytes=settings.file_limit_bytes))
