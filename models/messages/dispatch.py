"""What team dispatch says: faults, checks, reasons, orders as lines for radio and chat."""

_CLAIMS: dict[str, tuple[str, str]] = {
    "severity_served": ("Severity served", "已响应严重度"),
    "severity_total": ("Severity in all", "严重度合计"),
    "reserve_shortfall": ("Reserve shortfall (teams)", "备勤缺口（队）"),
    "reserve": ("Reserve levels (teams)", "备勤水平（队）"),
    "response": ("Severity-weighted arrival", "严重度加权到达时间"),
    "diversions": ("Diversions", "改派次数"),
    "short": ("Open needs", "未满足需求"),
}

DISPATCH: dict[str, tuple[str, str]] = {
    "objective.dispatch.severity": _CLAIMS["severity_served"],
    "objective.dispatch.reserve": _CLAIMS["reserve_shortfall"],
    "objective.dispatch.response": _CLAIMS["response"],
    "dispatch.title": ("{name}: orders", "{name}：调派命令"),
    "dispatch.quality.proven": (
        "Proven: no plan serves more severity.",
        "已证明：没有方案能响应更高的严重度。",
    ),
    "dispatch.quality.improving": (
        "Better than the first plan; no proof that it is the best.",
        "优于首个方案；尚未证明为最优。",
    ),
    "dispatch.quality.greedy": (
        "The first plan; no proof that it is the best.",
        "首个方案；尚未证明为最优。",
    ),
    "dispatch.figures": (
        (
            "Severity {served} of {total}; {incidents} of {all} incidents served; "
            "{orders} orders, {diversions} diversions"
        ),
        (
            "已响应严重度 {served}/{total}；{all} 起事件中 {incidents} 起得到满足；"
            "命令 {orders} 条，改派 {diversions} 次"
        ),
    ),
    "dispatch.command": (
        "{incident}: {team} would command {led} other teams, its span is {span}",
        "{incident}：{team} 须指挥其他 {led} 支队伍，超出其指挥幅度 {span}",
    ),
    "dispatch.reserve": (
        "Reserve, zone {zone}, skill {skill}: {before} before, {after} after, {wanted} wanted",
        "备勤（{zone}，{skill}）：调派前 {before}，调派后 {after}，要求 {wanted}",
    ),
    "dispatch.line": (
        (
            "{team}: {people} people, {vehicles} vehicles to {incident} as {role}; "
            "leave in {leave}, arrive in {arrive} min. {why}"
        ),
        (
            "{team}：{people} 人、{vehicles} 车，前往 {incident}，任务：{role}；{leave} 后出动，"
            "{arrive} 后到达（分：秒）。{why}"
        ),
    ),
    "dispatch.word.any": ("any team", "任意队伍"),
    "dispatch.word.all": ("all", "全部"),
    "dispatch.word.first_due": (" (first due)", "（首批）"),
    "dispatch.duplicate": (
        "{first} and {second} may be one incident",
        "{first} 与 {second} 可能为同一事件",
    ),
    "dispatch.stale": ("{team}: its position is old", "{team}：位置信息已过时"),
    "dispatch.more": ("  … and {count} more", "  ……另有 {count} 条"),
    "dispatch.page.open": ("Not served, and why", "未能响应及原因"),
    "dispatch.page.map": ("Who goes where", "力量部署图"),
    "dispatch.page.timeline": ("Who arrives when", "到达时间轴"),
    "dispatch.reason.SKILL": (
        "{incident}: too few teams can do what is needed; if others could, it would be served",
        "{incident}：具备所需能力的队伍不足；若放宽能力要求即可响应",
    ),
    "dispatch.reason.CAPACITY": (
        "{incident}: {short} more teams are wanted",
        "{incident}：尚缺 {short} 支队伍",
    ),
    "dispatch.reason.TIME_WINDOW": (
        "{incident}: too few teams arrive by the deadline; later it would be served",
        "{incident}：时限内可到达的队伍不足；放宽时限即可响应",
    ),
    "dispatch.reason.REACHABLE": (
        "{incident}: teams have no way there; with one it would be served",
        "{incident}：队伍无路可达；道路恢复后即可响应",
    ),
    "dispatch.reason.TIER_NOT_OPEN": (
        "{incident}: further tiers are not open at its level; with them it would be served",
        "{incident}：该响应级别尚未启用上一层级力量；启用后即可响应",
    ),
    "dispatch.reason.NOT_RELEASED": (
        "{incident}: teams wait for their owner's permission; with it it would be served",
        "{incident}：有队伍尚待所属单位批准；批准后即可响应",
    ),
    "dispatch.reason.REST_RULE": (
        "{incident}: teams rest or their shift ends; without that it would be served",
        "{incident}：有队伍处于休整或即将换班；放宽后即可响应",
    ),
    "dispatch.reason.LOCKING": (
        "{incident}: teams are bound to the incident they are at or nearly at",
        "{incident}：队伍已在或即将到达其他现场，不可改派",
    ),
    "dispatch.reason.BUSY": (
        "{incident}: teams are still at work elsewhere; free now, it would be served",
        "{incident}：有队伍仍在其他现场作业；若现在即可抽调则可响应",
    ),
    "dispatch.reason.VEHICLE_NOT_ALLOWED": (
        "{incident}: a forbidden pair stands in the way; without it it would be served",
        "{incident}：受禁派规定限制；取消后即可响应",
    ),
    "dispatch.reason.RESERVE_HELD": (
        "{incident}: teams are held in reserve; with them it would be served",
        "{incident}：有队伍须留作备勤；动用备勤即可响应",
    ),
    "dispatch.reason.OUTCOMPETED": (
        "{incident}: its teams are wanted more elsewhere ({by} would have to give way)",
        "{incident}：所需队伍用于更重要的事件（须 {by} 让出）",
    ),
    "dispatch.reason.TIME_RAN_OUT": (
        "{incident}: a plan that serves it exists; the time to find it ran out",
        "{incident}：存在可响应的方案，但求解时间已到",
    ),
    "dispatch.shortage": (
        "{asked} slots want the same {teams} teams (skills: {skills})",
        "{asked} 个岗位只能由相同的 {teams} 支队伍担任（能力：{skills}）",
    ),
    "dispatch.why.kept": ("goes on as ordered", "按原命令执行"),
    "dispatch.why.new": ("a new order", "新命令"),
    "dispatch.why.pin": ("settled by a dispatcher", "由调度员指定"),
    "dispatch.why.frozen": ("nearly there: goes on", "即将到达，不再改派"),
    "dispatch.why.on_scene": ("at work there", "正在现场作业"),
    "dispatch.why.graver": ("{now} is graver than {was}", "{now} 比 {was} 更严重"),
    "dispatch.why.better": (
        "all teams together are faster at {now} than at {was}",
        "由 {was} 改派 {now} 后整体更快",
    ),
    "dispatch.why.not_served": (
        "{was} cannot be served as it asks; the team is free again",
        "{was} 无法满足需求，队伍解除任务",
    ),
    "dispatch.why.no_longer": ("no longer proposed", "不再建议"),
    "dispatch.why.not_needed": (
        "{was} has what it needs without this team",
        "{was} 所需力量已足，队伍解除任务",
    ),
    "dispatch.left_out.reason": (
        "the time ran out before the reason of {incident} was tried",
        "时间已到，未能查明 {incident} 的原因",
    ),
    "dispatch.left_out.runners_up": (
        "the time ran out before the runners-up were found",
        "时间已到，未能给出备选队伍",
    ),
    "check.dispatch.rule": ("at fault: {found}", "不符合者：{found}"),
    "fault.dispatch.pin_unreachable": (
        "a team that can reach incident {incident}: there is no way for this one",
        "须为可到达事件 {incident} 的队伍：该队伍无路可达",
    ),
    "fault.dispatch.pinned_twice": (
        "one pin for each team; this one is pinned at {other} already",
        "每支队伍只能指定一次；该队伍已在 {other} 指定",
    ),
    "fault.dispatch.pin_lost": (
        "a team in contact: this one is lost",
        "须为可联络的队伍：该队伍已失联",
    ),
    "fault.dispatch.no_needs": (
        "needs, or a response plan for incidents of kind {kind}",
        "须给出需求，或给出事件类型 {kind} 的出动预案",
    ),
    "fault.dispatch.one_first": (
        "at most one first-due need in an incident",
        "每起事件至多一项首批出动需求",
    ),
    "fault.dispatch.need_place": (
        "the place of a need, from 0: the incident has {count}",
        "须为需求序号（自 0 起）：该事件共有 {count} 项需求",
    ),
    "fault.dispatch.not_yet": (
        "a time not after now ({now} s)",
        "不得晚于当前时刻（{now} 秒）",
    ),
    "fault.dispatch.backwards": (
        "a time not before {now} s: time does not run backwards",
        "不得早于 {now} 秒：时间不能倒流",
    ),
    "fault.dispatch.not_proposed": (
        "an order that is proposed now; for this team: {proposed}",
        "须为当前建议的调派；该队伍当前建议：{proposed}",
    ),
    "fault.dispatch.no_roads": (
        "a request in which some mode goes by roads: this one has none to shut",
        "须有按路网通行的方式：本请求没有可封闭的道路",
    ),
    "fault.dispatch.override_what": (
        "the incident the team is sent to instead, or the one it was proposed for",
        "须给出改派的事件，或原建议的事件",
    ),
    "fault.dispatch.ordered_twice": (
        "one order for each team; this one has another already",
        "每支队伍只能有一条调派指令；该队伍已另有指令",
    ),
    "fault.dispatch.settled": (
        "the incident this team is settled at beforehand: {there}",
        "须为该队伍事先已确定前往的事件：{there}",
    ),
    "fault.dispatch.time_left": (
        "the seconds until this team arrives: it is en route",
        "须给出剩余到达时间（秒）：该队伍正在途中",
    ),
}

for _name, (_english, _chinese) in _CLAIMS.items():
    DISPATCH[f"check.claim.dispatch_{_name}"] = (
        f"{_english}: {{claimed}} claimed, {{found}} found",
        f"{_chinese}：方案称 {{claimed}}，复核为 {{found}}",
    )
    DISPATCH[f"check.claim.dispatch_{_name}.agrees"] = (
        f"{_english}: agrees ({{count}} compared)",
        f"{_chinese}：一致（比对 {{count}} 项）",
    )
