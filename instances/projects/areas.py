"""Areas that demand lies in: listed by the project, or as its rows name them."""

from dataclasses import dataclass, field
from typing import Any

import shapely

from instances.projects.rows import Row, Rows
from instances.projects.words import key_of, look_up
from models.text import Text

_KNOWN_SHOWN = 12
_LEVELS = {
    **{one: one for one in ("district", "subdistrict", "community", "town")},
    "区": "district",
    "街道": "subdistrict",
    "社区": "community",
    "镇": "town",
}


@dataclass
class Areas:
    """Areas by their ids; without a list they are the sub-districts and communities of the rows.

    ``names`` are the ids that go by a word, None where the project lists no areas. ``named`` are
    the pairs (sub-district, community) that rows name, by the id of the smaller. ``shapes`` are
    the grounds of those listed, on WGS 84, where a map gives them, the smallest first;
    ``located`` counts the rows found on one.
    """

    listed: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: dict[str, list[str]] | None = None
    named: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    shapes: dict[str, Any] = field(default_factory=dict)
    located: int = 0

    @classmethod
    def of_list(cls, rows: Rows) -> "Areas":
        """Return the areas of a table; a parent that is none of them is refused."""
        areas = cls(names={})
        parents = {}
        for number, row, area_id in rows.listed():
            level, name = rows.identifier(number, row, "level"), rows.label(row)
            told = {
                "name": name,
                "level": None if level is None else look_up(level, _LEVELS) or level,
            }
            if number in rows.dropped:
                continue
            areas._learn(area_id, *(name or {}).values())
            known = {key: one for key, one in told.items() if one is not None}
            areas.listed[area_id] = {"id": area_id} | known
            parents[area_id] = (number, rows.text(row, "parent"))
            shape = rows.shape(number)
            if shape is not None:
                areas.shapes[area_id] = shape
        for area_id, (number, parent) in parents.items():
            found = None if parent is None else areas._found(parent)
            if found is not None:
                areas.listed[area_id]["parent"] = found
            elif parent is not None:
                rows.refuse(number, "parent", areas._need())
        shapely.prepare(list(areas.shapes.values()))
        areas.shapes = dict(sorted(areas.shapes.items(), key=lambda one: shapely.area(one[1])))
        return areas

    def at(self, lon: float, lat: float) -> str | None:
        """Return the id of the smallest area whose ground a position lies on, None of none."""
        within = (
            one for one, shape in self.shapes.items() if shapely.intersects_xy(shape, lon, lat)
        )
        found = next(within, None)
        self.located += found is not None
        return found

    def of(self, rows: Rows, number: int, row: Row) -> str | None:
        """Return the id of the smallest area that a row names, None where it names none.

        Of several areas of a name the one in the row's sub-district is meant.
        """
        larger, smaller = (rows.identifier(number, row, one) for one in ("subdistrict", "area"))
        if self.names is None:
            return self._name(larger, smaller)
        said = smaller if smaller is not None else larger
        found = None if said is None else self._found(said, within=larger)
        if said is not None and found is None:
            rows.refuse(number, "area" if smaller is not None else "subdistrict", self._need())
        return found

    def request(self) -> list[dict[str, Any]]:
        """Return the areas as a request has them, the larger ones before those in them."""
        if self.names is not None:
            return list(self.listed.values())
        larger = dict.fromkeys(one for one, _ in self.named.values() if one is not None)
        made: list[dict[str, Any]] = [
            {"id": one, "name": one, "level": "subdistrict"} for one in larger
        ]
        for area_id, (parent, name) in self.named.items():
            if name is not None:
                area = {"id": area_id, "name": name, "level": "community"}
                made.append(area | ({} if parent is None else {"parent": parent}))
        return made

    def _name(self, larger: str | None, smaller: str | None) -> str | None:
        """Return the id of a pair: communities of one name in two sub-districts are two."""
        if smaller is None:
            area_id = larger
        else:
            area_id = smaller if larger is None else f"{larger}/{smaller}"
        if area_id is not None:
            self.named[area_id] = (larger, smaller)
        return area_id

    def _learn(self, area_id: str, *names: str) -> None:
        for word in {key_of(one) for one in (area_id, *names)}:
            if self.names is not None:
                self.names.setdefault(word, []).append(area_id)

    def _found(self, said: str, within: str | None = None) -> str | None:
        """Return the one area that goes by a word, None where none or several do."""
        if said in self.listed:
            return said
        some = (self.names or {}).get(key_of(said), [])
        if len(some) > 1 and within is not None:
            larger = self._found(within)
            some = [one for one in some if self.listed[one].get("parent") == larger]
        return some[0] if len(some) == 1 else None

    def _need(self) -> Text:
        known = list(self.listed)
        more = ["..."] if len(known) > _KNOWN_SHOWN else []
        shown = ", ".join([*known[:_KNOWN_SHOWN], *more])
        return Text(code="table.need.area", values={"known": shown})
