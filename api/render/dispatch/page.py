"""Sections of a report on immediate dispatch: in short, who arrives when, radio lines, tables."""

from api.render.dispatch.lines import order_lines
from api.render.dispatch.summary import figures
from api.render.dispatch.tables import all_tables
from api.render.dispatch.words import Words
from api.render.gantt import Bar, gantt
from api.render.parts import lines_html, list_html, sections_of
from models.dispatch import DispatchAnswer, DispatchPlan, DispatchRequest
from models.text import Language


def sections(
    request: DispatchRequest, answer: DispatchAnswer, language: Language
) -> tuple[tuple[str, str], ...]:
    """Return titles and escaped HTML, in the order they are read."""
    words = Words(request, language)
    made = [
        (words.say("rounds.summary"), lines_html("\n".join(figures(request, answer, language))))
    ]
    if answer.plan is not None and answer.plan.orders:
        made.append((words.say("dispatch.page.timeline"), _timeline(words, answer.plan)))
        lines = list_html(order_lines(request, answer, language))
        made.append((words.say("rounds.lines"), lines))
    return (*made, *sections_of(all_tables(request, answer, language), language))


def _timeline(words: Words, plan: DispatchPlan) -> str:
    """Return a bar from leaving to arrival for every order, the first to arrive on top."""
    now = words.request.now_s
    rows = []
    for one in sorted(plan.orders, key=lambda order: (order.arrive_s, order.team_id)):
        name = f"{words.team(one.team_id)} → {words.incident(one.incident_id)}"
        when = f"{words.clock(one.leave_s)}–{words.clock(one.arrive_s)}"
        bar = Bar("way", one.leave_s - now, one.arrive_s - now, f"{name}, {when}")
        rows.append((name, (bar,)))
    return gantt(
        words.say("dispatch.page.timeline"),
        rows,
        {"way": words.say("rounds.bar.way")},
        lambda left_s: words.clock(now + left_s),
        words.say("rounds.timeline.axis"),
    )
