"""What a project of stockpiles has of its own: tiers, items, lots, and lists of scenarios.

A scenario has a row with its probability, and rows of its own in the table of effects: what happens
to a block, a depot or an area. Every block has the share affected of the scenario's row, unless a
row of effects says another.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from instances.projects.areas import Areas
from instances.projects.making import Made, Making, Parts, make
from instances.projects.places import Known, filled
from instances.projects.reading import Read
from instances.projects.rows import Row, Rows
from instances.projects.settings import FILE_NAME
from instances.projects.stock_fields import STOCK_RULES, STOCK_TOLD
from instances.projects.stock_lists import (
    bands,
    contracts,
    lots,
    minimums,
    named,
    take_sizes,
    words_of,
)
from instances.projects.words import Words, look_up, numbers_of, parts_of
from models.faults import Fault
from models.text import Text

_OWN = ("person", "household")  # drivers that follow from the people affected


def stockpiles(read: Read) -> Made:
    """Return the request of a project; all faults of all its files are listed at once."""
    return make(read, Making(_missing, _parts, _told, lambda made, _: _finished(made, read)))


def _missing(read: Read) -> list[Fault]:
    found = [
        Fault(path=role, need=Text(code="project.need.table", values={"role": role}))
        for role in ("tiers", "items", "scenarios")
        if role not in read.tables and role not in read.broken
    ]
    kits = {"kit_tier", "kit_cost"} & set(read.settings)
    if len(kits) == 1:
        need = Text(code="project.need.kits")
        found.append(Fault(path=f"{FILE_NAME}:{kits.pop()}", need=need))
    return found


def _parts(rows: dict[str, Rows]) -> Parts:
    known = Known({}, Areas.of_list(rows["areas"]) if "areas" in rows else Areas())
    parts = Parts()
    tiers = _tiers(rows["tiers"]) if "tiers" in rows else []
    items = _items(rows["items"]) if "items" in rows else []
    of_tier, of_item = words_of(tiers), words_of(items)
    if "demand" in rows:
        parts.points = _blocks(rows["demand"], known)
    if "sites" in rows:
        parts.sites = _depots(rows["sites"], known, of_tier)
    for one in tiers:
        for key, words in (("may_hold", of_item), ("refills", of_tier)):
            if key in one:
                one[key] = [look_up(name, words) or name for name in one[key]]
    parts.more = {"tiers": tiers, "items": items}
    if "contracts" in rows:
        parts.more["contracts"] = contracts(rows["contracts"], known.areas, of_tier, of_item)
    parts.areas, parts.located = known.areas.request(), known.areas.located
    parts.more |= _lists(rows, parts, of_tier, of_item)
    return parts


def _lists(
    rows: dict[str, Rows], parts: Parts, of_tier: Words, of_item: Words
) -> dict[str, list[dict[str, Any]]]:
    """Return the lists that speak of tiers, items, blocks and depots."""
    more = {}
    if "sizes" in rows:
        take_sizes(rows["sizes"], parts.sites)
    if "bands" in rows:
        more["bands"] = bands(rows["bands"])
    if "minimums" in rows:
        more["minimums"] = minimums(rows["minimums"], of_tier, of_item)
    if "lots" in rows:
        words = of_item, words_of(parts.sites)
        more["lots"] = lots(rows["lots"], parts.more["items"], *words)
    if "scenarios" in rows:
        more["scenarios"] = _scenarios(rows["scenarios"], parts.points)
        if "effects" in rows:
            _take_effects(rows["effects"], more["scenarios"], parts)
    return more


def _several(rows: Rows, row: Row, name: str) -> list[str] | None:
    said = rows.text(row, name)
    return None if said is None else parts_of(said) or None


def _blocks(rows: Rows, known: Known) -> list[dict[str, Any]]:
    blocks = []
    for number, row, place in rows.places():
        residents = rows.amount(number, row, "residents")
        people = {} if residents is None else {"residents": residents}
        told: dict[str, Any] = {
            "name": rows.label(row),
            "weights": people | rows.group(number, row, "weights"),
            "area": known.areas.of(rows, number, row) or known.areas.at(place["lon"], place["lat"]),
            "kit_free": rows.amount(number, row, "kit_free"),
        }
        if number not in rows.dropped:
            blocks.append(place | filled(told))
    return blocks


def _depots(rows: Rows, known: Known, of_tier: Words) -> list[dict[str, Any]]:
    depots = []
    for number, row, place in rows.places():
        told = {
            "name": rows.label(row),
            "tier": named(rows, number, row, "tier", of_tier),
            "area": known.areas.of(rows, number, row) or known.areas.at(place["lon"], place["lat"]),
            "volume_m3": rows.amount(number, row, "volume"),
            "weight_kg": rows.amount(number, row, "floor_load"),
            "handling_m3_per_h": rows.amount(number, row, "handling"),
            "vehicles": _vehicles(rows, number, row),
            "conditions": _several(rows, row, "conditions"),
            **{one: rows.amount(number, row, one) for one in ("open_s", "fee_share")},
            "yearly_cost": rows.amount(number, row, "yearly_cost"),
        }
        if number not in rows.dropped:
            depots.append(place | filled(told))
    return depots


def _vehicles(rows: Rows, number: int, row: Row) -> dict[str, Any] | None:
    """Return the vehicles of a depot; without a count its vehicles limit nothing."""
    count = rows.amount(number, row, "vehicle_count", whole=True)
    told = {
        "load_kg": rows.amount(number, row, "vehicle_load"),
        "load_m3": rows.amount(number, row, "vehicle_volume"),
        "loading_s": rows.amount(number, row, "vehicle_loading_s"),
    }
    if count is None:
        return None
    if not (told["load_kg"] or told["load_m3"]):
        rows.refuse(number, "vehicle_load", Text(code="table.need.positive"))
    return {"count": count} | {key: one for key, one in told.items() if one}


def _tiers(rows: Rows) -> list[dict[str, Any]]:
    tiers = []
    for number, row, name in rows.listed():
        told = {
            "name": rows.label(row),
            "may_hold": _several(rows, row, "may_hold"),
            "serves": "own_area" if rows.flag(number, row, "own_area") else None,
            "budget": rows.amount(number, row, "tier_budget"),
            "refills": _several(rows, row, "refills"),
            **{
                one: rows.amount(number, row, one)
                for one in ("dispatch_s", "hand_over_s", "reach_s")
            },
        }
        if number not in rows.dropped:
            tiers.append({"id": name} | filled(told))
    return tiers


def _items(rows: Rows) -> list[dict[str, Any]]:
    items = []
    for number, row, name in rows.listed():
        unit = rows.text(row, "unit")
        told = {
            "name": rows.label(row),
            "unit": None if unit is None else {"en": unit, "zh": unit},
            "volume_m3": rows.number(number, row, "unit_volume"),
            "weight_kg": rows.amount(number, row, "unit_mass"),
            "price": rows.number(number, row, "price"),
            "weight": rows.amount(number, row, "need_weight"),
            "shelf_life_days": rows.amount(number, row, "shelf_life"),
            "service_life_days": rows.amount(number, row, "service_life"),
            "conditions": _several(rows, row, "conditions"),
            "packs": [
                {"id": name, "holds": holds}
                for name, holds in _numbered(rows, number, row, "packs").items()
            ],
            "needs": _needs(rows, number, row),
            "per_kit": rows.amount(number, row, "per_kit"),
        }
        if number not in rows.dropped:
            items.append({"id": name} | filled(told))
    _take_others(rows, items)
    return items


def _take_others(rows: Rows, items: list[dict[str, Any]]) -> None:
    """Write into items which others they contain, and which may stand in for them."""
    words = words_of(items)
    of = {one["id"]: one for one in items}
    for number, row in rows.filled():
        for field in ("contents", "substitutes"):
            told = _numbered(rows, number, row, field)
            found = {look_up(name, words): units for name, units in told.items()}
            if None in found:
                known = ", ".join(list(of)[:12])
                rows.refuse(number, field, Text(code="table.need.one_of", values={"known": known}))
            elif told and number not in rows.dropped:
                of[rows.text(row, "id") or ""][field] = found


def _numbered(rows: Rows, number: int, row: Row, name: str) -> dict[str, float]:
    """Return what a cell lists, each with its number."""
    said = rows.text(row, name)
    found = [] if said is None else numbers_of(said)
    if found is None:
        rows.refuse(number, name, Text(code="table.need.numbered"))
    return dict(found or ())


def _needs(rows: Rows, number: int, row: Row) -> list[dict[str, Any]]:
    """Return what a person, a day, a household and another driver need of an item."""
    needs: list[dict[str, Any]] = []
    for name, told in (
        ("per_person", {}),
        ("per_person_day", {"per_day": True}),
        ("per_household", {"driver": "household"}),
    ):
        quantity = rows.amount(number, row, name)
        if quantity:
            needs.append({"quantity": quantity} | told)
    driver = rows.identifier(number, row, "driver")
    if driver is not None:
        quantity = rows.number(number, row, "per_driver")
        needs.append({"driver": driver, "quantity": quantity})
    return needs


def _scenarios(rows: Rows, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    scenarios = []
    for number, row, name in rows.listed():
        share = rows.amount(number, row, "affected")
        told = {
            "name": rows.label(row),
            "kind": rows.identifier(number, row, "kind"),
            "stratum": rows.identifier(number, row, "stratum"),
            "weight": rows.amount(number, row, "probability"),
            "duration_days": rows.amount(number, row, "duration_days"),
            "slower": _factor(rows, number, row),
            "held_out": rows.flag(number, row, "held_out"),
        }
        if number in rows.dropped:
            continue
        affected = {} if not share else dict.fromkeys((one["id"] for one in blocks), share)
        scenarios.append({"id": name, "affected": affected} | filled(told))
    return scenarios


def _factor(rows: Rows, number: int, row: Row) -> float | None:
    factor = rows.amount(number, row, "slower")
    if factor is not None and factor < 1.0:
        rows.refuse(number, "slower", Text(code="table.need.slower"))
    return factor


@dataclass(frozen=True)
class _Effect:
    """What a row of effects says of one place in one scenario."""

    where: str
    affected: float | None
    lost: float | None
    slower: float | None
    cut_off: bool | None
    driver: str | None
    count: float | None
    by_heads: bool

    def misplaced(self, people: Mapping[str, float], areas: Collection[str]) -> list[str]:
        """Return the fields that do not go with the place: a block, a depot or an area."""
        block, area = self.where in people, self.where in areas
        share = "affected_people" if self.by_heads else "affected"
        wrong = {
            share: self.affected is not None and (not block or self.affected > 1.0),
            "lost": self.lost is not None and area and not block,
            "slower": self.slower is not None and not area,
            "cut_off": bool(self.cut_off) and not area,
            "driver": self.driver in _OWN,
            "count": self.count is not None and (self.driver is None or not block),
        }
        return [field for field, bad in wrong.items() if bad]

    def take_place(self, scenario: dict[str, Any]) -> None:
        """Write it into its scenario."""
        if self.affected is not None:
            scenario["affected"][self.where] = self.affected
        if self.lost is not None:
            scenario.setdefault("surviving_share", {})[self.where] = 1.0 - self.lost
        if self.slower is not None:
            scenario.setdefault("slower_by_area", {})[self.where] = self.slower
        if self.cut_off:
            scenario.setdefault("cut_off", []).append(self.where)
        if self.count is not None and self.driver is not None:
            counts = scenario.setdefault("counts", {}).setdefault(self.driver, {})
            counts[self.where] = self.count


def _take_effects(rows: Rows, scenarios: list[dict[str, Any]], parts: Parts) -> None:
    """Write what happens to blocks, depots and areas into their scenarios."""
    of_scenario = words_of(scenarios)
    by_id = {one["id"]: one for one in scenarios}
    people = {one["id"]: sum(one["weights"].values()) for one in parts.points}
    holders = [*parts.more.get("contracts", ()), *parts.sites]
    blocks, depots, areas = map(words_of, (parts.points, holders, parts.areas))
    known = {**areas, **depots, **blocks}
    for number, row in rows.filled():
        name = named(rows, number, row, "scenario", of_scenario)
        where = named(rows, number, row, "where", known)
        heads = rows.amount(number, row, "affected_people")
        share = rows.amount(number, row, "affected")
        if heads is not None:
            there = people.get(where or "", 0.0)
            share = heads / there if there > 0 else math.inf
        effect = _Effect(
            where=where or "",
            affected=share,
            lost=rows.amount(number, row, "lost"),
            slower=_factor(rows, number, row),
            cut_off=rows.flag(number, row, "cut_off"),
            driver=rows.identifier(number, row, "driver"),
            count=rows.amount(number, row, "count"),
            by_heads=heads is not None,
        )
        if number in rows.dropped or name is None:
            continue
        for field in effect.misplaced(people, set(areas.values())):
            rows.refuse(number, field, Text(code="table.need.effect"))
        if number not in rows.dropped:
            effect.take_place(by_id[name])


def _told(read: Read) -> dict[str, Any]:
    settings = read.settings
    rules: dict[str, Any] = {key: settings[key] for key in STOCK_RULES if key in settings}
    if "least_cover" in settings:
        rules["least_cover"] = [{"share": settings["least_cover"]}]
    if "gini" in settings:
        rules["gini"] = {"most": settings["gini"], "level": "block"}
    if "chance_risk" in settings:
        rules["chance"] = {"risk": settings["chance_risk"]}
    told = {key: settings[key] for key in STOCK_TOLD if key in settings}
    return {"kind": "stockpiles"} | told | ({"rules": rules} if rules else {})


def _finished(request: dict[str, Any], read: Read) -> dict[str, Any]:
    """Return the request in the words of stockpiles."""
    made = dict(request)
    made["blocks"], made["depots"] = made.pop("demand_points"), made.pop("sites")
    made.pop("weight_names", None)
    free = {one["id"]: one.pop("kit_free") for one in made["blocks"] if "kit_free" in one}
    kit = {one["id"]: one.pop("per_kit") for one in made["items"] if one.get("per_kit")}
    for one in made["items"]:
        one.pop("per_kit", None)
    settings = read.settings
    if kit and "kit_tier" in settings and "kit_cost" in settings:
        told = {
            "tier": look_up(settings["kit_tier"], words_of(made["tiers"])) or settings["kit_tier"],
            "kit": kit,
            "cost_per_person": settings["kit_cost"],
            "free_share": settings.get("kit_free_share"),
            "share_max": settings.get("kit_share_max"),
            "life_years": settings.get("kit_life_years"),
            "free_share_by_block": free or None,
        }
        made["households"] = filled(told)
    minimums = made.pop("minimums", None)
    if minimums:
        made["rules"] = {**made.get("rules", {}), "minimums": minimums}
    if "deadline_s" in made and "bands" not in made:
        end_s = made["deadline_s"]
        made["bands"] = [{"id": f"{end_s / 3600.0:g}h", "end_s": end_s}]
    parted: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for one in made["scenarios"]:
        parted[bool(one.pop("held_out", False))].append(one)
    made["scenarios"] = parted[False]
    return made | ({"held_out": parted[True]} if parted[True] else {})
