"""The sheets of the workbook of shelters, and the settings that it asks for."""

from instances.projects.forms import (
    ELSEWHERE,
    ENGLISH,
    YES_NO,
    Column,
    Sheet,
    ids,
    named,
    place,
    sheet,
)
from models.shelters.places import ListedKind, Setting
from models.shelters.presets import SHELTER_STANDARDS

_SETTINGS = tuple(named("shelters.setting", one) for one in Setting)
_KINDS = tuple(named("shelters.listed", one) for one in ListedKind)
_STATES = ("现有 existing", "候选 candidate")
_AREAS = (
    Column("街道 subdistrict", ("坪山街道", "坑梓街道")),
    Column("社区 area", ("六联社区", "坑梓社区")),
)

SHELTER_SHEETS = (
    Sheet(
        "需求 Demand",
        (
            ids("1", "2"),
            *place(("六联一区", "坑梓二区"), (22.692, 22.701), (114.346, 114.352)),
            Column("常住人口 residents", (1_200, "1.5千")),
            Column("70岁以上 weights.aged", (150, 90)),
            Column("卧床 weights.bedridden", (6, 4)),
            *_AREAS,
            *ELSEWHERE,
            ENGLISH,
        ),
    ),
    Sheet(
        "转移人员 People to move",
        (
            ids("3"),
            *place(("后山边坡",), (22.693,), (114.347,)),
            Column("类型 listed_kind", (_KINDS[1],), _KINDS, 30),
            Column("常住人口 residents", (24,)),
            Column("所在街块 within", ("example-1",)),
            Column("转移情景 in_scenarios", ("example-9",)),
            Column("街道 subdistrict", ("坪山街道",)),
            Column("社区 area", ("六联社区",)),
            *ELSEWHERE,
        ),
    ),
    Sheet(
        "场所 Sites",
        (
            ids("4", "5"),
            *place(("第一小学", "中心公园"), (22.6925, 22.7012), (114.347, 114.3525)),
            Column("室内外 setting", _SETTINGS, _SETTINGS, 20),
            Column("状态 state", _STATES, _STATES, 20),
            Column("容纳人数 places", (300, None)),
            Column("有效面积 effective_area_m2", (None, "5000平方米"), width=26),
            Column("总面积 gross_area_m2", ("900平方米", "1.2公顷"), width=22),
            Column("费用 cost", (None, "80万元")),
            Column("年运行费 run_cost", ("3万元", "2万元"), width=18),
            Column("最后阶段 last_phase", width=20),
            Column("无障碍 accessible", YES_NO, YES_NO, 20),
            Column("适宜度 suitability", ("90%", "80%"), width=18),
            Column("出入口数 entrances", (2, 4), width=18),
            Column("设施 facilities", ("供水；厕所", "供水"), width=24),
            *_AREAS,
            *ELSEWHERE,
            ENGLISH,
        ),
    ),
    Sheet(
        "出入口 Entrances",
        (
            ids("6", "7"),
            *place(("东门", "西门"), (22.7013, 22.7011), (114.3530, 114.3520)),
            Column("所属场所 of_site", ("example-5", "example-5"), width=20),
            *ELSEWHERE,
        ),
    ),
    Sheet(
        "场所类别 Classes",
        (
            ids("8"),
            Column("名称 name", ("固定避难场所",), width=24),
            Column("所属场所 of_site", ("example-4；example-5",), width=24),
            Column("容纳人数 places", (500,)),
            Column("有效面积 effective_area_m2", width=26),
            Column("总面积 gross_area_m2", width=22),
            Column("费用 cost", ("60万元",)),
            Column("年运行费 run_cost", ("5万元",), width=18),
            Column("最后阶段 last_phase", width=20),
            Column("无障碍 accessible", (YES_NO[0],), YES_NO, 20),
            Column("适宜度 suitability", ("95%",), width=18),
            Column("设施 facilities", ("供水；厕所；厨房",), width=24),
            ENGLISH,
        ),
    ),
    Sheet(
        "分期 Stages",
        (
            ids("12", "13"),
            Column("名称 name", ("2027年", "2028年"), width=24),
            Column("分期预算 stage_budget", ("60万元", "40万元"), width=24),
            ENGLISH,
        ),
    ),
    Sheet(
        "人群 Groups",
        (
            Column("编号 id", ("example-aged", "example-bedridden")),
            Column("名称 name", ("70岁以上", "卧床"), width=24),
            Column("步行速度 walking_speed", ("0.8米/秒", None), width=26),
            Column("最远步行 group_walk_limit_m", ("879米", None), width=28),
            Column("人均面积下限 m2_each", (None, 3), width=22),
            Column("需无障碍 needs_accessible", (YES_NO[1], YES_NO[0]), YES_NO, 26),
            Column("所需设施 needs_facilities", width=26),
            Column("需接送 fetched", (YES_NO[1], YES_NO[0]), YES_NO, 20),
            Column("占用座位 seats", (None, 2)),
            ENGLISH,
        ),
    ),
    Sheet(
        "情景 Scenarios",
        (
            ids("9", "10"),
            Column("名称 name", ("台风", "台风加内涝"), width=24),
            Column("概率 probability", (0.7, 0.3)),
            Column("疏散比例 leave_share", ("2%", "5%"), width=22),
            Column("可用场所 settings", (_SETTINGS[0], _SETTINGS[0]), width=26),
            Column("人均面积 m2_per_person", (1.5, 1.5), width=24),
            Column("步行上限 walk_limit_m", width=28),
            Column("失效场所 lost_sites", (None, "example-5"), width=24),
            Column("分阶段 phases", (None, None), tuple(SHELTER_STANDARDS), 18),
            ENGLISH,
        ),
    ),
    Sheet(
        "车辆 Fleet",
        (
            ids("11"),
            Column("名称 name", ("中巴",), width=24),
            Column("数量 vehicle_count", (4,), width=20),
            Column("座位数 seats", (18,)),
            Column("到位时间 ready_s", ("20分钟",), width=18),
            Column("上下车时间 boarding_s", ("10分钟",), width=22),
            ENGLISH,
        ),
    ),
    sheet("地点 Places"),
    sheet("区域 Areas"),
    sheet("联系人 Contacts"),
)
SHELTER_FORM = (
    ("walk_limit_m", 1000, "template.shelters.walk_limit_m", ()),
    ("budget", None, "template.budget", ()),
    ("max_new_sites", None, "template.number", ()),
    ("m2_per_place", 1.5, "template.shelters.m2_per_place", ()),
    ("m2_per_resident", None, "template.shelters.m2_per_resident", ()),
    ("fetch_deadline_s", 10_800, "template.shelters.fetch_deadline_s", ()),
    ("nearest_first", None, "template.shelters.nearest_first", ()),
    ("least_fill", None, "template.shelters.least_fill", ()),
    ("fill_balance", None, "template.shelters.fill_balance", ()),
    ("balance_within", None, "template.shelters.balance_within", ("setting", "class")),
    ("together", None, "template.shelters.together", ("block", "community", "subdistrict")),
    ("running_years", None, "template.shelters.running_years", ()),
)
