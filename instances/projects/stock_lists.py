"""The lists of a project of stockpiles that speak of its tiers, items and depots."""

from datetime import date, datetime
from typing import Any

from instances.projects.areas import Areas
from instances.projects.places import filled
from instances.projects.rows import Row, Rows
from instances.projects.words import Words, key_of, look_up
from instances.tables.files import is_blank
from models.text import Text

Made = list[dict[str, Any]]
_CONTRACTS: Words = {
    key_of(word): kind
    for kind, words in (("agreement", ("协议",)), ("capacity", ("产能",)))
    for word in (kind, *words)
}


def words_of(listed: list[dict[str, Any]]) -> Words:
    """Return what the rows of a table go by: their names, and before these their ids."""
    names = {key_of(word): one["id"] for one in listed for word in one.get("name", {}).values()}
    return names | {key_of(one["id"]): one["id"] for one in listed}


def named(rows: Rows, number: int, row: Row, name: str, words: Words) -> str | None:
    """Return the id that a cell calls by id or name; a cell that calls none is refused."""
    said = rows.text(row, name)
    found = None if said is None else look_up(said, words)
    if found is None and number not in rows.dropped:
        known = ", ".join(list(dict.fromkeys(words.values()))[:12])
        need = "table.need.value" if said is None else "table.need.one_of"
        rows.refuse(number, name, Text(code=need, values={} if said is None else {"known": known}))
    return found


def minimums(rows: Rows, of_tier: Words, of_item: Words) -> Made:
    """Return the statutory minimums."""
    found = []
    for number, row in rows.filled():
        told = {
            "tier": named(rows, number, row, "tier", of_tier),
            "item_id": named(rows, number, row, "item", of_item),
            "quantity": rows.amount(number, row, "least"),
            "per_resident": rows.amount(number, row, "per_resident"),
            "each": rows.flag(number, row, "each"),
        }
        if number not in rows.dropped:
            found.append(filled(told))
    return found


def lots(rows: Rows, items: Made, of_item: Words, of_depot: Words) -> Made:
    """Return the lots; a quantity or a date that is blank is unknown, and stays so."""
    by_id = {one["id"]: one for one in items}
    found = []
    for number, row in rows.filled():
        item = named(rows, number, row, "item", of_item)
        holds = _unit(rows, number, row, by_id.get(item or "", {}))
        least, most = (rows.amount(number, row, one) for one in ("quantity", "quantity_most"))
        first, last = (_day(rows, number, row, one) for one in ("expires", "expires_last"))
        told = {
            "item_id": item,
            "depot_id": named(rows, number, row, "depot", of_depot),
            **_known("quantity", *(None if one is None else one * holds for one in (least, most))),
            **_known("expires", first, last, single="expires_on"),
        }
        name = rows.identifier(number, row, "id") or f"{rows.table.name}-{number}"
        if number not in rows.dropped:
            found.append({"id": name} | filled(told))
    return found


def _known(name: str, least: Any, most: Any, *, single: str | None = None) -> dict[str, Any]:
    """Return what is known: one value, or between which two it lies."""
    if most is None:
        return {single or name: least}
    return {f"{name}_between": (0.0 if least is None and single is None else least, most)}


def _unit(rows: Rows, number: int, row: Row, item: dict[str, Any]) -> float:
    """Return how many of an item's units the unit of a row is: its own, or one of its packs."""
    said = rows.text(row, "unit")
    if said is None:
        return 1.0
    sizes = {key_of(word): 1.0 for word in item.get("unit", {}).values()}
    sizes |= {key_of(one["id"]): one["holds"] for one in item.get("packs", ())}
    if key_of(said) not in sizes:
        known = ", ".join(
            [*item.get("unit", {}).values(), *(p["id"] for p in item.get("packs", ()))]
        )
        rows.refuse(number, "unit", Text(code="table.need.one_of", values={"known": known or "-"}))
    return sizes.get(key_of(said), 1.0)


def _day(rows: Rows, number: int, row: Row, name: str) -> str | None:
    """Return the day of a cell: a date, or as 2027-05-31, 2027/5/31, 2027年5月31日."""
    cell = row.get(rows.columns.get(name, ""))
    if is_blank(cell):
        return None
    if isinstance(cell, date):
        return (cell.date() if isinstance(cell, datetime) else cell).isoformat()
    said = str(cell).strip().rstrip("日").replace("年", "-").replace("月", "-").replace("/", "-")
    try:
        return datetime.strptime(said, "%Y-%m-%d").date().isoformat()  # noqa: DTZ007 - a day
    except ValueError:
        rows.refuse(number, name, Text(code="table.need.day"))
        return None


def take_sizes(rows: Rows, depots: Made) -> None:
    """Write into depots the sizes that each may be built or enlarged to."""
    of_depot, by_id = words_of(depots), {one["id"]: one for one in depots}
    for number, row in rows.filled():
        depot = named(rows, number, row, "depot", of_depot)
        told = {
            "id": rows.identifier(number, row, "size"),
            "volume_m3": rows.number(number, row, "volume"),
            "weight_kg": rows.amount(number, row, "floor_load"),
            "handling_m3_per_h": rows.amount(number, row, "handling"),
            **{
                one: rows.amount(number, row, one)
                for one in ("capital_cost", "life_years", "yearly_cost")
            },
        }
        if told["id"] is None and number not in rows.dropped:
            rows.refuse(number, "size", Text(code="table.need.value"))
        if number not in rows.dropped:
            by_id[depot or ""].setdefault("sizes", []).append(filled(told))


def contracts(rows: Rows, areas: Areas, of_tier: Words, of_item: Words) -> Made:
    """Return what suppliers keep, or would produce, on call."""
    found = []
    for number, row, place in rows.places():
        said = rows.text(row, "kind")
        kind = None if said is None else look_up(said, _CONTRACTS)
        if said is not None and kind is None:
            known = ", ".join(dict.fromkeys(_CONTRACTS.values()))
            rows.refuse(number, "kind", Text(code="table.need.one_of", values={"known": known}))
        told = {
            "name": rows.label(row),
            "kind": kind,
            "tier": named(rows, number, row, "tier", of_tier),
            "area": areas.of(rows, number, row) or areas.at(place["lon"], place["lat"]),
            "item_id": named(rows, number, row, "item", of_item),
            "most": rows.number(number, row, "most"),
            "lead_time_s": rows.number(number, row, "lead_time_s"),
            "fee": rows.number(number, row, "fee"),
        }
        if number not in rows.dropped:
            found.append(place | filled(told))
    return found


def bands(rows: Rows) -> Made:
    """Return the bands of time, in the order of their ends."""
    found = []
    for number, row, name in rows.listed():
        told = {
            "end_s": rows.number(number, row, "end_s"),
            "supply_days": rows.amount(number, row, "supply_days"),
            "weight": rows.amount(number, row, "band_weight"),
        }
        if number not in rows.dropped:
            found.append({"id": name} | filled(told))
    return sorted(found, key=lambda one: one["end_s"])
