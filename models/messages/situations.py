"""What the command line says of kept situations."""

SITUATIONS: dict[str, tuple[str, str]] = {
    "cli.same_situation": (
        "Every event, taken anew, changes the same: the state is the same",
        "逐一重放全部事件，变化一致，状态相同",
    ),
    "cli.other_situation": (
        "Taken anew, the events change something else; a clock may have cut a search short",
        "重放事件后结果不同；可能有搜索因时限中断",
    ),
    "cli.order_changed": ("{team}: {was} -> {now} ({why})", "{team}：{was} -> {now}（{why}）"),
    "cli.no_order_changed": ("No order changes", "调派建议不变"),
    "cli.left_unserved": ("Not fully served: {incident}", "力量不足：{incident}"),
    "cli.perhaps_the_same": (
        "Perhaps the same incident, reported twice: {one} and {other}",
        "可能为同一起险情重复报警：{one} 与 {other}",
    ),
    "cli.stale_position": (
        "Position last heard long ago: {teams}",
        "位置信息已久未更新：{teams}",
    ),
    "cli.stale_travel": (
        "Times from before the closure, the next answer is exact: {teams}",
        "行程时间为封路前数值，下一次答复为准：{teams}",
    ),
    "cli.candidate": (
        "{place}. {team}: {arrive} s, severity {severity}, reserve {reserve}, response {response}",
        "{place}. {team}：{arrive} 秒到场；救援严重度 {severity}，备勤 {reserve}，响应 {response}",
    ),
    "cli.candidate_chosen": (" (the plan sends it)", "（方案已派）"),
    "cli.no_candidate": ("No team could take it now", "目前没有可派的队伍"),
    "cli.supposed": (
        "Severity served {severity} -> {severity_if}, response {response} -> {response_if}",
        "救援严重度 {severity} -> {severity_if}，响应 {response} -> {response_if}",
    ),
    "cli.order_proposed": ("proposed", "建议"),
    "cli.order_confirmed": ("confirmed", "已确认"),
    "cli.order_diverted": (
        "{team}: on its way to {incident}, now proposed otherwise",
        "{team}：正前往 {incident}，现建议另行调派",
    ),
}
