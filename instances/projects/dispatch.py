"""What a project of team dispatch has of its own: teams, incidents, and how they are answered."""

from typing import Any

from instances.projects.making import Made, Making, Parts, make
from instances.projects.places import filled
from instances.projects.reading import Read
from instances.projects.rows import Row, Rows
from instances.projects.words import Words, key_of, look_up, numbers_of
from instances.tables.columns import label_of
from models.dispatch.incidents import ResponseLevel
from models.dispatch.teams import TeamStatus
from models.messages import MESSAGES
from models.text import Text

_STATUSES: Words = {
    key_of(word): one.value
    for one in TeamStatus
    for word in (one.value, *MESSAGES[f"folio.value.status.{one}"])
}
_ORDERS: Words = {
    key_of(word): one
    for one in ("current", "pinned", "forbidden")
    for word in (one, *MESSAGES[f"dispatch.order_kind.{one}"])
}
_ROMAN = {
    "1": "I",
    "2": "II",
    "3": "III",
    "4": "IV",
    "一": "I",
    "二": "II",
    "三": "III",
    "四": "IV",
}
_LEVELS: Words = {
    key_of(word): one.value
    for one in ResponseLevel
    for word in (
        *(one.value, f"{one.value}级"),
        *(f"{said}{unit}" for said, roman in _ROMAN.items() if roman == one for unit in ("", "级")),
    )
}
_DETOUR = 1.3  # of straight lines, where no setting says another


def dispatch(read: Read) -> Made:
    """Return the request of a project; all faults of all its files are listed at once."""
    making = Making(
        lambda _: [], _parts, _told, lambda made, _: _finished(made, read), ("incidents", "teams")
    )
    return make(read, making)


def _parts(rows: dict[str, Rows]) -> Parts:
    """Return the incidents as what is to be reached, the teams as where help comes from."""
    parts = Parts(points=_incidents(rows["incidents"]) if "incidents" in rows else [])
    parts.sites = _teams(rows["teams"]) if "teams" in rows else []
    lists = {
        "response_plans": _plans,
        "tiers": _tiers,
        "owners": _owners,
        "modes": _modes,
        "reserve": _reserve,
        "orders": _orders,
    }
    parts.more = {role: of_rows(rows[role]) for role, of_rows in lists.items() if role in rows}
    called = _skill_names(rows["teams"]) if "teams" in rows else {}
    plans, reserve = (parts.more.get(one, []) for one in ("response_plans", "reserve"))
    asking = [need for one in (*parts.points, *plans) for need in one.get("needs", ())]
    asking += reserve
    _name_skills(asking, called)
    if any(called.values()):
        named = dict.fromkeys([*called, *(one["skill"] for one in asking if "skill" in one)])
        parts.more["skill_names"] = [
            {"id": one, "name": _both(called.get(one) or one)} for one in named
        ]
    return parts


def _skill_names(rows: Rows) -> dict[str, str | None]:
    """Return the skills that teams are counted by, and what the headings call them besides."""
    heads = {one: column for one, column in rows.columns.items() if one.startswith("skills.")}
    return {one.partition(".")[2]: label_of(column) for one, column in heads.items()}


def _name_skills(asking: list[dict[str, Any]], called: dict[str, str | None]) -> None:
    """Put the skill itself where a row calls it as the heading does."""
    words = {key_of(name): skill for skill, name in called.items() if name}
    words |= {key_of(skill): skill for skill in called}
    for one in asking:
        if "skill" in one:
            one["skill"] = words.get(key_of(one["skill"]), one["skill"])


def _teams(rows: Rows) -> list[dict[str, Any]]:
    teams = []
    for number, row, place in rows.places():
        told = {
            "name": rows.label(row),
            **_texts(rows, number, row, "kind", "tier", "mode", "zone", "owner"),
            "people": rows.amount(number, row, "people", whole=True),
            "skills": rows.group(number, row, "skills", whole=True) or None,
            "vehicles": rows.group(number, row, "vehicles", whole=True) or None,
            "amounts": rows.group(number, row, "amounts") or None,
            "status": _word(rows, number, row, "status", _STATUSES),
            "roles_max": rows.amount(number, row, "roles_max", whole=True),
            **_amounts(rows, number, row, "free_in_s", "turnout_s", "turnout_share"),
        }
        if number not in rows.dropped:
            teams.append(place | filled(told))
    return teams


