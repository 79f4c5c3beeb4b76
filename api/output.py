"""Models to JSON text, and files that are whole or not there."""

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pydantic import BaseModel

from models.base import Model
from models.faults import Fault
from models.text import Text
from optimizer.errors import InputError

_PLACES_DEEP = 3  # of an execution's inputs: the list of demand points among them
_AT_ONCE = 500
_TIMES = frozenset({"wall_s"})
_ALWAYS_SAID = {"schema_version", "kind", "type"}


def to_json(model: BaseModel) -> str:
    """Return ``model`` as indented JSON text with a final newline."""
    return model.model_dump_json(indent=2) + "\n"


def timeless(model: BaseModel | None) -> object:
    """Return what ``model`` says, but for how long its parts took: what two runs may be held to."""
    return None if model is None else _without(model.model_dump(mode="json"), _TIMES)


def _without(value: object, names: frozenset[str]) -> object:
    if isinstance(value, dict):
        return {key: _without(one, names) for key, one in value.items() if key not in names}
    return [_without(one, names) for one in value] if isinstance(value, list) else value


def plain_json(value: object) -> bytes:
    """Return ``value`` as JSON in UTF-8, as `json.dumps` writes it.

    Long lists are written in pieces: one piece of 18 MB would keep every other thread of the
    process waiting for most of a second.

    Examples
    --------
    >>> plain_json({"a": [1, None], "名": {}}).decode()
    '{"a": [1, null], "名": {}}'
    """
    return "".join(_pieces(value, _PLACES_DEEP)).encode("utf-8")


def _pieces(value: object, deep: int) -> Iterator[str]:
    if isinstance(value, dict) and value and deep:
        for place, (name, inner) in enumerate(value.items()):
            yield f"{', ' if place else '{'}{_dumped(name)}: "
            yield from _pieces(inner, deep - 1)
        yield "}"
    elif isinstance(value, list) and len(value) > _AT_ONCE:
        for start in range(0, len(value), _AT_ONCE):
            yield ("[" if start == 0 else ", ") + _dumped(value[start : start + _AT_ONCE])[1:-1]
        yield "]"
    else:
        yield _dumped(value)


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


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
