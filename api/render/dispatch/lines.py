"""Each order as one line for radio or chat: who, how many, where, by when, why."""

from api.render.dispatch.words import Words
from models.dispatch import DispatchAnswer, DispatchRequest, Order
from models.messages import render
from models.text import Language, Text


def order_line(
    request: DispatchRequest, answer: DispatchAnswer, order: Order, language: Language
) -> str:
    """Return an order as one line."""
    words = Words(request, language)
    return _line(words, order, _reasons(answer, language).get(order.team_id, ""))


def proposed_line(
    request: DispatchRequest, order: Order, why: Text | None, language: Language
) -> str:
    """Return an order of a kept situation as one line."""
    said = render(why, language) if why is not None else ""
    return _line(Words(request, language), order, said)


def order_lines(
    request: DispatchRequest, answer: DispatchAnswer, language: Language
) -> tuple[str, ...]:
    """Return every order as one line, in the order of arrival."""
    if answer.plan is None:
        return ()
    words, why = Words(request, language), _reasons(answer, language)
    orders = sorted(answer.plan.orders, key=lambda one: (one.arrive_s, one.team_id))
    return tuple(_line(words, one, why.get(one.team_id, "")) for one in orders)


def _reasons(answer: DispatchAnswer, language: Language) -> dict[str, str]:
    told = answer.explanation.changes if answer.explanation else ()
    return {one.team_id: render(one.why, language) for one in told}


def _line(words: Words, order: Order, why: str) -> str:
    team = words.teams[order.team_id]
    contact = f" ({team.contact.text(words.language)})" if team.contact else ""
    role = words.need(order.incident_id, order.need)
    first = words.say("dispatch.word.first_due") if order.first_due else ""
    return words.say(
        "dispatch.line",
        team=words.team(order.team_id) + contact,
        people=words.people(team),
        vehicles=sum(team.vehicles.values()),
        incident=words.incident(order.incident_id),
        role=role + first,
        leave=words.minutes(order.leave_s),
        arrive=words.minutes(order.arrive_s),
        why=why,
    )
