"""What travel over roads needs of its input."""

ROAD_TRAVEL: dict[str, tuple[str, str]] = {
    "fault.road_arrays": (
        "a road network with all its arrays; missing: {names}",
        "须为数组齐全的路网；缺少：{names}",
    ),
    "fault.road_kinds": (
        "a road network whose arrays are flat and hold the right kind of values; not so: {names}",
        "路网数组须为一维且类型正确；有误：{names}",
    ),
    "fault.road_about": (
        "a road network whose array about is a JSON object",
        "路网的 about 数组须为 JSON 对象",
    ),
    "fault.road_empty": (
        "a road network with at least one node and one edge",
        "路网至少须有一个节点和一条路段",
    ),
    "fault.road_length": (
        "{wanted} values in array {name}; it has {length}",
        "数组 {name} 须有 {wanted} 个值；现有 {length} 个",
    ),
    "fault.road_index": (
        "values from 0 to {most} in array {name}",
        "数组 {name} 的值须在 0 至 {most} 之间",
    ),
    "fault.road_finite": ("finite numbers in array {name}", "数组 {name} 的值须为有限数"),
    "fault.road_negative": (
        "no negative number in array {name}",
        "数组 {name} 不得有负数",
    ),
    "fault.road_degrees": (
        "degrees within ±{most} in array {name}",
        "数组 {name} 的度数须在 ±{most} 以内",
    ),
    "fault.road_speeds": (
        "finite times in edge_time_s and posted speeds above 0 in edge_maxspeed_m_s",
        "edge_time_s 须为有限时间，edge_maxspeed_m_s 的限速须大于 0",
    ),
    "fault.road_shapes": (
        "array shape_start to rise from 0 to the {vertices} inner vertices",
        "数组 shape_start 须从 0 递增至内部顶点数 {vertices}",
    ),
    "fault.road_class": (
        "a class of road that the network has: {known}",
        "须为路网中的道路等级：{known}",
    ),
    "fault.road_mode": (
        "a mode that some road of the network lets through",
        "该方式须能在路网的某条道路上通行",
    ),
    "fault.road_speed": (
        "a speed for road classes without one: {names} (or name them in speeds_m_s)",
        "须给出速度：道路等级 {names} 没有速度（也可在 speeds_m_s 中逐一给出）",
    ),
    "fault.road_places": (
        "lat and lon: places are joined to roads by them",
        "须给出 lat 和 lon：地点据此接入道路",
    ),
}
