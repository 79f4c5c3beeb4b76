"""What reports on the disaster phase and on readiness say: rounds, timelines, moves."""

ROUNDS: dict[str, tuple[str, str]] = {
    "objective.dispatch_phase.phase_completion": (
        "Severity x seconds until done",
        "严重度×完成时间",
    ),
    "objective.dispatch_readiness.expected_cover": ("Expected cover", "期望覆盖"),
    "objective.dispatch_positioning.expected_severity": (
        "Expected severity served, less what moves must bring",
        "期望处置严重度（扣除移动门槛）",
    ),
    "rounds.summary": ("In short", "概要"),
    "rounds.figures": (
        (
            "Severity served: {served} of {total}; {teams} teams make {calls} calls; "
            "the last incident is done {done} (h:min) from now"
        ),
        (
            "已处置严重度 {served}/{total}；{teams} 支队伍共 {calls} 次到场；"
            "全部完成于 {done} 后（时：分）"
        ),
    ),
    "rounds.cost": (
        (
            "Severity x seconds until done: {completion}; late: {lateness}; left out: {left}; "
            "in all: {objective}"
        ),
        "严重度×完成时间：{completion}；迟到：{lateness}；未处置：{left}；合计：{objective}",
    ),
    "rounds.targets": (
        "Done within the time they should be: {met} of {targets}",
        "在要求时限内完成：{met}/{targets}",
    ),
    "rounds.unserved": ("{count} incidents are not wholly served:", "{count} 起灾情未完全处置："),
    "rounds.lines": ("Rounds as lines for radio or chat", "各队任务简令（电台或群发）"),
    "rounds.line": (
        "{team}: {people} people, {vehicles} vehicles; leave {leave}; {calls} (h:min from now)",
        "{team}：{people} 人、{vehicles} 车；{leave} 出发；{calls}（自现在起，时：分）",
    ),
    "rounds.call": (
        "{number}. {incident} as {role}, {start} to {finish}",
        "{number}、{incident}，任务：{role}，{start} 至 {finish}",
    ),
    "rounds.call.by": (
        "{number}. fill up at {depot}, then {incident} as {role}, {start} to {finish}",
        "{number}、先到 {depot} 补给，再赴 {incident}，任务：{role}，{start} 至 {finish}",
    ),
    "rounds.call.walk": (
        "{call} (road ends {road_end}; on foot {up} min up, {back} min down)",
        "{call}（{road_end} 到达道路尽头，徒步上山 {up} 分钟、下山 {back} 分钟）",
    ),
    "rounds.call.day": ("{call} (not before daylight)", "{call}（待天亮后开始）"),
    "rounds.call.break": (
        "{number}. rest, {start} to {finish}",
        "{number}、休整，{start} 至 {finish}",
    ),
    "rounds.timeline": ("Timeline of the teams", "各队时间轴"),
    "rounds.timeline.axis": ("hours and minutes from now", "自现在起（时：分）"),
    "rounds.bar.way": ("On the way", "途中"),
    "rounds.bar.walk": ("On foot", "徒步"),
    "rounds.bar.wait": ("Waiting", "等待"),
    "rounds.bar.night": ("Waiting for daylight", "待天亮"),
    "rounds.bar.work": ("At work", "作业"),
    "rounds.bar.rest": ("Rest", "休整"),
    "rounds.rest": ("Rest", "休整"),
    "table.phase_calls": ("Calls by team", "各队到场安排"),
    "table.phase_depots": ("Where teams fill up", "补给点使用情况"),
    "depot.store": ("Store", "物资库"),
    "depot.cistern": ("Cistern", "蓄水池"),
    "depot.dip_point": ("Dip point", "取水点"),
    "depot.helicopter_point": ("Helicopter point", "直升机起降点"),
    "column.depot_kind": ("Kind", "类型"),
    "column.fills": ("Fills", "补给次数"),
    "column.on_foot": ("On foot, up", "徒步上山"),
    "column.for_day": ("Waits for daylight", "待天亮"),
    "table.phase_teams": ("What each team's time goes into", "各队时间分配"),
    "table.phase_unserved": ("Not wholly served, and why", "未完全处置及原因"),
    "table.phase_incidents": ("Incidents: when each is done", "各灾情完成时刻"),
    "table.dispatch_orders": ("Orders", "调派指令"),
    "table.dispatch_unserved": ("Not served, and why", "未能响应及原因"),
    "table.dispatch_reserve": ("Reserve", "备勤"),
    "table.dispatch_runners_up": ("The best other team", "次优队伍"),
    "table.readiness_moves": ("Teams that should move up", "应移防的队伍"),
    "table.readiness_worth": ("What each ready team is worth", "各在备队伍的覆盖贡献"),
    "table.readiness_zones": ("Zones", "区域"),
    "table.run_levels": ("Levels: value, bound and gap", "各级目标：取值、界与差距"),
    "column.team": ("Team", "队伍"),
    "column.contact": ("Contact", "联系方式"),
    "column.incident": ("Incident", "灾情"),
    "column.role": ("Role", "任务"),
    "column.first_due": ("First due", "首批"),
    "column.leaves": ("Leaves (h:min)", "出发（时：分）"),
    "column.arrives": ("Arrives (h:min)", "到达（时：分）"),
    "column.begins": ("Begins (h:min)", "开始（时：分）"),
    "column.finishes": ("Ends (h:min)", "结束（时：分）"),
    "column.by_depot": ("Fills up at", "补给点"),
    "column.severity": ("Severity", "严重度"),
    "column.calls": ("Calls", "到场次数"),
    "column.on_way": ("On the way", "途中"),
    "column.at_work": ("At work", "作业"),
    "column.waiting": ("Waiting", "等待"),
    "column.zone": ("Zone", "区域"),
    "column.skill": ("Skill", "能力"),
    "column.before_orders": ("Before", "调派前"),
    "column.after_orders": ("After", "调派后"),
    "column.wanted": ("Wanted", "要求"),
    "column.instead": ("Instead", "替代队伍"),
    "column.response_loss": ("Loss of response", "响应损失"),
    "column.probability": ("Probability", "概率"),
    "column.severity_after": ("Severity served", "处置严重度"),
    "column.severity_before": ("Where everybody stays", "均不移动时"),
    "column.severity_total": ("Severity in all", "严重度合计"),
    "column.post": ("Waits at", "驻点"),
    "column.way": ("Way", "行程"),
    "column.loss": ("Cover lost if sent away", "派出后覆盖损失"),
    "column.expected_calls": ("Expected calls", "预期警情"),
    "column.reached": ("Reached by a ready team", "有在备队伍可达"),
    "readiness.cover": (
        "Expected cover: {before} now, {after} after {moves} moves (standard {standard} min)",
        "期望覆盖：现在 {before}，移防 {moves} 次后 {after}（标准 {standard} 分钟）",
    ),
    "positioning.expected": (
        "Expected severity served: {after} of {total}, {before} if everybody stays; {moves} moves",
        "期望处置严重度：{after}/{total}；若均不移动为 {before}；移动 {moves} 支队伍",
    ),
    "positioning.stay": ("Nobody needs to wait elsewhere.", "各队伍无需移动。"),
    "positioning.scenario": (
        "{scenario} ({probability}): severity {served} of {total}, {staying} where everybody stays",
        "{scenario}（{probability}）：处置严重度 {served}/{total}；若均不移动为 {staying}",
    ),
    "table.positioning_scenarios": ("Scenarios of the warning", "预警情景"),
    "table.positioning_unserved": ("Not served, and why", "未满足的灾情及原因"),
    "table.positioning_moves": ("Teams that wait elsewhere", "预置队伍"),
    "readiness.busy": ("Busy teams: {busy}", "忙碌队伍比例：{busy}"),
    "readiness.gated": (
        "Nobody moves up: more than {limit} of the teams are busy.",
        "不移防：忙碌队伍超过 {limit}。",
    ),
    "readiness.stay": ("Nobody needs to move.", "无需移防。"),
    "readiness.line": (
        "{team}: move up to {post}, {way} min on the way",
        "{team}：移防至 {post}，行程 {way}（分：秒）",
    ),
    "readiness.bare": (
        "Zones that no ready team reaches in time: {zones}",
        "无在备队伍及时可达的区域：{zones}",
    ),
}
