"""What calibration says to people."""

CALIBRATION: dict[str, tuple[str, str]] = {
    "calibration.need_column": (
        "a column of this name; the file has: {found}",
        "需要此列；文件中的列为：{found}",
    ),
    "calibration.need_number": (
        "a number from {low:number} to {high:number}",
        "须为 {low:number} 至 {high:number} 之间的数",
    ),
    "calibration.need_runs": (
        "at least {fewest:count} usable runs; {count:count} of the {read:count} read can be used",
        "至少需要 {fewest:count} 条可用出动记录；读入 {read:count} 条，可用 {count:count} 条",
    ),
    "calibration.need_varied_distance": (
        "runs of different distances; all have this one",
        "出动距离须有差异；目前全部相同",
    ),
    "calibration.need_varied_time": (
        "runs of different times; all have this one",
        "行车时间须有差异；目前全部相同",
    ),
    "calibration.need_utf8": ("a CSV file in UTF-8", "须为 UTF-8 编码的 CSV 文件"),
    "calibration.need_hours": (
        "NAME=FROM-TO,... with hours 0 to 23, each hour in one band at most",
        "格式为 名称=起-止,…，小时取 0 至 23，同一小时只能属于一个时段",
    ),
    "calibration.need_coordinates": (
        "travel by coordinates; a law cannot mend a matrix or a road network",
        "行程须按坐标计算；行程规律不能用于修正矩阵或路网",
    ),
    "calibration.runs": (
        (
            "Runs: {read:count} read, {fitted:count} fitted, {held:count} held out; left out: "
            "{no_time:count} without a time, {too_long:count} over 2 h, {too_fast:count} over "
            "150 km/h."
        ),
        (
            "出动记录：读入 {read:count} 条，拟合 {fitted:count} 条，留作检验 {held:count} 条；"
            "剔除：无时间 {no_time:count} 条，超过 2 小时 {too_long:count} 条，"
            "超过 150 km/h {too_fast:count} 条。"
        ),
    ),
    "calibration.law": (
        (
            "Law: start {start:.1f} s, cruise {speed:.1f} km/h, acceleration {rate:.3f} m/s²; "
            "scatter (sigma) {sigma:.3f}, P90 factor {p90:.2f}."
        ),
        (
            "行程规律：起步 {start:.1f} 秒，巡航 {speed:.1f} km/h，加速度 {rate:.3f} m/s²；"
            "离散度（sigma）{sigma:.3f}，P90 系数 {p90:.2f}。"
        ),
    ),
    "calibration.before": (
        (
            "Before, on runs held out: mean error {mae:.0f} s, "
            "median predicted/observed {ratio:.2f}, right verdicts at {standard:.0f} s {right:.1%}."
        ),
        (
            "校准前（检验部分）：平均误差 {mae:.0f} 秒，预测/实测中位比 {ratio:.2f}，"
            "按 {standard:.0f} 秒判断正确 {right:.1%}。"
        ),
    ),
    "calibration.after": (
        (
            "After, on runs held out: mean error {mae:.0f} s, "
            "median predicted/observed {ratio:.2f}, right verdicts at {standard:.0f} s {right:.1%}."
        ),
        (
            "校准后（检验部分）：平均误差 {mae:.0f} 秒，预测/实测中位比 {ratio:.2f}，"
            "按 {standard:.0f} 秒判断正确 {right:.1%}。"
        ),
    ),
    "calibration.band": (
        (
            "  from {low:.0f} m: {count:count} runs, ratio {ratio:.2f}, error {mae:.0f} s, "
            "in time {seen:.2f} observed, {expected:.2f} expected"
        ),
        (
            "  {low:.0f} 米起：{count:count} 条，比值 {ratio:.2f}，误差 {mae:.0f} 秒，"
            "及时率实测 {seen:.2f}、预期 {expected:.2f}"
        ),
    ),
    "calibration.hours": (
        "  {band}: times x {factor:.3f} ({count:count} runs)",
        "  {band}：时间 ×{factor:.3f}（{count:count} 条）",
    ),
    "calibration.class_speed": ("  {name}: {speed:.1f} km/h", "  {name}：{speed:.1f} km/h"),
}
