"""What the columns of a project of shelters are called, and what their numbers measure."""

from instances.tables.units import Dimension

SHELTER_HEADINGS: dict[str, tuple[str, ...]] = {
    "listed_kind": ("listed_kind", "place_kind", "类型", "地点类型", "隐患类型"),
    "within": ("within", "所在街块", "所属街块"),
    "in_scenarios": ("in_scenarios", "scenarios", "转移情景", "情景"),
    "setting": ("setting", "室内外", "室内/室外", "场所类型"),
    "places": ("places", "容纳人数", "可容纳人数", "避难人数"),
    "effective_area_m2": ("effective_area", "有效面积", "有效避难面积"),
    "gross_area_m2": ("gross_area", "总面积", "占地面积"),
    "accessible": ("accessible", "无障碍"),
    "suitability": ("suitability", "适宜性", "适宜度"),
    "entrances": ("entrances", "出入口", "出入口数"),
    "facilities": ("facilities", "设施"),
    "walking_speed": ("walking_speed", "步行速度"),
    "group_walk_limit_m": ("group_walk_limit", "最远步行"),
    "m2_each": ("m2_each", "人均面积下限"),
    "needs_accessible": ("needs_accessible", "需无障碍"),
    "fetched": ("fetched", "需接送"),
    "seats": ("seats", "座位", "占用座位", "座位数"),
    "probability": ("probability", "概率", "权重"),
    "leave_share": ("leave_share", "疏散比例", "转移比例"),
    "settings": ("settings", "可用场所", "启用类型"),
    "m2_per_person": ("m2_per_person", "人均面积"),
    "walk_limit_m": ("walk_limit", "步行上限"),
    "lost_sites": ("lost_sites", "失效场所"),
    "phases": ("phases", "分阶段"),
    "vehicle_count": ("vehicle_count", "数量", "车辆数"),
    "ready_s": ("ready", "到位时间"),
    "boarding_s": ("boarding", "上下车时间"),
}
SHELTER_DIMENSIONS: dict[str, Dimension] = {
    **dict.fromkeys(("effective_area_m2", "gross_area_m2"), "area"),
    **dict.fromkeys(("suitability", "leave_share"), "share"),
    **dict.fromkeys(("ready_s", "boarding_s"), "time"),
    **dict.fromkeys(("group_walk_limit_m", "walk_limit_m"), "length"),
    "walking_speed": "speed",
    "places": "people",
}
