"""The examples the program carries: a name, what it asks, and a function that builds it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from instances.generators import pingshan
from instances.generators.city import city
from instances.generators.minimal import (
    minimal,
    minimal_dispatch,
    minimal_facilities,
    minimal_opening,
    minimal_phase,
    minimal_positioning,
    minimal_readiness,
    minimal_rotation,
    minimal_shelters,
    minimal_stock_day,
    minimal_stockpiles,
)
from instances.generators.pingshan import facilities as pingshan_facilities
from instances.generators.pingshan import fire_danger as pingshan_fire_danger
from instances.generators.pingshan import pumps as pingshan_pumps
from instances.generators.pingshan import shelters as pingshan_shelters
from instances.generators.pingshan import typhoon as pingshan_typhoon
from instances.generators.pingshan import warning as pingshan_warning
from instances.generators.pingshan import wildfire as pingshan_wildfire
from instances.generators.pingshan.rotation import rotation as pingshan_rotation
from instances.generators.pingshan.stock_day import pingshan_stock_day
from instances.generators.pingshan.stockpiles import pingshan_stockpiles, stress_stockpiles
from instances.generators.relief_run import relief_run
from models.dispatch import DispatchRequest
from models.dispatch.phase import PhaseRequest
from models.dispatch.positioning import PositioningRequest
from models.dispatch.readiness import ReadinessRequest
from models.facilities import FacilityRequest
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import Cost, Cover
from models.rotation import RotationRequest
from models.shelters import ShelterRequest
from models.shelters.opening import OpeningRequest
from models.stockpiles import StockRequest
from models.stockpiles.day import StockDayRequest
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
    | StockDayRequest
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
    "minimal-stock-day": Example(
        minimal_stock_day,
        Label(
            en="The smallest day of supplies: two stores, a flood, two lorries",
            zh="最小当日调运示例：两处储备、一场内涝、两辆货车",
        ),
    ),
    "pingshan-stock-day": Example(
        pingshan_stock_day,
        Label(
            en="Pingshan on the day: 131 nodes, six items, four bands of time, 12 lorries",
            zh="坪山区当日调运：131个节点、6类物资、四个时段、12辆货车",
        ),
    ),
    "pingshan-stockpiles-stress": Example(
        stress_stockpiles,
        Label(
            en="Pingshan's five tiers under stress: minimums for 1.5 % of residents",
            zh="坪山区五级储备压力情形：按常住人口1.5%设最低储备",
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
    "pingshan-fire-danger": Example(
        pingshan_fire_danger.fire_danger,
        Label(
            en="Pingshan, the highest forest-fire danger: where eight crews and a helicopter wait",
            zh="坪山区森林火险最高等级日：八支队伍与一架直升机的预置",
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
    "pingshan-slope-sensors": Example(
        pingshan_facilities.slope_sensors,
        Label(
            en="Pingshan: the cheapest sensors that watch all 356 dangerous slopes",
            zh="坪山区：以最低费用监测全部356处危险边坡",
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
