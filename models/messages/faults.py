"""What an input needs: the messages of `models.faults.Fault`."""

FAULTS: dict[str, tuple[str, str]] = {
    "fault.duplicate": (
        "an id of its own; the same stands at {first}",
        "须唯一；与 {first} 重复",
    ),
    "fault.reference": ("one of: {known}", "须为以下之一：{known}"),
    "fault.reference_none": (
        "nothing: there is no {what} in the request",
        "应留空：请求中没有{what}",
    ),
    "fault.matrix_shape": (
        "a matrix of {rows} demand points by {columns} sites; it has {got_rows} by {got_columns}",
        "须为 {rows} 个需求点 × {columns} 个站址的矩阵；现为 {got_rows} × {got_columns}",
    ),
    "fault.coordinates": (
        "lat and lon, or x_m and y_m, as every place of the request has them",
        "须给出 lat 和 lon，或 x_m 和 y_m，且全部地点一致",
    ),
    "fault.swapped": (
        "latitude first: lat {lat} and lon {lon} look swapped, far from the other places",
        "纬度在前：lat {lat} 与 lon {lon} 疑似颠倒，远离其他地点",
    ),
    "fault.too_many_stations": (
        "at most {most}: so many sites may take class {class_id}",
        "至多 {most}：可建 {class_id} 类的站址只有这么多",
    ),
    "fault.range": ("min not above max ({min} > {max})", "min 不得大于 max（{min} > {max}）"),
    "fault.no_demand": (
        "a weight that some demand point has; none has {weight}",
        "须为需求点具有的权重；没有需求点具有 {weight}",
    ),
    "need.dataset": ("a Parquet or NPZ file", "须为 Parquet 或 NPZ 文件"),
    "need.dataset_whole": (
        "a whole Parquet or NPZ file; this one is damaged",
        "须为完整的 Parquet 或 NPZ 文件，此文件已损坏",
    ),
    "need.dataset_plain": (
        "arrays of numbers or text; {name} holds Python objects",
        "数组须为数字或文本，{name} 含 Python 对象",
    ),
    "need.dataset_unpacked": (
        "at most {limit_mb} MB once unpacked",
        "解压后不得超过 {limit_mb} MB",
    ),
    "need.patch_operation": (
        "an operation of RFC 6902: op, path, and value or from where the op asks for it",
        "须为 RFC 6902 操作：含 op、path，以及该操作所需的 value 或 from",
    ),
    "need.patch_place": (
        "a place that is there when the operations before it are done",
        "须指向前面各操作完成后存在的位置",
    ),
    "need.patch_test": ("the value that is tested for", "须与所测试的值一致"),
    "need.patch_small": (
        "a patch whose result stays below {limit_mb} MB",
        "补丁的结果不得超过 {limit_mb} MB",
    ),
    "need.patched_object": ("a patch that leaves an object", "补丁的结果须为对象"),
    "need.scenario": ("the id of a scenario that is kept", "须为已保存情景的编号"),
    "need.scenario_version": ("a version that the scenario has", "须为该情景已有的版本"),
    "need.job": ("the id of a job that is kept", "须为已保存作业的编号"),
    "need.job_plan": ("a job that has found a plan", "须为已求得方案的作业"),
    "need.job_answer": ("a job that has a result", "须为已有结果的作业"),
    "need.comparable": (
        "a job about the same kind of question as the first, {kind}",
        "须与第一个作业同类（{kind}）",
    ),
    "need.a_plan": ("a job that asks for a plan", "须为求方案的作业"),
    "need.other_job": ("a job that is not listed before", "不得与前面的作业重复"),
    "fault.ascending": ("values in ascending order", "须按升序排列"),
    "fault.contradiction": ("agreement with {other}", "须与 {other} 一致"),
    "fault.cycle": ("a parent that is not its own descendant", "上级不得是自身的下级"),
    "fault.more": (
        "the same as the {shown} before it: {count} more are at fault",
        "同前 {shown} 处；另有 {count} 处存在同样问题",
    ),
    "fault.no_candidates": (
        "candidate sites to build on: every site of the request has a station",
        "须有可建站的候选站址：请求中的站址均已有消防站",
    ),
    "fault.too_many_in_all": (
        "at most {most} in all: there are only so many candidate sites",
        "合计至多 {most}：候选站址只有这么多",
    ),
    "fault.not_ascending": ("values that do not rise from step to step", "各级数值不得递增"),
    "fault.open_band": (
        "a distance: only the last band runs to the end of the trip",
        "须给出距离：只有最后一段可延续至行程终点",
    ),
    "fault.last_band": (
        "nothing: the last band runs to the end of the trip",
        "应留空：最后一段延续至行程终点",
    ),
    "fault.either": ("either this or {other}, not both", "与 {other} 只能二选一"),
    "fault.no_areas": ("areas, and the request has none", "须有区域，而请求中没有区域"),
    "fault.no_risk_classes": (
        "risk classes, and the request has none",
        "须有风险等级，而请求中没有风险等级",
    ),
    "fault.no_force": (
        "some vehicles or some people: a full force of neither is reached everywhere",
        "须要求车辆或人员：二者均为 0 时处处满足",
    ),
    "fault.at_least": ("at least {least}, as {other} is", "不得小于 {other}，即 {least}"),
    "fault.degrees": (
        "lat from -90 to 90, then lon from -180 to 180; row {row} (from 0) has other numbers",
        "纬度在前（-90 至 90），经度在后（-180 至 180）；第 {row} 行（自 0 起）超出范围",
    ),
    "fault.swapped_all": (
        "latitude first: looks swapped against {other}, about lat {lat:.2f}, lon {lon:.2f}",
        "两处均须纬度在前：与 {other}（约 lat {lat:.2f}，lon {lon:.2f}）相比，经纬度疑似颠倒",
    ),
}
