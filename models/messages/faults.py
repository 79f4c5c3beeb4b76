"""What an input needs: the messages of `models.faults.Fault`."""

FAULTS: dict[str, tuple[str, str]] = {
    "fault.duplicate": (
        "an id of its own; the same stands at {first}",
        "须唯一;与 {first} 重复",
    ),
    "fault.reference": ("one of: {known}", "须为以下之一:{known}"),
    "fault.reference_none": (
        "nothing: there is no {what} in the request",
        "应留空:请求中没有{what}",
    ),
    "fault.matrix_shape": (
        "a matrix of {rows} demand points by {columns} sites; it has {got_rows} by {got_columns}",
        "须为 {rows} 个需求点 × {columns} 个站址的矩阵;现为 {got_rows} × {got_columns}",
    ),
    "fault.coordinates": (
        "lat and lon, or x_m and y_m, as every place of the request has them",
        "须给出 lat 和 lon,或 x_m 和 y_m,且全部地点一致",
    ),
    "fault.swapped": (
        "latitude first: lat {lat} and lon {lon} look swapped, far from the other places",
        "纬度在前:lat {lat} 与 lon {lon} 疑似颠倒,远离其他地点",
    ),
    "fault.too_many_stations": (
        "at most {most}: so many sites may take class {class_id}",
        "至多 {most}:可建 {class_id} 类的站址只有这么多",
    ),
    "fault.range": ("min not above max ({min} > {max})", "min 不得大于 max({min} > {max})"),
    "fault.no_demand": (
        "a weight that some demand point has; none has {weight}",
        "须为需求点具有的权重;没有需求点具有 {weight}",
    ),
    "fault.dataset": ("a dataset in the store: {problem}", "须为数据仓库中的数据集:{problem}"),
    "fault.ascending": ("values in ascending order", "须按升序排列"),
    "fault.contradiction": ("agreement with {other}", "须与 {other} 一致"),
    "fault.cycle": ("a parent that is not its own descendant", "上级不得是自身的下级"),
}
