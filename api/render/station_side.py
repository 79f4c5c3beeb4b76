"""A fire-station answer as one of several side by side: figures, open sites, cost."""

from collections.abc import Callable, Iterator

from api.render.compare import Figure, Side
from api.render.figures import Measure, group, groups, share
from api.render.names import Names
from api.render.tables import Kind
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.fire_stations.plan import Figures
from models.messages import message, named
from models.presets import STATION_CLASSES
from models.text import Language

_MEASURES: tuple[Measure, ...] = ("cover", "probable", "force")

_COSTS: tuple[tuple[str, Kind, Callable[[Figures], float | None]], ...] = (
    ("on_duty", "count", lambda one: one.on_duty_people),
    ("headcount", "count", lambda one: one.headcount_people),
    ("crew_per_10k", "number", lambda one: one.crew_per_10k),
    ("capital", "money", lambda one: one.capital_cost),
    ("yearly", "money", lambda one: one.yearly_cost),
)


def side(request: FireStationRequest | None, answer: FireStationAnswer, language: Language) -> Side:
    """Return what stands in an answer's column.

    ``request`` gives sites, classes and weights their names; without it they go by their ids.
    """
    names = None if request is None else Names(request, language)
    plan, chosen = answer.plan, None
    if plan is not None:
        sites = {one.site_id for one in plan.stations}
        chosen = {one: names.site(one) if names else one for one in sites}
    figures = plan.after if plan else None
    told = () if figures is None else tuple(_figures(figures, language, names))
    currency = None if request is None else request.currency
    return Side(answer.run.status, chosen, told, "stations", currency)


def _figures(figures: Figures, language: Language, names: Names | None) -> Iterator[Figure]:
    yield from _covers(figures, language, names)
    total = group(figures)
    for code in ("mean", "p90", "worst"):
        value = getattr(total, f"{code}_time_s") if total else None
        title = message(f"compare.{code}", language)
        yield Figure(f"{code}_time", title, "minutes", value)
    yield from _counts(figures, language, names)
    for title, kind, figure in _COSTS:
        yield Figure(title, message(f"column.{title}", language), kind, figure(figures))


def _covers(figures: Figures, language: Language, names: Names | None) -> Iterator[Figure]:
    for weight in sorted({cover.weight for each in groups(figures) for cover in each.cover}):
        name = names.weight(weight) if names else named("weight", weight, language)
        for measure in _MEASURES:
            title = message(f"compare.{measure}", language, weight=name)
            value = share(group(figures), weight, measure)
            if measure != "probable" or value is not None:
                yield Figure(f"{measure}.{weight}", title, "share", value)


def _counts(figures: Figures, language: Language, names: Names | None) -> Iterator[Figure]:
    for class_id, count in sorted(figures.station_count.items()):
        preset = STATION_CLASSES.get(class_id)
        bare = preset.name.text(language) if preset else class_id
        name = names.station_class(class_id) if names else bare
        yield Figure(f"class.{class_id}", name, "count", count, absent=0)
