"""The examples the program carries: a name, what it asks, and a function that builds it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from instances.generators import pingshan
from instances.generators.city import city
from instances.generators.pingshan import facilities as pingshan_facilities
from instances.generators.pingshan import pumps as pingshan_pumps
from instances.generators.pingshan import shelters as pingshan_shelters
from instances.generators.pingshan import typhoon as pingshan_typhoon
from instances.generators.pingshan import warning as pingshan_warning
from instances.generators.pingshan import wildfire as pingshan_wildfire
from instances.generators.pingshan.rotation import rotation as pingshan_rotation
from instances.generators.pingshan.stockpiles import pingshan_stockpiles
from instances.generators.relief_run import relief_run
from models.dispatch import DispatchRequest, Incident, Team, TeamNeed
from models.dispatch.phase import PhaseRequest
from models.dispatch.positioning import PositioningRequest, WarningScenario
from models.dispatch.readiness import Post, ReadinessRequest, Zone
from models.facilities import FacilityRequest
from models.facilities.places import FacilitySite
from models.facilities.request import Goal
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import Cost, Cover
from models.places import DemandPoint, Site
from models.rotation import RotationRequest
from models.rotation.request import Outlet, OutletKind, RequiredStock, Supply, YearBudget
from models.run import RunLimits
from models.shelters import ShelterRequest
from models.shelters.opening import OpeningRequest, Situation
from models.shelters.places import Block, Setting, ShelterSite
from models.shelters.scenarios import ShelterScenario
from models.stockpiles import StockRequest
from models.stockpiles.items import Item, Need, Pack
from models.stockpiles.lots import Lot
from models.stockpiles.nodes import Depot, StockBlock
from models.stockpiles.rules import StockRules
from models.stockpiles.scenarios import StockScenario
from models.stockpiles.tiers import Tier
from models.text import Label

AnyRequest = (
    FireStationRequest
    | ShelterRequest
    | FacilityRequest
    | DispatchRequest
    | PhaseRequest
    | ReadinessRequest
    | PositioningRequest
    | OpeningRequest
    | StockRequest
    | RotationRequest
)


class Example(NamedTuple):
    """A request by name: how to build it, and what it asks."""

    build: Callable[[], AnyRequest]
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


def minimal_facilities() -> FacilityRequest:
    """Return the smallest facility request: two points, two sites, most of them within 500 m."""
    return FacilityRequest(
        demand_points=(
            DemandPoint(id="north", lat=22.704, lon=114.352, weights={"residents": 300}),
            DemandPoint(id="south", lat=22.692, lon=114.353, weights={"residents": 500}),
        ),
        sites=(
            FacilitySite(id="school", lat=22.703, lon=114.350),
            FacilitySite(id="square", lat=22.691, lon=114.350),
        ),
        goal=Goal.COVER,
        radius=500.0,
        number=1,
    )


def minimal_rotation() -> RotationRequest:
    """Return the smallest rotation: one depot, one item in boxes, two lots, two years."""
    return RotationRequest(
        start=date(2027, 1, 1),
        years=2,
        tiers=(Tier(id="district"),),
        depots=(Depot(id="depot", lat=22.70, lon=114.35, tier="district"),),
        items=(
            Item(
                id="water",
                unit=Label(en="bottle", zh="瓶"),
                packs=(Pack(id="box", name=Label(en="box", zh="箱"), holds=24),),
                volume_m3=0.001,
                price=1.5,
                shelf_life_days=365,
            ),
        ),
        lots=(
            Lot(
                id="old",
                item_id="water",
                depot_id="depot",
                quantity=300.0,
                expires_on=date(2027, 4, 30),
            ),
            Lot(
                id="new",
                item_id="water",
                depot_id="depot",
                quantity=200.0,
                expires_on=date(2027, 11, 15),
            ),
        ),
        required=(RequiredStock(depot_id="depot", item_id="water", target=480.0),),
        outlets=(
            Outlet(id="drills", kind=OutletKind.USE, item_id="water", per_year=360.0),
            Outlet(
                id="sale",
                kind=OutletKind.SALE,
                item_id="water",
                per_year=600.0,
                recovered_share=0.5,
                least_remaining_days=30,
            ),
        ),
        supplies=(Supply(id="water", item_id="water", pack_id="box", months=(3, 6, 9, 12)),),
        budgets=(YearBudget(year=2027, amount=1200.0), YearBudget(year=2028, amount=1200.0)),
        whole=True,
        limits=RunLimits(time_limit_s=20.0),
    )


def minimal_stockpiles() -> StockRequest:
    """Return the smallest stockpile request: two tiers, two blocks, water, two scenarios."""
    return StockRequest(
        tiers=(
            Tier(id="district", dispatch_s=1800.0),
            Tier(id="community", dispatch_s=600.0, reach_s=600.0),
        ),
        items=(
            Item(
                id="water",
                volume_m3=0.0013,
                price=1.2,
                shelf_life_days=540.0,
                needs=(Need(quantity=3.0, per_day=True),),
            ),
        ),
        depots=(
            Depot(id="depot", tier="district", lat=22.70, lon=114.35, volume_m3=3.0),
            Depot(id="store", tier="community", lat=22.68, lon=114.34, volume_m3=1.0),
        ),
        blocks=(
            StockBlock(id="north", lat=22.72, lon=114.36, weights={"residents": 900.0}),
            StockBlock(id="south", lat=22.68, lon=114.34, weights={"residents": 1500.0}),
        ),
        scenarios=(
            StockScenario(id="storm", weight=0.9, affected={"north": 0.2, "south": 0.3}),
            StockScenario(
                id="flood",
                weight=0.1,
                affected={"south": 0.9},
                surviving_share={"store": 0.5},
                slower=2.0,
            ),
        ),
        rules=StockRules(budget=1500.0),
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


def minimal_phase() -> PhaseRequest:
    """Return the smallest disaster phase: the smallest dispatch, with half an hour's work each."""
    now = minimal_dispatch()
    incidents = tuple(one.model_copy(update={"on_scene_s": 1800.0}) for one in now.incidents)
    return PhaseRequest(
        situation=now.model_copy(update={"incidents": incidents}),
        limits=RunLimits(time_limit_s=2.0),
    )


