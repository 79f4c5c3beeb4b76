"""Changes of a request: JSON Patch (RFC 6902), applied within bounds, its faults by their place."""

import json
from collections.abc import Sequence
from typing import Any

from jsonpatch import (
    InvalidJsonPatch,
    JsonPatch,
    JsonPatchConflict,
    JsonPatchException,
    JsonPatchTestFailed,
)
from jsonpointer import JsonPointer, JsonPointerException

from api.requests.documents import Document, parse
from api.requests.files import MEGABYTE
from api.requests.paths import shortened
from models.faults import Fault
from models.text import Text
from optimizer.errors import InputError

_MOST_OPERATIONS = 1000
# What an operation needs beside its place; the library asks for it only when it is applied.
_NEEDED = {"add": "value", "replace": "value", "test": "value", "move": "from", "copy": "from"}
_BLAMED = {"move": "from", "copy": "from"}
_REFUSALS = (JsonPatchException, JsonPointerException, TypeError, KeyError, ValueError)


def patched(content: dict[str, object], patch: Sequence[Any], limit_bytes: int) -> Document:
    """Return ``content`` after ``patch``; the given object itself may have changed.

    Copying alone makes a document larger than what was sent, twice with each operation, so
    what is copied is counted.

    Raises
    ------
    InputError
        Operations are malformed (all of those are listed), the first that can be applied fails,
        or the result is no object, too large or too deep.
    """
    if len(patch) > _MOST_OPERATIONS:
        need = Text(code="need.items_max", values={"count": _MOST_OPERATIONS})
        raise InputError((Fault(path="patch", value="[...]", need=need),))
    malformed = [
        _fault(index, one, "need.patch_operation")
        for index, one in enumerate(patch)
        if not _is_operation(one)
    ]
    if malformed:
        raise InputError(tuple(malformed))
    try:
        return parse(json.dumps(_applied(content, patch, limit_bytes)).encode("utf-8"))
    except RecursionError:
        raise InputError((_whole("need.patch_small", limit_bytes),)) from None


def _is_operation(one: Any) -> bool:
    try:
        JsonPatch([one])
        needed = _NEEDED.get(one["op"])
        if needed == "from":
            JsonPointer(one["from"])
    except _REFUSALS:
        return False
    return needed is None or needed in one


def _applied(content: Any, patch: Sequence[Any], limit_bytes: int) -> Any:
    left = limit_bytes
    for index, one in enumerate(patch):
        try:
            left -= _copied_bytes(one, content)
            if left < 0:
                break
            content = JsonPatch([one]).apply(content, in_place=True)
        except JsonPatchTestFailed:
            raise InputError((_fault(index, one, "need.patch_test"),)) from None
        except (InvalidJsonPatch, JsonPatchConflict, JsonPointerException, TypeError, KeyError):
            raise InputError((_fault(index, one, "need.patch_place"),)) from None
    if left < 0:
        raise InputError((_whole("need.patch_small", limit_bytes),))
    if not isinstance(content, dict):
        raise InputError((Fault(path="patch", need=Text(code="need.patched_object")),))
    return content


def _copied_bytes(one: Any, content: Any) -> int:
    return len(json.dumps(JsonPointer(one["from"]).resolve(content))) if one["op"] == "copy" else 0


def _fault(index: int, operation: Any, code: str) -> Fault:
    path, shown = f"patch[{index}]", operation
    if code != "need.patch_operation":
        member = "value" if code == "need.patch_test" else _BLAMED.get(operation["op"], "path")
        path, shown = f"{path}.{member}", operation[member]
    return Fault(path=path, value=shortened(shown), need=Text(code=code))


def _whole(code: str, limit_bytes: int) -> Fault:
    need = Text(code=code, values={"limit_mb": limit_bytes // MEGABYTE})
    return Fault(path="patch", value="[...]", need=need)
