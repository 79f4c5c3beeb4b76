"""What tables say to people."""

TABLES: dict[str, tuple[str, str]] = {
    "table.need.file": ("a file that exists, not a folder", "须为存在的文件，而非文件夹"),
    "table.need.format": (
        "a file of one of these kinds: csv, xlsx, geojson, gpkg, shp, fgb, parquet",
        "文件格式须为 csv、xlsx、geojson、gpkg、shp、fgb 或 parquet",
    ),
    "table.need.encoding": (
        "text in UTF-8 or GBK, or in UTF-16 with its mark",
        "文本编码须为 UTF-8、GBK 或带标记的 UTF-16",
    ),
    "table.need.csv": ("well-formed CSV; check the quotation marks", "CSV 格式有误，请检查引号"),
    "table.need.workbook": (
        "an Excel workbook (.xlsx) that is whole",
        "须为完整的 Excel 工作簿（.xlsx）",
    ),
    "table.need.small_workbook": (
        (
            "a workbook of at most {cells:count} cells and {limit_mb:count} MB unpacked; empty "
            "rows and columns up to the last formatted cell count, so delete those below the data"
        ),
        (
            "工作簿不得超过 {cells:count} 个单元格，解压后不得超过 {limit_mb:count} MB；"
            "末尾带格式的空行、空列也计算在内，请删除数据下方的空行"
        ),
    ),
    "table.need.whole": ("a file that is whole and of its format", "文件已损坏或与格式不符"),
    "table.need.rows": ("a row of headings and at least one row", "须有表头和至少一行数据"),
    "table.need.one_layer": (
        "one layer, or a file of several whose names say their roles: {known}",
        "须只有一个图层；多图层文件须以图层名称表明用途：{known}",
    ),
    "table.need.unmerged": (
        "a heading of its own in each column: cells of this row are merged",
        "表头不得使用合并单元格",
    ),
    "table.need.result": (
        "the formula's result: open the file in Excel, calculate and save it",
        "公式尚无计算结果，请用 Excel 打开、计算后保存",
    ),
    "table.need.points": ("points only", "几何类型须全部为点"),
    "table.need.unique_header": ("headings that differ", "表头不得重名"),
    "table.need.width": ("no more cells than headings", "单元格数不得多于表头"),
    "table.need.column": ("a column for {field}", "缺少“{field}”列"),
    "table.need.whole_number": ("a whole number", "须为整数"),
    "table.need.value": ("a value", "不得为空"),
    "table.need.site": ("the id of a site in its table", "须为场所表中的编号"),
    "table.need.unique": ("an id of its own", "编号不得重复"),
    "table.need.not_negative": ("a number of 0 or more", "须为不小于 0 的数值"),
    "table.need.degrees": (
        "a latitude from -90 to 90 and a longitude from -180 to 180; are the two swapped?",
        "纬度须在 -90 至 90 之间，经度须在 -180 至 180 之间；请检查两者是否颠倒",
    ),
    "table.need.class": ("one of the classes {known}", "类别须为 {known} 之一"),
    "table.need.short": ("at most {most:count} characters", "不得超过 {most:count} 个字符"),
    "table.need.positive": ("a number above 0", "须为大于 0 的数"),
    "table.need.one_of": ("one of {known}", "须为 {known} 之一"),
    "table.need.several": (
        "some of {known}, between semicolons",
        "须为 {known} 中的若干项，以分号分隔",
    ),
    "table.need.yes_or_no": ("yes or no", "须填“是”或“否”"),
    "table.need.area": (
        "the id, or a name that one area alone has, of the list of areas: {known}",
        "须为区域表中的编号，或唯一的名称：{known}",
    ),
    "table.need.state": ("one of {known}", "状态须为 {known} 之一"),
    "table.need.status": ("one of {known}", "状态须为 {known} 之一"),
}
