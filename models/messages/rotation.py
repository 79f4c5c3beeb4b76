"""Stock rotation: rules, checks, faults, reasons, and what the storekeeper's workbook says."""

ROTATION: dict[str, tuple[str, str]] = {
    "fault.rotation.start": (
        "the first day of a month, from 1900 to 2200",
        "须为1900至2200年间某月的第一天",
    ),
    "fault.rotation.upward": (
        "a tier below this one: tiers refill downwards",
        "须为下级层级：只能由上级向下级补给",
    ),
    "fault.rotation.refill": (
        "a tier that {tier} refills, as the tiers say",
        "须为层级{tier}所补给的下级",
    ),
    "fault.rotation.order": ("the earlier or smaller of the two first", "须由早到晚、由小到大"),
    "fault.rotation.within": (
        "a day within the plan, from {first} to {last}",
        "须在计划期内：{first} 至 {last}",
    ),
    "fault.rotation.century": ("at most 36,500 days", "不得超过 36,500 天"),
    "fault.rotation.may_hold": (
        "an item that the tier {tier} may hold",
        "须为层级{tier}可储存的物资",
    ),
    "rule.rotation.budget": (
        "Orders of {year} cost at most {limit:money}",
        "{year}年采购费用不超过{limit:money}",
    ),
    "rule.rotation.volume_m3": (
        "{depot} has room for {limit:number} m³",
        "{depot}库容 {limit:number} 立方米",
    ),
    "rule.rotation.weight_kg": (
        "The floor of {depot} bears {limit:number} kg",
        "{depot}楼面承重 {limit:number} 千克",
    ),
    "rule.rotation.statutory": (
        "{depot} never holds less than {limit:number} of {item}",
        "{depot}的{item}始终不少于 {limit:number}",
    ),
    "rule.rotation.write_off": (
        "At most {share:share} of the value of the targets expires in a year",
        "每年过期价值不超过定额价值的 {share:share}",
    ),
    "check.rotation.known": (
        "named twice, or not in the request: {found}",
        "请求中没有或重复列出：{found}",
    ),
    "check.rotation.orders": (
        "orders that their supply does not allow: {found}",
        "不符合采购条件的订单：{found}",
    ),
    "check.rotation.whole": ("not in whole packs or units: {found}", "非整包或整件：{found}"),
    "check.rotation.stock": ("more leaves than is there: {found}", "出库超过存量：{found}"),
    "check.rotation.outlets": (
        "more, or older, than the outlet takes: {found}",
        "超出出路数量或剩余效期要求：{found}",
    ),
    "check.rotation.moves": (
        "sent where, when or as old as no refill allows: {found}",
        "不符合补给规则的调拨：{found}",
    ),
    "check.rotation.order_of_expiry": (
        "issued while an older lot that would do stays behind: {found}",
        "未按先到期先出发放：{found}",
    ),
    "check.rotation.budgets": ("years over their budget: {found}", "超预算的年度：{found}"),
    "check.rotation.room": ("fuller than there is room: {found}", "超出库容或承重：{found}"),
    "check.rotation.statutory": ("below the statutory part: {found}", "低于法定储备：{found}"),
    "check.rotation.write_off": ("years with more write-off: {found}", "过期超限的年度：{found}"),
    "check.rotation.simulation": (
        (
            "{periods:count} periods played through, oldest lots first; stock that differs from the"
            " plan: {found}"
        ),
        "按先到期先出逐期模拟 {periods:count} 期，与方案不符：{found}",
    ),
    "check.rotation.periods": ("the periods of the request", "与请求的分期一致"),
    "explanation.rotation.without_budgets": (
        "what remains without the yearly budgets",
        "不计年度预算时的剩余缺口",
    ),
    "explanation.rotation.cap": (
        "whether the largest write-off can be kept",
        "过期上限能否满足",
    ),
    "objective.rotation.statutory_shortfall": (
        "Below the statutory part, weighted unit-years",
        "法定储备缺口（加权件·年）",
    ),
    "objective.rotation.shortfall": (
        "Below the targets, weighted unit-years",
        "定额缺口（加权件·年）",
    ),
    "objective.rotation.write_off": ("Value written off", "过期核销价值"),
    "objective.rotation.cost": ("Cost, less what comes back", "净费用"),
    "rotation.summary": ("Summary", "摘要"),
    "rotation.stock": (
        (
            "Short of the targets by {short:number} weighted unit-years; {orders:count} orders for"
            " {bought:money}, {recovered:money} comes back"
        ),
        (
            "定额缺口 {short:number} 加权件·年；订单 {orders:count} 笔，采购{bought:money}，"
            "收回{recovered:money}"
        ),
    ),
    "rotation.write_off": (
        "{value:money} expires in all ({most:money} at most, unclear lots and all)",
        "过期核销合计{value:money}（计入不明批次至多{most:money}）",
    ),
    "rotation.write_off_open": (
        "{value:money} expires in all; nobody says how much unclear lots hold",
        "过期核销合计{value:money}；不明批次数量未知，上限无法给出",
    ),
    "rotation.cap_holds": (
        "No year writes off more than {limit:share}",
        "各年过期比例均不超过 {limit:share}",
    ),
    "rotation.cap_broken": (
        "More than {limit:share} is written off in {years}",
        "过期比例超过 {limit:share} 的年度：{years}",
    ),
    "rotation.above.book": (
        (
            "{year}: {share:share}; even without budgets no less than {free:share}, for what is"
            " there is too old"
        ),
        "{year}年：{share:share}；即使没有预算限制也不低于 {free:share}，因为现有库存已过旧",
    ),
    "rotation.above.budget": (
        (
            "{year}: {share:share}; the budgets allow no less than {least:share}, without them it"
            " would be {free:share}"
        ),
        "{year}年：{share:share}；预算限制下不低于 {least:share}，无预算限制时为 {free:share}",
    ),
    "rotation.above.other_years": (
        "{year}: {share:share}; {least:share} would do, at the cost of other years",
        "{year}年：{share:share}；最低可至 {least:share}，但会增加其他年度的过期",
    ),
    "rotation.cap_possible": (
        "It could be kept with no more shortfall: require it",
        "可在不增加缺口的情况下满足，可将其设为必须满足",
    ),
    "rotation.cap_impossible": (
        "Proven: it cannot be kept with no more shortfall, because of",
        "已证明：不增加缺口则无法满足，原因如下",
    ),
    "rotation.money": (
        (
            "Without yearly budgets the shortfall would be {short:number}, the write-off"
            " {gone:money}"
        ),
        "若无年度预算限制，缺口为 {short:number}，过期核销为{gone:money}",
    ),
    "rotation.unclear": (
        "{count:count} lots of unknown quantity or date: count these first",
        "数量或效期不明的批次 {count:count} 个，应先行盘点",
    ),
    "rotation.reason.time": (
        "nothing can arrive sooner, whatever the budget",
        "与预算无关：物资无法更早到货",
    ),
    "rotation.reason.budget": ("the yearly budgets", "年度预算不足"),
    "rotation.action.issue": ("issue", "出库"),
    "rotation.action.move": ("send on", "调拨"),
    "rotation.action.order": ("order", "采购"),
    "rotation.action.receive": ("receive", "到货"),
    "rotation.action.expire": ("write off", "核销"),
    "rotation.action.count": ("count", "盘点"),
    "rotation.packs": ("{packs:count} × {pack}", "{packs:count} {pack}"),
    "rotation.loose": ("{quantity:number} {unit}", "{quantity:number} {unit}"),
    "rotation.never": ("does not expire", "无有效期"),
    "rotation.sheet.quarter": ("{first} to {last}", "{first} 至 {last}"),
    "folio.layer.stock_refills": ("What is sent between depots", "仓库间调拨"),
    "folio.field.bought": ("Bought in all", "采购合计"),
    "folio.field.written_off": ("Written off in all", "过期核销合计"),
    "folio.field.worth_sent": ("Value sent", "调拨价值"),
    "rotation.pick.day": ("Day", "日期"),
    "rotation.notes.1": (
        "Fill in the yellow cells alone; lines may be added below, in the same columns.",
        "只填写黄色单元格；可在下方按相同各列增加行。",
    ),
    "rotation.notes.2": (
        (
            "done: what was really issued, sent, received, ordered or written off, in the unit"
            " beside it (empty: single units; else a pack, such as box)."
        ),
        (
            "done 实际数量：实际出库、调拨、到货、采购或核销的数量，"
            "单位填在旁边（空白为单件，否则填包装代码，如 box）。"
        ),
    ),
    "rotation.notes.3": (
        "A line whose done is empty was not carried out. 0 means that nothing was there.",
        "实际数量为空表示未执行；填0表示无货。",
    ),
    "rotation.notes.4": (
        "new_expiry: the date on the goods, where it differs or was unknown (2027-06-30).",
        "new_expiry 实际有效期：与账面不同或原来不明时填写货物上的日期（如 2027-06-30）。",
    ),
    "rotation.notes.5": (
        (
            "counted in the book, and count lines: what is there when everything in this workbook"
            " is done; it stands above the book, and the difference is listed."
        ),
        "台账中的实盘数量与盘点行：本工作簿各项作业完成后的实有数量，以此为准，差异将列出。",
    ),
    "rotation.notes.6": (
        "Give the file back: muster rotation return REQUEST WORKBOOK --out NEXT.",
        "交回文件：muster rotation return 请求 工作簿 --out 新请求。",
    ),
    "rotation.need.action": ("one of: {known}", "须为以下作业之一：{known}"),
    "rotation.need.lot": (
        "a lot of the book, in this depot",
        "须为该仓库台账中的批次",
    ),
    "rotation.need.depot": ("a depot of the request: {known}", "须为请求中的仓库：{known}"),
    "rotation.need.item": ("an item of the request: {known}", "须为请求中的物资：{known}"),
    "rotation.need.unit": (
        "empty, or a pack of the item: {known}",
        "须为空，或该物资的包装：{known}",
    ),
    "rotation.need.date": ("a date such as 2027-06-30", "须为日期，如 2027-06-30"),
    "rotation.need.less": (
        "at most {there:number}, which is what the book has left",
        "不得超过账面剩余 {there:number}",
    ),
    "rotation.need.heading": (
        "headings of a storekeeper’s sheet: {known}",
        "须有仓管作业表的表头：{known}",
    ),
    "rotation.returned": (
        "{lines:count} lines carried out, {differences:count} differences from the book",
        "已执行 {lines:count} 行，与账面差异 {differences:count} 处",
    ),
    "rotation.differs": (
        "{cell}: {lot} in {depot}: book {book}, found {found}",
        "{cell}：{depot}的{lot}，账面 {book}，实际 {found}",
    ),
    "rotation.missing.stock": (
        "order {number:count}: {quantity:number} short, not in stock",
        "第 {number:count} 项：缺 {quantity:number}，库存不足",
    ),
    "rotation.missing.load": (
        "order {number:count}: {quantity:number} short, the vehicle is full",
        "第 {number:count} 项：缺 {quantity:number}，车辆已满载",
    ),
    "table.rotation_years": ("Year by year", "分年情况"),
    "table.rotation_short": ("Below target, and why", "低于定额的储备及原因"),
    "table.rotation_orders": ("Purchase calendar", "采购日历"),
    "table.rotation_actions": ("What to do, month by month", "逐月作业"),
    "table.rotation_write_offs": ("Write-off forecast", "过期核销预测"),
    "table.rotation_unclear": ("Lots to count first", "应先盘点的批次"),
    "table.rotation_worth": ("What more budget would save", "增加预算的价值"),
    "table.rotation_cap": ("Why write-off cannot be less", "过期上限无法满足的原因"),
    "column.year_budget": ("Budget", "预算"),
    "column.spent": ("Ordered", "采购"),
    "column.came_back": ("Comes back", "收回"),
    "column.written_off": ("Written off", "过期核销"),
    "column.written_share": ("Share of targets", "占定额价值"),
    "column.short_units": ("Short, weighted", "缺口（加权）"),
    "column.short_most": ("Short at most", "最大缺口"),
    "column.from_month": ("From", "起"),
    "column.to_month": ("To", "止"),
    "column.when": ("When", "时间"),
    "column.work": ("What", "作业"),
    "column.arrives_on": ("Arrives", "到货"),
    "column.lot": ("Lot", "批次"),
    "column.good_until": ("Good until", "有效期至"),
    "column.packed": ("In packs", "折合包装"),
    "column.goes": ("To", "去向"),
    "column.counted_on": ("Counted on", "按此数计"),
    "column.at_most": ("At most", "至多"),
    "column.short_saved": ("Shortfall saved per unit of money", "每元减少缺口"),
    "column.gone_saved": ("Write-off saved per unit of money", "每元减少核销"),
}


def _claim(name: str, english: str, chinese: str) -> None:
    ROTATION[f"check.claim.rotation.{name}"] = (
        f"{english}: found {{found}}, claimed {{claimed}}",
        f"{chinese}：核算 {{found}}，所列 {{claimed}}",
    )
    ROTATION[f"check.claim.rotation.{name}.agrees"] = (
        f"{english}: {{count:count}} figures agree",
        f"{chinese}：{{count:count}} 项数据一致",
    )


_claim("write_off", "Write-offs", "核销")
_claim("balance", "Stock at each period's end", "期末存量")
_claim("year", "Years", "分年数据")
_claim("figure", "Figures", "指标")
