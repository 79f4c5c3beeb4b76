"""What is wrong with a benchmark file: the messages of `instances.readers.ReadError`."""

INSTANCES: dict[str, tuple[str, str]] = {
    "read.at_line": ("{path}, line {line}: {problem}", "{path} 第 {line} 行：{problem}"),
    "read.whole_file": ("{path}: {problem}", "{path}:{problem}"),
    "read.missing": ("there is no such file", "文件不存在"),
    "read.not_text": ("not a text file in UTF-8 or ASCII", "不是 UTF-8 或 ASCII 文本文件"),
    "read.number": ("{what} must be a number; it is '{found}'", "{what}须为数字；现为“{found}”"),
    "read.whole_number": (
        "{what} must be a whole number; it is '{found}'",
        "{what}须为整数；现为“{found}”",
    ),
    "read.range": (
        "{what} must be from {low} to {high}; it is {found}",
        "{what}须在 {low} 至 {high} 之间；现为 {found}",
    ),
    "read.least": (
        "{what} must be at least {low}; it is {found}",
        "{what}不得小于 {low}；现为 {found}",
    ),
    "read.ends": ("the file ends where {what} should stand", "文件到此结束，缺少{what}"),
    "read.trailing": (
        "nothing more should follow; there is '{found}'",
        "此后不应再有内容；现有“{found}”",
    ),
    "read.unconnected": (
        "vertex {vertex} cannot be reached from vertex 1",
        "从顶点 1 无法到达顶点 {vertex}",
    ),
    "read.what.vertex_count": ("the number of vertices", "顶点数"),
    "read.what.edge_count": ("the number of edges", "边数"),
    "read.what.median_count": ("the number of medians", "中位点数"),
    "read.what.vertex": ("a vertex of an edge", "边的端点"),
    "read.what.length": ("the cost of an edge", "边的费用"),
    "read.what.row_count": ("the number of rows", "行数"),
    "read.what.column_count": ("the number of columns", "列数"),
    "read.what.column_cost": ("the cost of a column", "列的费用"),
    "read.what.cover_count": ("the number of columns that cover a row", "覆盖该行的列数"),
    "read.what.column": ("a column that covers a row", "覆盖该行的列"),
    "read.what.point_count": ("the number of points", "点数"),
    "read.what.x": ("the x of a point", "点的 x 坐标"),
    "read.what.y": ("the y of a point", "点的 y 坐标"),
    "read.what.demand": ("the demand of a point", "点的需求量"),
    "read.what.station_count": ("the number of stations", "站点数"),
}
