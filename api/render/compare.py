"""Several answers side by side: figures, sites gained and lost, cost."""

from collections.abc import Callable, Mapping

from api.render.figures import Measure, group, groups, share
from api.render.names import Names
from api.render.tables import Column, Kind, Row, Table, Value
from models.fire_stations import FireStationAnswer, FireStationPlan, FireStationRequest
from models.fire_stations.plan import Figures
from models.messages import message, named
from models.presets import STATION_CLASSES
from models.text import Language

Figure = Callable[[Figures], float | None]


def compare(
    answers: Mapping[str, FireStationAnswer],
    language: Language,
    *,
    request: FireStationRequest | None = None,
) -> Table:
    """Return a table with one column per answer, by its name; the first is the base.

    ``request`` gives sites, classes and weights their names; without it they go by their ids.
    """
    names = Names(request, language) if request is not None else None
    rows = [
        *_outcome(answers, language),
        *_changes(answers, language, names),
        *_figures(answers, language, names),
    ]
    first, *others = answers
    titles = [message("compare.base", language, name=first), *others]
    columns = (
        Column("item", message("column.item", language)),
        *(Column(name, title) for name, title in zip(answers, titles, strict=True)),
    )
    currency = request.currency if request is not None else None
    title = message("table.compare", language)
    return Table("compare", title, columns, tuple(rows), currency=currency)


def _outcome(answers: Mapping[str, FireStationAnswer], language: Language) -> list[Row]:
    status = [named("status", one.run.status.value, language) for one in answers.values()]
    opened = [len(one.plan.stations) if one.plan else None for one in answers.values()]
    return [
        Row((message("compare.status", language), *status), key="status"),
        Row((message("compare.open", language), *opened), kind="count", key="open"),
    ]


def changes(
    base: FireStationAnswer, other: FireStationAnswer
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the sites open in ``other`` alone and in ``base`` alone, by their ids, sorted."""
    before, after = _open_sites(base.plan), _open_sites(other.plan)
    return tuple(sorted(after - before)), tuple(sorted(before - after))


def _open_sites(plan: FireStationPlan | None) -> set[str]:
    return {one.site_id for one in plan.stations} if plan else set()


def _changes(
    answers: Mapping[str, FireStationAnswer], language: Language, names: Names | None
) -> list[Row]:
    base, *others = answers.values()

    def said(sites: tuple[str, ...]) -> str:
        joiner = message("words.join", language)
        called = [names.site(one) if names else one for one in sites]
        return joiner.join(called) or message("word.none", language)

    changed = [changes(base, one) for one in others]
    gained = [said(gained) for gained, _ in changed]
    lost = [said(lost) for _, lost in changed]
    return [
        Row((message("compare.gained", language), None, *gained), key="gained"),
        Row((message("compare.lost", language), None, *lost), key="lost"),
    ]


def _figures(
    answers: Mapping[str, FireStationAnswer], language: Language, names: Names | None
) -> list[Row]:
    plans = [one.plan for one in answers.values()]
    figures = [plan.after if plan else None for plan in plans]
    rows = [
        *_covers(figures, language, names),
        *_times(figures, language),
        *_counts(figures, language, names),
    ]
    for title, kind, figure in _COSTS:
        label = message(f"column.{title}", language)
        rows.append(Row((label, *_each(figures, figure)), kind=kind, key=title))
    return rows


def _each(figures: list[Figures | None], figure: Figure) -> tuple[Value, ...]:
    return tuple(None if one is None else figure(one) for one in figures)


def _covers(figures: list[Figures | None], language: Language, names: Names | None) -> list[Row]:
    known = {cover.weight for one in figures for each in groups(one) for cover in each.cover}
    rows = []
    for weight in sorted(known):
        name = names.weight(weight) if names else named("weight", weight, language)
        for measure in _MEASURES:
            label = message(f"compare.{measure}", language, weight=name)
            values = tuple(share(group(one), weight, measure) for one in figures)
            if measure != "probable" or any(one is not None for one in values):
                rows.append(Row((label, *values), kind="share", key=f"{measure}.{weight}"))
    return rows


def _times(figures: list[Figures | None], language: Language) -> list[Row]:
    totals = [group(one) for one in figures]
    rows = []
    for code in ("mean", "p90", "worst"):
        label = message(f"compare.{code}", language)
        values = (getattr(one, f"{code}_time_s") if one else None for one in totals)
        rows.append(Row((label, *values), kind="minutes", key=f"{code}_time"))
    return rows


def _counts(figures: list[Figures | None], language: Language, names: Names | None) -> list[Row]:
    classes = {class_id for one in figures if one for class_id in one.station_count}
    rows = []
    for class_id in sorted(classes):
        preset = STATION_CLASSES.get(class_id)
        bare = preset.name.text(language) if preset else class_id
        name = names.station_class(class_id) if names else bare
        values = (one.station_count.get(class_id, 0) if one else None for one in figures)
        rows.append(Row((name, *values), kind="count", key=f"class.{class_id}"))
    return rows


_MEASURES: tuple[Measure, ...] = ("cover", "probable", "force")

_COSTS: tuple[tuple[str, Kind, Figure], ...] = (
    ("on_duty", "count", lambda one: one.on_duty_people),
    ("headcount", "count", lambda one: one.headcount_people),
    ("crew_per_10k", "number", lambda one: one.crew_per_10k),
    ("capital", "money", lambda one: one.capital_cost),
    ("yearly", "money", lambda one: one.yearly_cost),
)
