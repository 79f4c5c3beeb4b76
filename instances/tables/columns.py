"""Which column of a table holds which field, guessed from its heading in either language."""

import re

from instances.tables.files import GEOMETRY_X, GEOMETRY_Y, Table
from instances.tables.units import read_header

_HEADINGS: dict[str, tuple[str, ...]] = {
    "id": ("id", "编号", "序号", "代码", "code"),
    "name": ("name", "名称", "站名", "社区", "社区名称"),
    "lat": ("lat", "latitude", "纬度", "y", GEOMETRY_Y),
    "lon": ("lon", "lng", "longitude", "经度", "x", GEOMETRY_X),
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
    "class": ("class", "class_id", "类别", "等级", "站级"),
    "status": ("status", "状态"),
    "risk_class": ("risk_class", "风险等级"),
}


def guess_columns(table: Table) -> dict[str, str]:
    """Return the column of each field found; a field's own geometry stands last.

    Examples
    --------
    >>> guess_columns(Table("t", ("编号", "常住人口（人）"), (), ()))
    {'id': '编号', 'residents': '常住人口（人）'}
    >>> guess_columns(Table("t", ("编号 id", "name/名称"), (), ()))
    {'id': '编号 id', 'name': 'name/名称'}
    """
    plain = {column: _names(column) for column in table.columns}
    found: dict[str, str] = {}
    for field, headings in _HEADINGS.items():
        for heading in headings:
            column = next((one for one in table.columns if heading in plain[one]), None)
            if column is not None:
                found[field] = column
                break
    return found


def _names(column: str) -> set[str]:
    """Return what a heading calls its column: the whole of it, and each word of it."""
    name = read_header(column).name.casefold()
    return {name, *re.split(r"[\s/|]+", name)}