def _incidents(rows: Rows) -> list[dict[str, Any]]:
    """Return the incidents; each says how long ago it was reported, not yet when."""
    incidents = []
    for number, row, place in rows.places():
        told = {
            "name": rows.label(row),
            **_texts(rows, number, row, "kind", "zone", "parent"),
            "level": _word(rows, number, row, "response_level", _LEVELS),
            "severity": rows.amount(number, row, "severity", whole=True),
            "needs": _needs(rows, number, row),
            "partial": rows.flag(number, row, "partial"),
            **_amounts(rows, number, row, "first_within_s", "full_within_s", "on_scene_s"),
            "waited_s": rows.amount(number, row, "waited_s"),
        }
        if number not in rows.dropped:
            incidents.append(place | filled(told))
    return incidents


def _needs(rows: Rows, number: int, row: Row) -> list[dict[str, Any]] | None:
    """Return the needs that one cell lists, a skill and a number of teams each; None if blank."""
    said = rows.text(row, "needs")
    if said is None:
        return None
    found = numbers_of(said)
    if found is None or any(not count.is_integer() for _, count in found):
        rows.refuse(number, "needs", Text(code="table.need.needs"))
        return None
    return [{"kind": "teams", "skill": skill, "teams": int(count)} for skill, count in found]


def _plans(rows: Rows) -> list[dict[str, Any]]:
    """Return the response plans: the rows of a kind and level are its needs, in their order."""
    plans: dict[tuple[str, str | None], dict[str, Any]] = {}
    for number, row in rows.filled():
        kind = _required(rows, number, row, "incident_kind")
        level = _word(rows, number, row, "response_level", _LEVELS)
        need = _amount_need(rows, number, row) or _team_need(rows, number, row)
        within = _amounts(rows, number, row, "first_within_s", "full_within_s")
        if number in rows.dropped or kind is None:
            continue
        plan = plans.setdefault((kind, level), {"incident_kind": kind, "needs": []})
        plan["needs"].append(need)
        plan |= filled({"level": level, **within})
    return list(plans.values())


def _team_need(rows: Rows, number: int, row: Row) -> dict[str, Any]:
    whole = ("teams", "min_skilled", "min_people")
    told = {
        "skill": rows.identifier(number, row, "skill"),
        **{one: rows.amount(number, row, one, whole=True) for one in whole},
        "vehicles": rows.group(number, row, "vehicles", whole=True) or None,
        "within_s": rows.amount(number, row, "need_within_s"),
        "first_due": rows.flag(number, row, "first_due"),
    }
    return {"kind": "teams"} | filled(told)


def _amount_need(rows: Rows, number: int, row: Row) -> dict[str, Any] | None:
    of = rows.identifier(number, row, "amount_of")
    if of is None:
        return None
    within = {"within_s": rows.amount(number, row, "need_within_s")}
    amount = rows.number(number, row, "amount")
    return {"kind": "amount", "of": of, "amount": amount} | filled(within)


def _tiers(rows: Rows) -> list[dict[str, Any]]:
    tiers = []
    for number, row, tier in rows.listed():
        told = {
            "name": rows.label(row),
            "opens_at": _word(rows, number, row, "opens_at", _LEVELS),
            "surcharge_s": rows.amount(number, row, "surcharge_s"),
        }
        if number not in rows.dropped:
            tiers.append({"id": tier} | filled(told))
    return tiers


def _owners(rows: Rows) -> list[dict[str, Any]]:
    owners = []
    for number, row, owner in rows.listed():
        told = {
            "name": rows.label(row),
            "release_delay_s": rows.amount(number, row, "release_delay_s"),
            "needs_permission": rows.flag(number, row, "needs_permission"),
            "granted": rows.flag(number, row, "granted"),
        }
        if number not in rows.dropped:
            owners.append({"id": owner} | filled(told))
    return owners


def _modes(rows: Rows) -> list[dict[str, Any]]:
    modes = []
    for number, row, mode in rows.listed():
        told = {"name": rows.label(row), "speed": rows.amount(number, row, "speed")}
        if told["speed"] == 0.0:
            rows.refuse(number, "speed", Text(code="table.need.positive"))
        if number not in rows.dropped:
            modes.append({"id": mode} | filled(told))
    return modes


def _reserve(rows: Rows) -> list[dict[str, Any]]:
    rules = []
    for number, row in rows.filled():
        told = {
            **_texts(rows, number, row, "zone", "skill"),
            "teams": rows.amount(number, row, "teams", whole=True),
            "hard": rows.flag(number, row, "hard"),
        }
        if told["teams"] is None and number not in rows.dropped:
            rows.refuse(number, "teams", Text(code="table.need.value"))
        if number not in rows.dropped:
            rules.append(filled(told))
    return rules


