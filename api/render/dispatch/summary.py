"""A dispatch answer as plain text: the figures, the orders, what stays open and why."""

from collections.abc import Iterable

from api.render.dispatch.lines import order_lines
from api.render.dispatch.words import Words
from api.render.travel import grounds
from models.dispatch import DispatchAnswer, DispatchPlan, DispatchRequest
from models.messages import render
from models.text import Language

_SHOWN = 20  # lines of a kind


def summary(request: DispatchRequest, answer: DispatchAnswer, language: Language) -> str:
    """Return what a dispatcher must know of an answer, one thing a line."""
    words = Words(request, language)
    lines = [*figures(request, answer, language)]
    lines += _first(words, order_lines(request, answer, language))
    lines += _first(words, tuple(_open(words, answer)))
    lines += _doubts(words, answer)
    return "\n".join(lines) + "\n"


def figures(
    request: DispatchRequest, answer: DispatchAnswer, language: Language
) -> tuple[str, ...]:
    """Return the lines of a summary before the orders: what it is, how good, the figures."""
    words = Words(request, language)
    lines = [words.say("dispatch.title", name=request.name.text(language))]
    if request.illustrative or answer.illustrative:
        lines.append(words.say("summary.illustrative"))
    if answer.travel is not None:
        lines += grounds(answer.travel, language)
    lines.append(words.say(f"dispatch.quality.{answer.quality}"))
    if answer.plan is not None:
        lines += _figures(words, answer.plan)
    return tuple(lines)


def _figures(words: Words, plan: DispatchPlan) -> Iterable[str]:
    yield words.say(
        "dispatch.figures",
        served=round(plan.severity_served, 2),
        total=round(plan.severity_total, 2),
        incidents=len(plan.served_incidents),
        all=len(words.request.incidents),
        orders=len(plan.orders),
        diversions=plan.diversions,
    )
    for one in plan.commands:
        if one.over:
            yield words.say(
                "dispatch.command",
                incident=words.incident(one.incident_id),
                team=words.team(one.team_id),
                led=one.led,
                span=one.span,
            )
    for level in plan.reserve:
        rule = words.request.policy.reserve[level.rule]
        yield words.say(
            "dispatch.reserve",
            zone=words.zone(rule.zone) if rule.zone else words.say("dispatch.word.all"),
            skill=words.skill(rule.skill) if rule.skill else words.say("dispatch.word.all"),
            before=level.before,
            after=level.after,
            wanted=level.wanted,
        )


def _open(words: Words, answer: DispatchAnswer) -> Iterable[str]:
    if answer.explanation is None:
        return
    for one in answer.explanation.unserved:
        yield render(one.text, words.language)
    for short in answer.explanation.shortages:
        yield render(short.text, words.language)


def _doubts(words: Words, answer: DispatchAnswer) -> Iterable[str]:
    if answer.explanation is None:
        return
    for first, second in answer.explanation.duplicates[:_SHOWN]:
        both = {"first": words.incident(first), "second": words.incident(second)}
        yield words.say("dispatch.duplicate", **both)
    for team in answer.explanation.stale_teams[:_SHOWN]:
        yield words.say("dispatch.stale", team=words.team(team))
    for text in answer.explanation.left_out[:_SHOWN]:
        yield render(text, words.language)


def _first(words: Words, lines: tuple[str, ...]) -> Iterable[str]:
    yield from (f"  {line}" for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        yield words.say("dispatch.more", count=len(lines) - _SHOWN)
