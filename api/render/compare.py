"""Several answers of a kind side by side: what each plan chooses, and its figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from api.render.tables import Column, Kind, Row, Table, Value
from models.messages import message, named
from models.run import LevelReport, Status
from models.text import Language

Chosen = Literal[
    "stations", "sites", "orders", "calls", "moves", "stocks", "deliveries", "purchases"
]


@dataclass(frozen=True)
class Figure:
    """One figure of an answer; ``absent`` is that of a plan that does not tell it."""

    key: str
    title: str
    kind: Kind
    value: Value
    absent: Value = None


@dataclass(frozen=True)
class Side:
    """One answer of those that stand side by side.

    ``chosen`` is what its plan chooses, by id with the name; None: there is no plan. ``what``
    says what that is. Answers of one kind tell their figures in one order.
    """

    status: Status
    chosen: Mapping[str, str] | None
    figures: tuple[Figure, ...]
    what: Chosen = "sites"
    currency: str | None = None


def compare(sides: Mapping[str, Side], language: Language) -> Table:
    """Return a table with one column per answer, by its name; the first is the base."""
    first, *others = sides
    titles = [message("compare.base", language, name=first), *others]
    columns = (
        Column("item", message("column.item", language)),
        *(Column(name, title) for name, title in zip(sides, titles, strict=True)),
    )
    rows = (*_outcome(sides, language), *_changes(sides, language), *_figures(sides))
    title = message("table.compare", language)
    return Table("compare", title, columns, rows, currency=sides[first].currency)


def with_levels(
    side: Side, levels: Sequence[LevelReport], titles: Sequence[str], language: Language
) -> Side:
    """Return a side that also tells what each level came to, by ``titles`` or else its kind."""
    told = tuple(
        Figure(
            f"level.{place}.{one.kind}",
            message(
                "compare.level",
                language,
                order=place + 1,
                objective=titles[place] if place < len(titles) else one.kind,
            ),
            "number",
            one.objective if one.final is None else one.final,
        )
        for place, one in enumerate(levels)
    )
    return replace(side, figures=(*side.figures, *told))


def changes(base: Side, other: Side) -> tuple[dict[str, str], dict[str, str]]:
    """Return what ``other`` alone and what ``base`` alone chooses: names by id, sorted by id."""
    before, after = base.chosen or {}, other.chosen or {}
    gained = {one: after[one] for one in sorted(after.keys() - before.keys())}
    return gained, {one: before[one] for one in sorted(before.keys() - after.keys())}


def _outcome(sides: Mapping[str, Side], language: Language) -> list[Row]:
    status = [named("status", one.status.value, language) for one in sides.values()]
    chosen = [None if one.chosen is None else len(one.chosen) for one in sides.values()]
    what = message(f"compare.chosen.{_what(sides)}", language)
    return [
        Row((message("compare.status", language), *status), key="status"),
        Row((what, *chosen), kind="count", key="chosen"),
    ]


def _changes(sides: Mapping[str, Side], language: Language) -> list[Row]:
    base, *others = sides.values()

    def said(names: Mapping[str, str]) -> str:
        joined = message("words.join", language).join(names.values())
        return joined or message("word.none", language)

    found = [changes(base, one) for one in others]
    sets = {"gained": [one for one, _ in found], "lost": [one for _, one in found]}
    return [
        Row((message(f"compare.{key}", language), None, *map(said, names)), key=key)
        for key, names in sets.items()
    ]


def _figures(sides: Mapping[str, Side]) -> list[Row]:
    """Return the figures of all, in the order of the first that tells each."""
    told: dict[str, Figure] = {}
    for side in sides.values():
        for one in side.figures:
            told.setdefault(one.key, one)
    values = [{one.key: one.value for one in side.figures} for side in sides.values()]
    planned = [side.chosen is not None for side in sides.values()]
    return [
        Row(
            (
                one.title,
                *(
                    known.get(key, one.absent if there else None)
                    for known, there in zip(values, planned, strict=True)
                ),
            ),
            kind=one.kind,
            key=key,
        )
        for key, one in told.items()
    ]


def _what(sides: Mapping[str, Side]) -> Chosen:
    return next(iter(sides.values())).what
