"""Plots as Plotly figures: plain data and layout, drawn in the browser."""

import html
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from api.render.areas import main_areas
from api.render.cells import Cells, When
from api.render.figures import group, share
from api.render.names import Names
from models.fire_stations import FireStationAnswer, FireStationPlan
from models.fire_stations.explanation import InvestmentRank
from models.messages import formats, message
from models.run import Incumbent

Figure = dict[str, Any]

BEFORE, AFTER, BOUND, LIMIT = "#8b97a3", "#0b5fa5", "#b4540a", "#3b4652"
_STEP_S = 10
_FAR = 0.999


def plots(names: Names, cells: Cells, answer: FireStationAnswer) -> list[Figure]:
    """Return the plots an answer has figures for, each with ``id``, ``title``, data, layout."""
    plan = answer.plan
    ranking = answer.explanation.ranking if answer.explanation else ()
    made = [
        *([_cover_by_area(names, plan)] if plan else []),
        _distribution(names, cells),
        _ranking(names, [one for one in ranking if one.mode == "greedy"]),
        *_traces(names, answer),
    ]
    return [figure for figure in made if figure is not None]


def _figure(key: str, title: str, data: Sequence[Figure], **layout: object) -> Figure:
    return {"id": key, "title": title, "data": list(data), "layout": layout}


def _plain(text: str) -> str:
    """Return a name with the signs escaped that Plotly reads as markup."""
    return html.escape(text, quote=False)


def _cover_by_area(names: Names, plan: FireStationPlan) -> Figure | None:
    weight = names.request.population_weight
    rows = [
        (names.area(area), share(before, weight), share(after, weight))
        for area in main_areas(names.request)
        if (after := group(plan.after, "area", area)) is not None
        for before in [group(plan.before, "area", area)]
    ]
    known = sorted((row for row in rows if row[2] is not None), key=lambda row: row[2] or 0)
    if not known:
        return None
    labels = [_plain(row[0]) for row in known]
    bars = [
        _bar(names, labels, [row[1] for row in known], when="before"),
        _bar(names, labels, [row[2] for row in known], when="after"),
    ]
    title = names.say("plot.cover_by_area", weight=names.weight(weight))
    axis = {"tickformat": ".0%", "range": [0, 1.12], "title": {"text": _word(names, "axis.share")}}
    height = 110 + 52 * len(known)
    worst_first = {"autorange": "reversed"}
    return _figure(
        "areas", title, bars, barmode="group", xaxis=axis, yaxis=worst_first, height=height
    )


def _word(names: Names, key: str) -> str:
    return message(f"plot.{key}", names.language)


def _bar(names: Names, labels: list[str], values: Sequence[float | None], *, when: When) -> Figure:
    text = ["" if value is None else formats.share(value, names.language) for value in values]
    return {
        "type": "bar",
        "orientation": "h",
        "name": message(f"word.{when}", names.language),
        "y": labels,
        "x": list(values),
        "text": text,
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{text}<extra>%{fullData.name}</extra>",
        "marker": {"color": BEFORE if when == "before" else AFTER},
    }


def _distribution(names: Names, cells: Cells) -> Figure | None:
    weight = names.request.population_weight
    curves = [
        _curve(names, cells, when=when)
        for when in _WHENS
        if cells.has_times(when) and cells.total(weight) > 0
    ]
    if not curves:
        return None
    limit = cells.within_s / 60
    title = names.say("plot.distribution", weight=names.weight(weight))
    mark = {"type": "line", "x0": limit, "x1": limit, "yref": "paper", "y0": 0, "y1": 1}
    line = {"line": {"color": LIMIT, "width": 1.5, "dash": "dash"}}
    label = {"x": limit, "y": 0.02, "yref": "paper", "xanchor": "left", "showarrow": False}
    return _figure(
        "distribution",
        title,
        curves,
        xaxis={"title": {"text": _word(names, "axis.time")}, "rangemode": "tozero", "dtick": 2},
        yaxis={"tickformat": ".0%", "range": [0, 1.02]},
        shapes=[mark | line],
        annotations=[label | {"text": _word(names, "standard"), "xshift": 4}],
    )


