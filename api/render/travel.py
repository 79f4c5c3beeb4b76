"""What the travel times rest on: notes for every output, a table, and shapes for the map."""

from collections.abc import Iterable
from typing import Any

from api.render.names import Names
from api.render.naming import half
from api.render.tables import Row, Table, build, columns
from models.answer import Answer
from models.backdrop import BackdropShape
from models.fire_stations import FireStationAnswer
from models.geometry import Geometry
from models.messages import formats, message
from models.roads import ScenarioTravel, TravelReport
from models.text import Language

Feature = dict[str, Any]

_NAMES_SAID = 10


def notes(answer: Answer[Any, Any], language: Language) -> tuple[str, ...]:
    """Return what must be said of the travel times wherever they are shown."""
    return () if answer.travel is None else tuple(_notes(answer.travel, language))


def _notes(found: TravelReport, language: Language) -> Iterable[str]:
    if found.method == "straight_line":
        yield message("travel.straight_line", language)
    given = origin(found, language)
    if given is not None:
        yield given
    if found.illustrative:
        yield message("travel.illustrative", language)


def origin(found: TravelReport | None, language: Language) -> str | None:
    """Return who gave the times that Muster did not count itself, None where it did."""
    if found is None or found.source is None or found.method not in {"router", "matrix"}:
        return None
    return message(f"travel.{found.method}", language, source=half(found.source, language))


def lines(names: Names, answer: FireStationAnswer) -> Iterable[str]:
    """Return the travel times' part of the summary."""
    found = answer.travel
    if found is None:
        return
    yield from basis(found, names.language)
    for one in found.scenarios:
        yield from _closed(one, names.scenario(one.scenario_id), names.language)


def grounds(found: TravelReport, language: Language) -> Iterable[str]:
    """Yield what travel times rest on, and whom each scenario cuts off, by their ids."""
    yield from basis(found, language)
    for one in found.scenarios:
        yield from _closed(one, one.scenario_id, language)
        for code, ids, count in (
            ("cut_off", one.cut_off_sites, one.cut_off_count),
            ("unreachable", one.unreachable_points, one.unreachable_count),
        ):
            if ids:
                title = message(f"travel.{code}", language, scenario=one.scenario_id)
                yield f"  {title}: {_first(language, list(ids[:_NAMES_SAID]), count)}"


def _closed(one: ScenarioTravel, called: str, language: Language) -> Iterable[str]:
    if one.closures or one.cut_off_count or one.unreachable_count:
        yield message(
            "travel.summary",
            language,
            scenario=called,
            closed=one.closed_length_m,
            sites=one.cut_off_count,
            points=one.unreachable_count,
        )


def basis(found: TravelReport, language: Language) -> Iterable[str]:
    """Yield what travel times rest on."""
    yield from _notes(found, language)
    if found.method == "roads":
        source = found.source or message("travel.unnamed_source", language)
        yield message(
            "travel.roads",
            language,
            edges=found.edge_count or 0,
            source=half(source, language),
            unsnapped=found.unsnapped_count,
        )


def table(names: Names, answer: FireStationAnswer) -> Table | None:
    """Return what the travel times rest on, item by item."""
    found = answer.travel
    if found is None:
        return None
    said = [*_network(names, found), *_by_scenario(names, found)]
    rows = [Row((item, value), illustrative=found.illustrative) for item, value in said if value]
    return build("travel", names.language, columns(names.language, "item", "value"), rows)


def _network(names: Names, found: TravelReport) -> list[tuple[str, str | None]]:
    def counted(value: int | None) -> str | None:
        return None if value is None else formats.count(value, names.language)

    return [
        (names.say("travel.method"), names.say(f"travel.method.{found.method}")),
        (names.say("travel.source"), half(found.source, names.language) if found.source else None),
        (names.say("travel.nodes"), counted(found.node_count)),
        (names.say("travel.edges"), counted(found.edge_count)),
        (names.say("travel.dropped_nodes"), counted(found.dropped_nodes)),
        (names.say("travel.dropped_edges"), counted(found.dropped_edges)),
        (names.say("travel.unsnapped"), _unsnapped(names, found)),
    ]


