"""The report page: headings, cards, columns, notes; and the comparison of plans."""

REPORT: dict[str, tuple[str, str]] = {
    "report.for_council": ("One page for the council", "决策摘要"),
    "report.map": ("Map", "地图"),
    "report.plots": ("Plots", "图表"),
    "report.tables.figures": ("The plan in figures", "方案指标"),
    "report.tables.reasons": ("Why this plan", "方案理由"),
    "report.tables.run": ("How it was found and checked", "求解与核验"),
    "report.rests_on": ("What this rests on", "结论的依据"),
    "report.conflict": ("Why no plan exists", "为何没有可行方案"),
    "report.skip": ("Skip to the content", "跳到正文"),
    "report.contents": ("Contents", "目录"),
    "report.illustrative_banner": (
        (
            "Illustrative data: part of what this report rests on is invented "
            "to show the form. Marked entries are not facts."
        ),
        ("示例数据：本报告部分数据为演示而虚构，带标记的条目并非事实，不得作为决策依据。"),
    ),
    "report.illustrative": ("illustrative", "示例"),
    "report.not_optimal": (
        ("Not proven best: the search ended before the proof ({stop}). A better plan may exist."),
        "未证明最优：求解在完成证明前结束（{stop}），可能存在更好的方案。",
    ),
    "report.verification_failed": (
        "Verification failed: do not use this plan.",
        "核验未通过：请勿采用本方案。",
    ),
    "report.headline": (
        (
            "Stations opened or changed: {opened:count}. {weight} reached "
            "within {within:minutes}: {before:share} today, {after:share} "
            "with the plan."
        ),
        (
            "新开或变更消防站 {opened:count} 座；{within:minutes}内可到达的{weight}占比由 "
            "{before:share} 提高到 {after:share}。"
        ),
    ),
    "report.where": ("Where", "选址结果"),
    "report.gained": ("What is gained", "覆盖成效"),
    "report.cost": ("What it costs", "投入测算"),
    "report.left": ("What stays uncovered", "尚存缺口"),
    "report.card.cover": (
        "{weight} reached within {within:minutes}",
        "{within:minutes}内可到达的{weight}",
    ),
    "report.card.more": ("{gain} more than today", "比现状多 {gain}"),
    "report.card.fewer": ("{gain} fewer than today", "比现状少 {gain}"),
    "report.card.mean": ("Mean response time", "平均响应时间"),
    "report.card.p90": ("Nine in ten are reached within", "九成需求可在此时间内到达"),
    "report.card.force": (
        "{weight} reached by full force within {within:minutes}",
        "{within:minutes}内可获足够力量的{weight}",
    ),
    "report.card.today": ("today {value}", "现状 {value}"),
    "report.card.capital": ("Capital cost of all changes", "建设资金合计"),
    "report.card.yearly": ("Yearly cost of all stations", "全部消防站年度经费"),
    "report.card.yearly_added": ("{value} more than today", "比现状增加 {value}"),
    "report.card.yearly_saved": ("{value} less than today", "比现状减少 {value}"),
    "report.card.crew": ("Firefighters per 10,000 {weight}", "每万{weight}消防员数"),
    "report.card.uncovered": (
        "{weight} not reached within {within:minutes}",
        "{within:minutes}内无法到达的{weight}",
    ),
    "report.static_map": (
        "Map of the plan: stations and covered demand",
        "方案示意图：消防站与覆盖情况",
    ),
    "report.no_map.planar": (
        (
            "The request gives places in metres on a plane, so there is "
            "no map; the plan is drawn to scale."
        ),
        "请求中的坐标为平面米制坐标，无法上图；此处按比例绘制。",
    ),
    "report.no_map.unplaced": (
        ("The request gives no coordinates, only travel times, so nothing can be drawn."),
        "请求未提供坐标，仅有行车时间，无法绘图。",
    ),
    "report.no_points": (
        ("Demand is a dataset and is not drawn point by point; the map shows stations only."),
        "需求点取自数据集，不逐点绘制；地图仅显示消防站。",
    ),
    "report.no_scripts": (
        ("The interactive map and the plots need JavaScript; all figures are in the tables."),
        "交互地图和图表需要启用 JavaScript；全部数字见表格。",
    ),
    "report.no_tiles": (
        (
            "No background map is loaded: the page opens without a network. "
            "Squares are demand cells."
        ),
        "页面离线可用，不加载底图；方格为需求网格。",
    ),
    "word.before": ("today", "现状"),
    "word.after": ("plan", "方案"),
    "word.yes": ("yes", "是"),
    "word.no": ("no", "否"),
    "word.none": ("none", "无"),
    "word.times": ("{count} × {kind}", "{kind} {count} 辆"),
    "table.stations": ("Stations", "消防站"),
    "table.resources": ("Stations, crews, vehicles and cost", "站、人、车与费用"),
    "table.closed": ("Stations closed or left idle", "关闭或继续闲置的消防站"),
    "table.cover": ("Cover by weight", "按需求类型的覆盖"),
    "table.areas": ("Figures by area", "分片区指标"),
    "table.risk_classes": ("Figures by risk class", "分风险等级指标"),
    "table.scenarios": ("Figures by travel scenario", "分行车情景指标"),
    "table.districts": ("Districts and nominal areas", "辖区与标准面积"),
    "table.levels": ("Levels: value, bound and gap", "各级目标：取值、界与差距"),
    "table.verification": (
        "Verification: every rule and figure recomputed",
        "核验：逐项复核规则与指标",
    ),
    "table.contributions": ("What each site adds", "各站的贡献"),
    "table.marginal": ("One station more or fewer", "增减一座消防站"),
    "table.binding": ("Rules that bind", "起约束作用的规则"),
    "table.uncovered": ("What stays uncovered, and why", "未覆盖的需求及原因"),
    "table.ranking": ("Ways to spend money, by gain per cost", "投资效益排序"),
    "table.staffing": ("Crews and vehicles", "人员与车辆配备"),
    "table.staffing_levels": ("Crews and vehicles: levels", "人员与车辆配备：各级目标"),
    "table.staging": ("Building by year", "分年建设安排"),
    "table.robustness": ("If an assumption is wrong", "假设有误时的结果"),
    "table.survival": ("Which sites survive", "站址的稳健性"),
    "table.second_opinion": ("Second opinion by another solver", "另一求解器的复算"),
    "table.run": ("Record of the run", "运行记录"),
    "table.assumptions": ("Defaults and illustrative figures", "默认值与示例数据"),
    "table.compare": ("Comparison of plans", "方案比较"),
    "table.conflict": ("Rules in conflict", "相互冲突的规则"),
    "column.order": ("no.", "序号"),
    "column.site": ("Site", "站址"),
    "column.class": ("Class", "类别"),
    "column.action": ("Action", "措施"),
    "column.status": ("Status", "状态"),
    "column.owner": ("Owner", "归属"),
    "column.on_duty": ("On duty", "执勤人数"),
    "column.headcount": ("Headcount", "编制人数"),
    "column.vehicles": ("Vehicles", "车辆"),
    "column.capital": ("Capital cost", "建设资金"),
    "column.yearly": ("Yearly cost", "年度经费"),
    "column.moved_from": ("Moved from", "原址"),
    "column.weight": ("Demand", "需求类型"),
    "column.total": ("Total", "总量"),
    "column.covered_before": ("Covered today", "现状覆盖"),
    "column.covered_after": ("Covered by plan", "方案覆盖"),
    "column.share_before": ("Share today", "现状覆盖率"),
    "column.share_after": ("Share by plan", "方案覆盖率"),
    "column.force_before": ("Full force today", "现状足够力量"),
    "column.force_after": ("Full force by plan", "方案足够力量"),
    "column.second_after": ("Second station by plan", "方案第二到场"),
    "column.gain": ("Gain", "增益"),
    "column.area": ("Area", "片区"),
    "column.risk_class": ("Risk class", "风险等级"),
    "column.scenario": ("Scenario", "情景"),
    "column.mean_before": ("Mean today", "现状平均"),
    "column.mean_after": ("Mean by plan", "方案平均"),
    "column.p90_after": ("90 % by plan", "方案 90%"),
    "column.p90_before": ("90 % today", "现状 90%"),
    "column.worst_after": ("Longest by plan", "方案最长"),
    "column.worst_before": ("Longest today", "现状最长"),
    "column.built_up": ("Built-up area", "建成区面积"),
    "column.nominal": ("Nominal area", "标准面积"),
    "column.exceeded": ("Exceeded", "超出"),
    "column.objective": ("Objective", "目标"),
    "column.value": ("Value", "取值"),
    "column.bound": ("Bound", "界"),
    "column.gap": ("Gap", "差距"),
    "column.allowed_loss": ("Allowed loss", "允许损失"),
    "column.final": ("In the plan", "最终取值"),
    "column.wall": ("Time", "用时"),
    "column.nodes": ("Nodes", "节点数"),
    "column.stop": ("Ended", "结束原因"),
    "column.rule": ("Rule", "规则"),
    "column.passed": ("Holds", "通过"),
    "column.detail": ("Found", "结果"),
    "column.path": ("Field", "字段"),
    "column.adds": ("Adds", "贡献"),
    "column.adds_alone": ("Adds alone, against today", "单独贡献（比现状）"),
    "column.swap": ("Best stand-in", "最佳替代"),
    "column.swap_loss": ("Loss by it", "替代损失"),
    "column.without": ("Without it: opened instead", "不设此站时改设"),
    "column.without_loss": ("Loss, all else free", "其余重排后的损失"),
    "column.change": ("Change", "变化"),
    "column.used": ("Used", "已用"),
    "column.limit": ("Limit", "上限"),
    "column.reason": ("Reason", "原因"),
    "column.points": ("Points", "需求点数"),
    "column.cost": ("Cost", "费用"),
    "column.gain_per_cost": ("Gain per million", "每百万增益"),
    "column.mode": ("Counted", "计算方式"),
    "column.norm_on_duty": ("Norm on duty", "执勤标准"),
    "column.norm_vehicles": ("Norm vehicles", "车辆标准"),
    "column.year": ("Year", "年份"),
    "column.opened": ("Opened", "投用"),
    "column.budget_left": ("Budget left", "结余"),
    "column.case": ("Case", "情形"),
    "column.plan_value": ("This plan there", "本方案取值"),
    "column.best_value": ("Best there", "该情形最优"),
    "column.regret": ("Regret", "遗憾值"),
    "column.kept": ("Sites kept", "保留站址数"),
    "column.chosen": ("Chosen again", "再次入选"),
    "column.survives": ("Survives", "稳健"),
    "column.backend": ("Solver", "求解器"),
    "column.ours": ("Ours", "本次"),
    "column.theirs": ("Theirs", "复算"),
    "column.verdict": ("Verdict", "结论"),
    "column.before": ("Today", "现状"),
    "column.after": ("Plan", "方案"),
    "column.crew_per_10k": ("Firefighters per 10,000", "每万人消防员数"),
    "column.item": ("Item", "项目"),
    "column.source": ("Source", "来源"),
    "column.confidence": ("Confidence", "可信度"),
    "column.kind": ("Kind", "类型"),
    "column.illustrative": ("Illustrative", "示例"),
    "column.smallest_change": ("Smallest change", "最小调整量"),
    "column.restores_at": ("Feasible at", "恢复可行的取值"),
    "kind.default": ("default", "默认值"),
    "kind.illustrative": ("illustrative", "示例数据"),
    "kind.default_illustrative": ("default, illustrative", "默认值，示例数据"),
    "kind.given": ("given", "请求给定"),
    "change.more": ("one more {class_name}", "增加一座{class_name}"),
    "change.fewer": ("one fewer {class_name}", "减少一座{class_name}"),
    "note.cover": (
        (
            "Covered: the first station arrives within {within:minutes}; "
            "the clock starts {clock}. Expected value over the travel scenarios."
        ),
        "覆盖：首车在{clock}后 {within:minutes}内到场；为各行车情景的期望值。",
    ),
    "note.force": (
        (
            "Full force: {vehicles:count} vehicles and {people:count} people "
            "on duty within {within:minutes}."
        ),
        ("足够力量：{within:minutes}内到场 {vehicles:count} 辆车、{people:count} 名执勤人员。"),
    ),
    "note.ranking": (
        ("Cost: capital plus yearly cost. The sequence counts each step given those before it."),
        "费用为建设资金加年度经费；“依次实施”按前项已实施计算。",
    ),
    "note.survival": (
        (
            "A site survives if every re-solved plan has it, or leaving "
            "it costs less than 0.1 % of cover there."
        ),
        "若各情形重新求解均选中该站，或不选它时覆盖损失小于 0.1%，则视为稳健。",
    ),
    "note.robustness_partial": (
        "Time ran out before every case was tried.",
        "时限内未能完成全部情形。",
    ),
    "note.no_assumptions": (
        "The answer lists no default and no illustrative figure.",
        "答案未列出任何默认值或示例数据。",
    ),
    "note.staffing": (
        (
            "{headcount:count} people, {hired:count} of them hired; {per_10k:number} "
            "per 10,000. Short of the class norms: {short:count} people, "
            "vehicles: {vehicles_short:count}. Reached by full force: {covered:count} "
            "of {total:count} {weight}. Status: {status}."
        ),
        (
            "共 {headcount:count} 人，其中增员 {hired:count} 人；每万人 "
            "{per_10k:number} 人。低于配备标准：{short:count} 人、{vehicles_short:count} "
            "辆车。足够力量可覆盖{weight} {covered:count}，共 {total:count}。"
            "状态：{status}。"
        ),
    ),
    "note.staging": (
        "Value: {objective} at the year's end. Status: {status}.",
        "取值：当年末的{objective}。状态：{status}。",
    ),
    "record.request": ("request, SHA-256", "请求 SHA-256"),
    "record.seed": ("seed", "随机种子"),
    "record.threads": ("threads", "线程数"),
    "record.backend": ("solver", "求解器"),
    "record.replayable": ("replayable", "可重放"),
    "note.left_out": ("Left out: {parts}", "未完成：{parts}"),
    "note.unit": (
        "Values as for the first objective: {objective}.",
        "取值同首要目标：{objective}。",
    ),
    "note.unit_weight": (
        "Values as for the first objective: {objective}, {weight}.",
        "取值同首要目标：{objective}（{weight}）。",
    ),
    "report.footer": (
        "Made by Muster. Map by Leaflet, plots by Plotly, both inside this file.",
        "由 Muster 生成。地图 Leaflet、图表 Plotly 均内嵌于本文件。",
    ),
    "report.needs_extra": (
        "this needs {package}: install the extra “report” (pip install '.[report]')",
        "需要 {package}：请安装附加组件“report”（pip install '.[report]'）",
    ),
    "report.opening": ("{action}: {class_name}", "{action}：{class_name}"),
    "report.reason": ("{weight:count}: {reason}", "{weight:count}：{reason}"),
    "report.reasons_note": ("Reasons as in scenario “{scenario}”", "原因按“{scenario}”情景统计"),
    "report.worst_areas": ("Least covered", "覆盖率最低的片区"),
    "report.worst_area": ("{area}: {share:share}", "{area}：{share:share}"),
    "report.why": ("Why", "原因"),
    "compare.base": ("{name} (base)", "{name}（基准）"),
    "compare.gained": ("Gained against the base", "比基准增加"),
    "compare.lost": ("Lost against the base", "比基准减少"),
    "compare.chosen.stations": ("Open stations", "开放消防站"),
    "compare.chosen.sites": ("Open sites", "开放场所"),
    "compare.chosen.orders": ("Orders", "调派指令"),
    "compare.chosen.calls": ("Calls", "到场次数"),
    "compare.chosen.moves": ("Moves", "移防"),
    "compare.severity_served": ("Severity served", "已处置严重度"),
    "compare.severity_total": ("Severity of all", "全部严重度"),
    "compare.served_incidents": ("Incidents wholly served", "已全部满足的灾情"),
    "compare.reserve_shortfall": ("Short of the reserve, teams", "后备缺口（队）"),
    "compare.response": ("Response: severity x seconds", "响应：严重度×秒"),
    "compare.diversions": ("Diversions", "改派次数"),
    "compare.completion": ("Severity x seconds until done", "严重度×完成时间"),
    "compare.lateness": ("For being late", "迟到计入"),
    "compare.left_out": ("For what is left out", "未处置计入"),
    "compare.done": ("All done after", "全部完成用时"),
    "compare.cover_before": ("Expected cover before", "移防前期望覆盖"),
    "compare.cover_after": ("Expected cover after", "移防后期望覆盖"),
    "compare.bare_zones": ("Zones that nobody reaches", "无队伍可达的区域"),
    "compare.busy": ("Teams that are busy", "忙碌队伍比例"),
    "compare.cover": ("Covered in time: {weight}", "按时覆盖：{weight}"),
    "compare.force": ("Full force in time: {weight}", "足够力量：{weight}"),
    "compare.mean": ("Mean response time", "平均响应时间"),
    "compare.p90": ("90 % within", "90% 响应时间"),
    "compare.worst": ("Longest response time", "最长响应时间"),
    "compare.status": ("Status", "状态"),
    "report.legend.kept": ("station today, kept", "现有消防站，保留"),
    "report.legend.opened": (
        "opened or changed, numbered as in the list",
        "新开或变更，编号见列表",
    ),
    "report.legend.closed": ("closed or left idle", "关闭或继续闲置"),
    "report.legend.empty": ("nobody lives here", "无人口"),
    "report.status_label": ("Status", "状态"),
    "report.infeasible": (
        "No plan keeps all rules; the rules in conflict are below.",
        "没有方案能同时满足全部规则，相互冲突的规则见下。",
    ),
    "report.too_many_points": (
        (
            "{number:count} demand points are too many to move on a screen: "
            "here the map shows stations only, the drawing above shows "
            "every point."
        ),
        ("需求点共 {number:count} 个，数量过多，交互地图仅显示消防站；全部需求点见上方示意图。"),
    ),
    "report.headline_bare": (
        (
            "Stations opened or changed: {opened:count}. {weight} reached "
            "within {within:minutes}: {after:share}."
        ),
        (
            "新开或变更消防站 {opened:count} 座；{within:minutes}内可到达的{weight}占比 "
            "{after:share}。"
        ),
    ),
}
