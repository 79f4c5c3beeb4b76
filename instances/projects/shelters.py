"""What a project of shelters has of its own: groups, lists of people, scenarios, a fleet."""

from collections.abc import Iterable, Mapping
from typing import Any

from instances.projects.areas import Areas
from instances.projects.making import Layers, Made, Making, Parts, make
from instances.projects.places import Known, filled, one_of
from instances.projects.reading import Read
from instances.projects.rows import Row, Rows
from instances.projects.shelter_fields import SHELTER_RULES, SHELTER_TOLD
from instances.projects.shelter_lists import classes, entrances, names, stages
from instances.projects.words import Words, key_of, look_up, parts_of
from models.messages import MESSAGES
from models.shelters.places import ListedKind, Setting
from models.shelters.presets import SHELTER_STANDARDS
from models.text import Text

_WALKING_M_S = 1.4  # at which roads are walked, so that a walk is as long as its roads
_STATES: Words = {
    **dict.fromkeys(map(key_of, ("existing", "现有", "已有", "已建", "在用")), "existing"),
    **dict.fromkeys(map(key_of, ("candidate", "候选", "备选", "拟建", "规划")), "candidate"),
}
_STANDARDS: Words = {
    key_of(word): name
    for name, one in SHELTER_STANDARDS.items()
    for word in (name, one.name.en, one.name.zh)
}


def _words(code: str, keys: Iterable[str]) -> Words:
    return {key_of(word): str(key) for key in keys for word in (key, *MESSAGES[f"{code}.{key}"])}


_SETTINGS = _words("shelters.setting", Setting)
_KINDS = _words("shelters.listed", ListedKind)


def shelters(read: Read) -> Made:
    """Return the request of a project; all faults of all its files are listed at once."""
    return make(read, Making(lambda _: [], _parts, _told, _finished))


def _parts(rows: dict[str, Rows]) -> Parts:
    known = Known({}, Areas.of_list(rows["areas"]) if "areas" in rows else Areas())
    parts = Parts()
    for role in ("demand", "listed"):
        if role in rows:
            parts.points += _blocks(rows[role], known, listed=role == "listed")
    if "sites" in rows:
        parts.sites = _sites(rows, known)
    if "stages" in rows:
        parts.more["stages"] = stages(rows["stages"])
    if "groups" in rows:
        parts.more["groups"] = _groups(rows["groups"])
    if "scenarios" in rows:
        parts.more["scenarios"] = _scenarios(rows["scenarios"])
    if "fleet" in rows:
        parts.more["vehicles"] = _vehicles(rows["fleet"])
    parts.areas, parts.located = known.areas.request(), known.areas.located
    return parts


def _blocks(rows: Rows, known: Known, *, listed: bool) -> list[dict[str, Any]]:
    """Return the blocks of a table, or the places whose people are listed."""
    blocks = []
    for number, row, place in rows.places():
        residents = rows.amount(number, row, "residents")
        people = {} if residents is None else {"residents": residents}
        area = known.areas.of(rows, number, row) or known.areas.at(place["lon"], place["lat"])
        told: dict[str, Any] = {
            "name": rows.label(row),
            "weights": people | rows.group(number, row, "weights"),
            "area": area,
        }
        if listed:
            within = rows.identifier(number, row, "within")
            told["listed"] = filled(
                {
                    "kind": one_of(rows, number, row, "listed_kind", _KINDS),
                    "within": within,
                    "scenarios": names(rows, row, "in_scenarios"),
                }
            )
        if number not in rows.dropped:
            blocks.append(place | filled(told))
    return blocks


def _sites(tables: dict[str, Rows], known: Known) -> list[dict[str, Any]]:
    rows, sites = tables["sites"], []
    ids = {rows.text(row, "id") or "" for _, row in rows.filled()}
    made, doors = classes(tables.get("classes"), ids), entrances(tables.get("entrances"), ids)
    for number, row, place in rows.places():
        state = rows.text(row, "state")
        told: dict[str, Any] = {
            "name": rows.label(row),
            "setting": one_of(rows, number, row, "setting", _SETTINGS),
            "existing": None
            if state is None
            else one_of(rows, number, row, "state", _STATES) == "existing",
            "places": rows.amount(number, row, "places", whole=True),
            "open_cost": rows.amount(number, row, "cost"),
            "run_cost": rows.amount(number, row, "run_cost"),
            "last_phase": rows.identifier(number, row, "last_phase"),
            "accessible": rows.flag(number, row, "accessible"),
            "entrances": rows.amount(number, row, "entrances", whole=True),
            "entrance_points": doors.get(place["id"]),
            "classes": made.get(place["id"]),
            "facilities": names(rows, row, "facilities"),
            "area": known.areas.of(rows, number, row) or known.areas.at(place["lon"], place["lat"]),
            **{
                one: rows.amount(number, row, one)
                for one in ("effective_area_m2", "gross_area_m2", "suitability")
            },
        }
        sized = told["places"] is not None or told["effective_area_m2"] is not None
        if not sized and (told["existing"] or not told["classes"]):
            rows.refuse(number, "places", Text(code="fault.shelters.size"))
        if number not in rows.dropped:
            sites.append(place | filled(told))
    return sites


