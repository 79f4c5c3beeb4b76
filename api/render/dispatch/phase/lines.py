"""A disaster-phase answer as plain text, and each round as one line for radio or chat."""

from collections.abc import Iterable

from api.render.dispatch.words import Words
from api.render.framing import conflict_lines, ending, heading
from models.dispatch.phase import Call, PhaseAnswer, PhasePlan, PhaseRequest, Round
from models.messages import formats, render
from models.text import Language

_SHOWN = 30  # lines of a kind


def summary(request: PhaseRequest, answer: PhaseAnswer, language: Language) -> str:
    """Return what whoever leads must know of an answer, one thing a line."""
    words = Words(request.situation, language)
    lines = [*heading(request.name, answer, language)]
    if answer.plan is not None:
        lines += _figures(words, answer.plan)
    lines += conflict_lines(answer, language)
    lines += ending("dispatch_phase", answer, language)
    lines += _short(words, round_lines(request, answer, language))
    reasons = tuple(unserved_lines(answer, language))
    if reasons:
        lines.append(words.say("rounds.unserved", count=len(reasons)))
        lines += _short(words, reasons)
    return "\n".join(lines) + "\n"


def round_lines(request: PhaseRequest, answer: PhaseAnswer, language: Language) -> tuple[str, ...]:
    """Return every round as one line: who, how many, and where in which order and when."""
    if answer.plan is None:
        return ()
    words, names = Words(request.situation, language), depot_names(request, language)
    return tuple(_line(words, names, one) for one in answer.plan.rounds)


def depot_names(request: PhaseRequest, language: Language) -> dict[str, str]:
    """Return what the depots are called."""
    return {
        one.id: one.name.text(language) if one.name is not None else one.id
        for one in request.depots
    }


def unserved_lines(answer: PhaseAnswer, language: Language) -> Iterable[str]:
    """Return why each incident is not wholly served."""
    if answer.explanation is not None:
        yield from (render(one.text, language) for one in answer.explanation.unserved)


def _figures(words: Words, plan: PhasePlan) -> Iterable[str]:
    def said(value: float) -> str:
        return formats.number(value, words.language)

    yield words.say(
        "rounds.figures",
        served=said(plan.severity_served),
        total=said(plan.severity_total),
        teams=len(plan.rounds),
        calls=sum(call.incident_id is not None for one in plan.rounds for call in one.calls),
        done=words.clock(plan.done_s),
    )
    yield words.say(
        "rounds.cost",
        completion=said(plan.completion),
        lateness=said(plan.lateness),
        left=said(plan.left_out),
        objective=said(plan.objective),
    )
    if plan.targets:
        yield words.say("rounds.targets", met=plan.targets_met, targets=plan.targets)


def _line(words: Words, depots: dict[str, str], one: Round) -> str:
    team = words.teams[one.team_id]
    contact = f" ({team.contact.text(words.language)})" if team.contact else ""
    calls = (_call(words, depots, number, call) for number, call in enumerate(one.calls, 1))
    return words.say(
        "rounds.line",
        team=words.team(one.team_id) + contact,
        people=words.people(team),
        vehicles=sum(team.vehicles.values()),
        leave=words.clock(one.leave_s),
        calls=("；" if words.language == "zh" else "; ").join(calls),
    )


def _call(words: Words, depots: dict[str, str], number: int, call: Call) -> str:
    times = {
        "number": number,
        "start": words.clock(call.start_s),
        "finish": words.clock(call.finish_s),
    }
    if call.incident_id is None:
        return words.say("rounds.call.break", **times)
    times |= {
        "incident": words.incident(call.incident_id),
        "role": words.need(call.incident_id, call.need),
    }
    said = (
        words.say("rounds.call", **times)
        if call.by_depot is None
        else words.say("rounds.call.by", depot=depots[call.by_depot], **times)
    )
    if call.road_end_s is not None:
        minutes = {"up": round(call.walk_s / 60), "back": round(call.back_s / 60)}
        end = words.clock(call.road_end_s)
        said = words.say("rounds.call.walk", call=said, road_end=end, **minutes)
    return words.say("rounds.call.day", call=said) if call.waits_for_day else said


def _short(words: Words, lines: tuple[str, ...]) -> Iterable[str]:
    yield from (f"  {line}" for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        yield words.say("dispatch.more", count=len(lines) - _SHOWN)
