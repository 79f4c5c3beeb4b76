"""A timeline as SVG: a row for each team, a bar for each thing it does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH = 960.0
_NAMES = 220.0  # room for names left of the bars
_ROW = 22.0
_TOP = 30.0
_STEPS_S = (300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400, 172800, 604800)
_TICKS_MAX = 12
_SHOWN_SIGNS = 200.0  # width of a name, in units of the drawing
_COLOURS = {
    "way": "#9db7cf",
    "walk": "#6f9a5b",
    "wait": "#e4e1d8",
    "night": "#4a4768",
    "work": "#0b5fa5",
    "rest": "#b8860b",
}


@dataclass(frozen=True)
class Bar:
    """What a team does from one time to another, in seconds from now."""

    kind: str  # way, walk, wait, night, work or rest
    from_s: float
    until_s: float
    text: str


def gantt(
    title: str,
    rows: Sequence[tuple[str, Sequence[Bar]]],
    kinds: Mapping[str, str],
    clock: Callable[[float], str],
    axis: str,
) -> str:
    """Return the timeline with its legend; ``kinds`` names the kinds of bars, in their order."""
    last = max((bar.until_s for _, bars in rows for bar in bars), default=0.0)
    step = next((one for one in _STEPS_S if last / one <= _TICKS_MAX), _STEPS_S[-1])
    scale = (_WIDTH - _NAMES - 30.0) / max(last, 1.0)
    height = _TOP + len(rows) * _ROW + 8.0
    drawn = []
    for tick in range(int(last // step) + 1):
        x = _NAMES + tick * step * scale
        drawn.append(
            f'<path d="M{x:.1f},{_TOP - 6:.0f}V{height - 6:.0f}" stroke="#d5d9dd" fill="none"/>'
            f'<text x="{x:.1f}" y="{_TOP - 12:.0f}" font-size="11" text-anchor="middle" '
            f'fill="#4b5560">{escape(clock(float(tick * step)))}</text>'
        )
    for place, (name, bars) in enumerate(rows):
        top = _TOP + place * _ROW
        drawn.append(_name(name, top))
        drawn += [_bar(bar, top, scale) for bar in bars]
    used = {bar.kind for _, bars in rows for bar in bars}
    legend = "".join(
        f'<span class="gantt-key"><i style="background:{_COLOURS[kind]}"></i>{escape(said)}</span>'
        for kind, said in kinds.items()
        if kind in used
    )
    return (
        f'<p class="gantt-legend">{legend}<span>{escape(axis)}</span></p>'
        f'<svg class="gantt" viewBox="0 0 {_WIDTH:.0f} {height:.0f}" role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>{"".join(drawn)}</svg>'
    )


def _name(name: str, top: float) -> str:
    return (
        f'<text x="2" y="{top + 14:.1f}" font-size="12"><title>{escape(name)}</title>'
        f"{escape(_cut(name))}</text>"
    )


def _bar(bar: Bar, top: float, scale: float) -> str:
    x = _NAMES + bar.from_s * scale
    width = max(1.5, (bar.until_s - bar.from_s) * scale)
    inset = 3.0 if bar.kind in {"work", "rest"} else 7.0
    return (
        f'<rect class="{bar.kind}" x="{x:.1f}" y="{top + inset:.1f}" width="{width:.1f}" '
        f'height="{_ROW - 2 * inset:.1f}" rx="2" fill="{_COLOURS[bar.kind]}">'
        f"<title>{escape(bar.text)}</title></rect>"
    )


def _cut(name: str) -> str:
    """Return as much of a name as the room takes; Chinese signs are twice as wide."""
    left, kept = _SHOWN_SIGNS, ""
    for sign in name:
        left -= 12.0 if sign > "\u2e7f" else 6.4
        if left < 0:
            return kept.rstrip() + "…"
        kept += sign
    return kept
