"""Stockpile placement: rules, checks, faults and reasons."""

STOCKPILES: dict[str, tuple[str, str]] = {
    "rule.stockpiles.volume_m3": (
        "{depot} has room for {limit:number} m³",
        "{depot}库容 {limit:number} 立方米",
    ),
    "rule.stockpiles.weight_kg": (
        "The floor of {depot} bears {limit:number} kg",
        "{depot}楼面承重 {limit:number} 千克",
    ),
    "rule.stockpiles.sizes": ("{depot} is built in one size", "{depot}只建一种规模"),
    "rule.stockpiles.budget": (
        "Buying, building and equipping cost at most {limit:money}",
        "购置、建设与配备费用不超过{limit:money}",
    ),
    "rule.stockpiles.yearly_budget": (
        "The stock costs at most {limit:money} a year",
        "储备年度费用不超过{limit:money}",
    ),
    "rule.stockpiles.tier_budget": (
        "{tier} spends at most {limit:money}",
        "{tier}支出不超过{limit:money}",
    ),
    "rule.stockpiles.max_built": (
        "At most {limit:count} depots are built or enlarged",
        "新建或扩建仓库不超过 {limit:count} 座",
    ),
    "rule.stockpiles.minimum": (
        "{tier} holds at least {quantity:number} of {item}, and {per_resident} for each resident",
        "{tier}储备{item}不少于 {quantity:number}，另按常住人口人均 {per_resident}",
    ),
    "rule.stockpiles.minimum.each": (
        (
            "Every depot of {tier} holds at least {quantity:number} of {item}, and {per_resident}"
            " for each resident of its area"
        ),
        "{tier}各仓库储备{item}不少于 {quantity:number}，另按辖区常住人口人均 {per_resident}",
    ),
    "rule.stockpiles.least_cover": (
        "Every {level} has at least {share:share} of its expected need met in time",
        "每个{level}的期望需求及时满足率不低于 {share:share}",
    ),
    "rule.stockpiles.gini": (
        "The Gini coefficient of cover by {level} is at most {most:number}",
        "按{level}计的满足率基尼系数不超过 {most:number}",
    ),
    "rule.stockpiles.chance": (
        "{share:share} of the need is met in time, but for a probability of {risk:share}",
        "需求及时满足 {share:share} 以上，例外概率不超过 {risk:share}",
    ),
    "fault.stockpiles.people": (
        "no counts: people and households follow from the share affected",
        "不得给出数量：人数与户数由受影响比例推算",
    ),
    "fault.stockpiles.group": (
        "the driver person: no other is counted by group",
        "须以 person 为需求因子：其他因子不按人群计数",
    ),
    "fault.stockpiles.vehicles": (
        "load_kg or load_m3: what a vehicle carries",
        "须给出 load_kg 或 load_m3：单车载重或容积",
    ),
    "fault.stockpiles.kit_of_kits": (
        "an item without contents of its own: a kit contains no kit",
        "须为不含其他物资的单品：成套物资不得再含成套物资",
    ),
    "fault.stockpiles.kit_needs": (
        "nothing: needs of a kit are those of what it contains",
        "须为空：成套物资的需求由所含物资给出",
    ),
    "fault.stockpiles.kit_life": (
        "the shelf life of the kit: what it contains expires, some of it in {days:number} days",
        "须给出成套物资保质期：所含物资最早 {days:number} 天到期",
    ),
    "fault.stockpiles.kit_at_home": (
        "single items: name what the kit contains",
        "须为单品：请列出成套物资所含物资",
    ),
    "fault.stockpiles.refill_travel": (
        "travel by coordinates or roads: a matrix says nothing of ways between depots",
        "须按坐标或路网计算行程：矩阵不含仓库之间的行程",
    ),
    "check.stockpiles.plan.known": (
        "named twice, or not in the request: {found}",
        "请求中没有或重复列出：{found}",
    ),
    "check.stockpiles.stock.allowed": (
        "held where it may not be, or beyond the room: {found}",
        "不得储存或超出限额：{found}",
    ),
    "check.stockpiles.stock.existing": (
        "counted as kept beyond what is surely there: {found}",
        "所列留存多于确有存量：{found}",
    ),
    "check.stockpiles.depots.sizes": (
        "built in several sizes: {found}",
        "重复建设规模：{found}",
    ),
    "check.stockpiles.depots.volume_m3": (
        "fuller than there is room: {found}",
        "超出库容：{found}",
    ),
    "check.stockpiles.depots.weight_kg": (
        "heavier than the floor bears: {found}",
        "超出楼面承重：{found}",
    ),
    "check.stockpiles.contracts.most": (
        "more agreed than is offered: {found}",
        "协议数量超出可供数量：{found}",
    ),
    "check.stockpiles.households.share": (
        "shares of kits out of range: {found}",
        "家庭储备比例超出范围：{found}",
    ),
    "check.stockpiles.budget": (
        "costs {found:money}; limit {limit:money}",
        "费用 {found:money}；限额 {limit:money}",
    ),
    "check.stockpiles.max_built": (
        "{found:count} built; at most {limit:count}",
        "新建 {found:count} 座；至多 {limit:count} 座",
    ),
    "check.stockpiles.rules.minimums": (
        "below the minimum: {found}",
        "低于最低储备：{found}",
    ),
    "check.stockpiles.deliveries.known": (
        "scenarios whose deliveries cannot be read: {found}",
        "配送记录无法读取的情景：{found}",
    ),
    "check.stockpiles.deliveries.in_time": (
        "scenarios with deliveries that cannot be there in time: {found}",
        "配送无法按时到达的情景：{found}",
    ),
    "check.stockpiles.deliveries.substitutes": (
        "scenarios with deliveries that do not stand in: {found}",
        "以不可替代物资配送的情景：{found}",
    ),
    "check.stockpiles.deliveries.needed": (
        "scenarios with deliveries beyond need: {found}",
        "配送超出需求的情景：{found}",
    ),
    "check.stockpiles.deliveries.stock": (
        "scenarios with deliveries beyond stock: {found}",
        "配送超出存量的情景：{found}",
    ),
    "check.stockpiles.trips.known": (
        "vehicles whose trips name what is not there: {found}",
        "车次引用不存在对象的车辆：{found}",
    ),
    "check.stockpiles.trips.load": (
        "vehicles that carry more than they can: {found}",
        "超载的车辆：{found}",
    ),
    "check.stockpiles.trips.time": (
        "vehicles that cannot make their trips in time: {found}",
        "无法按时完成车次的车辆：{found}",
    ),
    "check.stockpiles.trips.deliveries": (
        "ways on which trips do not carry what is sent: {found}",
        "车次装载与配送不符的路线：{found}",
    ),
    "check.stockpiles.deliveries.handling": (
        "scenarios with deliveries beyond handling: {found}",
        "配送超出装卸能力的情景：{found}",
    ),
    "check.stockpiles.deliveries.vehicles": (
        "scenarios with deliveries beyond vehicles: {found}",
        "配送超出运力的情景：{found}",
    ),
    "check.stockpiles.least_cover": (
        "least cover {found:share}; at least {limit:share}",
        "最低满足率 {found:share}；不低于 {limit:share}",
    ),
    "check.stockpiles.gini": (
        "Gini coefficient {found:number}; at most {limit:number}",
        "基尼系数 {found:number}；不超过 {limit:number}",
    ),
    "check.stockpiles.chance": (
        "met with probability {found:share}; at least {limit:share}",
        "满足概率 {found:share}；不低于 {limit:share}",
    ),
    "objective.stockpiles.unmet": ("Weighted unmet need, expected", "加权未满足需求期望值"),
    "objective.stockpiles.unmet_risk": (
        "Weighted unmet need, worst scenarios",
        "最不利情景加权未满足需求",
    ),
    "objective.stockpiles.cost": ("Cost a year", "年度费用"),
    "objective.stockpiles.largest_share": ("Largest share unmet", "最大未满足比例"),
    "objective.stockpiles.weighted_sum": ("Weighted sum", "加权综合目标"),
    "stockpiles.summary": ("Summary", "摘要"),
    "stockpiles.cover": (
        (
            "By the deadline {expected:share} of the need is met, {tenth:share} in the worst tenth,"
            " {worst:share} in the worst scenario"
        ),
        "时限内期望满足率 {expected:share}，最不利一成 {tenth:share}，最不利情景 {worst:share}",
    ),
    "stockpiles.target": (
        "{share:share} of the need is met in time with a probability of {found:share}",
        "及时满足 {share:share} 需求的概率为 {found:share}",
    ),
    "stockpiles.costs": (
        "{outlay:money} to buy, build and equip; {yearly:money} a year",
        "购置、建设与配备{outlay:money}；年度费用{yearly:money}",
    ),
    "stockpiles.held": (
        "{tier}: {value:money} of stock, {share:share} of all need",
        "{tier}：储备价值{value:money}，承担全部需求的 {share:share}",
    ),
    "stockpiles.kits": (
        "{people:count} people have household kits",
        "{people:count} 人持有家庭应急包",
    ),
    "stockpiles.unseen": (
        (
            "In {count:count} unseen scenarios: {cover:share} met (± {half:share}), target met with"
            " {target:share} (± {target_half:share})"
        ),
        (
            "在 {count:count} 个未见情景中：满足率 {cover:share}（± {half:share}），"
            "达标概率 {target:share}（± {target_half:share}）"
        ),
    ),
    "stockpiles.stochastic": (
        (
            "Planning for scenarios saves {vss:number} of unmet need;"
            " foresight would save {evpi:number}"
        ),
        "按情景规划可减少未满足需求 {vss:number}；若可预知还可减少 {evpi:number}",
    ),
    "stockpiles.mean_breaks_rules": (
        "A plan for mean need alone could not keep the rules on who is served",
        "仅按平均需求制定的方案无法满足公平性规则",
    ),
    "stockpiles.foresight": (
        "Foresight would save {evpi:number} of unmet need",
        "若可预知可减少未满足需求 {evpi:number}",
    ),
    "stockpiles.reason.out_of_reach": ("no depot can be there in time", "无仓库可及时到达"),
    "stockpiles.reason.lost": ("what stood within reach is lost", "可达储备已损毁"),
    "stockpiles.reason.not_held": ("nobody within reach holds it", "可达范围内无储备"),
    "stockpiles.reason.vehicles": ("vehicles carry no more in time", "运力不足，无法及时运达"),
    "stockpiles.reason.handling": ("no more can be loaded in time", "无法及时装卸"),
    "stockpiles.reason.used_up": ("all within reach is handed out", "可达储备已用尽"),
    "stockpiles.cost.capital": ("Building", "建设"),
    "stockpiles.cost.running": ("Running depots", "仓库运行"),
    "stockpiles.cost.holding": ("Capital tied up", "资金占用"),
    "stockpiles.cost.replacement": ("Replacing what expires", "到期更新"),
    "stockpiles.cost.kits": ("Household kits", "家庭应急包"),
    "stockpiles.cost.fees": ("Agreements", "协议储备"),
    "stockpiles.scope.all": ("All need", "全部需求"),
    "stockpiles.scope.band": ("By {name}", "{name} 内"),
    "stockpiles.scope.tier": ("From {name}", "由{name}承担"),
    "stockpiles.scope.item": ("{name}", "{name}"),
    "stockpiles.scope.area": ("{name}", "{name}"),
    "stockpiles.scope.group": ("People: {name}", "人群：{name}"),
    "stockpiles.figure.unmet": ("Weighted unmet need", "加权未满足需求"),
    "stockpiles.figure.cover": ("Share of need met", "需求满足率"),
    "stockpiles.figure.worst_tenth_cover": ("In the worst tenth", "最不利一成满足率"),
    "stockpiles.figure.meets_target": ("Probability of the target", "达标概率"),
    "hazard.typhoon": ("Typhoon", "台风"),
    "hazard.flood": ("Flood", "内涝"),
    "hazard.earthquake": ("Earthquake", "地震"),
    "hazard.chemical_fire": ("Hazardous-chemical fire", "危险化学品火灾"),
    "explanation.stockpiles.out_of_sample": ("unseen scenarios", "未见情景检验"),
    "explanation.stockpiles.marginal": ("what one more unit is worth", "追加一单位物资的价值"),
    "explanation.stockpiles.stochastic": (
        "what planning for scenarios is worth",
        "随机规划的价值",
    ),
    "explanation.stockpiles.balance": ("the balance of what is there", "现有储备的布局平衡"),
    "explanation.stockpiles.tiers": ("what each tier is worth", "各层级的价值"),
    "explanation.stockpiles.next_money": ("what more money buys", "追加资金的效用"),
    "explanation.stockpiles.target_probability": (
        "the budgets that meet the target",
        "达标所需预算",
    ),
    "explanation.stockpiles.budgets": ("budgets of the curve", "预算曲线的部分预算"),
    "fault.stockpiles.load": (
        "load_kg above 0: what the vehicle carries",
        "须给出大于 0 的 load_kg：车辆载重（千克）",
    ),
    "need.stockpiles.loads": (
        "an answer with loads for vehicles: give vehicles, and positions rather than a matrix",
        "含车辆运输任务的答案：请给出车辆，并以坐标而非矩阵给出行程",
    ),
    "stockpiles.no_kits": ("Household kits", "家庭应急包"),
    "stockpiles.balance": (
        (
            "Where the stock that is there lies, {actual:number} goes unmet; placed best,"
            " {best:number}"
        ),
        "现有储备按现位置未满足需求 {actual:number}；若布局最优则为 {best:number}",
    ),
    "stockpiles.next_money": (
        "{more:money} more would save {saved:number} of unmet need{open}",
        "追加{more:money}可减少未满足需求 {saved:number}{open}",
    ),
    "stockpiles.point": (
        "{budget:money}: {cover:share} met, target met with {target:share}{open}",
        "预算{budget:money}：满足率 {cover:share}，达标概率 {target:share}{open}",
    ),
    "stockpiles.may_be_better": (
        " (best found in time; it may achieve more)",
        "（时限内的最好结果，或可更好）",
    ),
    "stockpiles.curve": ("What budgets achieve:", "各预算的成效："),
    "stockpiles.left_out": ("Time did not allow: {what}", "时间所限未给出：{what}"),
    "stockpiles.day.cover": (
        "{met:number} of {need:number} weighted need is met in time",
        "加权需求 {need:number} 中及时满足 {met:number}",
    ),
    "stockpiles.day.sent": (
        "{band}: {quantity:number} {unit} of {item} from {depot} to {block}",
        "{band}：{item} {quantity:number} {unit}，{depot} → {block}",
    ),
    "stockpiles.day.more": ("and {count:count} more deliveries", "另有 {count:count} 项配送"),
    "stockpiles.day.missing": (
        "{block} lacks {quantity:number} of {item}: {reason}",
        "{block}缺{item} {quantity:number}：{reason}",
    ),
    "stockpiles.day.trips": (
        "{count:count} trips of {vehicles:count} vehicles",
        "{vehicles:count} 辆车共 {count:count} 车次",
    ),
    "stockpiles.day.loads": (
        "{count:count} loads are asked of team dispatch, for {vehicles:count} vehicles",
        "向力量调派提交 {count:count} 批运输任务，可用车辆 {vehicles:count} 辆",
    ),
    "objective.stockpile_day.unmet": ("Weighted need unmet today", "当日加权未满足需求"),
    "stockpiles.nobody_left_out": ("With everybody", "各层级齐备"),
    "stockpiles.target_budget": (
        "{without}: {budget:money} meets the target with {target:share}",
        "{without}：预算{budget:money}，达标概率 {target:share}",
    ),
    "stockpiles.no_target": (
        "{without}: {tried:money} does not meet the target",
        "{without}：预算{tried:money}仍不达标",
    ),
    "stockpiles.without": ("Without {who}", "缺少{who}"),
    "stockpiles.way.delivery": ("delivery", "配送"),
    "stockpiles.way.refill": ("refill", "补库"),
    "folio.layer.stock_depots": ("Depots", "仓库"),
    "folio.layer.stock_blocks": ("Blocks", "街块"),
    "folio.layer.stock_worst": ("Deliveries in the worst scenario", "最不利情景配送"),
    "folio.field.tier": ("Tier", "层级"),
    "folio.field.stock": ("Stock", "储备"),
    "folio.field.kit_share": ("Share with a household kit", "家庭应急包持有比例"),
    "folio.field.missing": ("Missing in time, expected", "期望缺口"),
    "folio.field.depot": ("Depot", "仓库"),
    "folio.field.item": ("Item", "物资"),
    "folio.field.quantity": ("Quantity", "数量"),
}


def _claim(name: str, english: str, chinese: str) -> None:
    STOCKPILES[f"check.claim.stockpiles.{name}"] = (
        f"{english}: found {{found}}, claimed {{claimed}}",
        f"{chinese}：核算 {{found}}，所列 {{claimed}}",
    )
    STOCKPILES[f"check.claim.stockpiles.{name}.agrees"] = (
        f"{english}: {{count:count}} figures agree",
        f"{chinese}：{{count:count}} 项数值一致",
    )


_claim("objectives", "an objective", "目标值")
_claim("figures", "a figure of the plan", "方案指标")
_claim("scenarios", "a figure of a scenario", "情景指标")
_claim("covers", "a share of need met", "满足率")
