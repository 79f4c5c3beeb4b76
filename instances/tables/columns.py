"""Which column of a table holds which field, guessed from its heading in either language."""

import re
from collections.abc import Collection, Iterable, Iterator

from instances.tables.dispatch_columns import DISPATCH_DIMENSIONS, DISPATCH_HEADINGS
from instances.tables.files import GEOMETRY_X, GEOMETRY_Y, Table
from instances.tables.shelter_columns import SHELTER_DIMENSIONS, SHELTER_HEADINGS
from instances.tables.stock_columns import STOCK_DIMENSIONS, STOCK_HEADINGS
from instances.tables.units import Dimension, find_unit, plain, read_header

_HEADINGS: dict[str, tuple[str, ...]] = {
    "id": ("id", "编号", "序号", "代码", "code"),
    "name": ("name", "名称", "站名", "社区", "社区名称", "name_zh", "中文名", "中文名称"),
    "name_en": ("name_en", "english_name", "英文名", "英文名称"),
    "lat": ("lat", "latitude", "纬度", "y", "y_m", "北坐标", "northing", GEOMETRY_Y),
    "lon": (
        *("lon", "lng", "long", "longitude", "经度", "x", "x_m", "东坐标", "easting", GEOMETRY_X),
    ),
    "position": (
        *("position", "coordinates", "lonlat", "latlon", "lon_lat", "lat_lon", "lon,lat"),
        *("lat,lon", "经纬度", "坐标", "经纬度坐标", "经度,纬度", "纬度,经度", "纬经度"),
    ),
    "place": (
        *("place", "地点", "地名", "所在地点", "landmark", "地标", "building_code", "楼栋编码"),
        *("建筑编码", "address", "地址", "所在社区"),
    ),
    "alias": ("alias", "aliases", "别名", "曾用名", "其他名称"),
    "precision": ("precision", "精度", "定位精度"),
    "residents": ("residents", "population", "人口", "常住人口", "居民数"),
    "weights.three_small": ("three_small", "三小场所"),
    "weights.key_fire_units": ("key_fire_units", "消防安全重点单位", "重点单位"),
    "weights.hazardous_chemical_users": (
        *("hazardous_chemical_users", "危险化学品使用单位", "危化品使用单位"),
    ),
    "risk_class": ("risk_class", "风险等级"),
    "area": ("area", "community", "社区", "所属社区", "社区名称", "片区", "所属区域"),
    "subdistrict": ("subdistrict", "sub-district", "街道", "所属街道", "街镇", "乡镇"),
    "area_m2": ("area", "面积", "区域面积", "网格面积"),
    "built_up_area_m2": ("built_up_area", "建成区面积", "建设用地面积"),
    "forest_share": ("forest_share", "林地占比", "林地比例", "森林覆盖率"),
    "allowed_classes": ("allowed_classes", "可建类别", "允许类别", "适建类别"),
    "land_cost": ("land_cost", "用地成本", "土地成本", "征地费用"),
    "outskirts": ("outskirts", "城郊", "近郊", "城市边缘"),
    "class": ("class", "class_id", "类别", "等级", "站级"),
    "status": ("status", "状态"),
    "state": ("state", "状态"),
    "cost": ("cost", "费用", "造价", "建设费用"),
    "capacity": ("capacity", "容量", "服务能力"),
    "headcount_people": ("headcount", "人员总数", "总人数", "编制人数", "在编人数"),
    "on_duty_people": ("on_duty", "在岗人数", "值班人数", "执勤人数"),
    "vehicles.engine": ("engine", "engines", "水罐车", "泡沫车", "水罐泡沫车"),
    "vehicles.ladder": ("ladder", "ladders", "举高车", "云梯车", "登高平台车"),
    "vehicles.rescue": ("rescue", "抢险救援车", "救援车"),
    "owner": ("owner", "权属", "权属单位", "产权单位", "隶属单位"),
    "may": ("may", "允许调整", "可调整"),
    "yearly_cost": ("yearly_cost", "年度费用", "年运行费用", "年运行成本"),
    "commissioning_cost": ("commissioning_cost", "启用费用", "投用费用"),
    "capital_cost": ("capital_cost", "建设费用", "建站费用", "造价"),
    "strengthening_cost": ("strengthening_cost", "加强费用"),
    "rank": ("rank", "级序"),
    "nominal_area_m2": ("nominal_area", "辖区面积", "责任区面积"),
    "outskirts_nominal_area_m2": ("outskirts_nominal_area", "城郊辖区面积"),
    "turnout_s": ("turnout", "出动时间"),
    "level": ("level", "层级", "级别"),
    "parent": ("parent", "上级", "上级区域"),
    "kind": ("kind", "类型", "种类"),
    **SHELTER_HEADINGS,
    **DISPATCH_HEADINGS,
    **STOCK_HEADINGS,
}
# What the numbers of a field measure; all other fields are texts or plain numbers.
DIMENSIONS: dict[str, Dimension] = {
    **dict.fromkeys(("residents", "headcount_people", "on_duty_people"), "people"),
    **dict.fromkeys(("area_m2", "built_up_area_m2", "nominal_area_m2"), "area"),
    "outskirts_nominal_area_m2": "area",
    "forest_share": "share",
    "turnout_s": "time",
    **dict.fromkeys(("land_cost", "yearly_cost", "commissioning_cost"), "money"),
    **dict.fromkeys(("capital_cost", "strengthening_cost", "cost"), "money"),
    **SHELTER_DIMENSIONS,
    **DISPATCH_DIMENSIONS,
    **STOCK_DIMENSIONS,
}
# Headings that name a weight, a vehicle, a skill of the user's own: 权重:老人, vehicles.boat.
_OWN_KINDS = {
    **dict.fromkeys(("weight", "weights", "权重"), "weights"),
    **dict.fromkeys(("vehicle", "vehicles", "车辆"), "vehicles"),
    **dict.fromkeys(("skill", "skills", "技能", "专业"), "skills"),
    **dict.fromkeys(("amount", "amounts", "能力"), "amounts"),
}
_OWN = re.compile(rf"^({'|'.join(_OWN_KINDS)})[.:](.+)$")


