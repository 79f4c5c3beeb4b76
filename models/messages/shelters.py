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
    "rule.shelters.max_new_sites": (
        "At most {limit:count} new shelters",
        "新增避难场所不超过 {limit:count} 处",
    ),
    "rule.shelters.served_floor": (
        "At least {share:share} have a place in every scenario (group: {group}, area: {area})",
        "每个情景中至少 {share:share} 的疏散人员得到安置（人群：{group}，区域：{area}）",
    ),
    "rule.shelters.area_target.effective": (
        "At least {m2:number} m² of effective area per resident (level: {level})",
        "人均有效避难面积不低于 {m2:number} 平方米（层级：{level}）",
    ),
    "rule.shelters.area_target.gross": (
        "At least {m2:number} m² of gross area per resident (level: {level})",
        "人均避难场所总面积不低于 {m2:number} 平方米（层级：{level}）",
    ),
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
_claim("own", "Costs and walks", "费用与步行距离")
_claim("objective", "Objective values", "目标值")
_claim("figure", "Figures", "指标")
