"""The sheets of the workbook to fill in: headings in both languages, choices, example rows."""

from dataclasses import dataclass

from instances.projects.rows import EXAMPLE
from models.facilities.places import SiteState
from models.messages import MESSAGES
from models.places import StationStatus
from models.presets import STATION_CLASSES


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its heading, what its example rows say, and the values to choose."""

    heading: str
    examples: tuple[object, ...] = ()
    choices: tuple[str, ...] = ()
    width: int = 16


@dataclass(frozen=True)
class Sheet:
    """A sheet to fill in; its title tells the import which role it plays."""

    title: str
    columns: tuple[Column, ...]

    @property
    def rows(self) -> list[tuple[object, ...]]:
        """The example rows."""
        count = max(len(one.examples) for one in self.columns)
        return [
            tuple(one.examples[at] if at < len(one.examples) else None for one in self.columns)
            for at in range(count)
        ]


def named(code: str, key: str) -> str:
    """Return a choice as people read it, with the key that the import goes by behind it."""
    return f"{MESSAGES[f'{code}.{key}'][1]} {key}"


CLASSES = tuple(f"{one.name.zh} {one.id}" for one in STATION_CLASSES.values())
STATUSES = tuple(named("station_status", one) for one in StationStatus)
YES_NO = ("是 yes", "否 no")
_LEVELS = ("区 district", "街道 subdistrict", "社区 community")
_KINDS = tuple(named("nearby", one) for one in ("hazardous_site", "crowd_exit"))
_PRECISIONS = ("building", "landmark", "community")


def ids(*numbers: str) -> Column:
    """Return the column of ids, with those of example rows."""
    return Column("编号 id", tuple(f"{EXAMPLE}{one}" for one in numbers))


def place(
    name: tuple[object, ...], lat: tuple[object, ...], lon: tuple[object, ...]
) -> tuple[Column, ...]:
    """Return the columns of a name and a position."""
    return (
        Column("名称 name", name, width=24),
        Column("纬度 lat", lat),
        Column("经度 lon", lon),
    )


# Instead of the two columns: both numbers in one cell, or the name of a place of the table.
ELSEWHERE = (Column("经纬度 position", width=24), Column("地点 place", width=24))
ENGLISH = Column("英文名 name_en", width=24)
_VEHICLES = (
    Column("水罐/泡沫车 vehicles.engine", (4,)),
    Column("举高车 vehicles.ladder", (1,)),
    Column("抢险救援车 vehicles.rescue", (0,)),
)

SHEETS = (
    Sheet(
        "需求 Demand",
        (
            ids("1", "2"),
            *place(("六联社区 Liulian", "坑梓社区 Kengzi"), (22.692, None), (114.346, None)),
            Column("常住人口 residents", (33_000, "2.7万")),
            Column("风险等级 risk_class"),
            Column("街道 subdistrict", ("坪山街道", "坑梓街道")),
            Column("社区 area", ("六联社区", "坑梓社区")),
            Column("面积 area_m2", ("2.4平方公里", "3平方公里")),
            Column("建成区面积 built_up_area_m2", width=22),
            Column("林地占比 forest_share", ("20%", None)),
            Column("三小场所 weights.three_small", (120, 95)),
            Column("重点单位 weights.key_fire_units", (3, 1)),
            Column("经纬度 position", (None, "114°23'10\"E 22°45'04\"N"), width=24),
            Column("地点 place", width=24),
        ),
    ),
    Sheet(
        "站址 Sites",
        (
            ids("3"),
            *place(("候选地 A",), (22.701,), (114.352,)),
            Column("可建类别 allowed_classes", ("city；small",), width=26),
            Column("用地成本 land_cost", ("2,000万元",)),
            Column("城郊 outskirts", ("否 no",), YES_NO),
            *ELSEWHERE,
            ENGLISH,
        ),
    ),
    Sheet(
        "消防站 Stations",
        (
            ids("4"),
            *place(("现状站",), (22.69,), (114.35,)),
            Column("类别 class", ("city",), CLASSES, 26),
            Column("状态 status", ("in_service",), STATUSES, 24),
            Column("总人数 headcount_people", (45,), width=24),
            Column("执勤人数 on_duty_people", (20,), width=24),
            *_VEHICLES,
            Column("权属单位 owner", ("区消防大队",)),
            Column("允许调整 may", ("加强；迁建",)),
            Column("年运行费用 yearly_cost", ("1100万元",), width=22),
            Column("启用费用 commissioning_cost", width=26),
            *ELSEWHERE,
            ENGLISH,
        ),
    ),
    Sheet(
        "地点 Places",
        (
            ids("5"),
            *place(("坪山社区",), (22.69,), (114.35,)),
            Column("别名 alias", ("坪山墟；老坪山",)),
            Column("精度 precision", ("community",), _PRECISIONS),
            Column("经纬度 position", width=24),
        ),
    ),
    Sheet(
        "区域 Areas",
        (
            ids("6", "7", "8", "9"),
            Column("名称 name", ("坪山街道", "坑梓街道", "六联社区", "坑梓社区"), width=24),
            ENGLISH,
            Column("层级 level", (_LEVELS[1], _LEVELS[1], _LEVELS[2], _LEVELS[2]), _LEVELS, 20),
            Column("上级 parent", (None, None, "坪山街道", "坑梓街道"), width=20),
        ),
    ),
    Sheet(
        "类别 Classes",
        (
            ids("10"),
            Column("名称 name", ("水上消防站",), width=24),
            ENGLISH,
            Column("级序 rank", (1,)),
            Column("执勤人数 on_duty_people", (12,), width=24),
            *_VEHICLES,
            Column("出动时间 turnout_s", ("1分30秒",)),
            Column("辖区面积 nominal_area_m2", ("4平方公里",), width=24),
            Column("城郊辖区面积 outskirts_nominal_area_m2", width=36),
            Column("建设费用 capital_cost", ("3000万元",), width=22),
            Column("年运行费用 yearly_cost", ("600万元",), width=22),
            Column("启用费用 commissioning_cost", width=26),
            Column("加强费用 strengthening_cost", width=26),
        ),
    ),
    Sheet(
        "风险等级 Risk classes",
        (ids("11"), Column("名称 name", ("高",), width=24), ENGLISH, *_VEHICLES),
    ),
    Sheet(
        "危险源 Hazards",
        (
            ids("12"),
            *place(("油库",), (22.70,), (114.36,)),
            Column("类型 kind", (_KINDS[0],), _KINDS, 28),
            *ELSEWHERE,
            ENGLISH,
        ),
    ),
    Sheet(
        "联系人 Contacts",
        (
            ids("4"),
            Column("联系人 contact", ("（姓名）",)),
            Column("电话 phone", ("（号码）",)),
        ),
    ),
)

_STATES = tuple(named("facilities.state", one) for one in SiteState)
_BY_TITLE = {one.title: one for one in SHEETS}


def sheet(title: str) -> Sheet:
    """Return a sheet that several kinds of project have."""
    return _BY_TITLE[title]


FACILITY_SHEETS = (
    Sheet(
        "需求 Demand",
        (
            ids("1", "2"),
            *place(("沿街商铺", "城中村"), (22.692, 22.701), (114.346, 114.352)),
            Column("常住人口 residents", (120, "1.2千")),
            Column("三小场所 weights.three_small", (12, 30)),
            Column("街道 subdistrict", ("坪山街道", "坑梓街道")),
            Column("社区 area", ("六联社区", "坑梓社区")),
            *ELSEWHERE,
        ),
    ),
    Sheet(
        "场所 Sites",
        (
            ids("3", "4"),
            *place(("路口 A", "路口 B"), (22.6925, 22.7012), (114.347, 114.3525)),
            Column("状态 state", (_STATES[0], _STATES[1]), _STATES, 24),
            Column("费用 cost", ("1.5万元", None)),
            Column("容量 capacity", (None, 200)),
            *ELSEWHERE,
            ENGLISH,
        ),
    ),
    _BY_TITLE["地点 Places"],
    _BY_TITLE["区域 Areas"],
    _BY_TITLE["联系人 Contacts"],
)