def column_named(headings: Iterable[str], names: Iterable[str]) -> str | None:
    """Return the first heading that is one of ``names``, the earlier names before the later ones.

    Case and width count for nothing. For files whose columns have no units and one language, as
    maps have them; tables that people type are `guess_columns`'s.

    Examples
    --------
    >>> column_named(("FCLASS", "Name"), ("name", "fclass"))
    'Name'
    """
    known = {plain(str(one).lstrip("\ufeff")).casefold(): one for one in reversed([*headings])}
    return next((known[name] for name in names if name in known), None)


def guess_columns(table: Table, fields: Collection[str] | None = None) -> dict[str, str]:
    """Return the column of each field found, of ``fields`` alone where these are given.

    ``weights`` and ``vehicles`` among them allow any weight or vehicle that a heading names. A
    map file's own geometry stands last.

    Examples
    --------
    >>> guess_columns(Table("t", ("编号", "常住人口（人）"), (), ()))
    {'id': '编号', 'residents': '常住人口（人）'}
    >>> guess_columns(Table("t", ("编号 id", "name/名称"), (), ()))
    {'id': '编号 id', 'name': 'name/名称'}
    >>> guess_columns(Table("t", ("area", "area_m2", "权重:老人"), (), ()), ("area_m2", "weights"))
    {'area_m2': 'area_m2', 'weights.老人': '权重:老人'}
    """
    names = {column: _names(column) for column in table.columns}
    found: dict[str, str] = {}
    for field, headings in _HEADINGS.items():
        if fields is not None and not {field, field.partition(".")[0]} & set(fields):
            continue
        for heading in headings:
            some = (one for one in table.columns if heading in names[one])
            column = next((one for one in some if _may_be(field, heading, one)), None)
            if column is not None:
                found[field] = column
                break
    own = {name: column for column in table.columns for name in _own(names[column])}
    wanted = {"weights", "vehicles"} if fields is None else set(fields)
    return found | {name: one for name, one in own.items() if name.partition(".")[0] in wanted}


def _names(column: str) -> set[str]:
    """Return what a heading calls its column: the whole of it, and each word of it."""
    said = {plain(column).casefold(), read_header(column).name.casefold()}
    return said | {word for name in said for word in re.split(r"[\s/|]+", name)}


def _own(names: set[str]) -> Iterator[str]:
    """Yield the weights and vehicles that the words of a heading name, the longest name alone."""
    found = [one for name in names if (one := _OWN.match(name)) is not None and " " not in name]
    if found:
        longest = max(found, key=lambda one: len(one[2]))
        yield f"{_OWN_KINDS[longest[1]]}.{longest[2]}"


def label_of(column: str) -> str | None:
    """Return what a heading calls a weight of the user's own, None where only its key does.

    Examples
    --------
    >>> label_of("加油站 weights.fuel（个）"), label_of("60岁以上"), label_of("权重：老人")
    ('加油站', '60岁以上', None)
    """
    words = plain(column).split() if "." in column else read_header(column).name.split()
    return " ".join(one for one in words if not _OWN.match(one.casefold())) or None


def _may_be(field: str, heading: str, column: str) -> bool:
    """Return whether a column's unit leaves it to be the field: ``area_m2`` names no area."""
    if heading != "area":
        return True
    unit = read_header(column).unit
    known = find_unit(unit) if unit is not None else None
    measured = known is not None and known.dimension == "area"
    return measured == (field == "area_m2")
