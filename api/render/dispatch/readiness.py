"""Readiness answers as text, tables, map layers and sections of a report."""

from collections.abc import Iterable
from typing import Any

from api.render.dispatch.spots import Feature, collection, line, point, spot
from api.render.dispatch.words import Words
from api.render.framing import ending, heading
from api.render.parts import lines_html, sections_of
from api.render.tables import Row, Table, build, columns
from models.dispatch.positioning import PositioningPlan, PositioningRequest
from models.dispatch.readiness import Post, ReadinessAnswer, ReadinessPlan, ReadinessRequest, Zone
from models.messages import formats
from models.text import Language

Waiting = ReadinessRequest | PositioningRequest
Moving = ReadinessPlan | PositioningPlan


def summary(request: ReadinessRequest, answer: ReadinessAnswer, language: Language) -> str:
    """Return the cover, the moves and the zones that nobody reaches, one thing a line."""
    words = Words(request.situation, language)
    lines = [*heading(request.name, answer, language)]
    if answer.plan is not None:
        lines += _said(words, request, answer.plan)
    lines += ending("dispatch_readiness", answer, language)
    return "\n".join(lines) + "\n"


def _said(words: Words, request: ReadinessRequest, plan: ReadinessPlan) -> Iterable[str]:
    def share(value: float) -> str:
        return formats.share(value, words.language)

    yield words.say(
        "readiness.cover",
        before=share(plan.cover_before),
        after=share(plan.cover_after),
        moves=len(plan.moves),
        standard=round(request.standard_s / 60, 1),
    )
    yield words.say("readiness.busy", busy=share(plan.busy))
    if plan.gated:
        yield words.say("readiness.gated", limit=share(request.move_up_below))
    elif not plan.moves:
        yield words.say("readiness.stay")
    yield from moves_said(words, request, plan)
    if plan.bare_zones:
        zones = {one.id: one for one in request.zones}
        names = [name_of(zones[one], words.language) for one in plan.bare_zones]
        yield words.say(
            "readiness.bare", zones=("、" if words.language == "zh" else ", ").join(names)
        )


def moves_said(words: Words, request: Waiting, plan: Moving) -> Iterable[str]:
    """Yield a line for each team that should wait elsewhere."""
    posts = {one.id: one for one in request.posts}
    now = words.request.now_s
    for move in plan.moves:
        yield "  " + words.say(
            "readiness.line",
            team=words.team(move.team_id),
            post=name_of(posts[move.post_id], words.language),
            way=words.minutes(now + move.way_s),
        )


def name_of(place: Zone | Post, language: Language) -> str:
    """Return what a zone or a post is called."""
    return place.id if place.name is None else place.name.text(language)


def all_tables(
    request: ReadinessRequest, answer: ReadinessAnswer, language: Language
) -> tuple[Table, ...]:
    """Return every table that has something to say."""
    plan = answer.plan
    if plan is None:
        return ()
    words = Words(request.situation, language)
    worth = build(
        "readiness_worth",
        language,
        columns(language, "team", "loss:share"),
        (
            Row((words.team(one.team_id), one.loss), words.teams[one.team_id].illustrative)
            for one in sorted(plan.worth, key=lambda one: -one.loss)
        ),
    )
    bare = set(plan.bare_zones)
    zones = build(
        "readiness_zones",
        language,
        columns(language, "zone", "expected_calls:number", "reached:flag"),
        (
            Row(
                (name_of(one, language), one.demand, one.id not in bare),
                request.situation.illustrative,
            )
            for one in request.zones
        ),
    )
    made = (moves(request, plan, language), worth, zones)
    return tuple(one for one in made if one is not None)


def moves(request: Waiting, plan: Moving, language: Language) -> Table | None:
    """Return who should wait elsewhere."""
    words = Words(request.situation, language)
    posts = {one.id: one for one in request.posts}
    rows = (
        Row(
            (words.team(one.team_id), name_of(posts[one.post_id], language), one.way_s),
            words.teams[one.team_id].illustrative,
        )
        for one in plan.moves
    )
    titles = columns(language, "team", "post", "way:minutes")
    return build("readiness_moves", language, titles, rows)


def layers(
    request: ReadinessRequest, answer: ReadinessAnswer, language: Language, *, plane: bool = False
) -> dict[str, dict[str, Any]]:
    """Return the layers ``zones``, ``posts``, ``teams`` and ``moves``; none without a plan."""
    plan = answer.plan
    if plan is None:
        return {}
    words = Words(request.situation, language)
    invented = request.situation.illustrative
    bare, worth = set(plan.bare_zones), {one.team_id: one.loss for one in plan.worth}

    def placed(places: Iterable[Any], said: Any) -> list[Feature]:
        spots = ((one, spot(one, plane=plane)) for one in places)
        return [point(at, **said(one)) for one, at in spots if at is not None]

    return {
        "zones": collection(
            placed(
                request.zones,
                lambda one: {
                    "id": one.id,
                    "name": name_of(one, language),
                    "demand": one.demand,
                    "served": one.id not in bare,
                    "illustrative": invented,
                },
            )
        ),
        "posts": collection(
            placed(
                request.posts,
                lambda one: {
                    "id": one.id,
                    "name": name_of(one, language),
                    "teams_max": one.teams_max,
                    "illustrative": invented,
                },
            )
        ),
        "moves": collection(move_lines(words, request, plan, plane=plane)),
        "teams": collection(
            placed(
                request.situation.teams,
                lambda one: {
                    "id": one.id,
                    "name": words.team(one.id),
                    "status": one.status.value,
                    "worth": worth.get(one.id),
                    "illustrative": one.illustrative,
                },
            )
        ),
    }


def move_lines(words: Words, request: Waiting, plan: Moving, *, plane: bool) -> list[Feature]:
    """Return a line for each team that should wait elsewhere."""
    posts = {one.id: one for one in request.posts}
    drawn = []
    for one in plan.moves:
        start = spot(words.teams[one.team_id], plane=plane)
        end = spot(posts[one.post_id], plane=plane)
        if start is not None and end is not None:
            said = {
                "team": words.team(one.team_id),
                "post": name_of(posts[one.post_id], words.language),
            }
            invented = words.teams[one.team_id].illustrative
            drawn.append(line([start, end], **said, way_s=one.way_s, illustrative=invented))
    return drawn


def sections(
    request: ReadinessRequest, answer: ReadinessAnswer, language: Language
) -> tuple[tuple[str, str], ...]:
    """Return titles and escaped HTML: in short, then every table."""
    words = Words(request.situation, language)
    first = (words.say("rounds.summary"), lines_html(summary(request, answer, language)))
    return (first, *sections_of(all_tables(request, answer, language), language))