def _curve(names: Names, cells: Cells, *, when: When) -> Figure:
    """Return the share of demand reached within each time, stepped by ten seconds."""
    weight = names.request.population_weight
    reached = sorted(
        (time, part)
        for time, part in cells.weighted_times(when, weight)
        if time is not None and part > 0
    )
    times = [time for time, _ in reached]
    sums = [0.0, *accumulate(part for _, part in reached)]
    total = cells.total(weight)
    shares: list[tuple[float, float]] = []
    last = times[-1] if times else 0.0
    step = 0
    while step * _STEP_S < last + _STEP_S and (not shares or shares[-1][1] < _FAR):
        share_then = sums[bisect_right(times, step * _STEP_S)] / total
        shares.append((step * _STEP_S / 60, round(share_then, 5)))
        step += 1
    return {
        "type": "scatter",
        "mode": "lines",
        "name": message(f"word.{when}", names.language),
        "x": [round(x, 3) for x, _ in shares],
        "y": [y for _, y in shares],
        "line": {
            "color": BEFORE if when == "before" else AFTER,
            "width": 3,
            "dash": "dot" if when == "before" else "solid",
        },
        "hovertemplate": "%{x:.1f} min: %{y:.1%}<extra>%{fullData.name}</extra>",
    }


def _ranking(names: Names, sequence: Sequence[InvestmentRank]) -> Figure | None:
    if not sequence:
        return None
    ordered = sorted(sequence, key=lambda one: one.order)
    costs = list(accumulate((one.cost for one in ordered), initial=0.0))
    gains = list(accumulate((one.gain for one in ordered), initial=0.0))
    stops = [_plain(names.site(one.site_id)) for one in ordered]
    said = [formats.money(cost, names.language, names.request.currency) for cost in costs]
    scale, unit = _scale(names, names.first_objective[0])
    line = {
        "type": "scatter",
        "mode": "lines+markers+text",
        "x": [cost / 1e6 for cost in costs],
        "y": [gain * scale for gain in gains],
        "text": ["", *(str(one.order) for one in ordered)],
        "textposition": "top left",
        "customdata": [["", said[0]], *([a, b] for a, b in zip(stops, said[1:], strict=True))],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}: %{y:,.4~r}<extra></extra>",
        "line": {"color": AFTER, "width": 2.5},
        "marker": {"size": 9},
    }
    unit_of_money = formats.currency_name(names.request.currency, names.language)
    money = names.say("plot.axis.cost", currency=unit_of_money)
    gain = _word(names, "axis.gain")
    if unit:
        gain = names.say("plot.with_unit", title=gain, unit=unit)
    return _figure(
        "ranking",
        _word(names, "ranking"),
        [line],
        xaxis={"title": {"text": money}, "rangemode": "tozero"},
        yaxis={"title": {"text": gain}, "rangemode": "tozero"},
        showlegend=False,
    )


def _scale(names: Names, kind: str) -> tuple[float, str]:
    """Return what values of an objective are drawn by, and the unit to say beside them."""
    unit = names.objective_unit(kind)
    scales = {"minutes": 1 / 60, "money": 1e-6}
    said = {
        "minutes": message("plot.unit.minutes", names.language),
        "money": names.say(
            "plot.unit.millions",
            currency=formats.currency_name(names.request.currency, names.language),
        ),
    }
    return scales.get(unit, 1.0), said.get(unit, "")


def _traces(names: Names, answer: FireStationAnswer) -> Iterable[Figure]:
    for index, level in enumerate(answer.run.levels):
        found = [one for one in answer.run.incumbents if one.level == index]
        if found:
            title = names.say("plot.trace", order=index + 1, objective=names.objective(level.kind))
            yield _trace(names, f"trace-{index + 1}", title, found, kind=level.kind)


def _trace(names: Names, key: str, title: str, found: Sequence[Incumbent], *, kind: str) -> Figure:
    scale, unit = _scale(names, kind)
    times = [one.elapsed_s for one in found]
    data = [
        _steps(times, [one.objective * scale for one in found], _word(names, "incumbent"), AFTER)
    ]
    bounds = [None if one.bound is None else one.bound * scale for one in found]
    if any(bound is not None for bound in bounds):
        data.append(_steps(times, bounds, _word(names, "bound"), BOUND))
    return _figure(
        key,
        title,
        data,
        xaxis={"title": {"text": _word(names, "axis.elapsed")}},
        yaxis={"title": {"text": unit}},
        height=260,
    )


def _steps(x: list[float], y: Sequence[float | None], name: str, color: str) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": x,
        "y": list(y),
        "name": name,
        "line": {"color": color, "shape": "hv", "width": 2.5},
        "marker": {"size": 6},
    }


_WHENS: tuple[When, When] = ("before", "after")
