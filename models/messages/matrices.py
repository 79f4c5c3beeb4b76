"""Matrices of travel times, and the routers that may be asked for them."""

MATRICES: dict[str, tuple[str, str]] = {
    "travel.router": (
        "Travel times from a router, not from Muster: {source}.",
        "行车时间由路径服务提供，非 Muster 计算：{source}。",
    ),
    "travel.matrix": (
        "Travel times as given: {source}.",
        "行车时间为给定数据：{source}。",
    ),
    "travel.method.router": ("from a router", "由路径服务提供"),
    "matrix.progress": (
        "{done:count} of {total:count} times known",
        "已取得 {done:count}/{total:count} 个行车时间",
    ),
    "matrix.made": (
        (
            "{points:count} demand points x {sites:count} sites, {scenario}:"
            " no way for {none:count} of {total:count} pairs."
        ),
        (
            "{points:count} 个需求点 × {sites:count} 处站址，{scenario}："
            "{total:count} 对中有 {none:count} 对不可达。"
        ),
    ),
    "matrix.unsnapped": (
        "No road near enough, so not reached: {names}",
        "附近没有道路，视为不可达：{names}",
    ),
    "matrix.far": ("{name} ({distance})", "{name}（{distance}）"),
    "matrix.unreachable": (
        "{scenario}: no site reaches {names}",
        "{scenario}：所有站址均无法到达 {names}",
    ),
    "matrix.cut_off": (
        "{scenario}: sites that reach nobody: {names}",
        "{scenario}：无法到达任何需求点的站址：{names}",
    ),
    "matrix.kept": (
        "{scenario}: the matrix lies in the store as {sha256}; the request names it.",
        "{scenario}：矩阵已存入数据仓库，名称为 {sha256}，请求按此名称引用。",
    ),
    "matrix.need.out": (
        "a name that ends in .json (the request), .csv, .parquet or .npz (the matrix)",
        "文件名须以 .json（请求）或 .csv、.parquet、.npz（矩阵）结尾",
    ),
    "matrix.need.one_scenario": (
        "one scenario, for a file holds one matrix; choose it with --scenario: {known}",
        "一个文件只存一个矩阵，请用 --scenario 选择情景：{known}",
    ),
    "matrix.need.scenario": ("a scenario of the request: {known}", "须为请求中的情景：{known}"),
    "matrix.need.router": (
        "--router as well: it belongs to a router's times",
        "须同时给出 --router：该选项用于路径服务",
    ),
    "matrix.need.address": (
        "an address for the router: --url http://...",
        "须给出路径服务地址：--url http://……",
    ),
    "matrix.need.same_roads": (
        (
            "no closures and no factors by road class, which a router knows nothing of;"
            " leave the scenario out with --scenario, or have Muster search its roads"
        ),
        "路径服务不了解道路封闭和分等级系数；请用 --scenario 排除该情景，或由 Muster 按路网计算",
    ),
    "matrix.need.one_state": (
        "one scenario: a router knows one state of the roads; choose it with --scenario: {known}",
        "路径服务只反映一种路况，请用 --scenario 选择一个情景：{known}",
    ),
    "router.need.url": (
        (
            "an http or https address of scheme, host and, where it has them, port and path:"
            " no user, query or fragment"
        ),
        "须为 http 或 https 地址，只含协议、主机及可选的端口和路径，不含用户名、查询或片段",
    ),
    "router.need.allowed": (
        "a router that the operator allows (MUSTER_ROUTERS): {allowed}",
        "须为管理员允许的路径服务（MUSTER_ROUTERS）：{allowed}",
    ),
    "router.need.setting": (
        (
            "a router that the operator allows; the setting MUSTER_ROUTERS names none"
            " (base addresses, by commas)"
        ),
        "须为管理员允许的路径服务；设置 MUSTER_ROUTERS 为空（填写基础地址，以逗号分隔）",
    ),
    "router.need.profile": (
        "the name of a profile: letters, digits, - and _",
        "须为行车模式名称：字母、数字、- 和 _",
    ),
    "router.need.smaller": (
        "a number that the router takes at once; it says: {said}",
        "超过路径服务的单次限额，请减小；服务答复：{said}",
    ),
    "router.need.accepted": (
        "a question that the router takes; it says: {said}",
        "路径服务拒绝了该请求；服务答复：{said}",
    ),
    "router.unreachable": (
        "{url} cannot be reached ({problem})",
        "无法连接 {url}（{problem}）",
    ),
    "router.slow": (
        "no whole answer from {url} within {seconds:number} s (see --timeout)",
        "{url} 未在 {seconds:number} 秒内答复完毕（参见 --timeout）",
    ),
    "router.redirect": (
        "{url} answers with a redirect ({status}), which is not followed",
        "{url} 要求重定向（{status}），不予跟随",
    ),
    "router.failed": (
        "it answers with status {status}: {problem}",
        "返回状态 {status}：{problem}",
    ),
    "router.too_long": (
        "its answer is longer than {limit_mb:number} MB",
        "答复超过 {limit_mb:number} MB",
    ),
    "router.malformed": (
        "its answer should hold {need}; it holds {found}",
        "答复内容应为 {need}，实为 {found}",
    ),
}
