"""What `muster bench` shows: a table, and one page (HTML) with it and two plots."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.render.assets import plotly_script, web
from api.render.html import embedded
from api.render.tables import Column, Kind, Row, Table, formatted
from models.messages import message
from models.run import Status, StopReason
from models.text import Language

_AGREEMENT = 1e-6  # relative
_COLOURS = {Status.OPTIMAL: "#0b5fa5", Status.FEASIBLE: "#b4540a"}
_NO_PLAN = "#8b97a3"
_COLUMNS: dict[str, Kind] = {
    "instance": "text",
    "objective": "number",
    "published": "number",
    "from_published": "gap",
    "gap": "gap",
    "status": "text",
    "time": "number",
}
# Nothing is fetched: script, style and data stand inside.
_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"


@dataclass(frozen=True)
class Score:
    """How one instance went, in the unit of its publication.

    ``optimum`` says whether the published value is proven to be the best.
    """

    instance: str
    objective: float | None
    published: float
    optimum: bool
    status: Status
    stop: StopReason
    gap: float | None
    wall_s: float

    @property
    def from_published(self) -> float | None:
        """The relative distance of the objective from the published value."""
        if self.objective is None:
            return None
        return abs(self.objective - self.published) / max(1.0, abs(self.published))

    @property
    def reached(self) -> bool:
        """Whether the objective is the published value."""
        return self.from_published is not None and self.from_published <= _AGREEMENT

    @property
    def contradicts(self) -> bool:
        """Whether two proofs differ, or a solvable instance is said to have no plan."""
        if self.status is Status.INFEASIBLE:
            return True
        return self.optimum and self.status is Status.OPTIMAL and not self.reached


def table(
    family: str, scores: Sequence[Score], language: Language, *, time_limit_s: float
) -> Table:
    """Return the scores as a table; its note sums them up."""
    count = len(scores)
    return Table(
        key=family,
        title=message(
            "benchmark.title", language, family=family, count=count, seconds=time_limit_s
        ),
        columns=tuple(
            Column(key, message(f"benchmark.column.{key}", language), kind)
            for key, kind in _COLUMNS.items()
        ),
        rows=tuple(_row(score, language) for score in scores),
        note=message(
            "benchmark.outcome",
            language,
            count=count,
            reached=sum(score.reached for score in scores),
            proven=sum(score.status is Status.OPTIMAL for score in scores),
            seconds=sum(score.wall_s for score in scores),
        ),
    )


def page(shown: Table, scores: Sequence[Score], language: Language, *, time_limit_s: float) -> str:
    """Return the table and its plots as one HTML file that opens from disk."""
    titles, rows = formatted(shown, language)
    title, note = html.escape(shown.title), html.escape(shown.note or "")
    figures = _figures(scores, language, time_limit_s)
    places = "".join(
        f'<section><h2>{html.escape(figure["title"])}</h2><div id="{figure["id"]}"></div></section>'
        for figure in figures
    )
    return f"""<!DOCTYPE html>
<html lang="{"en" if language == "en" else "zh-Hans"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{title}</title>
<style>{web("style.css")}</style>
</head>
<body>
<header><h1>{title}</h1></header>
<p class="headline">{note}</p>
{places}
<section class="table"><table><thead>{_line(titles, "th")}</thead>
<tbody>{"".join(_line(row, "td") for row in rows)}</tbody></table></section>
<script>{plotly_script()}</script>
<script>
for (const figure of {embedded(figures)}) {{
  const settings = {{ displayModeBar: false, responsive: true }};
  Plotly.newPlot(figure.id, figure.data, figure.layout, settings);
}}
</script>
</body>
</html>
"""


def _row(score: Score, language: Language) -> Row:
    status = message(f"status.{score.status.value}", language)
    return Row(
        (
            score.instance,
            score.objective,
            score.published,
            score.from_published,
            score.gap,
            status,
            score.wall_s,
        )
    )


def _line(cells: Sequence[str], element: str) -> str:
    inside = "".join(f"<{element}>{html.escape(one)}</{element}>" for one in cells)
    return f"<tr>{inside}</tr>"


def _figures(
    scores: Sequence[Score], language: Language, time_limit_s: float
) -> list[dict[str, Any]]:
    colours = [_COLOURS.get(score.status, _NO_PLAN) for score in scores]
    gaps = [
        None if score.from_published is None else 100 * score.from_published for score in scores
    ]
    limit = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": time_limit_s}
    drawn = limit | {"y1": time_limit_s, "line": {"color": "#3b4652", "dash": "dash"}}
    seconds = {"type": "log", "title": {"text": message("benchmark.axis.seconds", language)}}
    percent = {"rangemode": "tozero", "title": {"text": message("benchmark.axis.share", language)}}
    times = [score.wall_s for score in scores]
    return [
        _figure("time", scores, times, colours, language, yaxis=seconds, shapes=[drawn]),
        _figure("gap", scores, gaps, colours, language, yaxis=percent),
    ]


def _figure(
    key: str,
    scores: Sequence[Score],
    heights: Sequence[float | None],
    colours: Sequence[str],
    language: Language,
    **layout: object,
) -> dict[str, Any]:
    said = [message(f"status.{score.status.value}", language) for score in scores]
    bars = {
        "type": "bar",
        "x": [score.instance for score in scores],
        "y": list(heights),
        "customdata": said,
        "marker": {"color": list(colours)},
        "hovertemplate": "%{x}: %{y:.4~r}<br>%{customdata}<extra></extra>",
    }
    return {
        "id": key,
        "title": message(f"benchmark.plot.{key}", language),
        "data": [bars],
        "layout": {"height": 360, "margin": {"t": 16}, "xaxis": {"type": "category"}, **layout},
    }
