"""A front as a drawing: the second objective to the right, the goal upwards."""

from html import escape

from api.render.facilities.names import FacilityNames
from api.render.tables import columns
from models.facilities import FacilityFront
from models.messages import formats

_WIDTH, _HEIGHT = 560, 300
_LEFT, _BOTTOM, _EDGE = 90, 40, 16


def curve(names: FacilityNames, front: FacilityFront) -> str | None:
    """Return a front as an SVG figure, None with fewer than two points that have both values."""
    points = [(one.against, one.objective) for one in front.points if one.against is not None]
    if len(points) < 2:
        return None
    across, up = ([pair[axis] for pair in points] for axis in (0, 1))
    column = columns(names.language, names.against)[0]

    def x(value: float) -> float:
        return _LEFT + _share(value, across) * (_WIDTH - _LEFT - _EDGE)

    def y(value: float) -> float:
        return _HEIGHT - _BOTTOM - _share(value, up) * (_HEIGHT - _BOTTOM - _EDGE)

    def second(value: float) -> str:
        if column.kind == "money":
            return formats.money(value, names.language, names.request.currency)
        return formats.FORMATS[column.kind](value, names.language)

    line = " ".join(f"{x(one):.1f},{y(worth):.1f}" for one, worth in points)
    dots = "".join(
        f'<circle cx="{x(one):.1f}" cy="{y(worth):.1f}" r="4" fill="#1f5fa8">'
        f"<title>{escape(second(one))}: {escape(names.value(worth))}</title></circle>"
        for one, worth in points
    )
    told = [
        *((x(one), _HEIGHT - 20, "middle", second(one)) for one in (min(across), max(across))),
        *((_LEFT - 8, y(worth) + 4, "end", names.value(worth)) for worth in (min(up), max(up))),
        ((_LEFT + _WIDTH) / 2, _HEIGHT - 6, "middle", column.title),
    ]
    texts = "".join(
        f'<text x="{at:.1f}" y="{above:.1f}" text-anchor="{anchor}" font-size="12">'
        f"{escape(text)}</text>"
        for at, above, anchor, text in told
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" style="max-width:{_WIDTH}px">'
        f'<polyline points="{line}" fill="none" stroke="#1f5fa8" stroke-width="2"/>'
        f"{dots}{texts}</svg>"
    )


def _share(value: float, values: list[float]) -> float:
    """Return where a value lies between the least and the largest."""
    low, high = min(values), max(values)
    return 0.5 if high <= low else (value - low) / (high - low)
