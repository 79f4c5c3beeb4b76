"""What files written for people say."""

DOCUMENTS: dict[str, tuple[str, str]] = {
    "travel.straight_line": (
        "Straight-line stand-in for roads: these times were not measured on a road network.",
        "直线距离估算，非路网时间。",
    ),
    "travel.illustrative": (
        (
            "The road network, a closure or the slowness of an hour is illustrative: "
            "invented to show the form."
        ),
        "路网、道路封闭或时段系数为示例数据，仅作演示，并非事实。",
    ),
    "travel.method": ("Travel times", "行车时间依据"),
    "travel.method.roads": ("shortest paths over a road network", "路网最短路径"),
    "travel.method.matrix": ("given as a matrix", "给定的时间矩阵"),
    "travel.method.straight_line": (
        "straight-line stand-in for roads",
        "直线距离估算，非路网时间",
    ),
    "travel.source": ("Source", "来源"),
    "travel.nodes": ("Junctions of the network", "路网节点数"),
    "travel.edges": ("Roads of the network", "路网路段数"),
    "travel.dropped_nodes": (
        "Junctions left out (not connected to the rest)",
        "剔除的节点数（与主路网不连通）",
    ),
    "travel.dropped_edges": (
        "Roads left out (not connected to the rest)",
        "剔除的路段数（与主路网不连通）",
    ),
    "travel.unsnapped": (
        "Places with no usable road in reach",
        "附近无可用道路的地点数",
    ),
    "travel.closed_length": ("{scenario}: roads closed", "{scenario}：封闭道路长度"),
    "travel.slowed_length": ("{scenario}: roads slowed", "{scenario}：减速道路长度"),
    "travel.cut_off": ("{scenario}: stations and sites cut off", "{scenario}：被阻断的站址"),
    "travel.unreachable": (
        "{scenario}: demand points that no site reaches",
        "{scenario}：所有站址均无法到达的需求点数",
    ),
    "travel.named": ("{count:count}: {names}", "{count:count} 处：{names}"),
    "travel.first_named": ("{count:count}, first: {names} …", "{count:count} 处，前列：{names}……"),
    "travel.summary": (
        (
            "{scenario}: {closed:distance} of road closed, {sites:count} sites cut off, "
            "{points:count} demand points out of reach."
        ),
        (
            "{scenario}：封闭道路 {closed:distance}，{sites:count} 处站址被阻断，"
            "{points:count} 个需求点无法到达。"
        ),
    ),
    "travel.roads": (
        (
            "Travel over roads: {edges:count} roads from {source}; {unsnapped:count} places have "
            "none near."
        ),
        "按路网行车：{edges:count} 条路段，来源 {source}；{unsnapped:count} 处地点附近无可用道路。",
    ),
    "travel.unnamed_source": ("an unnamed source", "未注明来源"),
    "table.travel": ("Travel", "行车依据"),
    "file.about": ("About this file", "文件说明"),
    "file.item": ("Item", "项目"),
    "file.value": ("Value", "内容"),
    "file.name": ("Plan", "方案"),
    "file.status": ("Status", "求解状态"),
    "file.gap": ("Gap to the proven bound", "与已证上下界的差距"),
    "file.crs": ("Coordinate system", "坐标系"),
    "file.crs_unregistered": (
        "{crs} (has no EPSG code; do not overlay it on WGS 84 layers)",
        "{crs}（无 EPSG 编号，不可与 WGS 84 图层直接叠加）",
    ),
    "file.data": ("Data", "数据性质"),
    "file.data.given": ("as given by the user", "用户提供"),
    "file.verified": ("Checks by the verifier", "独立核验"),
    "file.verified.counts": ("{passed} of {total} hold", "{total} 项中 {passed} 项通过"),
    "file.verified.none": ("not verified", "未核验"),
    "file.stations": ("Stations", "消防站"),
    "file.no_plan": (
        "an answer with a plan; this one has none, so there is nothing to draw",
        "包含方案的结果；该结果没有方案，无可导出的图层",
    ),
    "file.no_places": (
        "places with longitude and latitude; these have none, so no layer can be written",
        "带经纬度的地点；该请求没有经纬度，无法导出图层",
    ),
    "file.needs_out": (
        "a file to write it to: --out NAME",
        "指定输出文件：--out 文件名",
    ),
    "file.needs_library": (
        "the package “{package}”: install the extra “{extra}” (pip install 'muster[{extra}]')",
        "缺少“{package}”，请安装附加组件“{extra}”（pip install 'muster[{extra}]'）",
    ),
    "document.item": ("{label}: {value}", "{label}：{value}"),
    "document.noted": ("{text}; {note}", "{text}；{note}"),
    "document.no_font": (
        (
            "a font with Chinese signs: apt-get install fonts-wqy-microhei (Linux)"
            " or brew install --cask font-noto-sans-sc (macOS)"
        ),
        (
            "缺少中文字体，请安装：apt-get install fonts-wqy-microhei（Linux）"
            "或 brew install --cask font-noto-sans-sc（macOS）"
        ),
    ),
    "document.no_map": (
        "an answer with a plan whose places have positions; without them no map can be drawn",
        "包含方案且地点带坐标的结果；否则无法绘制地图",
    ),
    "map.layer.closed_roads": ("Closed roads", "封闭道路"),
    "map.layer.slowed_roads": ("Slowed roads", "减速道路"),
    "map.layer.isochrones": ("Reach of the stations", "消防站可达范围"),
    "map.layer.outline": ("Outlines", "边界"),
    "map.layer.road": ("Roads", "道路"),
    "map.layer.water": ("Water", "水域"),
    "map.layer.forest": ("Forest", "林地"),
    "map.layer.building": ("Buildings", "建筑"),
    "tiles.need_http": (
        "an address http://... or https://... of tiles, without a user's name",
        "须为 http:// 或 https:// 开头的瓦片地址，且不含用户名",
    ),
    "tiles.need_places": (
        (
            "{{z}}, {{x}} and {{y}} in the address, and no other place but {{s}} (in the first "
            "part of the host's name) and {{r}}"
        ),
        "地址须含 {{z}}、{{x}}、{{y}}，除 {{s}}（仅限主机名首段）与 {{r}} 外不得有其他占位符",
    ),
    "tiles.need_html": (
        "a report in HTML: nothing else has a background map",
        "仅 HTML 报告可加底图",
    ),
    "tiles.need_attribution": (
        "whom to thank for the tiles, as the service asks for it",
        "须按服务商要求注明底图来源",
    ),
    "tiles.online": (
        (
            "Opening this page uses the network: the background map is fetched from {host}, which "
            "learns the area looked at. The whole address, with any key in it, stands in the file."
        ),
        (
            "打开本页面需要联网：底图取自 {host}，该服务可获知所查看的区域。"
            "完整地址（含密钥）保存在文件中。"
        ),
    ),
    "tiles.shifted": (
        (
            "Tiles of {host} (AMap, Tencent, Baidu, Google in China) are shifted: they lie on "
            "GCJ-02 or BD-09, this map on WGS 84. What is drawn stands some 300 to 1,300 m beside "
            "the background."
        ),
        (
            "{host} 的瓦片（高德、腾讯、百度、谷歌中国）存在偏移：其坐标系为 GCJ-02 或 BD-09，"
            "而本图为 WGS 84，所绘内容与底图相差约 300 至 1,300 米。"
        ),
    ),
    "map.layer.tiles": ("Background map", "底图"),
    "report.cells": ("Squares are demand cells.", "方格为需求网格。"),
    "report.marks_cut": (
        "Marks of places cut off are drawn for the first {shown:count} of each kind only.",
        "被阻断地点的标记仅绘出每类前 {shown:count} 处。",
    ),
    "map.layer.cut_off": ("Cut off", "被阻断"),
    "map.cut_off_marks": (
        "Cut off: sites (×) and places (○) that no way leads to",
        "被阻断：无路可达的站址（×）与地点（○）",
    ),
    "map.cut_off": ("Cut off in", "被阻断情景"),
}
