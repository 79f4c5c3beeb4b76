"""A shelter answer as one of several side by side: open sites, who has a place, walks, cost."""

from collections.abc import Iterator

from api.render.compare import Figure, Side
from api.render.shelters.names import ShelterNames
from api.render.tables import Kind, Value
from models.shelters import ShelterAnswer, ShelterRequest
from models.shelters.opening import OpeningAnswer, OpeningOrder, OpeningRequest
from models.shelters.plan import ScenarioFigures, ShelterFigures
from models.shelters.unfolding import unfolded
from models.text import Language

_OF_A_SCENARIO: tuple[tuple[str, Kind], ...] = (
    ("sheltered", "count"),
    ("unmet", "count"),
    ("mean_walk", "distance"),
    ("worst_walk", "distance"),
)


def side(request: ShelterRequest, answer: ShelterAnswer, language: Language) -> Side:
    """Return what stands in an answer's column."""
    names = ShelterNames(unfolded(request), language)
    plan, chosen = answer.plan, None
    figures: tuple[Figure, ...] = ()
    if plan is not None:
        chosen = {one.site_id: names.sites[one.site_id] for one in plan.shelters}
        figures = () if plan.figures is None else tuple(_figures(names, plan.figures))
    return Side(answer.run.status, chosen, figures, "sites", request.currency)


def opening_side(request: OpeningRequest, answer: OpeningAnswer, language: Language) -> Side:
    """Return which sites open next, and who has a place then."""
    names, order = ShelterNames(unfolded(request.shelters), language), answer.plan
    currency = request.shelters.currency
    if order is None:
        return Side(answer.run.status, None, (), "sites", currency)
    chosen = {one.site_id: names.sites[one.site_id] for one in order.steps}
    return Side(answer.run.status, chosen, tuple(_of_the_day(names, order)), "sites", currency)


def _of_the_day(names: ShelterNames, order: OpeningOrder) -> Iterator[Figure]:
    ridden = sum(one.people for one in order.assignments if one.ride_s is not None)
    values: dict[str, Value] = {
        "unmet_before": order.unmet_before,
        "unmet_after": order.steps[-1].unmet if order.steps else order.unmet_before,
        "unmet_if_all_open": order.unmet_if_all_open,
        "assigned": sum(one.people for one in order.assignments),
        "vehicles": ridden,
    }
    for key, value in values.items():
        yield Figure(key, names.say(f"compare.{key}"), "count", value)


def _figures(names: ShelterNames, figures: ShelterFigures) -> Iterator[Figure]:
    unmet = names.say("objective.shelters.unmet")
    yield Figure("expected_unmet", unmet, "count", figures.expected_unmet)
    yield Figure("new_sites", names.say("column.newly_open"), "count", figures.new_sites)
    yield Figure("open_cost", names.say("column.cost"), "money", figures.open_cost)
    for one in figures.scenarios:
        for key, kind in _OF_A_SCENARIO:
            title = f"{names.scenarios[one.scenario_id]}: {names.say(f'column.{key}')}"
            yield Figure(f"{key}.{one.scenario_id}", title, kind, _value(one, key))
    city = next((one for one in figures.readings if one.scope == "city"), None)
    if city is not None:
        readings = {"a": city.effective_m2_per_resident, "b": city.gross_m2_per_resident}
        for letter, value in readings.items():
            key = f"reading_{letter}"
            yield Figure(key, names.say(f"column.{key}"), "number", value)


def _value(one: ScenarioFigures, key: str) -> Value:
    values = {
        "sheltered": one.sheltered,
        "unmet": one.unmet,
        "mean_walk": one.mean_walk_m,
        "worst_walk": one.worst_walk_m,
    }
    return values[key]
