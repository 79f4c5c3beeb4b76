"""What a verifier found: the messages of `models.answer.Check`."""

_CLAIMS: dict[str, tuple[str, str]] = {
    "cover": ("Weight covered", "覆盖需求量"),
    "force": ("Weight reached by full force", "满编力量覆盖需求量"),
    "second": ("Weight reached by a second station", "第二出动队站覆盖需求量"),
    "probable": ("Weight expected to be covered", "期望覆盖需求量（计入时间离散）"),
    "probable_p90": (
        "Expected response time of 90 % of runs (s)",
        "90% 出动的预期响应时间（秒）",
    ),
    "mean_time": ("Mean response time (s)", "平均响应时间（秒）"),
    "p90_time": ("Response time of 90 % (s)", "90% 分位响应时间（秒）"),
    "worst_time": ("Longest response time (s)", "最长响应时间（秒）"),
    "unreached": ("Weight out of reach", "无法到达的需求量"),
    "station_count": ("Number of stations", "消防站数量"),
    "on_duty_people": ("People on duty", "在岗人数"),
    "headcount_people": ("Headcount", "编制人数"),
    "vehicles": ("Vehicles", "车辆数"),
    "crew_per_10k": ("Firefighters per 10,000 residents", "每万人消防员数"),
    "capital_cost": ("Capital cost", "建设投资"),
    "yearly_cost": ("Yearly cost", "年度运行费用"),
    "built_up_area": ("Built-up area of the district (m²)", "辖区建成区面积（平方米）"),
    "nominal_area": ("Nominal area (m²)", "标准辖区面积（平方米）"),
    "full_force": ("Objective, full response force", "目标：满编力量覆盖"),
    "backup": ("Objective, second-due cover", "目标：第二出动覆盖"),
    "expected_cover": ("Objective, expected cover", "目标：期望覆盖"),
    "gradual_cover": ("Objective, gradual cover", "目标：渐变覆盖"),
    "probabilistic_cover": ("Objective, probabilistic cover", "目标：概率覆盖"),
    "worst_area": ("Objective, worst-off area", "目标：最差片区覆盖率"),
    "fewest_stations": ("Objective, stations opened", "目标：启用站数"),
    "cost": ("Objective, cost", "目标：总费用"),
    "crews": ("Crews and their norms", "各站人员与配备标准"),
    "per_10k": ("Firefighters per 10,000 residents", "每万人消防员数"),
    "people_short_of_norm": ("People short of the norms", "低于编配标准的人数"),
    "vehicles_short_of_norm": ("Vehicles short of the norms", "低于配备标准的车辆数"),
    "people_short_of_per_10k": ("People short of the number per 10,000", "低于万人比的人数"),
    "full_force_weight": ("Residents reached by full force", "满编力量覆盖人口"),
    "full_force_total": ("Residents in all", "总人口"),
    "staging_capital_cost": ("Capital cost of the year", "当年建设投资"),
    "staging_budget_left": ("Budget left at the year's end", "年末结余预算"),
    "staging_objective": ("First objective at the year's end", "年末首要目标值"),
}

