"""Shelter siting: rules, checks, faults and reasons."""

SHELTERS: dict[str, tuple[str, str]] = {
    "rule.shelters.open_sites": ("{site_id} must be a shelter", "{site_id}必须作为避难场所"),
    "rule.shelters.forbidden_sites": (
        "{site_id} must not become a shelter",
        "{site_id}不得作为避难场所",
    ),
    "rule.shelters.budget": (
        "Opening costs at most {limit:money}",
        "启用费用不超过{limit:money}",
    ),
    "rule.shelters.stages": (
        "Opening costs at most {limit:money} over all stages",
        "各阶段启用费用合计不超过{limit:money}",
    ),
    "check.shelters.stages": (
        "stages whose sites, cost or money are wrong: {found}",
        "场所、费用或资金有误的分期：{found}",
    ),
    "check.shelters.classes": (
        "sites that stand as several classes at once: {found}",
        "同时列为多个类别的场所：{found}",
    ),
    "rule.shelters.max_new_sites": (
        "At most {limit:count} new shelters",
        "新增避难场所不超过 {limit:count} 处",
    ),
    "rule.shelters.served_floor": (
        (
            "At least {share:share} have a place in every scenario"
            " (group: {group}, area: {area}, each {level})"
        ),
        "每个情景中至少 {share:share} 的疏散人员得到安置（人群：{group}，区域：{area}，逐{level}）",
    ),
    "rule.shelters.area_target.effective": (
        "At least {m2:number} m² of effective area per resident (level: {level})",
        "人均有效避难面积不低于 {m2:number} 平方米（层级：{level}）",
    ),
    "rule.shelters.area_target.gross": (
        "At least {m2:number} m² of gross area per resident (level: {level})",
        "人均避难场所总面积不低于 {m2:number} 平方米（层级：{level}）",
    ),
    "rule.shelters.together": (
        "People of one {level} go to one shelter",
        "同一{level}的人员前往同一避难场所",
    ),
    "rule.shelters.nearest_first": (
        "Nobody passes an open shelter with room (detour up to {detour:share})",
        "不得越过有余位的启用场所（绕行不超过 {detour:share}）",
    ),
    "rule.shelters.least_fill": (
        "Shelters in use are filled to {share:share} at least",
        "使用中的场所使用率不低于 {share:share}",
    ),
    "rule.shelters.fill_balance": (
        "Fills of shelters in use differ by {share:share} at most",
        "使用中场所的使用率相差不超过 {share:share}",
    ),
    "rule.shelters.central": (
        "At least {count:count} central shelters",
        "中心避难场所不少于 {count:count} 处",
    ),
    "rule.shelters.chance": (
        "More than {people:number} without a place with a probability of {risk:share} at most",
        "未安置人数超过 {people:number} 人的概率不超过 {risk:share}",
    ),
    "check.shelters.chance": (
        (
            "more than {people:number} without a place, with probability {share:share}"
            " (at most {limit:share}), in: {found}"
        ),
        "未安置超过 {people:number} 人的概率为 {share:share}（上限 {limit:share}），情景：{found}",
    ),
    "check.shelters.together": (
        "people kept together who go to several sites: {found}",
        "应集中安置却分散的人员：{found}",
    ),
    "check.shelters.nearest_first": (
        "people sent past an open site with room: {found}",
        "越过有余位场所的人员：{found}",
    ),
    "check.shelters.least_fill": (
        "sites filled too little: {found}",
        "使用率过低的场所：{found}",
    ),
    "check.shelters.fill_balance": (
        "scenarios and settings or classes whose fills differ too much: {found}",
        "使用率相差过大的情景与类型（或等级）：{found}",
    ),
    "check.shelters.central": (
        "central shelters: {found}; needed {need:count}",
        "中心避难场所：{found}；须有 {need:count} 处",
    ),
    "read.no_problem": ("there is no problem number {number}", "没有编号为 {number} 的算例"),
    "read.what.problem_count": ("the number of problems", "算例数"),
    "read.what.problem": ("the number of a problem", "算例编号"),
    "read.what.best_value": ("the best known value", "已知最优值"),
    "read.what.point": ("the number of a point", "点的编号"),
    "read.what.plant_count": ("the number of plants", "工厂数"),
    "read.what.depot_count": ("the number of depots", "仓库数"),
    "read.what.facility_count": ("the number of facilities", "设施数"),
    "read.what.customer_count": ("the number of customers", "客户数"),
    "read.what.capacity": ("the capacity of a facility", "设施容量"),
    "read.what.opening_cost": ("the cost of opening a facility", "设施启用费用"),
    "read.what.carrying_cost": ("the cost of serving a customer", "服务客户的费用"),
    "fault.shelters.shape": (
        "a polygon that does not cross itself, each ring ending where it begins",
        "须为不自交的多边形，且每个环首尾相接",
    ),
    "fault.shelters.size": (
        "places or effective_area_m2: how many people fit is not said",
        "须给出 places 或 effective_area_m2：未说明可容纳人数",
    ),
    "fault.shelters.existing": (
        "a candidate: an existing shelter stays open",
        "须为候选场所：现有避难场所保持启用",
    ),
    "fault.shelters.within": (
        "a block that is not itself a list of people to move",
        "须为普通街块，不能是另一处转移名单",
    ),
    "fault.shelters.listed": (
        "at most {most}, as block {block} counts",
        "不得超过街块 {block} 的人数，即 {most}",
    ),
    "fault.shelters.worst_walk": (
        "ordered objectives: the longest walk cannot be weighed in a sum",
        "须采用分级目标：最远步行距离不能计入加权和",
    ),
    "need.shelters.pickups": (
        "a plan whose vehicles fetch people, and rides by coordinates or roads, not by a matrix",
        "须为有车辆接送人员的方案，且乘车行程由坐标或路网给出，而非矩阵",
    ),
    "fault.shelters.entrances": (
        "no entrances where a matrix says how long the walk to each site is",
        "步行时间由矩阵给出时，不得另给出入口位置",
    ),
    "fault.shelters.fleet": (
        "a fleet in the request: they cannot walk and no vehicle fetches them",
        "须在请求中给出 fleet：该人群无法步行，而没有车辆接送",
    ),
    "check.shelters.shuttles.known": (
        "vehicles on runs that name what is not in the request: {found}",
        "引用了请求中不存在对象的接送车次：{found}",
    ),
    "check.shelters.shuttles.rounds": (
        "vehicles that make more rounds than the deadline allows: {found}",
        "往返次数超出时限的车辆：{found}",
    ),
    "check.shelters.shuttles.fleet": (
        "kinds of vehicle of which more are sent than there are: {found}",
        "派出数量超过保有量的车型：{found}",
    ),
    "check.shelters.shuttles.seats": (
        "runs with more people than seats: {found}",
        "乘客超过座位数的接送：{found}",
    ),
    "check.shelters.opening.steps": (
        "sites that cannot open next, or twice: {found}",
        "不能启用或重复启用的场所：{found}",
    ),
    "check.shelters.opening.scenario": (
        "scenarios other than the one at hand: {found}",
        "与当前情景不符：{found}",
    ),
    "shelters.opening.now": (
        "{count:count} open now; {people:count} people have no place",
        "已启用 {count:count} 处；{people:count} 人尚无安置",
    ),
    "shelters.opening.step": (
        "{n:count}. open {site}: {gains:count} more have a place, {unmet:count} have none",
        "{n:count}. 启用{site}：新增安置 {gains:count} 人，余 {unmet:count} 人",
    ),
    "shelters.opening.enough": ("No further site helps.", "再启用其他场所已无帮助。"),
    "shelters.opening.left": (
        "no place: {people:count} of {group}, {block}: {reason}",
        "未安置：{block}，{group} {people:count} 人（{reason}）",
    ),
    "objective.shelter_opening.unmet": ("People without a place now", "当前未安置人数"),
    "check.shelters.known": (
        "sites that are not in the request, or named twice: {found}",
        "请求中没有或重复列出的场所：{found}",
    ),
    "check.shelters.existing": (
        "existing shelters that are missing: {found}",
        "缺少的现有避难场所：{found}",
    ),
    "check.shelters.assignments": (
        "assignments that name what is not in the request: {found}",
        "引用了请求中不存在对象的安置：{found}",
    ),
    "check.shelters.people.hazard": (
        "people sent to a site that is lost in that scenario: {found}",
        "被安排到该情景下失效场所的人员：{found}",
    ),
    "check.shelters.people.open": (
        "people sent to a site that is not open: {found}",
        "被安排到未启用场所的人员：{found}",
    ),
    "check.shelters.people.walk": (
        "people sent farther than they can walk: {found}",
        "步行距离超限的人员：{found}",
    ),
    "check.shelters.people.accessible": (
        "people sent to a site that is not accessible to them: {found}",
        "被安排到无障碍条件不符场所的人员：{found}",
    ),
    "check.shelters.people.equipped": (
        "people sent to a site without the facilities they need: {found}",
        "被安排到缺少所需设施场所的人员：{found}",
    ),
    "check.shelters.people.capacity": (
        "sites with more people than fit: {found}",
        "超出容量的场所：{found}",
    ),
    "check.shelters.people.once": (
        "groups of which more have a place than leave: {found}",
        "安置人数多于疏散人数的人群：{found}",
    ),
    "check.shelters.open_sites": (
        "sites that must open and are closed: {found}",
        "应启用而未启用的场所：{found}",
    ),
    "check.shelters.forbidden_sites": (
        "forbidden sites that are open: {found}",
        "不得启用而被启用的场所：{found}",
    ),
    "check.shelters.budget": (
        "opening costs {found:money}; budget {limit:money}",
        "启用费用 {found:money}；预算 {limit:money}",
    ),
    "check.shelters.max_new_sites": (
        "{found:count} new shelters; at most {limit:count}",
        "新增 {found:count} 处；至多 {limit:count} 处",
    ),
    "check.shelters.served_floor": (
        "scenarios in which fewer than {share:share} have a place: {found}",
        "安置比例低于 {share:share} 的情景：{found}",
    ),
    "check.shelters.area_target": (
        "areas with less than {m2:number} m² per resident: {found}",
        "人均面积低于 {m2:number} 平方米的区域：{found}",
    ),
    "check.shelters.without_place": (
        "people without a place whose number or reason is wrong: {found}",
        "未安置人员的人数或原因有误：{found}",
    ),
    "shelters.setting.indoor": ("indoor", "室内"),
    "shelters.setting.outdoor": ("outdoor", "室外"),
    "shelters.listed.geohazard_point": ("geohazard point", "地质灾害隐患点"),
    "shelters.listed.slope": ("slope", "边坡"),
    "shelters.listed.site_hut": ("site hut", "工棚"),
    "shelters.listed.low_basement": ("low basement", "低洼地下室"),
    "shelters.listed.other": ("other place", "其他地点"),
    "shelters.reason.too_far": ("no site within the walking limit", "步行范围内无场所"),
    "shelters.reason.too_late": (
        "no vehicle brings them to any site by the deadline",
        "时限内没有车辆能将其送达任何场所",
    ),
    "shelters.reason.waiting": (
        "still waiting: a site has room, but no vehicle is left to fetch them in time",
        "仍在等待：场所有余位，但时限内无车可接",
    ),
    "shelters.reason.not_accessible": (
        "no accessible site within the walking limit",
        "步行范围内无无障碍场所",
    ),
    "shelters.reason.not_equipped": (
        "no such site has the facilities they need",
        "可达场所均无其所需设施",
    ),
    "shelters.reason.kept_out": (
        "an open site within reach has room; other rules or aims of the request keep them out",
        "可达的启用场所尚有余位，但请求中的其他规则或目标不容其前往",
    ),
    "shelters.reason.in_hazard": (
        "every site within reach is lost, or does not serve in this scenario",
        "可达场所在该情景下均失效或不使用",
    ),
    "shelters.reason.not_open": ("sites within reach stay closed", "可达场所未启用"),
    "shelters.reason.full": ("every open site within reach is full", "可达的启用场所均已满"),
    "shelters.no_place": ("no place: {reason}", "未安置：{reason}"),
    "shelters.city": ("All of it", "全域"),
    "shelters.catchment": ("Walking catchment of {site}", "{site}步行服务范围"),
    "shelters.catchment.none": ("In nobody’s walking catchment", "不在任何场所步行服务范围内"),
    "shelters.readings": (
        (
            "Reading A: effective area per resident. Reading B: gross area per resident."
            " Short: what reading A lacks of {target:number} m²"
        ),
        "口径A：人均有效面积；口径B：人均总面积；缺口：按口径A距 {target:number} 平方米的差额",
    ),
    "shelters.sphere": (
        "Sphere asks for {m2:number} m² of covered floor per person",
        "Sphere 标准：人均室内面积 {m2:number} 平方米",
    ),
    "shelters.sheet": ("Assignment sheet: {area}", "安置表：{area}"),
    "shelters.summary": ("Summary", "摘要"),
    "shelters.opened": (
        "{count:count} shelters open, {new:count} of them new, for {cost:money}",
        "启用避难场所 {count:count} 处，其中新增 {new:count} 处，费用{cost:money}",
    ),
    "shelters.upgraded": ("{count:count} upgraded", "升级 {count:count} 处"),
    "shelters.stage": (
        "{stage}: opens {sites} for {cost:money}; {unmet} people without a place then",
        "{stage}：启用{sites}，费用{cost:money}；届时未安置 {unmet} 人",
    ),
    "shelters.comma": (", ", "、"),
    "shelters.semicolon": ("; ", "；"),
    "shelters.nothing": ("nothing", "无"),
    "shelters.worst_loss": (
        "The loss of {site} would hurt most: {people:count} people would lose their place",
        "{site}失效影响最大：{people:count} 人将失去安置",
    ),
    "shelters.scenario": (
        "{name}: {leaving:count} leave, {share:share} have a place, {unmet:count} do not",
        "{name}：疏散 {leaving:count} 人，{share:share} 得到安置，{unmet:count} 人未安置",
    ),
    "shelters.walks": (
        "walk {mean:distance} on average, 90 % within {p90:distance}, at most {worst:distance}",
        "平均步行 {mean:distance}，九成在 {p90:distance} 内，最远 {worst:distance}",
    ),
    "shelters.fetched": (
        "{count:count} people who cannot walk are fetched",
        "接送无法步行者 {count:count} 人",
    ),
    "shelters.waiting": (
        "still waiting for a vehicle: {people:count} of {group}, {block}",
        "仍在等待接送：{block}，{group} {people:count} 人",
    ),
    "shelters.reading": (
        (
            "Area per resident: {a} m² effective (reading A: {a_said}),"
            " {b} m² gross (reading B: {b_said})"
        ),
        "人均面积：有效 {a} 平方米（口径A：{a_said}），总面积 {b} 平方米（口径B：{b_said}）",
    ),
    "shelters.reading.met": ("the {target:number} m² are met", "达到 {target:number} 平方米"),
    "shelters.reading.short": (
        "{short:count} m² short of {target:number} m² each",
        "距人均 {target:number} 平方米尚缺 {short:count} 平方米",
    ),
    "shelters.reasons": ("of those without: {reasons}", "未安置原因：{reasons}"),
    "shelters.reason_count": ("{people:count}: {reason}", "{reason} {people:count} 人"),
    "shelters.worth": (
        "Everybody is assigned anew; rules beyond walk, access and space are not held",
        "重新分配全部人员，仅计步行、无障碍与容量，不计其他规则",
    ),
    "objective.shelters.unmet": ("People without a place, expected", "未安置人数期望值"),
    "objective.shelters.unmet_risk": (
        "People without a place, worst scenarios",
        "最不利情景未安置人数",
    ),
    "objective.shelters.worst_walk": ("Longest walk, metres", "最远步行距离（米）"),
    "objective.shelters.largest_share": (
        "Largest share without a place",
        "最大未安置比例",
    ),
    "objective.shelters.unsuitability": ("People in unsuitable sites", "安置于不适宜场所的人数"),
    "objective.shelters.cost": ("Cost of opening", "启用费用"),
    "objective.shelters.walk": ("Person-metres walked, expected", "步行人·米期望值"),
    "objective.shelters.weighted_sum": ("Weighted sum", "加权综合目标"),
    "explanation.shelters.fairness": ("the price of fairness", "公平的代价"),
    "shelters.fairness": (
        (
            "The least share with a place of any {level}: {fair:share}; without asking for"
            " fairness {unfair:share}"
        ),
        "任一{level}最低安置比例：{fair:share}；不作公平要求时为 {unfair:share}",
    ),
    "explanation.shelters.worth": (
        "what some of the sites are worth",
        "部分场所的价值",
    ),
}


def _claim(name: str, english: str, chinese: str) -> None:
    SHELTERS[f"check.claim.shelters.{name}"] = (
        f"{english}: found {{found}}, claimed {{claimed}}",
        f"{chinese}：核算 {{found}}，所列 {{claimed}}",
    )
    SHELTERS[f"check.claim.shelters.{name}.agrees"] = (
        f"{english}: {{count:count}} figures agree",
        f"{chinese}：{{count:count}} 项数据一致",
    )


_claim("fill", "Fill of shelters", "场所使用情况")
_claim("step", "Steps", "启用步骤")
_claim("own", "Costs and walks", "费用与步行距离")
_claim("objective", "Objective values", "目标值")
_claim("figure", "Figures", "指标")