def _orders(rows: Rows) -> list[dict[str, Any]]:
    """Return the orders in force, and the pairs of team and incident settled beforehand."""
    orders = []
    for number, row in rows.filled():
        told = {
            "team_id": _required(rows, number, row, "team"),
            "incident_id": _required(rows, number, row, "incident"),
            "what": _word(rows, number, row, "order_kind", _ORDERS) or "current",
            "reason": rows.text(row, "reason"),
        }
        if number not in rows.dropped:
            orders.append(filled(told))
    return orders


def _texts(rows: Rows, number: int, row: Row, *names: str) -> dict[str, str | None]:
    return {one: rows.identifier(number, row, one) for one in names}


def _amounts(rows: Rows, number: int, row: Row, *names: str) -> dict[str, float | None]:
    return {one: rows.amount(number, row, one) for one in names}


def _required(rows: Rows, number: int, row: Row, name: str) -> str | None:
    said = rows.identifier(number, row, name)
    if said is None and number not in rows.dropped:
        rows.refuse(number, name, Text(code="table.need.value"))
    return said


def _word(rows: Rows, number: int, row: Row, name: str, words: Words) -> str | None:
    """Return the id that a cell names, None where it is blank; one that names none is refused."""
    said = rows.text(row, name)
    found = None if said is None else look_up(said, words)
    if said is not None and found is None:
        known = ", ".join(dict.fromkeys(words.values()))
        rows.refuse(number, name, Text(code="table.need.one_of", values={"known": known}))
    return found


def _told(read: Read) -> dict[str, Any]:
    deadline = read.settings.get("deadline_ms")
    return {"kind": "dispatch_teams"} | filled({"deadline_ms": deadline})


def _finished(request: dict[str, Any], read: Read) -> dict[str, Any]:
    """Return the request in the words of dispatch: one clock, ways to travel, a policy."""
    made = dict(request)
    incidents, made["teams"] = made.pop("demand_points"), made.pop("sites")
    waited = [one.pop("waited_s", 0.0) for one in incidents]
    made["now_s"] = max(waited)
    made["incidents"] = [
        one | {"reported_s": made["now_s"] - ago}
        for one, ago in zip(incidents, waited, strict=True)
    ]
    made["modes"] = _travelled(made.pop("modes", []), made.pop("travel", {}), made["teams"], read)
    named = made.pop("skill_names", [])
    if named:
        made["skill_names"] = {one["id"]: one["name"] for one in named}
    said = made.pop("orders", [])
    settled = {what: _pairs(said, what) for what in ("current", "pinned", "forbidden")}
    if settled["current"]:
        made["orders"] = settled["current"]
    stability = {key: read.settings.get(key) for key in ("diversion_cost", "freeze_s")}
    policy = {
        "tiers": made.pop("tiers", None),
        "reserve": made.pop("reserve", None),
        "stability": filled(stability) or None,
        "pinned": settled["pinned"] or None,
        "forbidden": settled["forbidden"] or None,
    }
    return made | ({"policy": filled(policy)} if filled(policy) else {})


def _pairs(orders: list[dict[str, Any]], what: str) -> list[dict[str, Any]]:
    found = []
    for one in orders:
        if one["what"] == what:
            pair = {key: one[key] for key in ("team_id", "incident_id")}
            reason = one.get("reason") if what != "current" else None
            found.append(pair | ({} if reason is None else {"reason": _both(reason)}))
    return found


def _both(said: str) -> dict[str, str]:
    return {"en": said, "zh": said}


def _travelled(
    modes: list[dict[str, Any]], travel: dict[str, Any], teams: list[dict[str, Any]], read: Read
) -> list[dict[str, Any]]:
    """Return how teams travel: over the roads or as the settings say, or at a speed of its own.

    A mode that a team names and no row describes travels as the others do.
    """
    described = {one["id"]: one for one in modes}
    used = dict.fromkeys(one.get("mode", "road") for one in teams)
    by_roads = travel.get("kind") == "roads"
    made = []
    for mode in dict.fromkeys([*described, *used]) or ["road"]:
        told = dict(described.get(mode, {"id": mode}))
        speed = told.pop("speed", None)
        if speed is not None:
            law = {"kind": "constant_speed", "speed_m_s": speed}
            factor = read.settings.get("detour_factor") or _DETOUR
            scenarios = [{"id": mode, "law": law}]
            own = {"kind": "coordinates", "detour_factor": factor, "scenarios": scenarios}
            told["travel"] = own
        elif by_roads and mode == "foot":
            told["travel"] = travel | {"profile": {"mode": "foot"}}
        elif travel:
            told["travel"] = dict(travel)
        made.append(told)
    return made
