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
    "fault.dispatch.not_yet": (
        "a time not after now ({now} s)",
        "不得晚于当前时刻（{now} 秒）",
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
