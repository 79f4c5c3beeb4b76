"""Answers of the kinds of dispatch as one of several side by side."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from api.render.compare import Chosen, Figure, Side
from api.render.dispatch.words import Words
from api.render.naming import names_of
from api.render.tables import Kind, Value
from models.dispatch import DispatchAnswer, DispatchRequest
from models.dispatch.phase import PhaseAnswer, PhaseRequest
from models.dispatch.positioning import PositioningAnswer, PositioningRequest
from models.dispatch.readiness import MoveUp, ReadinessAnswer, ReadinessRequest
from models.text import Language

_Told = tuple[str, Kind, Value]


def dispatch_side(request: DispatchRequest, answer: DispatchAnswer, language: Language) -> Side:
    """Return the orders and the figures of a dispatch answer."""
    words, plan = Words(request, language), answer.plan
    if plan is None:
        return Side(answer.run.status, None, (), "orders")
    pairs = [(one.team_id, one.incident_id) for one in plan.orders]
    told: tuple[_Told, ...] = (
        ("severity_served", "number", plan.severity_served),
        ("severity_total", "number", plan.severity_total),
        ("served_incidents", "count", len(plan.served_incidents)),
        ("reserve_shortfall", "count", plan.reserve_shortfall),
        ("response", "number", plan.response),
        ("diversions", "count", plan.diversions),
    )
    return _side(answer, _sent(words, pairs), told, ("orders", words))


def phase_side(request: PhaseRequest, answer: PhaseAnswer, language: Language) -> Side:
    """Return the calls of all rounds and the figures of a phase."""
    words, plan = Words(request.situation, language), answer.plan
    if plan is None:
        return Side(answer.run.status, None, (), "calls")
    pairs = [
        (round_.team_id, call.incident_id)
        for round_ in plan.rounds
        for call in round_.calls
        if call.incident_id is not None
    ]
    told: tuple[_Told, ...] = (
        ("severity_served", "number", plan.severity_served),
        ("severity_total", "number", plan.severity_total),
        ("completion", "number", plan.completion),
        ("lateness", "number", plan.lateness),
        ("left_out", "number", plan.left_out),
        ("done", "minutes", plan.done_s - request.situation.now_s),
    )
    return _side(answer, _sent(words, pairs), told, ("calls", words))


def readiness_side(request: ReadinessRequest, answer: ReadinessAnswer, language: Language) -> Side:
    """Return the moves and the cover of a readiness answer."""
    words, plan = Words(request.situation, language), answer.plan
    if plan is None:
        return Side(answer.run.status, None, (), "moves")
    moves = _moved(words, names_of(request.posts, language), plan.moves)
    told: tuple[_Told, ...] = (
        ("cover_before", "share", plan.cover_before),
        ("cover_after", "share", plan.cover_after),
        ("bare_zones", "count", len(plan.bare_zones)),
        ("busy", "share", plan.busy),
    )
    return _side(answer, moves, told, ("moves", words))


def positioning_side(
    request: PositioningRequest, answer: PositioningAnswer, language: Language
) -> Side:
    """Return the moves of a pre-positioning, and what each scenario comes to with them."""
    words, plan = Words(request.situation, language), answer.plan
    if plan is None:
        return Side(answer.run.status, None, (), "moves")
    told: tuple[_Told, ...] = (
        ("expected_before", "number", plan.expected_before),
        ("expected_after", "number", plan.expected_after),
        ("expected_total", "number", plan.expected_total),
    )
    moves = _moved(words, names_of(request.posts, language), plan.moves)
    whole = _side(answer, moves, told, ("moves", words))
    names = names_of(request.scenarios, language)
    cases = tuple(
        Figure(
            f"scenario.{one.scenario_id}",
            words.say("compare.scenario", scenario=names[one.scenario_id]),
            "number",
            one.severity_served,
        )
        for one in plan.outcomes
    )
    return replace(whole, figures=(*whole.figures, *cases))


def _moved(words: Words, posts: dict[str, str], moves: Iterable[MoveUp]) -> dict[str, str]:
    return {
        f"{one.team_id} {one.post_id}": f"{words.team(one.team_id)} → {posts[one.post_id]}"
        for one in moves
    }


def _sent(words: Words, pairs: list[tuple[str, str]]) -> dict[str, str]:
    return {
        f"{team} {incident}": f"{words.team(team)} → {words.incident(incident)}"
        for team, incident in pairs
    }


def _side(
    answer: DispatchAnswer | PhaseAnswer | ReadinessAnswer | PositioningAnswer,
    chosen: dict[str, str],
    told: tuple[_Told, ...],
    said: tuple[Chosen, Words],
) -> Side:
    what, words = said
    return Side(answer.run.status, chosen, tuple(_figures(told, words)), what)


def _figures(told: tuple[_Told, ...], words: Words) -> Iterator[Figure]:
    for key, kind, value in told:
        yield Figure(key, words.say(f"compare.{key}"), kind, value)
