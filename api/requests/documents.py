"""Bytes to JSON: encodings, nesting, syntax, repeated names."""

import json
from collections import Counter
from dataclasses import dataclass

import numpy as np

from api.requests.paths import Path, path_text, shortened
from models.faults import Fault
from models.text import Text
from optimizer.errors import InputError

MAX_DEPTH = 32  # the deepest answer has about ten levels
_CHUNK_BYTES = 1 << 20
_ASCII = frozenset(map(chr, range(128)))
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Document:
    """A JSON object, and the faults that reading it has found so far."""

    content: dict[str, object]
    faults: tuple[Fault, ...] = ()


class _Repeating(dict[str, object]):
    """An object in whose text some names stand more than once."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        counts = Counter(name for name, _ in pairs)
        self.repeated = sorted(name for name, count in counts.items() if count > 1)


def parse(raw: bytes) -> Document:
    """Return the JSON object in ``raw``.

    NaN and infinities are let through: the models refuse them, and know where they stand.

    Raises
    ------
    InputError
        It is no JSON object in UTF-8.
    """
    text = _decoded(raw)
    if not text.strip():
        raise _refusal("need.not_empty")
    depth = nesting_depth(raw)
    if depth > MAX_DEPTH:
        raise _refusal("need.shallow", limit=MAX_DEPTH, depth=depth)
    repeating: list[_Repeating] = []
    content = _loaded(text, repeating)
    if not isinstance(content, dict):
        raise InputError((Fault(path="", value=shortened(content), need=_need("need.object")),))
    return Document(content, _repetitions(content) if repeating else ())


def nesting_depth(raw: bytes) -> int:
    r"""Return how deep brackets nest in JSON text, those inside strings not counted.

    Counted without recursion, before the parser sees the text.

    Examples
    --------
    >>> nesting_depth(b'{"a": [1, [2]], "b": "[[[[ \\" ["}')
    3
    """
    plain = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    depth = deepest = quotes = 0
    for start in range(0, len(plain), _CHUNK_BYTES):
        part = np.frombuffer(plain[start : start + _CHUNK_BYTES], dtype=np.uint8)
        quoted = quotes + np.cumsum(part == ord('"'))
        opens = (part == ord("[")) | (part == ord("{"))
        closes = (part == ord("]")) | (part == ord("}"))
        steps = (opens.astype(np.int64) - closes) * (quoted % 2 == 0)
        levels = depth + np.cumsum(steps)
        depth, deepest, quotes = int(levels[-1]), max(deepest, int(levels.max())), int(quoted[-1])
    return deepest


def _loaded(text: str, repeating: list[_Repeating]) -> object:
    def as_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        if len(made) == len(pairs):
            return made
        repeating.append(_Repeating(pairs))
        return repeating[-1]

    try:
        return json.loads(text, object_pairs_hook=as_object)
    except json.JSONDecodeError as error:
        raise _refusal("need.json", line=error.lineno, column=error.colno) from None
    except ValueError:  # a whole number with more digits than Python converts
        raise _refusal("need.short_numbers") from None


def _decoded(raw: bytes) -> str:
    if raw.startswith(_UTF16_MARKS) or raw[:4].count(b"\0") == 2:
        raise _refusal("need.utf8_not_utf16")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if _decodes(raw, "gb18030"):
            raise _refusal("need.utf8_not_gbk") from None
        raise _refusal("need.utf8", position=error.start) from None
    if _is_hidden_gbk(text, raw):
        raise _refusal("need.utf8_not_gbk")
    return text


def _is_hidden_gbk(text: str, raw: bytes) -> bool:
    """Whether GBK text happens to be valid UTF-8 too, as that of Pingshan's own name is.

    Such text reads as letters of Latin Extended-B that hardly any language writes, with
    nothing beyond two bytes.
    """
    beyond_ascii = set(text) - _ASCII
    return (
        any("\u0180" <= sign <= "\u02af" for sign in beyond_ascii)
        and max(beyond_ascii) < "\u0800"
        and _decodes(raw, "gb2312")
    )


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _repetitions(content: object) -> tuple[Fault, ...]:
    faults: list[Fault] = []
    waiting: list[tuple[Path, object]] = [((), content)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, _Repeating):
            faults += [_repetition((*path, name), value[name]) for name in value.repeated]
        if isinstance(value, dict):
            waiting += [((*path, name), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, index), inner) for index, inner in enumerate(value)]
    return tuple(sorted(faults, key=lambda fault: fault.path))


def _repetition(path: Path, value: object) -> Fault:
    return Fault(path=path_text(path), value=shortened(value), need=_need("need.once"))


def _need(code: str, **values: str | int) -> Text:
    return Text(code=code, values=dict(values))


def _refusal(code: str, **values: str | int) -> InputError:
    return InputError((Fault(path="", need=_need(code, **values)),))
