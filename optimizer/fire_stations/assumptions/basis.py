"""What a default rests on, and how its value is said without a language: numbers and SI units."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from models.answer import Assumption
from models.base import Model
from models.confidence import Confidence

OWN = "default of this program / 本程序默认值"
NOTHING = "–"
UNLIMITED = "∞"


@dataclass(frozen=True)
class Basis:
    """Where a default comes from; ``nothing`` is said where its value is None or empty."""

    source: str = OWN
    confidence: Confidence | None = None
    illustrative: bool = False
    unit: str = ""
    nothing: str = NOTHING

    def assumption(self, path: str, value: object, *, count: int | None = None) -> Assumption:
        """Return the assumption that ``path`` is ``value``, in ``count`` places."""
        text = said(value, self.unit, self.nothing)
        return Assumption(
            path=path,
            value=text if count is None else f"{text} ({count:,}×)",
            source=self.source,
            confidence=self.confidence,
            illustrative=self.illustrative,
            is_default=True,
        )


def left_out(path: str, model: Model, bases: Mapping[str, Basis]) -> Iterator[Assumption]:
    """Yield an assumption for each field of ``bases`` that ``model`` was made without."""
    for field in type(model).model_fields:
        if field in bases and field not in model.model_fields_set:
            where = f"{path}.{field}" if path else field
            yield bases[field].assumption(where, getattr(model, field))


def said(value: object, unit: str = "", nothing: str = NOTHING) -> str:
    """Return a value as short text that needs no translation.

    Examples
    --------
    >>> said(240.0, "s"), said(11e6, "CNY"), said({"engine": 4, "ladder": 1}), said(())
    ('240 s', '11,000,000 CNY', 'engine 4, ladder 1', '–')
    """
    if value is None or (isinstance(value, Collection) and not value):
        return nothing
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        number = f"{int(value):,}" if value == int(value) else f"{value:g}"
        return f"{number} {unit}" if unit else number
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {said(one, unit)}" for name, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
