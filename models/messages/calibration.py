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
        "格式为“名称=起-止,…”，小时取 0 至 23，同一小时只能属于一个时段",
    ),
    "calibration.need_coordinates": (
        (
            "travel by coordinates or over roads; a matrix says only how long each pair takes, not "
            "what is driven, so that nothing in it could be fitted: correct it at its source"
        ),
        (
            "行程须按坐标或路网计算；矩阵只给出每对地点的时间，不含行驶道路，无从拟合，"
            "请在其来源处修正"
        ),
    ),
    "calibration.need_ends": (
        (
            "the columns origin_lat, origin_lon, destination_lat and destination_lon; speeds on "
            "roads are fitted to the ways between these"
        ),
        (
            "需要列 origin_lat、origin_lon、destination_lat、destination_lon；"
            "道路速度由起讫点之间的路径拟合"
        ),
    ),
    "calibration.need_degrees": (
        "wgs84, gcj02, bd09 or cgcs2000: the log's ends are in degrees",
        "须为 wgs84、gcj02、bd09 或 cgcs2000：出动记录的起讫点以度为单位",
    ),
    "calibration.unrouted": (
        "  {count:count} more have no way over the roads (too far from any, or cut off).",
        "  另有 {count:count} 条在路网上无路可达（距道路过远或不连通）。",
    ),
    "calibration.settled": (
        "Routes and speeds settled after {rounds:count} rounds (last change {change:.1%}).",
        "路径与速度经 {rounds:count} 轮迭代收敛（末轮变化 {change:.1%}）。",
    ),
    "calibration.unsettled": (
        (
            "Routes and speeds did NOT settle in {rounds:count} rounds: a speed still moved by "
            "{change:.1%}."
        ),
        "路径与速度经 {rounds:count} 轮迭代仍未收敛：末轮变化 {change:.1%}。",
    ),
    "calibration.roads": (
        (
            "Over roads: start {start:.1f} s; scatter (sigma) {sigma:.3f}, P90 factor {p90:.2f}. "
            "Fitted speeds stand in place of posted limits:"
        ),
        (
            "按路网：起步 {start:.1f} 秒；离散度（sigma）{sigma:.3f}，P90 系数 {p90:.2f}。"
            "拟合速度取代限速："
        ),
    ),
    "calibration.speed_fitted": (
        (
            "  {name}: {before:.1f} -> {after:.1f} km/h (±{error:.0%}; {count:count} runs, "
            "{driven:.0f} km)"
        ),
        (
            "  {name}：{before:.1f} → {after:.1f} km/h（±{error:.0%}；{count:count} 条，"
            "{driven:.0f} km）"
        ),
    ),
    "calibration.speed_kept": (
        (
            "  {name}: keeps the profile's {before:.1f} km/h, the runs say too little of it "
            "({count:count} runs, {driven:.0f} km)"
        ),
        (
            "  {name}：沿用原速度 {before:.1f} km/h，出动记录不足以拟合"
            "（{count:count} 条，{driven:.0f} km）"
        ),
    ),
    "calibration.given_times": (
        "{name} (times of the source)",
        "{name}（数据源自带时间）",
    ),
    "calibration.at_bound": (
        "    {name} ran into the slowest or fastest speed allowed; look at its runs.",
        "    {name} 的拟合值达到允许的速度上下限，请核查相关记录。",
    ),
    "calibration.class_hours": (
        "    {name} besides x {factor:.3f}",
        "    {name} 另乘 ×{factor:.3f}",
    ),
    "calibration.no_better": (
        "The fitted times are NO better than those before on the runs held out; keep the old ones.",
        "在检验部分，拟合结果不优于校准前；建议保留原设置。",
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
            "median predicted/observed {ratio:.2f}, right verdicts at {standard:.0f} s "
            "{right:.1%}, within the P90 {within:.1%}."
        ),
        (
            "校准前（检验部分）：平均误差 {mae:.0f} 秒，预测/实测中位比 {ratio:.2f}，"
            "按 {standard:.0f} 秒判断正确 {right:.1%}，不超过 P90 {within:.1%}。"
        ),
    ),
    "calibration.after": (
        (
            "After, on runs held out: mean error {mae:.0f} s, "
            "median predicted/observed {ratio:.2f}, right verdicts at {standard:.0f} s "
            "{right:.1%}, within the P90 {within:.1%}."
        ),
        (
            "校准后（检验部分）：平均误差 {mae:.0f} 秒，预测/实测中位比 {ratio:.2f}，"
            "按 {standard:.0f} 秒判断正确 {right:.1%}，不超过 P90 {within:.1%}。"
        ),
    ),
    "calibration.band": (
        (
            "  from {low:.0f} m: {count:count} runs, ratio {old_ratio:.2f} -> {ratio:.2f}, "
            "error {old_mae:.0f} -> {mae:.0f} s, "
            "in time {seen:.2f} observed, {expected:.2f} expected"
        ),
        (
            "  {low:.0f} 米起：{count:count} 条，比值 {old_ratio:.2f} → {ratio:.2f}，"
            "误差 {old_mae:.0f} → {mae:.0f} 秒，"
            "及时率实测 {seen:.2f}、预期 {expected:.2f}"
        ),
    ),
    "calibration.hours": (
        "  {band}: times x {factor:.3f} ({count:count} runs)",
        "  {band}：时间 ×{factor:.3f}（{count:count} 条）",
    ),
    "calibration.class_speed": ("  {name}: {speed:.1f} km/h", "  {name}：{speed:.1f} km/h"),
}
