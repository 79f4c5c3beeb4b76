"""Rows without coordinates, joined by name to a table of places; nothing is matched by likeness.

A name is first looked up as it is written, then without what writers add or leave out (spaces,
brackets, full width, the words 社区, 街道, 居委会 ... at its end). What is not found is a fault
that lists the names most like it, for a person to decide. Every match says how it was made and how
precise the place table itself claims to be.
"""

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from instances.tables.units import plain
from models.faults import Fault
from models.text import Text

How = Literal["exact", "normalised"]

_Index = Mapping[str, tuple["NamedPlace", ...]]

_ENDINGS = {
    **dict.fromkeys(("社区居民委员会", "社区居委会", "社区工作站", "居民委员会"), "community"),
    **dict.fromkeys(("居委会", "工作站", "社区", "community"), "community"),
    **dict.fromkeys(("neighbourhoodcommittee", "neighborhoodcommittee"), "community"),
    **dict.fromkeys(("村民委员会", "村委会"), "village"),
    **dict.fromkeys(("街道办事处", "街道办", "街道", "subdistrict"), "subdistrict"),
}
_NEAR_COUNT, _NEAR_LIKENESS = 3, 0.5


@dataclass(frozen=True)
class NamedPlace:
    """A place of the table joined to: degrees on WGS 84, and how exact its position is.

    ``names`` are all that it goes by: its name, other spellings, a code of its building.
    ``precision`` is the table's own word for it: a building, the middle of a community.
    """

    names: tuple[str, ...]
    lon: float
    lat: float
    precision: str | None = None

    @property
    def lon_lat(self) -> tuple[float, float]:
        """The longitude and the latitude."""
        return self.lon, self.lat


@dataclass(frozen=True)
class Match:
    """A row's place and how it was found."""

    place: NamedPlace
    how: How


@dataclass(frozen=True)
class Joined:
    """What a join found, row by row (None where nothing), and everything it did not."""

    matches: tuple[Match | None, ...]
    faults: tuple[Fault, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows were matched exactly, normalised, and not at all."""
        found = [match.how if match is not None else "unmatched" for match in self.matches]
        return {how: found.count(how) for how in ("exact", "normalised", "unmatched")}


def join(
    names: Sequence[str | None],
    places: Sequence[NamedPlace],
    *,
    path: str = "rows",
    column: str = "name",
) -> Joined:
    """Return the place of every name, and a fault for every name with none or with several.

    Examples
    --------
    >>> found = join(["坪山社区居委会", "深圳"], [NamedPlace(("坪山社区",), 114.35, 22.69)])
    >>> found.matches[0].how, found.faults[0].need.code
    ('normalised', 'place.need.known')
    """
    exact = _index(places, str.strip)
    loose = _index(places, lambda name: normalised(name)[0])
    near = {key: those[0].names[0] for key, those in loose.items()}
    matches: list[Match | None] = []
    faults: list[Fault] = []
    for row, name in enumerate(names):
        found = _look_up(name or "", exact, loose)
        if isinstance(found, Match):
            matches.append(found)
            continue
        matches.append(None)
        need = found if found is not None else _unknown(name or "", near)
        faults.append(Fault(path=f"{path}[{row}].{column}", value=name, need=need))
    return Joined(tuple(matches), tuple(faults))


def normalised(name: str) -> tuple[str, str | None]:
    """Return what of a name decides, and the kind of area its ending says it is.

    No spaces, brackets or ending, in half width and lower case. 坪山社区 and 坪山街道 are two
    areas; 坪山 may be either.

    Examples
    --------
    >>> normalised("坪山 社区（居委会）"), normalised("坪山街道"), normalised("East Hill")
    (('坪山', 'community'), ('坪山', 'subdistrict'), ('easthill', None))
    """
    text, kind = re.sub(r"[\s()\[\]【】·_-]", "", plain(name).casefold()), None
    while True:
        ending = next((one for one in _ENDINGS if text.endswith(one) and text != one), None)
        if ending is None:
            return text, kind
        text, kind = text.removesuffix(ending), kind or _ENDINGS[ending]


def _index(
    places: Sequence[NamedPlace], key: Callable[[str], str]
) -> dict[str, tuple[NamedPlace, ...]]:
    """Return the places by the key of each of their names; a place is listed once a key."""
    found: dict[str, dict[NamedPlace, None]] = defaultdict(dict)
    for place in places:
        for name in place.names:
            found[key(name)][place] = None
    return {name: tuple(those) for name, those in found.items()}


def _look_up(name: str, exact: _Index, loose: _Index) -> Match | Text | None:
    """Return the one place of a name, why there is not one alone, or None where there is none."""
    steps: tuple[tuple[How, tuple[NamedPlace, ...]], ...] = (
        ("exact", exact.get(name.strip(), ())),
        ("normalised", _of_kind(loose, name)),
    )
    for how, those in steps:
        if not name.strip():
            return Text(code="place.need.name")
        if len({(place.lon, place.lat) for place in those}) > 1:
            known = ", ".join(place.names[0] for place in those[:_NEAR_COUNT])
            return Text(code="place.need.one", values={"count": len(those), "known": known})
        if those:
            return Match(those[0], how)
    return None


def _of_kind(loose: _Index, name: str) -> tuple[NamedPlace, ...]:
    """Return the places a name may mean; kinds that both sides state must agree."""
    bare, kind = normalised(name)
    return tuple(
        place
        for place in loose.get(bare, ())
        if any(
            other_bare == bare and (kind is None or other in {None, kind})
            for other_bare, other in map(normalised, place.names)
        )
    )


def _unknown(name: str, near: Mapping[str, str]) -> Text:
    """Return the need of a name that no place has, with the names most like it."""
    likest = difflib.get_close_matches(
        normalised(name)[0], near, n=_NEAR_COUNT, cutoff=_NEAR_LIKENESS
    )
    if not likest:
        return Text(code="place.need.known")
    return Text(code="place.need.near", values={"near": ", ".join(near[one] for one in likest)})