def _groups(rows: Rows) -> list[dict[str, Any]]:
    groups = []
    for number, row, name in rows.listed():
        told = {
            "name": rows.label(row),
            "walking_speed_m_s": rows.amount(number, row, "walking_speed"),
            "walk_limit_m": rows.amount(number, row, "group_walk_limit_m"),
            "m2_per_person": rows.amount(number, row, "m2_each"),
            "needs_accessible": rows.flag(number, row, "needs_accessible"),
            "needs_facilities": names(rows, row, "needs_facilities"),
            "fetched": rows.flag(number, row, "fetched"),
            "seats": rows.amount(number, row, "seats"),
        }
        if number not in rows.dropped:
            groups.append({"id": name} | filled(told))
    return groups


def _scenarios(rows: Rows) -> list[dict[str, Any]]:
    scenarios = []
    for number, row, name in rows.listed():
        lost = names(rows, row, "lost_sites")
        phases = None
        if rows.text(row, "phases") is not None:
            phases = one_of(rows, number, row, "phases", _STANDARDS)
        told = {
            "name": rows.label(row),
            "weight": rows.amount(number, row, "probability"),
            "leave_share": rows.amount(number, row, "leave_share"),
            "settings": _several(rows, number, row),
            "m2_per_person": rows.amount(number, row, "m2_per_person"),
            "walk_limit_m": rows.amount(number, row, "walk_limit_m"),
            "surviving_share": None if lost is None else dict.fromkeys(lost, 0.0),
            "standard": phases,
            "phases": None
            if phases is None
            else [
                one.model_dump(mode="json", exclude_none=True)
                for one in SHELTER_STANDARDS[phases].phases
            ],
        }
        if number not in rows.dropped:
            scenarios.append({"id": name} | filled(told))
    return scenarios


def _vehicles(rows: Rows) -> list[dict[str, Any]]:
    vehicles = []
    for number, row, name in rows.listed():
        told = {
            "name": rows.label(row),
            "count": rows.amount(number, row, "vehicle_count", whole=True),
            **{one: rows.amount(number, row, one) for one in ("seats", "ready_s", "boarding_s")},
        }
        for one in ("vehicle_count", "seats"):
            if told["count" if one == "vehicle_count" else one] is None:
                rows.refuse(number, one, Text(code="table.need.value"))
        if number not in rows.dropped:
            vehicles.append({"id": name} | filled(told))
    return vehicles


def _several(rows: Rows, number: int, row: Row) -> list[str] | None:
    """Return the settings that serve in a scenario, None where a row names none."""
    said = rows.text(row, "settings")
    if said is None:
        return None
    found = [look_up(one, _SETTINGS) for one in parts_of(said)]
    if not found or None in found:
        known = ", ".join(Setting)
        rows.refuse(number, "settings", Text(code="table.need.several", values={"known": known}))
    return [one for one in dict.fromkeys(found) if one is not None]


def _told(read: Read) -> dict[str, Any]:
    """Return what the settings say: rules, sizes, and the speed at which roads are walked."""
    settings = read.settings
    rules = {key: settings[key] for key in (*SHELTER_RULES, "together") if key in settings}
    for name in ("fill_balance", "balance_within"):
        if name in settings:
            rules[name] = settings[name]
    if "m2_per_resident" in settings:
        rules["area_targets"] = [{"m2_per_resident": settings["m2_per_resident"]}]
    told = {key: settings[key] for key in SHELTER_TOLD if key in settings}
    told |= {"rules": rules} if rules else {}
    if "network" in read.maps or "network" in settings:
        told["reference_speed_m_s"] = _WALKING_M_S
    if "fetch_deadline_s" in settings:
        told["deadline_s"] = settings["fetch_deadline_s"]
    return {"kind": "shelters"} | told


def _finished(request: dict[str, Any], layers: Layers) -> dict[str, Any]:
    """Return the request in the words of shelters, with every hazard in its scenarios."""
    made = dict(request)
    made["blocks"] = made.pop("demand_points")
    names = made.pop("weight_names", {})
    if staged := made.pop("stages", None):
        made["rules"] = {**made.get("rules", {}), "stages": staged}
    vehicles, deadline = made.pop("vehicles", None), made.pop("deadline_s", None)
    if vehicles:
        made["fleet"] = filled({"vehicles": vehicles, "deadline_s": deadline})
    groups = made.setdefault("groups", [])
    known = {group["id"] for group in groups}
    groups += [{"id": key, "name": name} for key, name in names.items() if key not in known]
    scenarios = made.setdefault("scenarios", [{"id": "all", "name": {"en": "All", "zh": "全部"}}])
    _expose(scenarios, layers.get("hazard_areas", ()))
    used = dict.fromkeys(one.pop("standard") for one in scenarios if "standard" in one)
    if used:
        rests_on = [SHELTER_STANDARDS[one].assumption.model_dump(exclude_none=True) for one in used]
        made["assumptions"] = [*made.get("assumptions", ()), *rests_on]
    if made.get("travel", {}).get("kind") == "roads":
        made["travel"] = {**made["travel"], "profile": {"mode": "foot"}}
    elif "travel" in made:
        on_foot = {"id": "on_foot", "law": {"kind": "constant_speed", "speed_m_s": 1.2}}
        made["travel"] = {**made["travel"], "scenarios": [on_foot]}
    return made


def _expose(scenarios: list[dict[str, Any]], areas: Iterable[Mapping[str, Any]]) -> None:
    """Give each scenario the hazards that name it, and those that name none."""
    for area in areas:
        hazard = {key: value for key, value in area.items() if key != "scenarios"}
        for scenario in scenarios:
            if not area["scenarios"] or scenario["id"] in area["scenarios"]:
                scenario.setdefault("hazards", []).append(hazard)
