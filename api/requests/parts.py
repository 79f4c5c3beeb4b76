"""The parts of a document, each read by its own reader, with the faults of all of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from api.requests.documents import Document
from api.requests.paths import shortened
from models.faults import Fault
from models.text import Text
from optimizer.errors import InputError

_NOTHING = object()

Reader = Callable[[Document], object]


@contextmanager
def under(place: str) -> Iterator[None]:
    """Name the faults found inside by their path from ``place`` on."""
    try:
        yield
    except InputError as error:
        raise InputError(tuple(_moved(fault, place) for fault in error.faults)) from None


@contextmanager
def out_of(place: str) -> Iterator[None]:
    """Name the faults found inside by their path from ``place`` inwards."""
    try:
        yield
    except InputError as error:
        raise InputError(tuple(_inner(fault, place) for fault in error.faults)) from None


def _inner(fault: Fault, place: str) -> Fault:
    if not fault.path.startswith((f"{place}.", f"{place}[")) and fault.path != place:
        return fault
    return fault.model_copy(update={"path": fault.path.removeprefix(place).removeprefix(".")})


def _moved(fault: Fault, place: str) -> Fault:
    joint = "." if place and fault.path and not fault.path.startswith("[") else ""
    return fault.model_copy(update={"path": f"{place}{joint}{fault.path}"})


def read_parts(
    document: Document, readers: dict[str, Reader], optional: frozenset[str] = frozenset()
) -> dict[str, object]:
    """Return every part of ``document`` as its reader gives it.

    Raises
    ------
    InputError
        With the faults of all parts, of parts that are missing and of parts unknown.
    """
    content = document.content
    read, faults = {}, list(document.faults)
    unknown = content.keys() - readers.keys()
    faults += [_fault(name, "need.absent", content[name]) for name in sorted(unknown)]
    for name, reader in readers.items():
        if name not in content:
            faults += [] if name in optional else [_fault(name, "need.present")]
            continue
        try:
            with under(name):
                read[name] = reader(_part(content[name]))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(tuple(faults))
    return read


def _part(content: object) -> Document:
    if not isinstance(content, dict):
        raise InputError((_fault("", "need.object", content),))
    return Document(content)


def _fault(path: str, code: str, given: object = _NOTHING) -> Fault:
    value = None if given is _NOTHING else shortened(given)
    return Fault(path=path, value=value, need=Text(code=code))
