"""What the HTTP door says; the faults of an input are in `faults` and `pydantic_faults`."""

HTTP: dict[str, tuple[str, str]] = {
    "docs.whole": (
        "The whole description, with the schema of every field:",
        "完整说明，含每个字段的模式：",
    ),
    "docs.try": ("Try it", "试一试"),
    "docs.send": ("Send", "发送"),
    "docs.save": ("Save what came back", "保存返回的文件"),
    "docs.path": ("in the path", "路径参数"),
    "docs.query": ("query", "查询参数"),
    "docs.examples": ("Examples that work", "可用示例"),
    "docs.body": ("The body as JSON", "请求体（JSON）"),
    "docs.file": ("or a file", "或选择文件"),
    "docs.headers": ("Headers (name: value)", "请求头（名称：值）"),
    "http.bad_input": ("The input cannot be used", "输入无法使用"),
    "http.fault_count": (
        "It has {number:count} fault(s), listed in errors.",
        "共 {number:count} 处错误，见 errors。",
    ),
    "http.too_large": (
        "The body is larger than {limit_mb} MB; put bulk data into a dataset and name it",
        "请求体超过 {limit_mb} MB；大批量数据请存入数据仓库后按名引用",
    ),
    "http.bodies_full": (
        "All calls together may carry {number:count} MB at once; try again later",
        "所有请求同时最多携带 {number:count} MB，请稍后再试",
    ),
    "http.dataset_too_large": (
        "A dataset may have at most {limit_mb} MB",
        "数据集不得超过 {limit_mb} MB",
    ),
    "http.writers_busy": (
        "As many reports and workbooks wait as may; try again later",
        "等待处理的报告与工作簿已达上限，请稍后再试",
    ),
    "http.written_too_long": (
        "Reading or writing it took longer than {seconds:count} s and was ended",
        "读取或编写超过 {seconds:count} 秒，已终止",
    ),
    "http.writer_died": (
        "Reading or writing it took more memory or processor time than granted",
        "读取或编写所需内存或处理器时间超过允许值",
    ),
    "http.no_dataset": ("There is no such dataset", "没有这个数据集"),
    "http.no_scenario": ("There is no such scenario", "没有这个情景"),
    "http.no_version": ("The scenario has no such version", "该情景没有这个版本"),
    "http.if_match": (
        "Say in If-Match which version this is to follow, as its ETag has it",
        "请在 If-Match 中给出所依据版本的 ETag",
    ),
    "http.stale": (
        "The scenario has another version by now; read it and decide again",
        "该情景已有更新的版本，请重新读取后再提交",
    ),
    "http.no_situation": ("There is no such situation", "没有这个态势"),
    "http.if_match_event": (
        "Say in If-Match which state of the situation was decided on, as its ETag has it",
        "请在 If-Match 中给出决策所依据态势的 ETag",
    ),
    "http.other_events": (
        "The situation has seen other events by now; read its orders and decide again",
        "态势已有新的事件，请重新读取调派建议后再决定",
    ),
    "need.own_name": (
        "the name of the key, {name}, or nothing",
        "须为密钥名称 {name}，或留空",
    ),
    "need.short_key": ("at most {limit:count} characters", "最多 {limit:count} 个字符"),
    "http.busy": (
        "All {number:count} solves that may run at once are under way; try again later",
        "同时求解数已达上限（{number:count} 个），请稍后再试",
    ),
    "http.out_of_time": (
        "The solve went on long after its time limit and was ended",
        "求解远超时限，已强制结束",
    ),
    "http.no_process": ("There is no such process", "没有这个处理过程"),
    "http.no_template": (
        "There is no such workbook to fill in; there are {known}",
        "没有这种待填工作簿；现有：{known}",
    ),
    "http.no_doubt": (
        "No list of places fits clearly better under another reading of its coordinates",
        "没有坐标在其他坐标系解释下明显更吻合的地点表",
    ),
    "http.no_example": ("There is no such example", "没有这个示例"),
    "http.no_job": ("There is no such job", "没有这个作业"),
    "http.not_ready": (
        "The job has no result: it has not ended, or was dismissed",
        "作业没有结果：尚未结束或已被取消",
    ),
    "http.no_such_part": ("The answer has no such part", "答案中没有这一部分"),
    "http.no_format": (
        "Results come as one of {known}, by ?f= or by Accept",
        "结果格式须为 {known} 之一，以 ?f= 或 Accept 指定",
    ),
    "http.not_ready_yet": ("The database of jobs cannot be read", "无法读取作业数据库"),
    "http.key_reused": (
        "This Idempotency-Key came before with another body; use a new one",
        "该 Idempotency-Key 已用于不同的请求体，请换用新的",
    ),
    "http.queue_full": (
        "{number:count} job(s) wait already, as many as may; try again later",
        "已有 {number:count} 个作业在排队，达到上限，请稍后再试",
    ),
    "job.crashed": (
        "Its process died {number:count} time(s); it is not tried again",
        "其进程已异常终止 {number:count} 次，不再重试",
    ),
    "job.bad_input": (
        "What it asks can no longer be read, perhaps because a dataset is gone",
        "作业内容已无法读取，可能是数据集已被移除",
    ),
    "http.solver_failed": ("The solver failed", "求解器出错"),
    "http.broken_plan": (
        "The plan found breaks a rule of its request and is withheld",
        "求得的方案违反请求中的规则，不予输出",
    ),
    "http.own_fault": ("Muster itself failed", "Muster 内部出错"),
}
