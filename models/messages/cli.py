"""What the command line says about itself; what it says about an answer is in `summary`."""

CLI: dict[str, tuple[str, str]] = {
    "cli.more_faults": ("... and {number:count} more", "……另有 {number:count} 处"),
    "cli.solver_failed": ("The solver failed: {problem}", "求解器出错：{problem}"),
    "cli.fetch_failed": ("Nothing was fetched: {problem}", "未能获取：{problem}"),
    "cli.router_failed": ("The router failed: {problem}", "路径服务出错：{problem}"),
    "cli.needs_library": (
        "A library is missing: {problem}. Install muster[report,geography,documents].",
        "缺少程序库：{problem}。请安装 muster[report,geography,documents]。",
    ),
    "cli.own_fault": (
        "Muster itself failed: {problem}. Please report this.",
        "Muster 内部出错：{problem}。请反馈此问题。",
    ),
    "cli.broken_plan": (
        "The plan found breaks a rule of its request and is withheld: {problem}",
        "求得的方案违反请求中的规则，不予输出：{problem}",
    ),
    "cli.level": ("level {order} of {levels}: {objective}", "第 {order}/{levels} 级：{objective}"),
    "cli.starting": ("reading and checking", "读取并检查"),
    "cli.worker": (
        "Carrying out jobs, {number:count} at a time; Ctrl-C ends it",
        "正在执行作业，同时最多 {number:count} 个；按 Ctrl-C 结束",
    ),
    "cli.best": ("best {best:number}", "当前最优 {best:number}"),
    "cli.best_and_bound": (
        "best {best:number}, bound {bound:number}, gap {gap:gap}",
        "当前最优 {best:number}，界 {bound:number}，差距 {gap:gap}",
    ),
    "cli.stopping": (
        "Stopping; the best plan so far is kept. Ctrl-C again ends at once, without it.",
        "正在停止，保留当前最优方案。再按 Ctrl-C 立即结束且不保留。",
    ),
    "cli.abandoned": ("Ended without an answer.", "已结束，没有答复。"),
    "cli.written": ("Written: {path}", "已写入：{path}"),
    "cli.check": ("{mark} {rule}: {detail}", "{mark} {rule}：{detail}"),
    "cli.check_bare": ("{mark} {rule}", "{mark} {rule}"),
    "cli.verified": (
        "Verified: {passed:count} of {total:count} checks hold.",
        "核验通过：{total:count} 项检查中 {passed:count} 项成立。",
    ),
    "cli.not_verified": (
        "Not verified: {failed:count} of {total:count} checks fail.",
        "核验未通过：{total:count} 项检查中 {failed:count} 项不成立。",
    ),
    "cli.same_plan": (
        "Replayed: the same plan, byte for byte.",
        "已重放：方案逐字节一致。",
    ),
    "cli.other_plan": (
        "Replayed: another plan came out.",
        "已重放：得到的方案与原方案不同。",
    ),
    "cli.no_example": (
        "the name of an example: {known}",
        "须为示例名称：{known}",
    ),
}
