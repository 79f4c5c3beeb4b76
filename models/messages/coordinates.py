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
}
