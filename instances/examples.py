"""The examples the program carries: a name, what it asks, and a function that builds it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from instances.generators import pingshan
from instances.generators.city import city
from models.dispatch import DispatchRequest, Incident, Team, TeamNeed
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import Cost, Cover
from models.places import DemandPoint, Site
from models.shelters import ShelterRequest
from models.shelters.places import Block, Setting, ShelterSite
from models.shelters.scenarios import ShelterScenario
from models.text import Label


class Example(NamedTuple):
    """A request by name: how to build it, and what it asks."""

    build: Callable[[], FireStationRequest | ShelterRequest | DispatchRequest]
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


def minimal_shelters() -> ShelterRequest:
    """Return the smallest shelter request: two blocks, two sites, one scenario."""
    return ShelterRequest(
        blocks=(
            Block(id="north", lat=22.701, lon=114.351, weights={"residents": 300}),
            Block(id="south", lat=22.699, lon=114.352, weights={"residents": 500}),
        ),
        sites=(
            ShelterSite(id="school", lat=22.700, lon=114.350, setting=Setting.INDOOR, places=400),
            ShelterSite(id="hall", lat=22.698, lon=114.351, setting=Setting.INDOOR, places=300),
        ),
        scenarios=(ShelterScenario(id="typhoon"),),
    )


def minimal_dispatch() -> DispatchRequest:
    """Return the smallest dispatch request: three teams, two incidents."""
    return DispatchRequest(
        teams=tuple(
            Team(id=name, lat=lat, lon=114.35, skills={"boat": 2}, people=6)
            for name, lat in (("east", 22.70), ("west", 22.68), ("north", 22.74))
        ),
        incidents=(
            Incident(
                id="flood",
                lat=22.705,
                lon=114.36,
                severity=5,
                needs=(TeamNeed(skill="boat", teams=2),),
            ),
            Incident(
                id="car",
                lat=22.685,
                lon=114.345,
                severity=2,
                needs=(TeamNeed(skill="boat", teams=2),),
            ),
        ),
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
    "minimal-shelters": Example(
        minimal_shelters,
        Label(
            en="The smallest shelter request: two blocks, two sites, one scenario",
            zh="最小避难示例：两个街区、两个场所、一个情景",
        ),
    ),
    "minimal-dispatch": Example(
        minimal_dispatch,
        Label(
            en="The smallest dispatch request: three teams, two incidents",
            zh="最小调派示例：三支队伍、两起灾情",
        ),
    ),
}


def example(name: str) -> FireStationRequest | ShelterRequest | DispatchRequest:
    """Return the example called ``name``.

    Examples
    --------
    >>> example("minimal").kind
    'fire_stations'
    """
    return EXAMPLES[name].build()
