"""What roads say to people."""

ROADS: dict[str, tuple[str, str]] = {
    "roads.damaged": (
        "a whole file of its format; this one cannot be read: {problem}",
        "须为完整的该格式文件；此文件无法读取：{problem}",
    ),
    "roads.empty": ("a file with something in it; this one is empty", "文件内容为空，须有数据"),
    "roads.no_highway": (
        "at least one way tagged highway that somebody may use",
        "至少须有一条可通行的道路（带 highway 标签的路线）",
    ),
    "roads.no_placed_node": (
        "the nodes of its roads; only the roads themselves are in it",
        "须包含道路的节点坐标；文件中只有路线，没有节点",
    ),
    "roads.no_roads": (
        "at least one road that somebody may use",
        "至少须有一条可通行的道路",
    ),
    "roads.no_geometry": ("shapes of roads; the file has none", "须有道路图形；文件中没有图形"),
    "roads.need.file": ("the name of a file or folder that exists", "须为已有的文件或文件夹"),
    "roads.need.format": ("a file whose name ends in one of {known}", "文件扩展名须为：{known}"),
    "roads.need.crs": (
        "a coordinate system; the file declares none, so say it with --crs",
        "须有坐标系；文件未声明，请用 --crs 指明",
    ),
    "roads.need.known_crs": (
        "a coordinate system, such as wgs84 or EPSG:4547",
        "须为可识别的坐标系，例如 wgs84 或 EPSG:4547",
    ),
    "roads.need.on_earth": (
        (
            "longitudes from -180 to 180 and latitudes from -90 to 90 ({number:count} points are "
            "not); say the file's coordinate system with --crs"
        ),
        (
            "经度须在 -180 至 180、纬度须在 -90 至 90 之间（{number:count} 个点不符）；"
            "请用 --crs 指明文件的坐标系"
        ),
    ),
    "roads.need.layer": ("one of the layers {known}", "须为以下图层之一：{known}"),
    "roads.need.one_layer": (
        "one layer; say with --layer which of {known}",
        "文件含多个图层，请用 --layer 指明：{known}",
    ),
    "roads.need.encoding": (
        "text in UTF-8; if it is in another encoding, say --encoding GBK, for example",
        "文字须为 UTF-8 编码；若为其他编码，请指明，例如 --encoding GBK",
    ),
    "roads.need.lines": ("a line", "须为线"),
    "roads.need.wkt": ("a shape as WKT", "须为 WKT 格式的图形"),
    "roads.need.position": ("two numbers, x and y", "须有 x、y 两个数值"),
    "roads.need.node": ("the id of a node of the file", "须为文件中已有的节点编号"),
    "roads.need.own_id": ("an id of its own", "编号不得重复"),
    "roads.need.class_or_speed": (
        (
            "a column that gives the road's class or speed; say --class-column or --speed-column. "
            "Its columns are {known}"
        ),
        "须有道路等级或车速列，请用 --class-column 或 --speed-column 指明。现有列：{known}",
    ),
    "roads.need.column": ("a column of the file: {known}", "须为文件中的列：{known}"),
    "roads.need.columns": (
        "a header line with columns such as {known}",
        "须有表头行，含以下各列：{known}",
    ),
    "roads.need.table": (
        "{name}, in a folder or ZIP with nodes.csv and arcs.csv",
        "文件夹或 ZIP 中须有 {name}（nodes.csv 与 arcs.csv）",
    ),
    "roads.need.time_column": (
        "a column of times, classes or speeds; say --time-column. Its columns are {known}",
        "须有行程时间、道路等级或车速列，请用 --time-column 等指明。现有列：{known}",
    ),
    "roads.need.time_unit": (
        "the unit of its times: say --time-unit s, min, h or days",
        "须指明时间单位：--time-unit s、min、h 或 days",
    ),
    "roads.need.oneway": (
        "yes, no, 1, 0, -1, F, T or B, or nothing",
        "须为 yes、no、1、0、-1、F、T、B（或 单向、双向、逆向），也可留空",
    ),
    "roads.need.speed": ("a speed in km/h, such as 60, or 40 mph", "须为车速（km/h），例如 60"),
    "roads.need.time": ("a time of 0 or more", "须为不小于 0 的时间"),
    "roads.unplaced_nodes": (
        "{number:count} nodes of roads are not in the file; the roads end where they are missing.",
        "有 {number:count} 个道路节点不在文件中，道路在缺失处断开。",
    ),
    "roads.skipped_classes": (
        "{number:count} arcs of other classes, or closed to everyone, were left out.",
        "略去 {number:count} 条其他类别或禁止通行的弧。",
    ),
    "roads.empty_lines": (
        "{number:count} rows have no shape and were left out.",
        "有 {number:count} 行没有图形，已略去。",
    ),
    "roads.other_classes": (
        (
            "Classes that OpenStreetMap does not know are taken as car roads; give the profile "
            "speeds for them: {names}"
        ),
        "以下道路等级不属于 OpenStreetMap，按机动车道路处理，请在行车参数中给出车速：{names}",
    ),
    "roads.dropped": (
        (
            "Left out, cut off from the largest connected network: {nodes:count} nodes, "
            "{edges:count} edges."
        ),
        "不与最大连通路网相连，已略去：{nodes:count} 个节点、{edges:count} 条路段。",
    ),
    "roads.much_dropped": (
        (
            "{share:share} of the edges were cut off: do the ends of the lines meet at the same "
            "points?"
        ),
        "有 {share:share} 的路段不连通：请检查线的端点是否重合。",
    ),
    "roads.undriven": (
        "{number:count} edges nobody can drive both into and out of are kept for walkers only.",
        "有 {number:count} 条路段车辆能进不能出（或相反），只供步行。",
    ),
    "roads.read": (
        "Read {nodes:count} nodes and {edges:count} edges, {length:number} km.",
        "读入 {nodes:count} 个节点、{edges:count} 条路段，共 {length:number} km。",
    ),
    "roads.of_class": (
        "{name}: {edges:count} edges, {length:number} km, limit posted on {posted:share}",
        "{name}：{edges:count} 条路段，{length:number} km，{posted:share} 有限速",
    ),
    "roads.times_given": (
        "Times are given for {number:count} edges.",
        "{number:count} 条路段有给定的行程时间。",
    ),
    "roads.source": ("Source: {source}", "来源：{source}"),
    "roads.format": ("Format: {format}", "格式：{format}"),
    "roads.licence": ("Licence: {licence}", "许可：{licence}"),
    "roads.illustrative": (
        "Illustrative: invented, no real place.",
        "示意：虚构路网，不对应真实地点。",
    ),
    "roads.no_network": (
        "the name of a road network in the store; this dataset is not one",
        "须为数据仓中的路网；该数据集不是路网",
    ),
}
