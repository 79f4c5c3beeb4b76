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
    "cli.order_proposed": ("proposed", "建议"),
    "cli.order_confirmed": ("confirmed", "已确认"),
    "cli.order_diverted": (
        "{team}: on its way to {incident}, now proposed otherwise",
        "{team}：正前往 {incident}，现建议另行调派",
    ),
}
