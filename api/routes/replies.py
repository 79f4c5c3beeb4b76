"""Answers as they go out: large ones a piece at a time, so that other calls are served between."""

import json
import zlib
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Response
from fastapi.responses import StreamingResponse

from api.carried import SMALL_BYTES
from api.payloads import Payload

JSON = "application/json"
_PIECE_BYTES = 1 << 18
_FED_BYTES = 1 << 14
_SMALL_PACKED_BYTES = 1 << 15


def kept_response(payload: Payload, headers: Mapping[str, str] | None = None) -> Response:
    """Return what was kept, as JSON."""
    if len(payload.content) <= _SMALL_PACKED_BYTES or not payload.is_packed:
        return Response(payload.read(), 200, headers, JSON)
    return StreamingResponse(_unpacked(payload.content), 200, headers, JSON)


def whole_response(content: bytes, media: str, headers: Mapping[str, str]) -> Response:
    """Return content of a media type."""
    if len(content) <= SMALL_BYTES:
        return Response(content, 200, headers, media)
    sized = {**headers, "content-length": str(len(content))}
    return StreamingResponse(_sliced(content), 200, sized, media)


def spliced_response(
    head: Mapping[str, Any],
    parts: Mapping[str, Payload],
    code: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a JSON object with more members, each as it was kept."""
    begun = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8")[:-1]
    pieces = _spliced(begun, parts)
    if sum(len(one.packed) for one in parts.values()) <= _SMALL_PACKED_BYTES:
        return Response(b"".join(pieces), code, headers, JSON)
    return StreamingResponse(pieces, code, headers, JSON)


def _spliced(begun: bytes, parts: Mapping[str, Payload]) -> Iterator[bytes]:
    yield begun
    for name, payload in parts.items():
        yield b',"%s":' % name.encode("ascii")
        yield from _unpacked(payload.packed)
    yield b"}"


def _unpacked(packed: bytes) -> Iterator[bytes]:
    unpacking = zlib.decompressobj()
    for start in range(0, len(packed), _FED_BYTES):
        fed = packed[start : start + _FED_BYTES]
        while fed:
            yield unpacking.decompress(fed, _PIECE_BYTES)
            fed = unpacking.unconsumed_tail
    yield unpacking.flush()


def _sliced(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), _PIECE_BYTES):
        yield content[start : start + _PIECE_BYTES]
