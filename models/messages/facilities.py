"""Plain siting of facilities: rules, checks, faults, reasons and tables."""

FACILITIES: dict[str, tuple[str, str]] = {
    "fault.facilities.weight": (
        "the name of the weight that counts; points have several: {known}",
        "须指明计入的权重名称；需求点有多种权重：{known}",
    ),
    "fault.facilities.radius": (
        "a radius: the goal {goal} is to be within it",
        "须给出半径：目标 {goal} 以半径为准",
    ),
    "fault.facilities.number": (
        "a number or a budget: the goal {goal} is limited by one of them",
        "须给出数量或预算：目标 {goal} 须受其中之一限制",
    ),
    "fault.facilities.share": (
        "nothing: only set_cover asks for a share",
        "应留空：仅 set_cover 使用比例",
    ),
    "fault.facilities.unreached": (
        "nothing: a covering goal counts no ways",
        "应留空：覆盖类目标不计路程",
    ),
    "fault.facilities.unreached_full": (
        "nothing beside capacities: every point is then to be served",
        "有容量限制时应留空：此时每个需求点均须得到服务",
    ),
    "fault.facilities.sites": (
        "a site that is not forbidden",
        "须至少有一个未被禁用的场所",
    ),
    "fault.facilities.listed": (
        "points listed in the request, where sites have capacities",
        "场所有容量时，需求点须在请求中列出",
    ),
    "fault.facilities.pairs": (
        "at most {most:count} pairs of a point and a site for this goal",
        "该目标至多 {most:count} 个需求点与场所的组合",
    ),
    "rule.facilities.number": (
        "At most {limit:count} new: {facility}",
        "新建{facility}不超过 {limit:count} 处",
    ),
    "rule.facilities.budget": (
        "Building costs at most {limit:money}",
        "建设费用不超过{limit:money}",
    ),
    "rule.facilities.fixed": ("{site_id} must be built", "{site_id}必须建设"),
    "rule.facilities.forbidden": ("{site_id} must not be built", "{site_id}不得建设"),
    "rule.facilities.fixed.all": (
        "The {count:count} sites marked fixed must be built",
        "标为指定的 {count:count} 处场所必须建设",
    ),
    "rule.facilities.forbidden.all": (
        "The {count:count} sites marked forbidden must not be built",
        "标为禁用的 {count:count} 处场所不得建设",
    ),
    "rule.facilities.share.metres": (
        "At least {share:share} of the weight within {radius:distance}",
        "至少 {share:share} 的权重在 {radius:distance} 范围内",
    ),
    "rule.facilities.share.seconds": (
        "At least {share:share} of the weight within {radius:minutes}",
        "至少 {share:share} 的权重在 {radius:minutes} 内可达",
    ),
    "rule.facilities.reached": (
        "Every point is served (unreached would let some be; no site reaches: {found})",
        "每个需求点均得到服务（设 unreached 可放宽；无场所可达：{found}）",
    ),
    "rule.facilities.capacity": (
        "No facility serves more than its capacity",
        "任何设施的服务量不超过其容量",
    ),
    "rule.facilities.radius.metres": (
        "A facility serves within {radius:distance}",
        "设施服务半径为 {radius:distance}",
    ),
    "rule.facilities.radius.seconds": (
        "A facility serves within {radius:minutes}",
        "设施服务时间为 {radius:minutes}",
    ),
    "check.facilities.known": (
        "sites that are not in the request, or named twice: {found}",
        "请求中没有或重复列出的场所：{found}",
    ),
    "check.facilities.existing": (
        "facilities that exist and are missing: {found}",
        "缺少的现有设施：{found}",
    ),
    "check.facilities.fixed": (
        "sites that must be built and are not: {found}",
        "应建而未建的场所：{found}",
    ),
    "check.facilities.forbidden": (
        "forbidden sites that are built: {found}",
        "不得建设而被建设的场所：{found}",
    ),
    "check.facilities.number": (
        "{found:count} new facilities; at most {limit:count}",
        "新建 {found:count} 处；至多 {limit:count} 处",
    ),
    "check.facilities.budget": (
        "building costs {found:money}; budget {limit:money}",
        "建设费用 {found:money}；预算 {limit:money}",
    ),
    "check.facilities.share": (
        "{found:share} of the weight is served; at least {limit:share}",
        "服务权重占 {found:share}；至少 {limit:share}",
    ),
    "check.facilities.reached": (
        "points that are not served: {found}",
        "未得到服务的需求点：{found}",
    ),
    "check.facilities.allocations": (
        "allocations that name what is not there or not open: {found}",
        "引用不存在或未建设对象的分配：{found}",
    ),
    "check.facilities.reach": (
        "points allocated to a facility beyond reach: {found}",
        "分配至服务范围以外设施的需求点：{found}",
    ),
    "check.facilities.way": ("points whose way is wrong: {found}", "路程有误的需求点：{found}"),
    "check.facilities.nearest": (
        "points that do not go, whole, to the nearest facility within reach: {found}",
        "未完整分配至范围内最近设施的需求点：{found}",
    ),
    "check.facilities.capacity": (
        "facilities that are overfull: {found}",
        "超出容量的设施：{found}",
    ),
    "check.facilities.once": (
        "points of which more is served than there is: {found}",
        "服务量超过自身权重的需求点：{found}",
    ),
    "check.facilities.single_source": (
        "points served by several facilities: {found}",
        "由多处设施服务的需求点：{found}",
    ),
    "check.facilities.unserved": (
        "points not served whose weight, way or reason is wrong: {found}",
        "未服务需求点的权重、路程或原因有误：{found}",
    ),
    "explanation.facilities.contributions": (
        "what each facility adds, as far as it is missing",
        "部分设施的贡献",
    ),
    "explanation.facilities.alternatives": (
        "one facility more or fewer",
        "增减一处设施的方案",
    ),
    "facilities.summary": ("Summary", "摘要"),
    "facilities.built": (
        "New: {new:count} ({facility}), for {cost:money}; {count:count} with those that exist",
        "新建{facility} {new:count} 处，费用{cost:money}；连同现有共 {count:count} 处",
    ),
    "facilities.served": (
        "Served: {share:share} ({served:number} of {weight:number}, {name})",
        "得到服务：{share:share}（{weight:number} 中的 {served:number}，{name}）",
    ),
    "facilities.unserved": (
        "Not served: {points:count} points, {weight:number}: {reason}",
        "未得到服务：{points:count} 个点，{weight:number}：{reason}",
    ),
    "facilities.ways.metres": (
        "Way to the facility: {mean:distance} on average, at most {longest:distance}",
        "到设施的路程：平均 {mean:distance}，最远 {longest:distance}",
    ),
    "facilities.ways.seconds": (
        "Travel to the facility: {mean:minutes} on average, at most {longest:minutes}",
        "到设施的行程时间：平均 {mean:minutes}，最长 {longest:minutes}",
    ),
    "facilities.goal": ("{goal}: {value}, gap {gap}", "{goal}：{value}，差距 {gap}"),
    "facilities.more": (
        "With {number:count} new: {value} ({status})",
        "新建 {number:count} 处时：{value}（{status}）",
    ),
    "facilities.fewer_served": (
        "With {number:count} new, {share:share} can be served ({status})",
        "新建 {number:count} 处时，可服务 {share:share}（{status}）",
    ),
    "facilities.left_out": ("Time did not allow: {what}", "因时间所限未给出：{what}"),
    "facilities.reason.out_of_reach": (
        "no site that may be used lies within reach",
        "范围内无可用场所",
    ),
    "facilities.reason.not_open": (
        "sites within reach are not built",
        "范围内的场所未建设",
    ),
    "facilities.reason.full": ("every facility within reach is full", "范围内的设施均已满"),
    "facilities.state.candidate": ("new", "新建"),
    "facilities.state.existing": ("exists", "现有"),
    "facilities.state.fixed": ("new, asked for", "新建（指定）"),
    "facilities.state.forbidden": ("not allowed", "禁用"),
    "facilities.adds": (
        "What the goal loses without the facility: weight no longer served, or added way",
        "缺少该设施时目标的损失：不再得到服务的权重，或增加的路程",
    ),
    "facilities.needed": ("needed: not all can be served without it", "必需：缺少时无法全部服务"),
    "objective.facilities.cover": ("Weight covered", "覆盖权重"),
    "objective.facilities.set_cover": ("Cost or number of what covers it", "覆盖所需费用或数量"),
    "objective.facilities.p_median": ("Weight times way", "权重×路程"),
    "objective.facilities.p_center": ("Longest way", "最远路程"),
    "table.facilities": ("Facilities", "设施"),
    "table.facility_points": ("Who goes where", "服务分配"),
    "table.facility_unserved": ("Not served, the heaviest first", "未得到服务的点（按权重排序）"),
    "table.facility_adds": ("What each facility adds", "各设施的贡献"),
    "table.facility_others": ("One facility more, one fewer", "增减一处设施"),
    "table.facility_figures": ("Figures", "指标"),
    "column.facility": ("Facility", "设施"),
    "column.state": ("State", "状态"),
    "column.served_weight": ("Serves", "服务量"),
    "column.served_points": ("Points", "点数"),
    "column.weight_served": ("Served", "得到服务"),
    "column.mean_way_m": ("Mean way", "平均路程"),
    "column.mean_way_s": ("Mean time", "平均时间"),
    "column.farthest_m": ("Farthest", "最远"),
    "column.farthest_s": ("Farthest", "最长"),
    "column.way_m": ("Way", "路程"),
    "column.way_s": ("Travel", "行程时间"),
    "column.nearest_m": ("Nearest facility", "最近设施"),
    "column.nearest_s": ("Nearest facility", "最近设施"),
    "column.point": ("Point", "需求点"),
    "column.lost_without": ("Lost without it", "缺少时的损失"),
    "column.adds_m": ("Added to the longest way", "最远路程增加"),
    "column.adds_s": ("Added to the longest way", "最长时间增加"),
    "column.best_replacement": ("Best replacement", "最佳替代"),
    "column.instead_loses": ("Lost then", "替代后损失"),
    "column.instead_loses_m": ("Added then", "替代后增加"),
    "column.instead_loses_s": ("Added then", "替代后增加"),
    "column.new_number": ("New", "新建数"),
    "column.goal_value": ("Goal", "目标值"),
    "column.served_share": ("Served", "服务比例"),
    "column.sites": ("Sites", "场所"),
    "column.reason_unserved": ("Why", "原因"),
}


def _claim(name: str, english: str, chinese: str) -> None:
    FACILITIES[f"check.claim.facilities.{name}"] = (
        f"{english}: found {{found}}, claimed {{claimed}}",
        f"{chinese}：核算 {{found}}，所列 {{claimed}}",
    )
    FACILITIES[f"check.claim.facilities.{name}.agrees"] = (
        f"{english}: {{count:count}} figures agree",
        f"{chinese}：{{count:count}} 项数据一致",
    )


_claim("own", "What each facility serves and costs", "各设施的服务量与费用")
_claim("objective", "Value of the goal", "目标值")
_claim("figure", "Figures", "指标")