def _by_scenario(names: Names, found: TravelReport) -> Iterable[tuple[str, str | None]]:
    for one in found.scenarios:
        name = names.scenario(one.scenario_id)
        for code, length_m in (("closed", one.closed_length_m), ("slowed", one.slowed_length_m)):
            if length_m > 0:
                title = names.say(f"travel.{code}_length", scenario=name)
                yield title, formats.distance(length_m, names.language)
        if one.cut_off_count:
            said = [names.site(site) for site in one.cut_off_sites[:_NAMES_SAID]]
            yield (
                names.say("travel.cut_off", scenario=name),
                _first(names.language, said, one.cut_off_count),
            )
        if one.unreachable_count:
            said = list(one.unreachable_points[:_NAMES_SAID])
            title = names.say("travel.unreachable", scenario=name)
            yield title, _first(names.language, said, one.unreachable_count)


def _unsnapped(names: Names, found: TravelReport) -> str:
    said = [
        names.site(one.id) if one.what == "site" else one.id
        for one in found.unsnapped[:_NAMES_SAID]
    ]
    return _first(names.language, said, found.unsnapped_count)


def _first(language: Language, said: list[str], count: int) -> str:
    """Return how many there are, with the names of the first."""
    if not said:
        return formats.count(count, language)
    code = "travel.named" if count <= len(said) else "travel.first_named"
    return message(
        code, language, count=count, names=message("words.separate", language).join(said)
    )


def marks_drawn(answer: FireStationAnswer) -> int | None:
    """Return for how many places of a kind there are names to mark, None where for all."""
    named = [
        (count, len(names))
        for one in (answer.travel.scenarios if answer.travel else ())
        for count, names in (
            (one.cut_off_count, one.cut_off_sites),
            (one.unreachable_count, one.unreachable_points),
        )
    ]
    return max((shown for count, shown in named if count > shown), default=None)


def cut_off(answer: FireStationAnswer) -> dict[str, tuple[str, ...]]:
    """Return the scenarios in which a site is cut off, by site."""
    found: dict[str, tuple[str, ...]] = {}
    for one in answer.travel.scenarios if answer.travel else ():
        for site_id in one.cut_off_sites:
            found[site_id] = (*found.get(site_id, ()), one.scenario_id)
    return found


def shapes(names: Names, answer: FireStationAnswer) -> dict[str, list[Feature]]:
    """Return backdrop, closed and slowed roads and isochrones as features by layer."""
    made: dict[str, list[Feature]] = {
        "backdrop": [_backdrop(names, one) for one in names.request.backdrop],
        "isochrones": [],
        "closed_roads": [],
        "slowed_roads": [],
    }
    found = answer.travel
    for one in found.scenarios if found else ():
        illustrative = found is not None and (found.illustrative or _invented(names, one))
        for key, shape in (("closed_roads", one.closed_roads), ("slowed_roads", one.slowed_roads)):
            if shape is not None:
                made[key].append(_road(names, one, shape, illustrative=illustrative))
        for reach in one.isochrones:
            feature = _road(names, one, reach.geometry, illustrative=illustrative)
            feature["properties"]["within_s"] = reach.within_s
            made["isochrones"].append(feature)
    return made


def _invented(names: Names, one: ScenarioTravel) -> bool:
    closures = getattr(names.request.travel, "closures", ())
    return any(closure.illustrative for closure in closures if closure.id in one.closures)


def _backdrop(names: Names, one: BackdropShape) -> Feature:
    return {
        "type": "Feature",
        "geometry": one.geometry.model_dump(mode="json"),
        "properties": {
            "kind": one.kind,
            "name": one.name.text(names.language) if one.name else None,
            "name_en": one.name.en if one.name else None,
            "name_zh": one.name.zh if one.name else None,
            "illustrative": one.illustrative,
        },
    }


def _road(names: Names, one: ScenarioTravel, shape: Geometry, *, illustrative: bool) -> Feature:
    return {
        "type": "Feature",
        "geometry": shape.model_dump(mode="json"),
        "properties": {
            "scenario": one.scenario_id,
            "scenario_name": names.scenario(one.scenario_id),
            "closures": ", ".join(one.closures),
            "illustrative": illustrative,
        },
    }
