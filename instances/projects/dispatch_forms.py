"""The sheets of the workbook of team dispatch, and the settings that it asks for."""

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
from models.dispatch.incidents import ResponseLevel
from models.dispatch.teams import TeamStatus

_LEVELS = tuple(one.value for one in reversed(ResponseLevel))
_STATUSES = tuple(named("folio.value.status", one) for one in TeamStatus)
_ORDERS = tuple(named("dispatch.order_kind", one) for one in ("current", "pinned", "forbidden"))

DISPATCH_SHEETS = (
    Sheet(
        "队伍 Teams",
        (
            ids("1", "2"),
            *place(("坑梓排涝队", "志愿救援队"), (22.748, 22.69), (114.38, 114.35)),
            Column("类别 kind", ("specialist", "volunteer")),
            Column("梯队 tier", ("local", "local")),
            Column("人数 people", (12, 20)),
            Column("抢险 skills.rescue", (6, 8), width=18),
            Column("排涝 skills.drainage", (6, None), width=20),
            Column("冲锋舟 vehicles.boat", (1, None), width=20),
            Column("排水能力 amounts.pump_m3_h", (800, None), width=26),
            Column("出行方式 mode", ("road", "road")),
            Column("片区 zone", ("坑梓", "坪山")),
            Column("隶属单位 owner", (None, None)),
            Column("状态 status", (_STATUSES[0], _STATUSES[3]), _STATUSES, 20),
            Column("剩余时间 free_in", (None, "20分钟"), width=20),
            Column("出动时间 turnout", ("2分钟", "15分钟"), width=20),
            Column("到位率 turnout_share", (None, "60%"), width=22),
            *ELSEWHERE,
            ENGLISH,
        ),
    ),
    Sheet(
        "险情 Incidents",
        (
            ids("3", "4"),
            *place(("秀新路口积水", "金龟边坡滑坡"), (22.745, 22.662), (114.373, 114.394)),
            Column("类型 kind", ("waterlogging", "landslide")),
            Column("响应等级 response_level", ("IV", "II"), _LEVELS, 24),
            Column("严重度 severity"),
            Column("片区 zone", ("坑梓", "石井")),
            Column("接报至今 waited", ("5分钟", None), width=20),
            Column("所需力量 needs", (None, "rescue 2；geohazard 1"), width=28),
            Column("首到时限 first_within", (None, "15分钟"), width=22),
            Column("到齐时限 full_within", (None, "45分钟"), width=22),
            Column("现场作业时间 on_scene", ("1小时", "2小时"), width=24),
            Column("可部分到场 partial", YES_NO, YES_NO, 20),
            Column("上级 parent"),
            *ELSEWHERE,
            ENGLISH,
        ),
    ),
    Sheet(
        "响应预案 Response plans",
        (
            Column("险情类型 incident_kind", ("example-waterlogging",), width=26),
            Column("响应等级 response_level", (None,), _LEVELS, 24),
            Column("专业 skill", ("drainage",)),
            Column("队数 teams", (1,)),
            Column("专业人数下限 min_skilled", (1,), width=26),
            Column("人数下限 min_people", width=22),
            Column("冲锋舟 vehicles.boat", width=20),
            Column("到场时限 need_within", width=22),
            Column("首到 first_due", (YES_NO[0],), YES_NO, 18),
            Column("能力项 amount_of", width=20),
            Column("所需能力 amount", width=18),
            Column("首到时限 first_within", ("30分钟",), width=22),
            Column("到齐时限 full_within", ("45分钟",), width=22),
        ),
    ),
    Sheet(
        "梯队 Tiers",
        (
            ids("5"),
            Column("名称 name", ("街道",), width=24),
            Column("启用等级 opens_at", ("IV",), _LEVELS, 22),
            Column("附加时间 surcharge", ("1分钟",), width=22),
            ENGLISH,
        ),
    ),
    Sheet(
        "隶属单位 Owners",
        (
            ids("6"),
            Column("名称 name", ("惠州市",), width=24),
            Column("放行延迟 release_delay", ("3分钟",), width=24),
            Column("须批准 needs_permission", (YES_NO[0],), YES_NO, 26),
            Column("已批准 granted", (YES_NO[1],), YES_NO, 18),
            ENGLISH,
        ),
    ),
    Sheet(
        "出行方式 Modes",
        (
            ids("7"),
            Column("名称 name", ("步行",), width=24),
            Column("速度 speed", ("4公里/小时",), width=20),
            ENGLISH,
        ),
    ),
    Sheet(
        "预备力量 Reserve",
        (
            Column("片区 zone", ("example-坑梓",)),
            Column("专业 skill", ("rescue",)),
            Column("队数 teams", (1,)),
            Column("硬性 hard", (YES_NO[1],), YES_NO),
        ),
    ),
    Sheet(
        "指令 Orders",
        (
            Column("队伍 team", ("example-1",), width=20),
            Column("险情 incident", ("example-3",), width=20),
            Column("指令类型 order_kind", (_ORDERS[0],), _ORDERS, 24),
            Column("理由 reason", width=30),
        ),
    ),
    sheet("地点 Places"),
    sheet("联系人 Contacts"),
)
DISPATCH_FORM = (
    ("deadline_ms", 800, "template.dispatch.deadline_ms", ()),
    ("diversion_cost", 2400, "template.dispatch.diversion_cost", ()),
    ("freeze_s", None, "template.dispatch.freeze_s", ()),
)