CHECKS: dict[str, tuple[str, str]] = {
    "check.listing": (
        "missing: {missing}; not asked for, or twice: {extra}",
        "缺少：{missing}；多余或重复：{extra}",
    ),
    "check.sites": (
        "sites that are not in the request, or named twice: {found}",
        "请求中没有或重复列出的站址：{found}",
    ),
    "check.classes": (
        "sites with a class that is unknown or not allowed there: {found}",
        "站级未知或不允许的站址：{found}",
    ),
    "check.actions": (
        "sites with a change that is impossible or not allowed there: {found}",
        "所列措施不可行或请求不允许的站址：{found}",
    ),
    "check.kept_stations": (
        "stations in service that are closed although the request does not allow it: {found}",
        "请求不允许关停却被关停的在役消防站：{found}",
    ),
    "check.idle_stations.closed": (
        "idle stations that must stay closed and are open: {found}",
        "应保持闲置却被启用的消防站：{found}",
    ),
    "check.idle_stations.may_open": (
        "idle stations may open or stay closed; against this: {found}",
        "闲置消防站可启用也可不启用；不符合者：{found}",
    ),
    "check.idle_stations.open": (
        "idle stations that must open and are closed: {found}",
        "应启用却未启用的闲置消防站：{found}",
    ),
    "check.new_stations": (
        "{station_class}: {found:count} new; asked for at least {min:count}, at most {max:count}",
        "{station_class}：新建 {found:count} 座；要求至少 {min:count} 座、至多 {max:count} 座",
    ),
    "check.new_stations.unasked": (
        "classes built that nobody asked for: {found}",
        "未要求新建却新建的站级：{found}",
    ),
    "check.open_sites": (
        "{site} must be open (class: {asked}); found there: {found}",
        "{site} 须设站（站级：{asked}）；实际：{found}",
    ),
    "check.forbidden_sites": ("nothing is opened at {site}", "{site} 未新设消防站"),
    "check.forbidden_sites.opened": (
        "a station is opened at {site}, which is forbidden",
        "在禁止设站的 {site} 设了站",
    ),
    "check.capital_budget": (
        "capital cost {found:money}; budget {limit:money}",
        "建设投资 {found:money}；预算 {limit:money}",
    ),
    "check.yearly_budget": (
        "added yearly cost {found:money}; budget {limit:money}",
        "新增年度费用 {found:money}；预算 {limit:money}",
    ),
    "check.crew_limit_people": (
        "people on duty added: {found:count}; at most {limit:count}",
        "新增在岗人数 {found:count} 人；上限 {limit:count} 人",
    ),
    "check.spacing": (
        "new stations keep {found:distance} ({first} to {second}); asked: {asked:distance}",
        "新站最小间距 {found:distance}（{first} 至 {second}）；要求不小于 {asked:distance}",
    ),
    "check.clearances": (
        "new stations keep {found:distance} ({first} to {second}); asked: {asked:distance}",
        "新站最小避让距离 {found:distance}（{first} 至 {second}）；要求不小于 {asked:distance}",
    ),
    "check.cover_floors": (
        "covered {found:share}; asked for at least {asked:share}",
        "覆盖率 {found:share}；要求不低于 {asked:share}",
    ),
    "check.cover_floors.group": (
        "{group}, the least covered: {found:share}; asked for at least {asked:share}",
        "覆盖率最低的 {group}：{found:share}；要求不低于 {asked:share}",
    ),
    "check.small_adjoins_larger": (
        "small stations opened without a larger one beside them: {found}",
        "新设小型站而无相邻更高等级消防站：{found}",
    ),
    "check.nominal_area": (
        "stations whose district exceeds the nominal area: {found}",
        "辖区面积超过标准的消防站：{found}",
    ),
    "check.objective_count": (
        "values of {found:count} objectives; the request has {asked:count}",
        "给出 {found:count} 个目标值；请求有 {asked:count} 个目标",
    ),
    "check.allocation": (
        "points not given to the station that arrives first: {count:count} ({found})",
        "未分配给最先到达消防站的需求点：{count:count} 个（{found}）",
    ),
    "check.allocation.response_time": (
        "points with another response time than claimed: {count:count} ({found})",
        "响应时间与所列不符的需求点：{count:count} 个（{found}）",
    ),
    "check.allocation.scenario": (
        "a travel scenario of the request, once; given: {found}",
        "须为请求中的出行情景且不重复；给出：{found}",
    ),
    "check.allocation.unreadable": (
        "an allocation that can be read; given: {found}",
        "须为可读取的分配表；给出：{found}",
    ),
    "check.staffing.people_at_hand": (
        "people assigned: {found:count}; at hand and hired: {limit:count}",
        "分配人员 {found:count} 人；现有及新招 {limit:count} 人",
    ),
    "check.staffing.vehicles_at_hand": (
        "vehicles assigned ({kind}): {found:count}; at hand and bought: {limit:count}",
        "分配车辆（{kind}）{found:count} 辆；现有及新购 {limit:count} 辆",
    ),
    "check.staffing.people_hired_max": (
        "people hired: {found:count}; at most {limit:count}",
        "新招人员 {found:count} 人；上限 {limit:count} 人",
    ),
    "check.staffing.vehicles_bought_max": (
        "vehicles bought ({kind}): {found:count}; at most {limit:count}",
        "新购车辆（{kind}）{found:count} 辆；上限 {limit:count} 辆",
    ),
    "check.staging.budget": (
        "least money left at a year's end: {found:money}; at least 0",
        "各年末最小结余：{found:money}；不得为负",
    ),
    "check.staging.infeasible": (
        "cost of everything opened: {found:money}; granted over all years: {limit:money}",
        "全部新开站点投资：{found:money}；各年预算合计：{limit:money}",
    ),
    **{
        f"check.claim.{name}": (
            f"{english}: recomputed {{found:number}}, claimed {{claimed:number}}",
            f"{chinese}：复算 {{found:number}}，所列 {{claimed:number}}",
        )
        for name, (english, chinese) in _CLAIMS.items()
    },
    **{
        f"check.claim.{name}.agrees": (
            f"{english}: as claimed ({{count:count}} numbers recomputed)",
            f"{chinese}：与所列一致（复算 {{count:count}} 个数）",
        )
        for name, (english, chinese) in _CLAIMS.items()
    },
}
