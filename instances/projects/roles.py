"""Which table or map file of a project plays which role, by what its name says."""

import re
from collections.abc import Sequence
from pathlib import Path

from instances.tables.files import MAPS
from models.messages import message
from models.text import LANGUAGES


def _whole(words: str) -> str:
    """Return what finds words alone: 区域 and my_areas, but not 分区域统计 nor workplaces."""
    return rf"(?:^|[\s_\-/])(?:{words})(?:表|清单|列表)?(?:$|[\s_\-/\d])"


# The first that fits. The lists that a project may do without must be called so outright.
_TABLES = {
    role: re.compile(words)
    for role, words in {
        "notes": "^(?:说明|notes)",
        "contacts": "contacts|联系人|通讯录|联系方式",
        "listed": "people[ _-]?to[ _-]?move|转移人员|转移名单",
        "groups": _whole("groups|人群"),
        "scenarios": _whole("scenarios|情景"),
        "entrances": _whole("entrances|出入口"),
        "stages": _whole("stages|分期"),
        "fleet": _whole("fleet|vehicles|车辆"),
        "response_plans": "response[ _-]?plans|响应预案|力量编成",
        "incidents": _whole("incidents|险情|警情"),
        "reserve": _whole("reserve|预备力量"),
        "orders": _whole("orders|指令|调派指令"),
        "tiers": _whole("tiers|梯队|储备层级"),
        "owners": _whole("owners|隶属单位|权属单位"),
        "modes": _whole("(?:travel[ _-]?)?modes|出行方式"),
        "teams": _whole("teams|队伍|救援队伍|救援力量"),
        "effects": _whole("effects|情景影响"),
        "minimums": _whole("minimums|最低储备"),
        "contracts": _whole("contracts|协议储备"),
        "sizes": _whole("sizes|仓库规模"),
        "bands": _whole("bands|时段"),
        "items": _whole("items|物资|物资品类"),
        "lots": _whole("lots|批次|库存批次"),
        "demand": "demand|需求",
        "sites": "sites|站址|候选",
        "settings": "settings|参数",
        "risk_classes": _whole("risk[ _-]?classes|风险等级"),
        "classes": _whole("(?:station[ _-]?)?classes|站型|消防站类别|场所类别|场所等级"),
        "hazards": _whole("hazards|危险源|敏感点"),
        "areas": _whole("areas|区域|片区"),
        "places": _whole("places|gazetteer|地点|地名"),
        "stations": "stations|消防站|现状站",
    }.items()
}
_MAPS = {
    "network": ("roads", "network", "道路", "路网"),
    "hazard_areas": ("hazard_areas", "hazard areas", "危险区", "淹没", "受灾范围"),
    "closures": ("closures", "closed", "封闭", "积水", "滑坡"),
    "outline": ("outline", "boundary", "边界", "轮廓"),
    "water": ("water", "river", "水域", "河"),
    "forest": ("forest", "林地", "森林"),
}
_ROADS_ONLY = (".pbf", ".osm", ".graphml", ".osm.gz", ".osm.bz2")


def role_of_table(name: str) -> str | None:
    """Return the role of a table by the name of its sheet or of its file.

    Examples
    --------
    >>> role_of_table("需求 Demand"), role_of_table("workplaces"), role_of_table("消防站联系人")
    ('demand', None, 'contacts')
    >>> role_of_table("区域 Areas"), role_of_table("分区域统计"), role_of_table("类别 Classes")
    ('areas', None, 'classes')
    """
    plain = name.strip().casefold()
    return next((role for role, words in _TABLES.items() if words.search(plain)), None)


def sheets_of_ours(titles: Sequence[str]) -> list[str]:
    """Return the sheets that an earlier run put in a workbook: its answers, the list of faults.

    Examples
    --------
    >>> sheets_of_ours(["Faults", "Demand", "文件说明", "消防站"])
    ['Faults', '文件说明', '消防站']
    """
    about = {message("file.about", one) for one in LANGUAGES}
    faults = {message("project.faults_sheet", one) for one in LANGUAGES}
    first = next((at for at, title in enumerate(titles) if title in about), len(titles))
    return [title for at, title in enumerate(titles) if at >= first or title in faults]


def role_of_map(file: Path) -> str | None:
    """Return the role of a file that is no table: roads, closures, what lies beneath the map."""
    if file.name.casefold().endswith(_ROADS_ONLY):
        return "network"
    return role_of_layer(file.name) if file.suffix.lower() in MAPS else None


def role_of_layer(name: str) -> str | None:
    """Return the role of a layer that is no table, by its name."""
    said = name.casefold()
    words = _MAPS.items()
    return next((role for role, some in words if any(word in said for word in some)), None)
