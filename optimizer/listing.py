"""Faults as they are listed: a path, the value found, and never more than a screenful of a kind."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from models.faults import Fault
from models.places import Area, Place
from models.stockpiles.items import Item
from models.text import Label, Text

FAULTS_OF_A_KIND = 100
_KNOWN_SHOWN = 12
_VALUE_LENGTH = 100

Offender = TypeVar("Offender")


def fault(path: str, code: str, value: object = None, /, **values: str | float | Label) -> Fault:
    """Return the fault at ``path``; ``values`` are what its message speaks of.

    Examples
    --------
    >>> fault("sites[0].id", "fault.duplicate", "A", first="sites[1].id").value
    '"A"'
    """
    shown = None if value is None else _shortened(json.dumps(value, ensure_ascii=False))
    return Fault(path=path, value=shown, need=Text(code=code, values=dict(values)))


def listed(
    path: str, offenders: Sequence[Offender], to_fault: Callable[[Offender], Fault]
) -> Iterator[Fault]:
    """Yield a fault for each offender up to the limit, then one that counts the others."""
    for offender in offenders[:FAULTS_OF_A_KIND]:
        yield to_fault(offender)
    left_over = len(offenders) - FAULTS_OF_A_KIND
    if left_over > 0:
        yield fault(path, "fault.more", count=left_over, shown=FAULTS_OF_A_KIND)


def repeated(path: str, ids: Sequence[str]) -> Iterator[Fault]:
    """Yield a fault for each id of the list at ``path`` that stands there before already."""
    first: dict[str, int] = {}
    again = [index for index, one in enumerate(ids) if first.setdefault(one, index) != index]

    def to_fault(index: int) -> Fault:
        earlier = f"{path}[{first[ids[index]]}].id"
        return fault(f"{path}[{index}].id", "fault.duplicate", ids[index], first=earlier)

    yield from listed(path, again, to_fault)


def cycles(areas: Sequence[Area]) -> Iterator[Fault]:
    """Yield a fault for each area that lies, by its parents, in itself."""
    parents = {area.id: area.parent for area in areas}
    for n, area in enumerate(areas):
        seen, above = {area.id}, area.parent
        while above is not None and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above == area.id:
            yield fault(f"areas[{n}].parent", "fault.cycle", area.parent)


def kits(items: Sequence[Item]) -> Iterator[Fault]:
    """Yield a fault for each kit that contains a kit, has needs, or an unknown shelf life."""
    known = {one.id: one for one in items}
    for n, kit in enumerate(items):
        inside = [known[name] for name in kit.contents if name in known]
        for one in inside:
            if one.contents:
                path = member(f"items[{n}].contents", one.id)
                yield fault(path, "fault.stockpiles.kit_of_kits", one.id)
        for name in ("needs", "substitutes"):
            if kit.contents and getattr(kit, name):
                yield fault(f"items[{n}].{name}", "fault.stockpiles.kit_needs")
        lives = [one.shelf_life_days for one in inside if one.shelf_life_days is not None]
        if lives and kit.shelf_life_days is None:
            yield fault(f"items[{n}].shelf_life_days", "fault.stockpiles.kit_life", days=min(lives))


def misplaced(
    path: str, places: Sequence[Place], wanted: tuple[bool, bool, bool, bool]
) -> Iterator[Fault]:
    """Yield a fault for each place that has not the ``wanted`` ones of lat, lon, x_m and y_m."""
    given = [(one.lat, one.lon, one.x_m, one.y_m) for one in places]
    wrong = [
        index
        for index, numbers in enumerate(given)
        if tuple(one is not None for one in numbers) != wanted
    ]
    yield from listed(path, wrong, lambda index: fault(f"{path}[{index}]", "fault.coordinates"))


def member(path: str, key: str) -> str:
    """Return the path of ``key`` in the object at ``path``.

    Examples
    --------
    >>> member("new_stations", "city"), member("new_stations", "class I")
    ('new_stations.city', 'new_stations["class I"]')
    """
    name = key if key.isidentifier() else json.dumps(key, ensure_ascii=False)
    return f"{path}.{name}" if key.isidentifier() else f"{path}[{name}]"


def unknown_references(
    path: str, named: Iterable[tuple[str, str]], known: Collection[str], what: Label
) -> Iterator[Fault]:
    """Yield a fault for each (path, id) in ``named`` that is not ``known``."""
    offenders = [(where, name) for where, name in named if name not in known]
    text = _known_text(known) if offenders else ""

    def to_fault(offender: tuple[str, str]) -> Fault:
        where, name = offender
        if not known:
            return fault(where, "fault.reference_none", name, what=what)
        return fault(where, "fault.reference", name, known=text)

    yield from listed(path, offenders, to_fault)


def _known_text(known: Collection[str]) -> str:
    first = ", ".join(_shortened(name) for name in list(known)[:_KNOWN_SHOWN])
    return first if len(known) <= _KNOWN_SHOWN else f"{first}, … ({len(known)})"


def _shortened(text: str) -> str:
    return text if len(text) <= _VALUE_LENGTH else f"{text[: _VALUE_LENGTH - 1]}…"