def minimal_positioning() -> PositioningRequest:
    """Return the smallest pre-positioning: three teams in one place, two posts, two scenarios."""
    now = minimal_dispatch()
    incidents = [
        one.model_copy(update={"full_within_s": 300.0, "partial": False}) for one in now.incidents
    ]
    return PositioningRequest(
        situation=now.model_copy(update={"incidents": ()}),
        posts=(
            Post(id="bridge", lat=22.705, lon=114.36),
            Post(id="market", lat=22.685, lon=114.345),
        ),
        scenarios=(
            WarningScenario(id="rain-east", probability=0.5, incidents=(incidents[0],)),
            WarningScenario(id="rain-west", probability=0.3, incidents=tuple(incidents)),
        ),
    )


def minimal_readiness() -> ReadinessRequest:
    """Return the smallest readiness request: three teams on one side, two zones, two posts."""
    return ReadinessRequest(
        situation=minimal_dispatch().model_copy(update={"incidents": ()}),
        zones=(
            Zone(id="centre", lat=22.69, lon=114.35, demand=3.0),
            Zone(id="hills", lat=22.62, lon=114.40, demand=2.0),
        ),
        posts=(
            Post(id="square", lat=22.69, lon=114.35),
            Post(id="school", lat=22.625, lon=114.40, teams_max=1),
        ),
    )


