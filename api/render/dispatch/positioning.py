"""Pre-positioning answers as text, tables, map layers and sections of a report."""

from collections.abc import Iterable
from typing import Any

from api.render.dispatch.readiness import move_lines, moves, moves_said, name_of
from api.render.dispatch.spots import collection, point, spot
from api.render.dispatch.words import Words
from api.render.framing import ending, heading
from api.render.parts import lines_html, sections_of
from api.render.tables import Row, Table, build, columns
from models.dispatch.positioning import (
    PositioningAnswer,
    PositioningPlan,
    PositioningRequest,
    ScenarioOutcome,
    WarningScenario,
)
from models.messages import formats, render
from models.text import Language


def summary(request: PositioningRequest, answer: PositioningAnswer, language: Language) -> str:
    """Return what is expected, the moves, and what each scenario comes to, one thing a line."""
    words = Words(request.situation, language)
    lines = [*heading(request.name, answer, language)]
    if answer.plan is not None:
        lines += _said(words, request, answer.plan)
    lines += ending("dispatch_positioning", answer, language)
    return "\n".join(lines) + "\n"


def _said(words: Words, request: PositioningRequest, plan: PositioningPlan) -> Iterable[str]:
    yield words.say(
        "positioning.expected",
        before=round(plan.expected_before, 2),
        after=round(plan.expected_after, 2),
        total=round(plan.expected_total, 2),
        moves=len(plan.moves),
    )
    if not plan.moves:
        yield words.say("positioning.stay")
    yield from moves_said(words, request, plan)
    for scenario, with_moves, without in _by_scenario(request, plan):
        yield words.say(
            "positioning.scenario",
            scenario=_called(scenario, words.language),
            probability=formats.share(scenario.probability, words.language),
            served=round(with_moves.severity_served, 2),
            total=round(with_moves.severity_total, 2),
            staying=round(without.severity_served, 2),
        )


def _by_scenario(
    request: PositioningRequest, plan: PositioningPlan
) -> Iterable[tuple[WarningScenario, ScenarioOutcome, ScenarioOutcome]]:
    return zip(request.scenarios, plan.outcomes, plan.staying, strict=True)


def _called(scenario: WarningScenario, language: Language) -> str:
    return scenario.id if scenario.name is None else scenario.name.text(language)


def all_tables(
    request: PositioningRequest, answer: PositioningAnswer, language: Language
) -> tuple[Table, ...]:
    """Return every table that has something to say."""
    plan = answer.plan
    if plan is None:
        return ()
    invented = request.situation.illustrative
    names = {one.id: _called(one, language) for one in request.scenarios}
    titles = ("scenario", "probability:share", "severity_after:number", "severity_before:number")
    scenarios = build(
        "positioning_scenarios",
        language,
        columns(language, *titles, "severity_total:number"),
        (
            Row(
                (
                    names[one.id],
                    one.probability,
                    after.severity_served,
                    before.severity_served,
                    after.severity_total,
                ),
                invented,
            )
            for one, after, before in _by_scenario(request, plan)
        ),
    )
    reasons = () if answer.explanation is None else answer.explanation.unserved
    unserved = build(
        "positioning_unserved",
        language,
        columns(language, "scenario", "incident", "reason"),
        (
            Row((names[one.scenario_id], one.incident_id, render(one.text, language)), invented)
            for one in reasons
        ),
    )
    made = (moves(request, plan, language), scenarios, unserved)
    return tuple(one for one in made if one is not None)


def layers(
    request: PositioningRequest,
    answer: PositioningAnswer,
    language: Language,
    *,
    plane: bool = False,
) -> dict[str, dict[str, Any]]:
    """Return the layers ``incidents``, ``posts``, ``teams`` and ``moves``; none without a plan.

    An incident of several scenarios is drawn once; it is served where all of them serve it.
    """
    plan = answer.plan
    if plan is None:
        return {}
    words = Words(request.situation, language)
    invented = request.situation.illustrative
    missed = {name for one in plan.outcomes for name in one.unserved}
    places = {one.id: one for case in request.scenarios for one in case.incidents}
    in_case: dict[str, list[str]] = {}
    for case in request.scenarios:
        for one in case.incidents:
            in_case.setdefault(one.id, []).append(_called(case, language))
    incidents = [
        point(
            at,
            id=one.id,
            name=one.id if one.name is None else one.name.text(language),
            kind=one.kind,
            served=one.id not in missed,
            scenario=", ".join(in_case[one.id]),
            illustrative=one.illustrative or invented,
        )
        for one in places.values()
        if (at := spot(one, plane=plane)) is not None
    ]
    posts = [
        point(
            at,
            id=one.id,
            name=name_of(one, language),
            teams_max=one.teams_max,
            illustrative=invented,
        )
        for one in request.posts
        if (at := spot(one, plane=plane)) is not None
    ]
    teams = [
        point(
            at,
            id=one.id,
            name=words.team(one.id),
            status=one.status.value,
            illustrative=one.illustrative,
        )
        for one in request.situation.teams
        if (at := spot(one, plane=plane)) is not None
    ]
    return {
        "incidents": collection(incidents),
        "posts": collection(posts),
        "moves": collection(move_lines(words, request, plan, plane=plane)),
        "teams": collection(teams),
    }


def sections(
    request: PositioningRequest, answer: PositioningAnswer, language: Language
) -> tuple[tuple[str, str], ...]:
    """Return titles and escaped HTML: in short, then every table."""
    words = Words(request.situation, language)
    first = (words.say("rounds.summary"), lines_html(summary(request, answer, language)))
    return (first, *sections_of(all_tables(request, answer, language), language))
