"""Models to JSON text, and files that are whole or not there."""

import json
import os
from datetime import date
from pathlib import Path

from pydantic import BaseModel

from models.base import Model
from models.faults import Fault
from models.text import Text
from optimizer.errors import InputError

_ALWAYS_SAID = {"schema_version", "kind", "type"}


def to_json(model: BaseModel) -> str:
    """Return ``model`` as indented JSON text with a final newline."""
    return model.model_dump_json(indent=2) + "\n"


def request_json(request: Model) -> str:
    """Return the fields that ``request`` was given, leaving its defaults to be defaults."""
    return json.dumps(_given(request), ensure_ascii=False, indent=2) + "\n"


def _given(value: object) -> object:
    if isinstance(value, Model):
        said = value.model_fields_set | (_ALWAYS_SAID & type(value).model_fields.keys())
        return {
            name: _given(getattr(value, name)) for name in type(value).model_fields if name in said
        }
    if isinstance(value, dict):
        return {name: _given(inner) for name, inner in value.items()}
    if isinstance(value, tuple):
        return [_given(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def check_writable(path: Path) -> None:
    """Raise where ``path`` cannot be written, before any work is done for it.

    Raises
    ------
    InputError
        It is a folder, or lies in one that cannot be written.
    """
    folder = path.parent
    while not folder.exists():
        folder = folder.parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise InputError((Fault(path=str(path), need=Text(code="need.file_writable")),))


def write(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` as UTF-8, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``; a reader meets the whole file or none.

    It is written beside its place and renamed. A device such as ``/dev/null`` is written to.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with scratch.open("xb") as stream:
            stream.write(data)
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
