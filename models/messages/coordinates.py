"""What coordinates, numbers in tables and names of places say to people."""

COORDINATES: dict[str, tuple[str, str]] = {
    "coordinates.need.crs": (
        (
            "a coordinate system: wgs84, cgcs2000, gcj02 (AMap, Tencent), bd09 (Baidu), or an EPSG "
            "code such as EPSG:4547"
        ),
        (
            "须为坐标系：wgs84、cgcs2000（国家2000）、gcj02（高德、腾讯，火星坐标）、bd09（百度），"
            "或 EPSG 代码，如 EPSG:4547"
        ),
    ),
    "coordinates.need.datum": (
        (
            "a system whose way to WGS 84 is published; that of {name} is not: convert the file to "
            "CGCS2000 first (the surveying office can), or a shift of tens of metres stays in it"
        ),
        (
            "须为可换算到 WGS 84 的坐标系；{name} 的换算参数未公开，请先由测绘部门转换为 CGCS2000，"
            "否则会残留数十米的偏差"
        ),
    ),
    "coordinates.need.explicit": (
        (
            "a coordinate system (--crs): {count:count} points lie in the mainland of China, where "
            "maps may be shifted by half a kilometre; what the file says of itself is no proof"
        ),
        (
            "须指明坐标系（--crs）：有 {count:count} 个点位于中国大陆，"
            "所用地图坐标可能偏移约五百米；文件自带的坐标系说明不足为凭"
        ),
    ),
    "coordinates.need.east_first": (
        "the easting or longitude first: the columns look swapped (in surveys X is north)",
        "须东坐标或经度在前：两列疑似颠倒（测量坐标中 X 为北）",
    ),
    "coordinates.need.file": ("a file that is there", "须为存在的文件"),
    "coordinates.need.readable": (
        "a file that can be read, of the format its name says",
        "须为可读取的文件，且格式与扩展名相符",
    ),
    "coordinates.need.columns": (
        "columns of longitude and latitude (lon, lat) or of x and y",
        "须有经度和纬度列（lon、lat）或 x、y 列",
    ),
    "coordinates.need.layers": (
        "lines (roads) or polygons (outlines) to hold the points against",
        "须含线（道路）或面（边界），用于比对点位",
    ),
    "coordinates.need.placed": (
        "points that {crs} places on the earth; {count:count} of them it does not",
        "须为 {crs} 可换算的坐标；有 {count:count} 个点无法换算",
    ),
    "coordinates.need.one_layer": (
        "a file of one layer; this one has {known}",
        "文件须只有一个图层；此文件有：{known}",
    ),
    "coordinates.suspicion": (
        (
            "The points are said to be {declared}, but fit clearly better as {better}, "
            "{shift_m:distance} away: inside the outlines {inside:share} as said, "
            "{inside_better:share} as {better}; median "
            "distance to a road {road_m:distance} and {road_better_m:distance}. "
            "Check how the file was made."
        ),
        (
            "点位声明为 {declared}，但按 {better} 读取明显更吻合，两者相差 {shift_m:distance}："
            "落在边界内的比例，按声明为 {inside:share}，按 {better} 为 {inside_better:share}；"
            "到最近道路的中位距离为 {road_m:distance} 和 {road_better_m:distance}。请核实文件来源。"
        ),
    ),
    "coordinates.suspicion_by_outlines": (
        (
            "The points are said to be {declared}, but fit clearly better as {better}, "
            "{shift_m:distance} away: inside the outlines {inside:share} as said, "
            "{inside_better:share} as {better}. Check how the file was made."
        ),
        (
            "点位声明为 {declared}，但按 {better} 读取明显更吻合，两者相差 {shift_m:distance}："
            "落在边界内的比例，按声明为 {inside:share}，按 {better} 为 {inside_better:share}。"
            "请核实文件来源。"
        ),
    ),
    "coordinates.suspicion_by_roads": (
        (
            "The points are said to be {declared}, but fit clearly better as {better}, "
            "{shift_m:distance} away: median distance to a road {road_m:distance} as said, "
            "{road_better_m:distance} as {better}. Check how the file was made."
        ),
        (
            "点位声明为 {declared}，但按 {better} 读取明显更吻合，两者相差 {shift_m:distance}："
            "到最近道路的中位距离，按声明为 {road_m:distance}，"
            "按 {better} 为 {road_better_m:distance}。请核实文件来源。"
        ),
    ),
    "coordinates.preview.title": ("Which coordinates are these?", "坐标系核对"),
    "coordinates.preview.nothing": (
        "Nothing speaks for another reading than the one given.",
        "未发现比声明更吻合的读取方式。",
    ),
    "coordinates.preview.cut": (
        "Of {total:count} points the map shows the first {shown:count}; the scores count all.",
        "共 {total:count} 个点，地图显示前 {shown:count} 个；各项指标按全部点计算。",
    ),
    "coordinates.preview.reading": ("Read as", "读取方式"),
    "coordinates.preview.shift": ("Moved by (median)", "移动距离（中位）"),
    "coordinates.preview.inside": ("Inside the outlines", "落在边界内"),
    "coordinates.preview.road": ("To the nearest road (median)", "到最近道路（中位）"),
    "coordinates.preview.roads": ("Roads", "道路"),
    "coordinates.preview.outlines": ("Outlines", "边界"),
    "coordinates.preview.move": (
        "From the reading given to the better one",
        "由声明位置到更吻合位置",
    ),
    "coordinates.preview.declared": ("as given", "声明"),
    "coordinates.preview.better": ("fits better", "更吻合"),
    "coordinates.preview.reading_wgs84": ("WGS 84 / CGCS2000", "WGS 84 / 国家2000"),
    "coordinates.preview.reading_gcj02": ("GCJ-02 (AMap, Tencent)", "GCJ-02（高德、腾讯）"),
    "coordinates.preview.reading_bd09": ("BD-09 (Baidu)", "BD-09（百度）"),
    "coordinates.preview.scores": (
        "{shift_m:distance}|{inside:share}|{road_m:distance}",
        "{shift_m:distance}|{inside:share}|{road_m:distance}",
    ),
    "number.need.number": ("a number in digits", "须为阿拉伯数字书写的数值"),
    "number.need.digits": (
        "a number in digits, not in Chinese characters",
        "须用阿拉伯数字书写，不用汉字数字",
    ),
    "number.need.unit": ("a number with a unit that is known, not {unit}", "单位“{unit}”无法识别"),
    "number.need.header_unit": (
        "a unit that is known in the brackets of the heading, not {unit}",
        "表头括号内须为可识别的单位；“{unit}”无法识别",
    ),
    "number.need.one_value": (
        "one number, not a range: which end counts is for you to say",
        "须为一个数值，而非区间；取哪一端请自行确定",
    ),
    "number.need.exact": (
        "a number without about, more than or less than",
        "须为确定数值，不带“约”“余”“以上”等字样",
    ),
    "number.need.not_two": (
        "one number; two stand in the cell, like a longitude and a latitude",
        "须为一个数值；该单元格中有两个，疑为经纬度",
    ),
    "number.need.separator": (
        "1234.5 or 1,234.5: the commas, points or spaces could mean two things",
        "须写作 1234.5 或 1,234.5；逗号、小数点或空格有歧义",
    ),
    "number.need.clock": (
        "0:04:30 or 4 min: hours and minutes, or minutes and seconds, could be meant",
        "须写作 0:04:30 或 4分30秒；无法判断是“时:分”还是“分:秒”",
    ),
    "number.need.one_multiple": (
        "a multiple (ten thousand, million) or percent in the cell or in the heading, not in both",
        "“万”“亿”或百分号只能写在单元格或表头其中一处",
    ),
    "number.need.percent": (
        "a percent sign in the cell: under % a number up to 1 could be a percentage or a share",
        "须带百分号：表头为“%”时，不大于 1 的数值可能是百分数，也可能是比例",
    ),
    "number.need.time": ("a time: s, min or h", "须为时间：秒、分钟或小时"),
    "number.need.length": ("a length: m or km", "须为长度：米或公里"),
    "number.need.area": ("an area: m², mu, ha or km²", "须为面积：平方米、亩、公顷或平方公里"),
    "number.need.speed": ("a speed: km/h or m/s", "须为速度：公里/小时或米/秒"),
    "number.need.people": ("a number of persons", "须为人数"),
    "number.need.count": ("a number of things", "须为数量"),
    "number.need.share": (
        "a share: a percentage or a number up to 1",
        "须为比例：百分数或不大于 1 的数",
    ),
    "number.need.money": ("an amount of money", "须为金额"),
    "number.need.mass": ("a mass: kg or t", "须为质量：公斤或吨"),
    "number.need.density": ("persons per km²", "须为人口密度：人/平方公里"),
    "place.need.name": ("a name of a place", "须填写地点名称"),
    "place.need.known": (
        "a name in the table of places; none is like it",
        "须为地点表中已有的名称；表中没有相近的名称",
    ),
    "place.need.near": (
        "a name in the table of places; the nearest are: {near}",
        "须为地点表中已有的名称；相近的有：{near}",
    ),
    "place.need.one": (
        "a name of one place; {count:count} places go by it: {known}",
        "须能唯一确定地点；有 {count:count} 处同名：{known}",
    ),
    "number.need.angle": (
        "degrees: 114.35, 114°21'00\"E or 114 degrees 21 minutes",
        "须为度数：114.35、114°21'00\" 或 东经114度21分",
    ),
    "number.need.lon": (
        "a longitude, -180 to 180 degrees, not a latitude",
        "须为经度，-180 至 180 度，而非纬度",
    ),
    "number.need.lat": (
        "a latitude, -90 to 90 degrees, not a longitude",
        "须为纬度，-90 至 90 度，而非经度",
    ),
    "number.need.pair": (
        "a longitude and a latitude, such as 114.35, 22.69",
        "须为一对经纬度，如 114.35, 22.69",
    ),
    "number.need.order": (
        "a longitude and a latitude that say which is which, such as 114.35E 22.69N",
        "须标明经度和纬度，如 东经114.35 北纬22.69",
    ),
}
