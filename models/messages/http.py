"""What the HTTP door says; the faults of an input are in `faults` and `pydantic_faults`."""

HTTP: dict[str, tuple[str, str]] = {
    "http.bad_input": ("The input cannot be used", "输入无法使用"),
    "http.fault_count": (
        "It has {number:count} fault(s), listed in errors.",
        "共 {number:count} 处错误，见 errors。",
    ),
    "http.too_large": (
        "The body is larger than {limit_mb} MB; put bulk data into a dataset and name it",
        "请求体超过 {limit_mb} MB；大批量数据请存入数据仓库后按名引用",
    ),
    "http.busy": (
        "All {number:count} solves that may run at once are under way; try again later",
        "同时求解数已达上限（{number:count} 个），请稍后再试",
    ),
    "http.out_of_time": (
        "The solve went on long after its time limit and was ended",
        "求解远超时限，已强制结束",
    ),
    "http.solver_failed": ("The solver failed", "求解器出错"),
    "http.broken_plan": (
        "The plan found breaks a rule of its request and is withheld",
        "求得的方案违反请求中的规则，不予输出",
    ),
    "http.own_fault": ("Muster itself failed", "Muster 内部出错"),
}
