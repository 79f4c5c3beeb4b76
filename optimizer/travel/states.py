"""Which state of the ways counts."""

from models.roads import ByRoads
from models.travel import ByCoordinates


def with_first(travel: ByCoordinates | ByRoads, state: str | None) -> ByCoordinates | ByRoads:
    """Return a way of travel with one state of the ways first: where one counts, it is that."""
    if state is None:
        return travel
    ordered = sorted(travel.scenarios, key=lambda one: one.id != state)
    return travel.model_copy(update={"scenarios": tuple(ordered)})
