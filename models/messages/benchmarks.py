"""What `muster bench` says: published instances, and how near the engine came."""

BENCHMARKS: dict[str, tuple[str, str]] = {
    "benchmark.title": (
        "Published instances: {family}, {count:count} of them, {seconds:number} s each at most",
        "公开算例：{family}，共 {count:count} 个，每个限时 {seconds:number} 秒",
    ),
    "benchmark.outcome": (
        (
            "As published: {reached:count} of {count:count}; proven: {proven:count}; "
            "in all {seconds:number} s."
        ),
        (
            "{count:count} 个算例中 {reached:count} 个与公开值一致，{proven:count} 个已证明最优；"
            "合计用时 {seconds:number} 秒。"
        ),
    ),
    "benchmark.line": (
        "{instance}: {status}, {seconds:number} s",
        "{instance}：{status}，{seconds:number} 秒",
    ),
    "benchmark.no_instance": (
        "the name of an instance of the set: {known}, ...",
        "须为该算例集中的算例名称：{known} 等",
    ),
    "benchmark.column.instance": ("Instance", "算例"),
    "benchmark.column.objective": ("Objective", "目标值"),
    "benchmark.column.published": ("Published value", "公开值"),
    "benchmark.column.from_published": ("From published value", "与公开值之差"),
    "benchmark.column.gap": ("Proven gap", "证明差距"),
    "benchmark.column.status": ("Status", "状态"),
    "benchmark.column.time": ("Time (s)", "用时（秒）"),
    "benchmark.plot.time": ("Time of each instance", "各算例用时"),
    "benchmark.plot.gap": ("Distance from the published value", "与公开值的相对差"),
    "benchmark.axis.seconds": ("seconds", "秒"),
    "benchmark.axis.share": ("percent of the published value", "占公开值的百分比"),
    "benchmark.no_data": (
        "the published data of {family}: set MUSTER_DATA to its folder",
        "需要 {family} 的公开数据：请将环境变量 MUSTER_DATA 设为其所在文件夹",
    ),
    "benchmark.unreadable": (
        "a readable instance: {problem}",
        "需要可读取的算例文件：{problem}",
    ),
    "benchmark.contradiction": (
        (
            "{instance}: {objective:number} contradicts the published {published:number}. "
            "Please report this."
        ),
        "{instance}：求得 {objective:number}，与公开值 {published:number} 矛盾。请反馈此问题。",
    ),
}
