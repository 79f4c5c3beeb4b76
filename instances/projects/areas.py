"""Areas that demand lies in: listed by the project, or as its rows name them."""

from dataclasses import dataclass, field
from typing import Any

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

    ``names`` are the words for those listed, None where the project lists none. ``named`` are the
    pairs (sub-district, community) that rows name, by the id of the smaller.
    """

    listed: list[dict[str, Any]] = field(default_factory=list)
    names: dict[str, str] | None = None
    named: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)

    @classmethod
    def of_list(cls, rows: Rows) -> "Areas":
        """Return the areas of a table; a parent that is none of them is refused."""
        told = {
            name: (number, row) for number, row, name in rows.listed() if number not in rows.dropped
        }
        areas = cls(names={})
        for area_id, (number, row) in told.items():
            name = rows.text(row, "name")
            areas._learn(area_id, name)
            level = rows.identifier(number, row, "level")
            areas.listed.append(
                {"id": area_id}
                | ({} if name is None else {"name": name})
                | ({} if level is None else {"level": look_up(level, _LEVELS) or level})
            )
        for area in areas.listed:
            number, row = told[area["id"]]
            parent = rows.text(row, "parent")
            if parent is not None:
                found = areas._found(parent)
                if found is None:
                    rows.refuse(number, "parent", areas._need())
                else:
                    area["parent"] = found
        return areas

    def of(self, rows: Rows, number: int, row: Row) -> str | None:
        """Return the id of the smallest area that a row names, None where it names none."""
        larger, smaller = (rows.identifier(number, row, one) for one in ("subdistrict", "area"))
        if self.names is None:
            return self._name(larger, smaller)
        said = smaller if smaller is not None else larger
        found = None if said is None else self._found(said)
        if said is not None and found is None:
            rows.refuse(number, "area" if smaller is not None else "subdistrict", self._need())
        return found

    def request(self) -> list[dict[str, Any]]:
        """Return the areas as a request has them, the larger ones before those in them."""
        if self.names is not None:
            return self.listed
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

    def _learn(self, area_id: str, name: str | None) -> None:
        assert self.names is not None
        self.names[key_of(area_id)] = area_id
        if name is not None:
            self.names.setdefault(key_of(name), area_id)

    def _found(self, said: str) -> str | None:
        return (self.names or {}).get(key_of(said))

    def _need(self) -> Text:
        known = [one["id"] for one in self.listed]
        more = ["..."] if len(known) > _KNOWN_SHOWN else []
        shown = ", ".join([*known[:_KNOWN_SHOWN], *more])
        return Text(code="table.need.area", values={"known": shown})
