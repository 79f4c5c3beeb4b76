"""Sections of a page: the map of who goes where, and the timeline of who arrives when, as SVG."""

import html
from collections.abc import Iterable

from api.render.dispatch.lines import order_lines
from api.render.dispatch.words import Words
from models.dispatch import DispatchAnswer, DispatchPlan, DispatchRequest
from models.messages import render
from models.places import Place
from models.text import Language

_WIDTH = 960.0
_MARGIN = 24.0
_ROW = 18.0
_NAMES = 260.0  # room for names left of the bars


def sections(request: DispatchRequest, answer: DispatchAnswer, language: Language) -> str:
    """Return the page's sections as HTML, everything from the request escaped."""
    words = Words(request, language)
    parts = [_heading(words, "dispatch.title", name=request.name.text(language))]
    if request.illustrative or answer.illustrative:
        parts.append(f"<p>{html.escape(words.say('summary.illustrative'))}</p>")
    parts.append(f"<p>{html.escape(words.say(f'dispatch.quality.{answer.quality}'))}</p>")
    if answer.plan is not None:
        parts += [_map(words, answer.plan), _timeline(words, answer.plan)]
        parts.append(_list(order_lines(request, answer, language)))
    if answer.explanation is not None and answer.explanation.unserved:
        parts.append(_heading(words, "dispatch.page.open"))
        parts.append(_list(render(one.text, language) for one in answer.explanation.unserved))
    return f'<section class="dispatch">{"".join(parts)}</section>'


def _heading(words: Words, code: str, **values: object) -> str:
    return f"<h2>{html.escape(words.say(code, **values))}</h2>"


def _list(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{html.escape(line)}</li>' for line in lines)}</ul>"


def _map(words: Words, plan: DispatchPlan) -> str:
    """Return incidents (served or open), teams and orders, north up; nothing without places."""
    places: list[Place] = [*words.request.teams, *words.request.incidents]
    planar = words.request.teams[0].lat is None
    at = {id(one): _metres(one, planar=planar) for one in places}
    if None in at.values():
        return ""
    spots = [one for one in at.values() if one is not None]
    west, north = min(x for x, _ in spots), max(y for _, y in spots)
    across = max(max(x for x, _ in spots) - west, 1.0)
    down = north - min(y for _, y in spots)
    scale = (_WIDTH - 2 * _MARGIN) / across

    def on_paper(place: Place) -> tuple[float, float]:
        x, y = at[id(place)] or (0.0, 0.0)
        return _MARGIN + (x - west) * scale, _MARGIN + (north - y) * scale

    drawn = []
    for order in plan.orders:
        x1, y1 = on_paper(words.teams[order.team_id])
        x2, y2 = on_paper(words.incidents[order.incident_id])
        drawn.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#1864ab"/>'
        )
    served = set(plan.served_incidents)
    for incident in words.request.incidents:
        colour = "#2b8a3e" if incident.id in served else "#c92a2a"
        drawn.append(_dot(on_paper(incident), 5, colour, words.incident(incident.id)))
    drawn += [
        _dot(on_paper(one), 3.5, "#1864ab", words.team(one.id)) for one in words.request.teams
    ]
    title = words.say("dispatch.page.map")
    return _drawing(title, down * scale + 2 * _MARGIN, drawn)


def _dot(at: tuple[float, float], radius: float, colour: str, title: str) -> str:
    return (
        f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius}" fill="{colour}">'
        f"<title>{html.escape(title)}</title></circle>"
    )


def _metres(place: Place, *, planar: bool) -> tuple[float, float] | None:
    """Return a place in metres; one parallel is as good as another on a map this small."""
    first, second = (place.x_m, place.y_m) if planar else (place.lon, place.lat)
    if first is None or second is None:
        return None
    return (first, second) if planar else (first * 102_700.0, second * 111_200.0)


def _timeline(words: Words, plan: DispatchPlan) -> str:
    """Return a bar from leaving to arrival for every order, the first to arrive on top."""
    if not plan.orders:
        return ""
    orders = sorted(plan.orders, key=lambda one: (one.arrive_s, one.team_id))
    now = words.request.now_s
    longest = max(max(one.arrive_s for one in orders) - now, 1.0)
    scale = (_WIDTH - _NAMES - 2 * _MARGIN) / longest
    drawn = []
    for row, order in enumerate(orders):
        top = _MARGIN + row * _ROW
        start = _NAMES + (order.leave_s - now) * scale
        width = max(2.0, (order.arrive_s - order.leave_s) * scale)
        name = f"{words.team(order.team_id)} → {words.incident(order.incident_id)}"
        drawn.append(
            f'<text x="4" y="{top + 12:.1f}" font-size="11">{html.escape(name)}</text>'
            f'<rect x="{start:.1f}" y="{top + 3:.1f}" width="{width:.1f}" height="11" '
            f'fill="#1864ab"><title>{words.minutes(order.arrive_s)}</title></rect>'
        )
    title = words.say("dispatch.page.timeline")
    return _drawing(title, len(orders) * _ROW + 2 * _MARGIN, drawn)


def _drawing(title: str, height: float, drawn: Iterable[str]) -> str:
    said = html.escape(title)
    return (
        f"<h3>{said}</h3>"
        f'<svg viewBox="0 0 {_WIDTH:.0f} {height:.0f}" role="img" aria-label="{said}">'
        f"<title>{said}</title>{''.join(drawn)}</svg>"
    )
