"""The summary of an answer: what a planner reads in the terminal."""

SUMMARY: dict[str, tuple[str, str]] = {
    "summary.title": ("{name}: {status}", "{name}：{status}"),
    "summary.illustrative": (
        "ILLUSTRATIVE: part of the data is invented to show the form; do not build on it.",
        "示例数据：部分数据为演示而虚构，不得作为决策依据。",
    ),
    "summary.asked": (
        (
            "Asked: {points:count} demand points, {candidates:count} candidate sites, "
            "{existing:count} stations in service; new: {new}. First arrival within "
            "{within:minutes} ({standard})."
        ),
        (
            "问题：需求点 {points:count} 个，候选站址 {candidates:count} 处，在勤消防站 "
            "{existing:count} 座；新建：{new}。首车到场时间 {within:minutes}（{standard}）。"
        ),
    ),
    "summary.asked_table": (
        (
            "Asked: demand from a dataset, {candidates:count} candidate sites, "
            "{existing:count} stations in service; new: {new}. First arrival within "
            "{within:minutes} ({standard})."
        ),
        (
            "问题：需求点取自数据集，候选站址 {candidates:count} 处，在勤消防站 "
            "{existing:count} 座；新建：{new}。首车到场时间 {within:minutes}（{standard}）。"
        ),
    ),
    "summary.scenarios": ("Travel: {scenarios}.", "行车情景：{scenarios}。"),
    "summary.new_class": ("{range} × {class_name}", "{class_name} {range} 座"),
    "summary.status.optimal": (
        "This plan is proven best at every level, in the order asked.",
        "本方案已按给定次序逐级证明最优。",
    ),
    "summary.status.feasible": (
        "This plan is the best found; it is not proven best. First level: gap {gap:gap}.",
        "本方案为已找到的最好方案，尚未证明最优。首要目标差距 {gap:gap}。",
    ),
    "summary.status.infeasible": (
        "No plan keeps all rules. The rules below cannot all hold:",
        "没有方案能同时满足全部规则。以下规则相互冲突：",
    ),
    "summary.status.unknown": (
        "The run ended ({stop}) with neither a plan nor a proof that none exists.",
        "计算结束（{stop}），未得出方案，也未证明无解。",
    ),
    "summary.status.proposed": (
        "This proposal was not searched for. It keeps every rule. First level: gap {gap:gap}.",
        "本方案为外部提出，未经求解。符合全部规则。首要目标差距 {gap:gap}。",
    ),
    "summary.status.broken": (
        "This proposal was not searched for. It breaks rules, named below.",
        "本方案为外部提出，未经求解。违反下列规则。",
    ),
    "summary.changes": (
        "Stations to open or change ({number:count}):",
        "新开或变更的消防站（{number:count} 座）：",
    ),
    "summary.no_changes": ("Nothing is opened or changed.", "无新开或变更的消防站。"),
    "summary.change": ("{action}: {class_name} at {site}", "{action}：{class_name}，{site}"),
    "summary.change_illustrative": (
        "{action}: {class_name} at {site} (illustrative site)",
        "{action}：{class_name}，{site}（示例站址）",
    ),
    "summary.moved_from": ("{line}, moved from {site}", "{line}（自{site}迁来）"),
    "summary.closed": ("close: {site}", "关闭：{site}"),
    "summary.cover": (
        (
            "Covered in time, {weight}: {before:share} → {after:share} "
            "({covered:count} of {total:count}, {gain})"
        ),
        (
            "按时覆盖{weight}：{before:share} → {after:share}"
            "（共 {total:count}，覆盖 {covered:count}，{gain}）"
        ),
    ),
    "summary.force": (
        "Full force in time, {weight}: {before:share} → {after:share}",
        "足够力量按时到场，{weight}：{before:share} → {after:share}",
    ),
    "summary.probable": (
        (
            "As times scatter (sigma {sigma:number}), {weight}: {before:share} → {after:share} "
            "expected in time, nine of ten runs within {p90_before:minutes} → {p90_after:minutes}"
        ),
        (
            "计入时间离散（sigma {sigma:number}），{weight}：预期按时 {before:share} → "
            "{after:share}，九成出动 {p90_before:minutes} → {p90_after:minutes}内到场"
        ),
    ),
    "report.card.probable": (
        "{weight} expected to be reached within {within:minutes}, as times scatter",
        "计入时间离散，{within:minutes}内预期可到达的{weight}",
    ),
    "compare.probable": ("Expected in time, as times scatter: {weight}", "预期按时覆盖：{weight}"),
    "table.probable": ("Cover as times scatter", "计入时间离散的覆盖"),
    "column.group": ("Group", "范围"),
    "column.probable_before": ("Expected today", "现状预期覆盖率"),
    "column.probable_after": ("Expected by plan", "方案预期覆盖率"),
    "column.probable_p90_before": ("90 % of runs today", "现状 90% 出动"),
    "column.probable_p90_after": ("90 % of runs by plan", "方案 90% 出动"),
    "note.probable": (
        (
            "Response times scatter around their medians (lognormal, sigma {sigma:number}); "
            "expected is the share whose first station arrives within {within:minutes}."
        ),
        (
            "响应时间围绕中位数呈对数正态分布（sigma {sigma:number}）；"
            "预期覆盖率为首车在 {within:minutes}内到场的期望比例。"
        ),
    ),
    "summary.times": (
        (
            "Response time: mean {mean_before:minutes} → {mean_after:minutes}, "
            "90 % within {p90_before:minutes} → {p90_after:minutes}, "
            "longest {worst_before:minutes} → {worst_after:minutes}"
        ),
        (
            "响应时间：平均 {mean_before:minutes} → {mean_after:minutes}，"
            "九成需求 {p90_before:minutes} → {p90_after:minutes}内到场，"
            "最长 {worst_before:minutes} → {worst_after:minutes}"
        ),
    ),
    "summary.crew": (
        (
            "Crew: {headcount:count} people ({per_10k:number} per 10,000), "
            "{on_duty:count} on duty, {vehicles:count} vehicles"
        ),
        (
            "人员：{headcount:count} 人（每万人 {per_10k:number} 人），执勤 {on_duty:count} 人，"
            "车辆 {vehicles:count} 辆"
        ),
    ),
    "summary.cost": (
        (
            "Cost: {capital:money} to build, {yearly:money} a year for all stations "
            "({yearly_added:money} more than today)"
        ),
        (
            "费用：建设 {capital:money}；全部消防站年度经费 {yearly:money}"
            "（较现状增加 {yearly_added:money}）"
        ),
    ),
    "summary.level": (
        "Level {order}. {objective}: {value}; bound {bound}; gap {gap:gap}; {status}",
        "第 {order} 级 {objective}：{value}；界 {bound}；差距 {gap:gap}；{status}",
    ),
    "summary.verified": (
        "Verified apart from the solver: {passed:count} of {total:count} checks hold.",
        "独立核验：{total:count} 项检查中 {passed:count} 项通过。",
    ),
    "summary.not_verified": ("Not verified.", "未经核验。"),
    "summary.check_failed": ("FAILED check: {rule} {detail}", "未通过的检查：{rule} {detail}"),
    "summary.judged": ("Judged in {wall:seconds}.", "评估用时 {wall:seconds}。"),
    "summary.run": (
        "Solved in {wall:seconds} with {backend} ({stop}).",
        "求解用时 {wall:seconds}，求解器 {backend}（{stop}）。",
    ),
    "conflict.rule": ("{rule} [{path}]", "{rule}[{path}]"),
    "conflict.change": (
        "Alone enough: change it from {value} to {restores_at}.",
        "仅调整此项即可：由 {value} 改为 {restores_at}。",
    ),
    "conflict.none_alone": (
        "No change of this rule alone is enough.",
        "仅调整此项不足以恢复可行。",
    ),
    "conflict.reducible": (
        "Time ran out before every rule was tried: some of these may be left out.",
        "时限内未能逐条检验，其中部分规则可能并非必要。",
    ),
    "conflict.intro": (
        "These rules cannot all hold; without any one of them a plan exists.",
        "下列规则不能同时成立；去掉其中任何一条即有可行方案。",
    ),
    "faults.title": ("The input has {number:count} faults:", "输入有 {number:count} 处错误："),
    "faults.one": ("The input has one fault:", "输入有 1 处错误："),
    "faults.line": ("{path}: needs {need}; given: {value}", "{path}：{need}；现为：{value}"),
    "faults.line_missing": ("{path}: needs {need}", "{path}：{need}"),
    "words.join": (", ", "、"),
    "words.separate": ("; ", "；"),
    "words.whole": ("the request", "请求"),
}
