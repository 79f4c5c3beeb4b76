"""What layers of shapes, demand grids and parcels say to people."""

GRIDS: dict[str, tuple[str, str]] = {
    "shape.need.file": ("the name of a file that exists", "须为已有的文件"),
    "shape.need.readable": (
        "a whole file of its format; this one cannot be read: {problem}",
        "须为完整的该格式文件；此文件无法读取：{problem}",
    ),
    "shape.need.rows": ("at least one row", "至少须有一条记录"),
    "shape.need.geometry": ("shapes; the file has none", "须有图形；文件中没有图形"),
    "shape.need.encoding": (
        "text in UTF-8; if it is in another encoding, say --encoding GBK, for example",
        "文字须为 UTF-8 编码；若为其他编码，请指明，例如 --encoding GBK",
    ),
    "shape.need.layer": ("one of the layers {known}", "须为以下图层之一：{known}"),
    "shape.need.one_layer": (
        "one layer; say with --layer which of {known}",
        "请用 --layer 指明图层：{known}",
    ),
    "shape.need.crs": (
        "a coordinate system; the file declares none, so say it with --crs",
        "须有坐标系；文件未声明，请用 --crs 指明",
    ),
    "shape.need.narrow": (
        "a layer at most 8 degrees of longitude wide; wider, metres cannot be kept true",
        "图层东西跨度不得超过经度 8 度，否则长度和面积会失真；请分片处理",
    ),
    "shape.need.polygon": ("a polygon", "须为面"),
    "shape.need.line": ("a line", "须为线"),
    "shape.need.point": ("a point", "须为点"),
    "shape.need.polygon_or_point": ("a polygon or a point", "须为面或点"),
    "shape.need.on_earth": (
        "degrees on the earth; say the file's coordinate system with --crs",
        "经纬度超出范围；请用 --crs 指明文件的坐标系",
    ),
    "shape.need.column": ("a column of the file: {known}", "须为文件中的列：{known}"),
    "shape.mended": (
        "{number:count} polygons crossed themselves and were mended; look at them",
        "{number:count} 个面自相交，已修复，请核对",
    ),
    "shape.claimed": (
        (
            "{path} is taken at its word for {crs}; coordinates of AMap or Baidu look the same but "
            "lie some 600 m off: say --crs if it is theirs"
        ),
        (
            "{path} 按其声明的 {crs} 读取；高德、百度坐标外观相同而偏移约 600 米，"
            "如属此类请用 --crs 指明"
        ),
    ),
    "grid.need.weight_name": (
        "a name of its own; this one is a column that every grid has",
        "该名称为网格固有的列名，请另取名称",
    ),
    "grid.need.weights": (
        "names of columns, or name=column, such as residents=population",
        "须为列名，或“名称=列名”，例如 residents=常住人口",
    ),
    "grid.need.amount": ("a number, 0 or more", "须为不小于 0 的数值"),
    "grid.need.id": ("a name or number of its own", "须填写编号或名称"),
    "grid.need.own_id": (
        "an id of its own; the same stands in row {row}",
        "编号不得重复；第 {row} 行已有相同编号",
    ),
    "grid.need.one_kind": (
        "polygons or points, not both in one layer",
        "同一图层须全为面或全为点，不得混用",
    ),
    "grid.need.areas": (
        "polygons to spread over buildings; points are already in their place",
        "仅面数据可按建筑分摊；点数据已有确定位置",
    ),
    "grid.need.floor_column": (
        "a column of floor areas, for buildings that are points; say --floor-column: {known}",
        "建筑为点时须有建筑面积列，请用 --floor-column 指明：{known}",
    ),
    "grid.need.buildings": (
        "--buildings as well: a floor column is one of theirs",
        "须同时给出 --buildings：建筑面积列取自建筑数据",
    ),
    "grid.need.cell": ("a length of at least 1 m", "边长须不小于 1 米"),
    "grid.need.resolution": ("a resolution of H3, 0 to 15", "须为 H3 分辨率，0 至 15"),
    "grid.need.coarser": (
        "larger cells: these would be some {number:count}, over the limit of {limit:count}",
        "网格过密：约 {number:count} 个，超过上限 {limit:count} 个，请加大网格",
    ),
    "grid.need.digits": (
        "fewer digits: so long a number cannot be kept exactly over its cells",
        "数值位数过多，分摊到网格后无法保持总数不变，请减少小数位",
    ),
    "grid.need.out": (
        "a name that ends in .csv, .geojson or .json",
        "文件扩展名须为 .csv、.geojson 或 .json",
    ),
    "grid.made": (
        "{cells:count} cells from {zones:count} shapes",
        "由 {zones:count} 个图形生成 {cells:count} 个网格",
    ),
    "grid.area": (
        "ground: {before:.4f} km² before, {after:.4f} km² in the cells",
        "面积：原 {before:.4f} 平方公里，网格合计 {after:.4f} 平方公里",
    ),
    "grid.total": (
        "{name}: {before} before, {after} in the cells",
        "{name}：原合计 {before}，网格合计 {after}",
    ),
    "grid.overlap": (
        "the areas overlap on {area:.4f} km², which counts in each of them",
        "各区域相互重叠 {area:.4f} 平方公里，重叠部分在各区域中重复计入",
    ),
    "grid.buildings_outside": (
        "{number:count} buildings lie outside every area and do not count",
        "{number:count} 处建筑位于所有区域之外，未计入",
    ),
    "grid.bare": (
        "{number:count} areas have no floor area in them and were spread by ground: {names}",
        "{number:count} 个区域内没有建筑面积，改按用地面积分摊：{names}",
    ),
    "parcel.small": (
        "{area:count} m² of ground; the smallest class asked for needs {need:count} m²",
        "用地面积 {area:count} 平方米，小于所需的 {need:count} 平方米",
    ),
    "parcel.frontage": (
        (
            "{frontage:.1f} m of frontage within {distance:number} m of a main or secondary road; "
            "{need:number} m are needed"
        ),
        "临主、次干路（{distance:number} 米以内）面宽 {frontage:.1f} 米，不足 {need:number} 米",
    ),
    "parcel.use": (
        "its use is {use}; allowed are {allowed}",
        "用地性质为{use}，不在允许范围（{allowed}）内",
    ),
    "parcel.no_use": ("no use is given for it", "未填写用地性质"),
    "parcel.parts": (
        "{number:count} parcels are of several parts; of each the largest part counts",
        "{number:count} 个地块由多个部分组成，仅取其中最大的部分",
    ),
    "parcel.kept": (
        "{kept:count} of {parcels:count} parcels may hold a station; {dropped:count} may not",
        "{parcels:count} 个地块中，{kept:count} 个可建站，{dropped:count} 个不可",
    ),
    "parcel.dropped.small": ("{number:count} are too small", "面积不足的 {number:count} 个"),
    "parcel.dropped.frontage": (
        "{number:count} have too little frontage",
        "临街面宽不足的 {number:count} 个",
    ),
    "parcel.dropped.use": (
        "{number:count} have a use that is not allowed",
        "用地性质不符的 {number:count} 个",
    ),
    "parcel.dropped.no_use": (
        "{number:count} have no use given",
        "未填用地性质的 {number:count} 个",
    ),
    "parcel.source": (
        "smallest sites: {areas} m² (Jianbiao 152-2017, from memory: check against a print)",
        "最小用地：{areas} 平方米（建标 152-2017，凭记忆录入，请核对原文）",
    ),
    "parcel.assumed": (
        (
            "assumed, of no standard: frontage of {frontage:number} m, within {distance:number} m "
            "of the road's centre line; change by --min-frontage-m and --road-distance-m"
        ),
        (
            "以下为假定值，并非标准规定：面宽 {frontage:number} 米，"
            "距道路中心线 {distance:number} 米以内；可用 --min-frontage-m、--road-distance-m 修改"
        ),
    ),
    "parcel.need.class": ("one of the classes {known}", "须为以下站级之一：{known}"),
    "parcel.need.road_class": (
        "a column of road classes; say --class-column: {known}",
        "须有道路等级列，请用 --class-column 指明：{known}",
    ),
    "parcel.need.roads": (
        "at least one road of the classes {classes}; the file has {known}",
        "至少须有一条等级为 {classes} 的道路；文件中的等级有：{known}",
    ),
    "parcel.need.uses": (
        "--use-column and --allowed-uses together",
        "--use-column 与 --allowed-uses 须同时给出",
    ),
    "parcel.need.positive": ("a length above 0", "须为大于 0 的长度"),
}
