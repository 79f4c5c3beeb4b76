"""What the disaster phase and readiness say: faults, checks, reasons."""

_CLAIMS: dict[str, tuple[str, str]] = {
    "phase_severity": ("Severity served and in all", "已处置与合计严重度"),
    "phase_completion": ("Severity x seconds until done", "严重度×完成时间"),
    "phase_lateness": ("Lateness", "迟到代价"),
    "phase_left_out": ("Left out", "未处置代价"),
    "phase_objective": ("Objective", "目标值"),
    "phase_targets": ("Done within their target", "按时限完成"),
    "phase_done": ("When the last is done (s)", "全部完成时刻（秒）"),
    "readiness_way": ("Ways of the moves (s)", "移防行程（秒）"),
    "readiness_cover": ("Expected cover and busy share", "期望覆盖与忙碌比例"),
    "readiness_worth": ("What each team is worth", "各队伍的覆盖贡献"),
    "positioning_way": ("Ways of the moves (s)", "预置行程（秒）"),
    "positioning_outcomes_severity": ("Severity served with the moves", "预置后各情景处置严重度"),
    "positioning_staying_severity": ("Severity served without moves", "不预置时各情景处置严重度"),
    "positioning_expected": ("Expected severity served", "期望处置严重度"),
}

PHASE: dict[str, tuple[str, str]] = {
    "check.phase.rule": ("at fault: {found}", "不符合者：{found}"),
    "fault.readiness.no_demand": (
        "a zone with demand: none has any",
        "至少一个区域须有需求",
    ),
    "fault.positioning.probability": (
        "probabilities that sum to 1 at most",
        "各情景概率之和不得超过 1",
    ),
    "positioning.reason.SKILL": (
        "{incident}: the ready teams that can do what it needs are too few, or bring too little",
        "{incident}：具备所需能力的待命队伍或其装备能力不足",
    ),
    "positioning.reason.TIME_WINDOW": (
        "{incident}: too few teams reach it in time, wherever they wait",
        "{incident}：无论部署何处，能按时到达的队伍均不足",
    ),
    "positioning.reason.OUTCOMPETED": (
        "{incident}: the teams for it are worth more elsewhere, in this scenario or another",
        "{incident}：所需队伍用于其他灾情或其他情景的效益更高",
    ),
    "fault.phase.not_here": (
        "nothing: this belongs to immediate dispatch",
        "须为空：此项属于即时调派",
    ),
    "fault.phase.matrix": (
        "roads or coordinates: the ways between incidents are needed too",
        "须为路网或坐标：还需要事件之间的行程",
    ),
    "fault.phase.amount": (
        "needs of teams; work that goes faster with more goes into works[].volume",
        "须为队伍需求；随能力加快的工作写入 works[].volume",
    ),
    "fault.phase.nobody_carries": (
        "something that a crew carries; nobody carries this",
        "须为队伍携带的物资；无人携带该物资",
    ),
    "fault.phase.walk_twice": (
        "0: the walk says how long the way on foot takes",
        "须为 0：步行路线已给出步行时间",
    ),
    "fault.phase.too_steep": (
        "points apart, with a climb of at most twice the distance to the next one",
        "相邻两点不得重合，且高差不超过水平距离的两倍",
    ),
    "fault.phase.circle": (
        "an order without a circle: this incident waits for itself",
        "顺序不得成环：该事件在等待自己",
    ),
    "fault.phase.cannot_first": (
        "incidents with a need that this team can fill and no other goes to first",
        "须为该队伍能满足、且未被他队占先的事件",
    ),
    "phase.rule.first": (
        "team {team} goes to its first incidents before all others",
        "队伍 {team} 先前往其指定的首批事件",
    ),
    "phase.reason.SKILL": (
        "{incident} wants {wanted} teams; {able} can do it",
        "{incident} 需 {wanted} 支队伍；可胜任者 {able} 支",
    ),
    "phase.reason.REACHABLE": (
        "{incident} wants {wanted} teams; fewer of the {able} able ones have a way there",
        "{incident} 需 {wanted} 支队伍；可胜任的 {able} 支中能到达者不足",
    ),
    "phase.reason.TIME_WINDOW": (
        "{incident} wants {wanted} teams; too few of the {able} able ones can be in time at all",
        "{incident} 需 {wanted} 支队伍；可胜任的 {able} 支即使首先前往，及时到达者仍不足",
    ),
    "phase.reason.NIGHT": (
        (
            "{incident} wants {wanted} teams; {able} can do it, but too few of them can go up, "
            "work and come down in time by day, and at night nobody may go on foot"
        ),
        (
            "{incident} 需 {wanted} 支队伍；可胜任的 {able} 支中，"
            "能在白天及时上山、作业并下山者不足，而夜间禁止徒步行动"
        ),
    ),
    "phase.reason.AFTER": (
        "{incident} waits for an incident that stays undone",
        "{incident} 须等待的事件未能完成",
    ),
    "phase.reason.OUTCOMPETED": (
        "{incident} could be served, but in the plan found its teams do better elsewhere",
        "{incident} 可以处置，但在现方案中相关队伍用于他处更优",
    ),
}

for _name, (_english, _chinese) in _CLAIMS.items():
    PHASE[f"check.claim.{_name}"] = (
        f"{_english}: {{claimed}} claimed, {{found}} found",
        f"{_chinese}：方案称 {{claimed}}，复核为 {{found}}",
    )
    PHASE[f"check.claim.{_name}.agrees"] = (
        f"{_english}: agrees ({{count}} compared)",
        f"{_chinese}：一致（比对 {{count}} 项）",
    )