def minimal_opening() -> OpeningRequest:
    """Return the smallest opening order: one of two shelters is open and half full."""
    return OpeningRequest(
        shelters=minimal_shelters(),
        situation=Situation(
            scenario_id=minimal_shelters().scenarios[0].id,
            open_sites=(minimal_shelters().sites[0].id,),
            inside={minimal_shelters().sites[0].id: 20.0},
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
    "minimal-facilities": Example(
        minimal_facilities,
        Label(
            en="The smallest facility request: two points, two sites, one facility",
            zh="最小设施选址示例：两个需求点、两个场所、一处设施",
        ),
    ),
    "minimal-rotation": Example(
        minimal_rotation,
        Label(
            en="The smallest rotation: one depot, water in boxes, two years",
            zh="最小轮换示例：一个仓库、整箱饮用水、两年",
        ),
    ),
    "pingshan-stock-rotation": Example(
        pingshan_rotation,
        Label(
            en="Pingshan: 13 depots in three tiers, six items, first expired first out, ten years",
            zh="坪山区物资轮换：三级13个仓库、6类物资，十年先到期先出",
        ),
    ),
    "minimal-stockpiles": Example(
        minimal_stockpiles,
        Label(
            en="The smallest stockpile: two depots, two blocks, water, two scenarios",
            zh="最小储备示例：两座仓库、两个街块、一种物资、两个情景",
        ),
    ),
    "pingshan-stockpiles": Example(
        pingshan_stockpiles,
        Label(
            en="Pingshan, five tiers of stock: 7 depots, 23 community stores, shops, households; "
            "200 scenarios to plan for, 1,000 to judge by",
            zh="坪山区五级物资储备：7座仓库、23个社区储备点、商超与家庭；"
            "200个规划情景，1000个检验情景",
        ),
    ),
    "minimal-dispatch": Example(
        minimal_dispatch,
        Label(
            en="The smallest dispatch request: three teams, two incidents",
            zh="最小调派示例：三支队伍、两起灾情",
        ),
    ),
    "minimal-phase": Example(
        minimal_phase,
        Label(
            en="The smallest disaster phase: three teams go from one incident to the next",
            zh="最小灾害处置阶段示例：三支队伍依次处置两起灾情",
        ),
    ),
    "minimal-readiness": Example(
        minimal_readiness,
        Label(
            en="The smallest readiness request: three teams, two zones, two posts",
            zh="最小备勤示例：三支队伍、两个区域、两个驻点",
        ),
    ),
    "minimal-opening": Example(
        minimal_opening,
        Label(
            en="The smallest opening order: one shelter is open and fills, one may open next",
            zh="最小启用示例：一处场所已启用并渐满，另一处可继续启用",
        ),
    ),
    "minimal-positioning": Example(
        minimal_positioning,
        Label(
            en="The smallest pre-positioning: three teams, two posts, two scenarios of a warning",
            zh="最小力量预置示例：三支队伍、两个驻点、两种预警情景",
        ),
    ),
    "pingshan-typhoon-warning": Example(
        pingshan_warning.warning,
        Label(
            en="Pingshan before a typhoon: where 50 teams wait for six scenarios of rain",
            zh="坪山区台风预警：50支队伍针对六种降雨情景的预置",
        ),
    ),
    "pingshan-forest-fires": Example(
        pingshan_wildfire.forest_fires,
        Label(
            en="Pingshan, a forest-fire day: crews by road, then on foot, not at night",
            zh="坪山区森林火险日：队伍乘车后徒步接近，夜间不上山",
        ),
    ),
    "pingshan-pumps": Example(
        pingshan_pumps.pumps,
        Label(
            en="Pingshan, pumps at 40 waterlogging spots, to be cleared by the peak of the rain",
            zh="坪山区40处内涝点排涝，力争在雨峰前排清",
        ),
    ),
    "pingshan-typhoon-shelters": Example(
        pingshan_shelters.typhoon,
        Label(
            en="Pingshan, typhoon: 45 indoor shelters and 24 more sites, three states of flood",
            zh="坪山区台风避难：45处室内场所及24处候选场所，三种内涝情景",
        ),
    ),
    "pingshan-earthquake-shelters": Example(
        pingshan_shelters.earthquake,
        Label(
            en="Pingshan, earthquake: 27 outdoor shelters and 18 more sites, a quarter leaves",
            zh="坪山区地震避难：27处室外场所及18处候选场所，四分之一人口疏散",
        ),
    ),
    "pingshan-hydrants": Example(
        pingshan_facilities.hydrants,
        Label(
            en="Kengzi, Pingshan: 60 hydrants more, most small premises within 150 m of one",
            zh="坪山区坑梓街道：新增60处消火栓，使150 m内的三小场所最多",
        ),
    ),
    "pingshan-loudspeakers": Example(
        pingshan_facilities.loudspeakers,
        Label(
            en="Pingshan: loudspeakers for warnings within a budget of 4 million",
            zh="坪山区：400万元预算内的预警大喇叭布局",
        ),
    ),
    "pingshan-typhoon-dispatch": Example(
        pingshan_typhoon.typhoon,
        Label(
            en="Pingshan under a typhoon: 50 teams, 40 waterlogging spots, 95 geohazard points",
            zh="坪山区台风力量调派：50支队伍、40处内涝点、95处地灾点",
        ),
    ),
    "relief-run": Example(
        relief_run,
        Label(
            en="Three hours of relief: 12 teams carry supplies, pump and clear landslides",
            zh="三小时救援物资投送：12支队伍运送物资、排涝、清理塌方",
        ),
    ),
}


def example(name: str) -> AnyRequest:
    """Return the example called ``name``.

    Examples
    --------
    >>> example("minimal").kind
    'fire_stations'
    """
    return EXAMPLES[name].build()
