"""How a fault names its place and shows what stands there."""

import json

Path = tuple[str | int, ...]

_SHOWN_CHARACTERS = 60


def path_text(path: Path) -> str:
    """Return ``path`` as a JSON path without the leading ``$``.

    Examples
    --------
    >>> path_text(("sites", 3, "lat")), path_text(("weights", "a.b"))
    ('sites[3].lat', 'weights["a.b"]')
    """
    text = "".join(_step(step) for step in path)
    return text.removeprefix(".").encode("utf-8", "backslashreplace").decode("utf-8")


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if step.isidentifier() else f"[{shortened(step)}]"


def shortened(value: object) -> str:
    """Return ``value`` as JSON text, long text cut and the inside of lists and objects left out.

    Examples
    --------
    >>> shortened(float("nan")), shortened([1, 2]), shortened("x" * 100)[-4:]
    ('NaN', '[...]', '..."')
    """
    if isinstance(value, dict):
        return "{...}" if value else "{}"
    if isinstance(value, (list, tuple)):
        return "[...]" if value else "[]"
    if isinstance(value, str) and len(value) > _SHOWN_CHARACTERS:
        value = value[:_SHOWN_CHARACTERS] + "..."
    text = json.dumps(value, ensure_ascii=False, default=str)
    if not isinstance(value, str) and len(text) > _SHOWN_CHARACTERS:
        text = text[:_SHOWN_CHARACTERS] + "..."
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
