"""The cells of the storekeeper's workbook, read one by one: actions, ids, quantities, dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from instances.tables.contacts import masked
from instances.tables.files import Table, is_blank, read_name
from instances.tables.numbers import read_number
from models.faults import Fault
from models.messages import MESSAGES
from models.rotation.storekeeping import BOOK_COLUMNS, LINE_COLUMNS, Action
from models.stockpiles.items import Item
from models.text import Text

_KNOWN_SHOWN = 12
_LONGEST = 200


@dataclass(frozen=True)
class Cells:
    """The cells of one row, by the keys of their columns; ``faults`` takes what is wrong."""

    faults: list[Fault]
    items: Mapping[str, Item]
    table: Table
    number: int
    row: dict[str, object]

    def path(self, key: str) -> str:
        """Return the path of a cell, as the import names it."""
        heading = next((one for one in self.table.columns if heading_key(one) == key), key)
        return f"{self.table.name}:{self.number}:{heading}"

    def refuse(self, key: str, need: Text) -> None:
        """Note what is wrong with a cell."""
        value = None if is_blank(self.row.get(key)) else masked(str(self.row[key]))[:100]
        self.faults.append(Fault(path=self.path(key), value=value, need=need))

    def action(self, *, quiet: bool = False) -> Action | None:
        """Return what a line asks for; a line without any text is none."""
        said = read_name(self.row.get("action"))
        if said is None:
            return None
        word = said.split()[-1].casefold()
        if word in set(Action):
            return Action(word)
        words = {texts: one for one in Action for texts in MESSAGES[f"rotation.action.{one}"]}
        if word in words:
            return words[word]
        if not quiet:
            known = ", ".join(Action)
            self.refuse("action", Text(code="rotation.need.action", values={"known": known}))
        return None

    def text(self, key: str, *, needed: bool = False) -> str | None:
        """Return a text, of a length that an id may have."""
        said = read_name(self.row.get(key))
        if said is not None and len(said) > _LONGEST:
            self.refuse(key, Text(code="table.need.short", values={"most": _LONGEST}))
            return None
        if said is None and needed:
            self.refuse(key, Text(code="table.need.value"))
        return said

    def known(self, key: str, among: dict[str, Any]) -> str | None:
        """Return an id of the request, by itself or as the last word of a cell."""
        said = self.text(key, needed=True)
        if said is None:
            return None
        for word in (said, said.split()[-1]):
            if word in among:
                return word
        named = {
            text: one.id
            for one in among.values()
            if one.name
            for text in (one.name.en, one.name.zh)
        }
        if said in named:
            return str(named[said])
        shown = ", ".join([*among][:_KNOWN_SHOWN])
        kind = "item" if key == "item" else "depot"
        self.refuse(key, Text(code=f"rotation.need.{kind}", values={"known": shown}))
        return None

    def amount(self, key: str) -> float | None:
        """Return a number of 0 or more, None where there is none."""
        value = read_number(self.row.get(key))
        if isinstance(value, float) and value < 0:
            value = Text(code="table.need.not_negative")
        if isinstance(value, Text):
            self.refuse(key, value)
            return None
        return value

    def quantity(self, key: str, item: str | None, *, needed: bool = False) -> float | None:
        """Return a quantity in the item's own unit: packs are counted out."""
        value, unit = self.amount(key), self.text("unit")
        if value is None:
            if needed and is_blank(self.row.get(key)):
                self.refuse(key, Text(code="table.need.value"))
            return None
        if unit is None or item is None:
            return value
        held = self.items[item]
        sizes = dict.fromkeys((held.unit.en, held.unit.zh), 1.0)
        for pack in held.packs:
            names = (pack.id, *((pack.name.en, pack.name.zh) if pack.name else ()))
            sizes |= dict.fromkeys(names, pack.holds)
        if unit not in sizes:
            known = ", ".join(sizes)
            self.refuse("unit", Text(code="rotation.need.unit", values={"known": known}))
            return None
        return value * sizes[unit]

    def day(self, key: str) -> date | None:
        """Return a date, as a spreadsheet holds it or written with the year first."""
        value = self.row.get(key)
        if is_blank(value):
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value).strip().replace("/", "-").replace(".", "-"))
        except ValueError:
            self.refuse(key, Text(code="rotation.need.date"))
            return None


def heading_key(heading: str) -> str:
    """Return the key of a heading: its last word.

    Examples
    --------
    >>> heading_key("实际数量 done"), heading_key("lot")
    ('done', 'lot')
    """
    known = {one.chinese: one.key for one in (*LINE_COLUMNS, *BOOK_COLUMNS)}
    said = heading.strip()
    return known.get(said, said.split()[-1].casefold() if said else "")
