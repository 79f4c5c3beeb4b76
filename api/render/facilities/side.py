"""A facility answer as one of several side by side: sites, what is served, ways, cost."""

from collections.abc import Iterator

from api.render.compare import Figure, Side
from api.render.facilities.names import FacilityNames
from models.facilities import FacilityAnswer, FacilityRequest
from models.facilities.plan import FacilityFigures
from models.messages import message
from models.text import Language


def side(request: FacilityRequest, answer: FacilityAnswer, language: Language) -> Side:
    """Return what stands in an answer's column."""
    names = FacilityNames(request, language)
    plan, chosen = answer.plan, None
    figures: tuple[Figure, ...] = ()
    if plan is not None:
        chosen = {one.site_id: names.sites[one.site_id] for one in plan.facilities}
        figures = () if plan.figures is None else tuple(_figures(names, plan.figures))
    return Side(answer.run.status, chosen, figures, "sites", request.currency)


def _figures(names: FacilityNames, figures: FacilityFigures) -> Iterator[Figure]:
    language, unit = names.language, names.unit
    mean = message(f"column.mean_way_{unit}", language)
    longest = message(f"column.farthest_{unit}", language)
    yield Figure("served", message("column.weight_served", language), "number", figures.served)
    yield Figure("new", message("column.newly_open", language), "count", figures.new_facilities)
    yield Figure("cost", message("column.cost", language), "money", figures.cost)
    yield Figure("mean_way", mean, names.way, figures.mean_way)
    yield Figure("longest_way", longest, names.way, figures.longest_way)
