"""The examples the program carries: a name, what it asks, and a function that builds it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from instances.generators import pingshan
from instances.generators.city import city
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import Cost, Cover
from models.places import DemandPoint, Site
from models.text import Label


class Example(NamedTuple):
    """A request by name: how to build it, and what it asks."""

    build: Callable[[], FireStationRequest]
    description: Label


def city_100k() -> FireStationRequest:
    """Return a synthetic city of 100,000 demand points and 300 sites.

    Mean time is not asked: a proof of it takes far longer than cover and cost at this size.
    """
    return city(
        100_000,
        300,
        new_stations={"city": 10, "small": 20},
        seed=1,
        objectives=(Cover(), Cost()),
    )


def minimal() -> FireStationRequest:
    """Return the smallest request: demand, sites, how many; all else is a default."""
    return FireStationRequest(
        demand_points=(
            DemandPoint(id="north", lat=22.72, lon=114.36, weights={"residents": 900}),
            DemandPoint(id="south", lat=22.68, lon=114.34, weights={"residents": 1500}),
        ),
        sites=(
            Site(id="A", lat=22.715, lon=114.36),
            Site(id="B", lat=22.685, lon=114.345),
        ),
        new_stations={"city": 1},
    )


EXAMPLES: Mapping[str, Example] = {
    "pingshan-fire-stations": Example(
        pingshan.five_and_five,
        Label(
            en="Pingshan, 250 m grid: exactly 5 city and 5 small stations beside the 14 in "
            "service; idle ones stay closed; with staffing and staging",
            zh="坪山区250 m网格：在14座执勤站之外新增5座城市站和5座小型站，闲置站不启用；"
            "含人员车辆配置与分年建设",
        ),
    ),
    "pingshan-idle-first": Example(
        pingshan.idle_first,
        Label(
            en="Pingshan: nothing new is built; which idle stations and detachments to open",
            zh="坪山区：不新建，启用哪些闲置小型站和街道应急分队",
        ),
    ),
    "pingshan-idle-first-then-build": Example(
        pingshan.idle_first_then_build,
        Label(
            en="Pingshan: all idle stations in service first, then 5 city and 5 small stations",
            zh="坪山区：先启用全部闲置站，再新增5座城市站和5座小型站",
        ),
    ),
    "city-100k": Example(
        city_100k,
        Label(
            en="A synthetic city: 100,000 demand points, 300 sites, 10 city and 20 small stations",
            zh="虚构城市：100,000个需求点、300个站址，新增10座城市站和20座小型站",
        ),
    ),
    "minimal": Example(
        minimal,
        Label(
            en="The smallest request: two places, two sites, one station",
            zh="最小示例：两个需求点、两个站址、一座站",
        ),
    ),
}


def example(name: str) -> FireStationRequest:
    """Return the example called ``name``.

    Examples
    --------
    >>> example("minimal").new_stations["city"].max
    1
    """
    return EXAMPLES[name].build()
