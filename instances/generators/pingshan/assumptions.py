"""What the Pingshan scenario rests on: every borrowed or invented figure, with its source.

Sources are citations, given in English and Chinese at once.
"""

from models.answer import Assumption
from models.confidence import Confidence

_PLAN = (
    "Pingshan District 14th Five-Year plan for emergency management (Dec 2022)"
    " / 坪山区应急管理“十四五”规划（2022年12月）"
)
_INVENTED = "invented for this example, from a seed / 本示例按随机种子虚构"


def published(
    path: str, value: str, source: str = _PLAN, confidence: Confidence = "plan"
) -> Assumption:
    """Return a figure that somebody published."""
    return Assumption(path=path, value=value, source=source, confidence=confidence)


def illustrative(
    path: str, value: str, source: str, confidence: Confidence = "memory_low"
) -> Assumption:
    """Return a figure that was made up, or borrowed for an example."""
    return Assumption(
        path=path, value=value, source=source, confidence=confidence, illustrative=True
    )


_TOTALS = (
    published(
        "demand_points.weights.residents",
        "551,333",
        "2020 national census / 2020年第七次全国人口普查",
        "found",
    ),
    published("demand_points.weights.three_small", "16,126 (2021)"),
    published("demand_points.weights.hazardous_chemical_users", "694 (2021)"),
    published("demand_points.weights.key_fire_units", "425 (2021)"),
    published("demand_points.weights.buildings", "41,186 (2021)"),
    published(
        "demand_points.forest_share",
        "76.5 km²",
        f"45.5 % of 168.05 km² / 168.05 km² 的 45.5 %; {_PLAN}",
        "derived",
    ),
    published(
        "sites.station",
        "14 (2 + 2 + 10): 67 + 48 + 126 people, 10 + 5 + 10 vehicles",
    ),
    published("new_stations", "5 city + 5 small / 城市站5 + 小型站5"),
)

_DEMAND = (
    illustrative(
        "demand_points.weights",
        "23 communities / 23个社区",
        "only the totals are published; residents per community follow the old sub-districts of"
        " 2010, premises follow residents, chemical users lean to the industrial north and east"
        " / 仅总数为公布值；各社区人口按2010年旧街道比例估算，场所按人口分摊，"
        "危化品使用单位偏向北部和东部工业区",
    ),
    illustrative(
        "demand_points.weights",
        "250 m",
        "nearest community point; density falls with distance, with seeded grain"
        " / 归属最近社区点；密度随距离递减，并加随机纹理",
    ),
    illustrative(
        "demand_points.lat",
        "165 km²",
        "coarse outline of 23 corners, made for this example / 为本示例绘制的23点粗略边界",
    ),
    illustrative(
        "demand_points.forest_share",
        "0-1",
        "rises with distance from community points until the total is met"
        " / 随离社区点距离上升，直至总量吻合",
    ),
    illustrative(
        "demand_points.risk_class",
        "high 15 %, medium 35 %, low 50 %",
        "cells with premises ranked by density: 1 hazardous-chemical user = 15, 1 key unit = 10"
        " three-small premises / 按场所密度排序：1家危化品使用单位=15处、1家重点单位=10处三小场所",
    ),
)

_SITES = (
    illustrative(
        "sites.lat",
        "22 stations / 22座站",
        "placed at namesake or chosen community points; no list of addresses is published"
        " / 置于同名或选定社区点；无公布地址",
    ),
    illustrative(
        "sites.station.headcount_people",
        "34 + 33, 24 + 24, 6 x 13 + 4 x 12",
        "the plan gives sums per layer only / 规划仅给出各类合计",
        "derived",
    ),
    illustrative(
        "sites.station.vehicles",
        "5 + 5, 3 + 2, 10 x 1",
        "the plan gives sums per layer and no types / 规划仅给出各类合计，未分车型",
        "derived",
    ),
    illustrative(
        "sites.station.class_id",
        "national: city; government full-time: city_second",
        "the plan names no classes; 2-3 vehicles are in the band of class II (2-4), 5 in that of"
        " class I (5-7) / 规划未注明等级；2至3辆属二级站（2-4辆），5辆属一级站（5-7辆）",
    ),
    illustrative(
        "sites.station.status",
        "detachment-kengzi",
        "the one militia detachment in service (Kengzi) is not among the 14 and is left out"
        " / 唯一执勤的坑梓街道民兵应急分队不属14座站，未计入",
        "plan",
    ),
    illustrative("sites.allowed_classes", "city, small", _INVENTED),
    illustrative("sites.land_cost", "1-8 million CNY / 100万至800万元", _INVENTED),
    illustrative("sites.nearby", "34 + 160", _INVENTED),
    illustrative(
        "sites.outskirts",
        "> 1,500 m",
        "farther than this from every community point / 距所有社区点均超过此距离",
    ),
)

_RULES = (
    published(
        "rules.clearances.hazardous_site",
        "300 m",
        "JB 152-2017, art. 15 (GB 51080-2015, 4.1.5: 200 m) / 建标152-2017 第15条"
        "(GB 51080-2015 第4.1.5条为200 m)",
        "found",
    ),
    published(
        "rules.clearances.crowd_exit",
        "50 m",
        "JB 152-2017, art. 15; GB 51080-2015, 4.1.5 / 建标152-2017 第15条；GB 51080-2015 第4.1.5条",
        "found",
    ),
    published(
        "travel.scenarios.peak",
        "25 km/h",
        "Shenzhen 2021, official evening peak / 深圳市2021年晚高峰（官方）",
        "found",
    ),
    published(
        "travel.scenarios.free_flow",
        "44 km/h",
        "Shenzhen 2021 Q1, AutoNavi / 深圳市2021年一季度（高德）",
        "found",
    ),
    published(
        "travel.detour_factor",
        "1.35",
        "published range 1.2-1.6 / 文献范围 1.2-1.6",
        "found",
    ),
    illustrative("travel.scenarios.weight", "0.5 + 0.5", _INVENTED),
)

SCENARIO: tuple[Assumption, ...] = (*_TOTALS, *_DEMAND, *_SITES, *_RULES)

STAFFING: tuple[Assumption, ...] = (
    published("staffing.people_per_10k", "6"),
    illustrative("staffing.hire_cost_yearly", "180,000 CNY / 18万元", _INVENTED),
    illustrative("staffing.vehicle_price", "2.5-8 million CNY / 250万至800万元", _INVENTED),
)

STAGING: tuple[Assumption, ...] = (
    illustrative(
        "staging.years",
        "2021-2025",
        "equal yearly budgets: 1/5 of 120 % of what all openings cost at most"
        " / 年度预算均等：全部新建最高总价120 %的五分之一",
    ),
)
