"""Sections of a report on a disaster phase: in short, the timeline, radio lines, tables."""

from collections.abc import Iterator

from api.render.dispatch.phase.lines import round_lines, summary
from api.render.dispatch.phase.tables import all_tables
from api.render.dispatch.words import Words
from api.render.gantt import Bar, gantt
from api.render.parts import lines_html, list_html, sections_of
from models.dispatch.phase import Call, PhaseAnswer, PhasePlan, PhaseRequest, Round
from models.text import Language

_KINDS = ("way", "walk", "wait", "night", "work", "rest")


def sections(
    request: PhaseRequest, answer: PhaseAnswer, language: Language
) -> tuple[tuple[str, str], ...]:
    """Return titles and escaped HTML, in the order they are read."""
    words = Words(request.situation, language)
    short = summary(request, answer.model_copy(update={"explanation": None}), language)
    kept = "\n".join(line for line in short.splitlines() if not line.startswith("  "))
    made = [(words.say("rounds.summary"), lines_html(kept))]
    if answer.plan is not None and answer.plan.rounds:
        made.append((words.say("rounds.timeline"), _timeline(words, answer.plan)))
        lines = round_lines(request, answer, language)
        made.append((words.say("rounds.lines"), list_html(lines)))
    return (*made, *sections_of(all_tables(request, answer, language), language))


def _timeline(words: Words, plan: PhasePlan) -> str:
    rows = [(words.team(one.team_id), tuple(_bars(words, one))) for one in plan.rounds]
    kinds = {kind: words.say(f"rounds.bar.{kind}") for kind in _KINDS}
    now = words.request.now_s
    return gantt(
        words.say("rounds.timeline"),
        rows,
        kinds,
        lambda left_s: words.clock(now + left_s),
        words.say("rounds.timeline.axis"),
    )


def _parts(call: Call, free: float, back_s: float) -> tuple[tuple[str, float, float], ...]:
    """Return what a call is made of: down from the last one, there, up, waiting, at work."""
    rest, up_from = call.incident_id is None, call.arrive_s - call.walk_s
    road_end = call.arrive_s if call.road_end_s is None else call.road_end_s
    wait = "night" if call.waits_for_day else "wait"
    return (
        ("walk", free, free + back_s),
        ("way", free + back_s, road_end),
        (wait, road_end, up_from),
        ("walk", up_from, call.arrive_s),
        (wait, call.arrive_s, call.start_s),
        ("rest" if rest else "work", call.start_s, call.finish_s),
    )


def _bars(words: Words, one: Round) -> Iterator[Bar]:
    free, now = one.leave_s, words.request.now_s
    place, back_s = None, 0.0
    for call in one.calls:
        rest = call.incident_id is None
        name = words.say("rounds.rest") if rest else words.incident(call.incident_id or "")
        moves = not rest and (call.incident_id != place or call.by_depot is not None)
        parts = _parts(call, free, back_s if moves else 0.0)
        if not rest:
            place, back_s = call.incident_id, call.back_s
        for kind, start, end in parts:
            if end > start:
                when = f"{words.clock(start)}–{words.clock(end)}"
                said = f"{words.say(f'rounds.bar.{kind}')}: {name}, {when}"
                yield Bar(kind, start - now, end - now, said)
        free = call.finish_s
