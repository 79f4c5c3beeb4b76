"""What projects say to people."""

PROJECTS: dict[str, tuple[str, str]] = {
    "project.need.folder": ("a folder that exists", "须为存在的文件夹"),
    "project.need.toml": ("TOML that can be read", "须为可读取的 TOML 文件"),
    "project.need.key": ("one of {known}", "须为 {known} 之一"),
    "project.need.type": (
        "text in quotation marks; columns is a table of texts",
        "须为加引号的文本；columns 须为由文本组成的表",
    ),
    "project.need.field": ("one of the fields {known}", "须为下列字段之一：{known}"),
    "project.need.heading": (
        "a heading that the table has: {known}",
        "须为表中已有的表头：{known}",
    ),
    "project.unused": (
        "Not used, as its name tells no role: {table}",
        "名称未表明用途，未予采用：{table}",
    ),
    "project.personal": (
        "{table}: personal columns, which enter nothing: {columns}",
        "{table}：下列个人信息列不进入任何结果：{columns}",
    ),
    "project.warned": (
        "WARNING: a file or sheet without a role here is faulty:",
        "警告：有未采用的文件或工作表存在问题：",
    ),
    "project.suspicion": ("WARNING: {table}: {said}", "警告：{table}：{said}"),
    "project.suspicion_drawn": (
        "WARNING: {table}: {said} Drawn under each reading, over your own layers: {path}",
        "警告：{table}：{said}各种读取方式下的点位已叠加自有图层绘出：{path}",
    ),
    "project.located": (
        "{count:count} demand points were put into the area on whose ground they lie.",
        "{count:count} 个需求点按所在位置归入区域。",
    ),
    "project.placed": (
        (
            "{table}: {count:count} rows were placed by the table of places ({exact:count} by the "
            "name as written, {normalised:count} by its bare form); precision: {precision}"
        ),
        (
            "{table}：{count:count} 行按地点表定位（{exact:count} 行按原名，"
            "{normalised:count} 行按简化名）；精度：{precision}"
        ),
    ),
    "project.need.crs": (
        "the coordinate system of the file, by --crs or crs in project.toml",
        "须用 --crs 或 project.toml 中的 crs 指明坐标系",
    ),
    "project.need.files": (
        '[files."NAME"] with crs = "SYSTEM" in it, and nothing else',
        '须写作 [files."文件名"]，其中仅有 crs = "坐标系"',
    ),
    "project.need.listed": (
        "a file, sheet or layer of the project: {known}",
        "须为项目中的文件、工作表或图层：{known}",
    ),
    "project.need.osm_system": (
        "wgs84: OpenStreetMap files are in nothing else",
        "须为 wgs84：OpenStreetMap 文件只用该坐标系",
    ),
    "project.systems": (
        "Coordinates read as: {files}",
        "坐标读取所用坐标系：{files}",
    ),
    "project.several_systems": (
        (
            "The tables are in several reference systems; results leave in the project's, {crs}, "
            "unless --crs of muster report names another."
        ),
        "各表坐标系不一；除非 muster report 另用 --crs 指明，结果按项目坐标系 {crs} 输出。",
    ),
    "project.several_systems_bare": (
        (
            "The tables are in several reference systems and the project names none; results leave "
            "in WGS 84, unless --crs of muster report names another."
        ),
        "各表坐标系不一，项目亦未指明；除非 muster report 另用 --crs 指明，结果按 WGS 84 输出。",
    ),
    "project.need.network": (
        "a road file that lies beside it, or a name of the store",
        "须为同一文件夹内的路网文件名，或数据仓库中的名称",
    ),
    "project.need.table": (
        "a file or sheet named {role}",
        "缺少名为 {role} 的文件或工作表",
    ),
    "project.need.one_table": ("one file or sheet for {role}", "{role} 只能有一个文件或工作表"),
    "project.need.new_stations": (
        "how many stations to build, by --new-stations or new_stations in project.toml",
        "须用 --new-stations 或 project.toml 中的 new_stations 指明新建数量",
    ),
    "table.need.day": ("a day, as 2027-05-31", "须为日期，如 2027-05-31"),
    "table.need.numbered": (
        "names with a number above 0 each, as water × 6; blanket × 2",
        "须列出名称及大于 0 的数量，如“饮用水 × 6；棉被 × 2”",
    ),
    "table.need.slower": ("1 or more: times as long as usual", "须不小于 1：为平时行程的倍数"),
    "table.need.effect": (
        (
            "a share affected, people (no more than live there) or a count with its driver for a"
            " block; a loss for a depot or block; slower or cut off for an area"
        ),
        (
            "受影响比例、人数（不超过人口）或因子数量须对应街块；损失比例须对应仓库或街块；"
            "行程倍数与交通中断须对应区域"
        ),
    ),
    "project.need.kits": (
        "household kits need both kit_tier and kit_cost",
        "家庭应急包须同时给出 kit_tier 与 kit_cost",
    ),
    "project.need.goal": (
        "a goal in project.toml or the settings: cover, set_cover, p_median or p_center",
        "须在 project.toml 或参数表中给出目标 goal：cover、set_cover、p_median 或 p_center",
    ),
    "table.need.setting": ("one of {known}", "须为 {known} 之一"),
    "table.need.listed_kind": ("one of {known}", "须为 {known} 之一"),
    "table.need.phases": ("one of {known}", "须为 {known} 之一"),
    "project.need.good_row": ("at least one row without a fault", "至少须有一行无误的数据"),
    "project.dropped": (
        "WARNING: {count} faulty rows were left out; the request is made from the rest.",
        "警告：{count} 行有误，未予采用；请求仅含其余各行。",
    ),
    "project.all_good": ("Every row was used.", "所有行均已采用。"),
    "template.name": ("what the plan is called", "方案名称"),
    "template.crs": (
        "the system of the coordinates; needed, for 600 m lie between them",
        "坐标系，必填：不同坐标系之间相差约 600 米",
    ),
    "template.new_stations": ("how many city stations to build", "新建城市消防站数量"),
    "template.standard": ("the response standard", "响应标准"),
    "template.network": (
        "a road file beside this workbook, or a name of the store; empty: straight lines",
        "与本工作簿同一文件夹的路网文件名，或数据仓库中的名称；留空则按直线距离估算",
    ),
    "template.detour_factor": (
        "road distance / straight distance, where there is no road file",
        "无路网文件时：道路距离与直线距离之比",
    ),
    "template.new_stations_small": (
        "how many small stations to build; so for every class: new_stations.CLASS",
        "新建小型消防站数量；其他类别依此填写：new_stations.类别",
    ),
    "template.kind": ("what is sited; leave it as it is", "选址类别，请勿改动"),
    "template.facility": ("what one of them is called: hydrant", "设施名称，如：消火栓"),
    "template.goal": (
        (
            "cover: most weight within the radius; set_cover: all of it for the least; p_median: "
            "the shortest ways; p_center: the shortest longest way"
        ),
        (
            "cover：半径内权重最多；set_cover：以最少费用全部覆盖；p_median：总路程最短；"
            "p_center：最远路程最短"
        ),
    ),
    "template.number": ("how many new ones at most", "新建数量上限"),
    "template.budget": ("what they may cost at most", "建设费用上限"),
    "template.radius": (
        "how far one serves, in the measure below",
        "服务半径，单位见下行",
    ),
    "template.measure": ("metres, or seconds of travel", "metres（米）或 seconds（行程秒数）"),
    "template.unreached": (
        "p_median, p_center: what a point counts at most; empty: every point must be reached",
        "p_median、p_center：单个需求点路程计入上限；留空则所有点必须可达",
    ),
    "template.front": (
        "see the goal against cost, or against longest_way; empty: the goal alone",
        "与目标对照：cost（费用）或 longest_way（最远路程）；留空则仅求目标",
    ),
    "template.weight": (
        "which weight counts: residents, three_small; needed where there are several",
        "计入哪种权重：residents、three_small 等；有多种时必填",
    ),
    "template.shelters.walk_limit_m": ("how far people walk, metres", "步行距离上限（米）"),
    "template.shelters.m2_per_place": (
        "effective m² of a place, where only places are known",
        "仅知容纳人数时，每人折算有效面积（平方米）",
    ),
    "template.shelters.m2_per_resident": (
        "least effective m² per resident, all over; empty: no such rule",
        "全域人均有效避难面积下限（平方米），留空则不限",
    ),
    "template.shelters.fetch_deadline_s": (
        "until when those who cannot walk must be fetched, seconds",
        "接送无法步行者的时限（秒）",
    ),
    "template.shelters.nearest_first": (
        "how much farther than an open site with room anybody is sent: 0.5 is half the way",
        "允许比有余位的启用场所多走的比例，0.5 即多走一半",
    ),
    "template.shelters.least_fill": (
        "least share filled of a site in use, 0 to 1",
        "使用中场所的最低使用率，0 至 1",
    ),
    "template.shelters.fill_balance": (
        "largest difference of these shares, 0 to 1",
        "使用率最大差值，0 至 1",
    ),
    "template.shelters.balance_within": (
        "among which sites these shares are compared: setting (roofed or open), class",
        "比较使用率的范围：setting（室内或室外）、class（同一等级）",
    ),
    "template.shelters.together": (
        "who goes to one and the same site: block, community, subdistrict",
        "须前往同一场所的单元：block（街块）、community（社区）、subdistrict（街道）",
    ),
    "template.shelters.running_years": (
        "years of running that count as cost",
        "计入费用的运行年数",
    ),
    "template.notes.stockpiles": (
        (
            "Tiers say how fast they send, items what people need of them, lots what is there. Each"
            " scenario has a row; what happens in it to a block, a depot or an area has a row of"
            " its own in Effects. Scenarios held out judge the plan and are not planned for."
        ),
        (
            "储备层级填写出库时间，物资填写人均需求，批次填写现有库存。每个情景一行；情景中对街块、"
            "仓库或区域的影响在“情景影响”表逐行填写。标为仅供检验的情景只用于检验方案。"
        ),
    ),
    "template.dispatch.deadline_ms": (
        "time allowed for the answer, milliseconds",
        "给出方案的时限（毫秒）",
    ),
    "template.dispatch.diversion_cost": (
        "what diverting a team under way costs, severity × seconds",
        "改派途中队伍的代价（严重度 × 秒）",
    ),
    "template.dispatch.freeze_s": (
        "a team that arrives within so many seconds goes on",
        "在此秒数内即将到达的队伍不再改派",
    ),
    "dispatch.order_kind.current": ("in force", "现有"),
    "dispatch.order_kind.pinned": ("must", "指定"),
    "dispatch.order_kind.forbidden": ("must not", "禁止"),
    "table.need.needs": (
        "skills with a number of teams each, between semicolons: rescue 2; drainage 1",
        "须为专业及队数，以分号分隔，如：抢险 2；排涝 1",
    ),
    "template.notes.dispatch": (
        (
            "Fill in the sheets Settings, Teams and Incidents; what incidents of a kind need "
            "stands in Response plans, a row a need, or with the incident itself (rescue 2; "
            "drainage 1). Headings stay as they are. Teams: a further column headed skills.NAME "
            "counts the people who can do something, vehicles.NAME vehicles, amounts.NAME what "
            "adds up over teams (pump m³/h). Modes: how teams travel that do not go by road, and "
            "how fast. Orders: which team is under way to which incident, must go, or must not."
        ),
        (
            "请填写“参数”“队伍”“险情”各表；各类险情所需力量填入“响应预案”表，每行一项，"
            "也可直接填在险情行内（抢险 2；排涝 1）。表头请勿改动。"
            "队伍：另加“技能:名称”列填专业人数，"
            "“车辆:名称”列填车辆数，“能力:名称”列填可累加的能力（如排水量）。"
            "出行方式：不走道路的队伍及其速度。指令：哪支队伍正前往、必须前往或不得前往哪处险情。"
        ),
    ),
    "template.notes.shelters": (
        (
            "Fill in the sheets Settings, Demand, Sites and Scenarios; the others may stay as they "
            "are. So do the headings. Demand: blocks and their people; a further column headed "
            "weights.NAME counts a group, which the sheet Groups describes. People to move: lists "
            "by place, all of whom leave. Sites: indoor or outdoor, with places or an effective "
            "area. A map file named hazard_areas beside the workbook's folder gives the hazards, "
            "each with the scenarios it belongs to."
        ),
        (
            "请填写“参数”“需求”“场所”“情景”各表，其余各表可不填，表头请勿改动。需求：各街块及人口；"
            "其他人群另加一列，表头写作“权重:名称”，其特征填入“人群”表。转移人员：按地点列出，"
            "全部转移。场所：注明室内或室外，并给出容纳人数或有效面积。危险区以名为 hazard_areas "
            "的地图文件给出，并注明所属情景。"
        ),
    ),
    "template.notes.facilities": (
        (
            "Fill in the sheets Settings, Demand and Sites; the others may stay as they are. So do "
            "the headings. Demand: points and what counts of each, 1 where nothing is given; a "
            "further column headed weights.NAME is a weight of your own. Sites: where one exists "
            "(existing), may stand (candidate), must (fixed) and must not (forbidden)."
        ),
        (
            "请填写“参数”“需求”“场所”各表，其余各表可不填，表头请勿改动。需求：各点及其权重，"
            "未填按 1 计；其他权重另加一列，表头写作“权重:名称”。场所：状态可为现有、候选、"
            "指定（必建）、禁用。"
        ),
    ),
    "template.notes.1": (
        (
            "Fill in the sheets Settings, Demand, Sites and Stations; the others may stay as they "
            "are. So do the headings; columns that you do not need may stay empty."
        ),
        "请填写“参数”“需求”“站址”“消防站”各表，其余各表可不填。表头请勿改动；不需要的列可留空。",
    ),
    "template.notes.2": (
        "Rows whose id begins with {example} are examples and are passed over.",
        "编号以 {example} 开头的行为示例，导入时忽略。",
    ),
    "template.notes.3": (
        (
            "Numbers may be written as people write them: 33,000, 45 %, 2.4 km2. "
            "Coordinates: 114.35 or 114°21'00\"E, in two columns, or both in one cell under "
            "“position”."
        ),
        (
            "数字可按习惯书写：2.7万、33,000、45%、36亩。坐标可写 114.35 或 东经114度21分；"
            "可分两列填写，也可一并写在“经纬度”一格内。"
        ),
    ),
    "template.notes.4": (
        (
            "Demand: places and what is there. A further column headed weights.NAME is a weight of "
            "your own. Sites: where stations may be built, and of which classes."
        ),
        (
            "需求：居住地及常住人口等。需要其他权重时，另加一列，表头写作“权重:名称”。"
            "站址：可建站的候选地点及可建类别。"
        ),
    ),
    "template.notes.5": (
        (
            "Stations: those that exist. They stay as they are, unless “may” allows a change: "
            "close, move, strengthen, regrade, with semicolons between."
        ),
        (
            "消防站：现有各站。除非在“允许调整”中注明（关闭、迁建、加强、调整类别，以分号分隔），"
            "否则予以保留。"
        ),
    ),
    "template.notes.6": (
        (
            "Places: your table of named places. Rows elsewhere without coordinates are looked up "
            "in it by their place, name or id, and marked with its precision."
        ),
        "地点：自备的地点表。其他各表中没有坐标的行，按其地点、名称或编号在此查找，并标明精度。",
    ),
    "template.notes.7": (
        (
            "Areas: districts, sub-districts, communities. Where the sheet is empty, they follow "
            "from the demand rows. Risk classes likewise."
        ),
        "区域：区、街道、社区。不填时按需求各行所写自动生成；风险等级亦同。",
    ),
    "template.notes.8": (
        (
            "Classes: classes of station of your own, or a preset with other figures. Hazards: "
            "what is named beside the sites within 1 km of it."
        ),
        "类别：自定义消防站类别，或修改预设类别的数值。危险源：在 1 公里内的站址旁予以注明。",
    ),
    "template.notes.9": (
        (
            "Contacts: names and telephones of persons belong here. They enter no plan, log or "
            "report, and the workbook that comes back is without them."
        ),
        "联系人：姓名、电话请填在此表。其内容不进入方案、日志和报告，返回的工作簿中也予以删除。",
    ),
    "template.notes.10": (
        "Then: muster run THIS-FILE --out results/. Faulty cells come back with a comment.",
        "填好后运行：muster run 本文件 --out results/。有误的单元格会带批注返回。",
    ),
    "template.need.kind": ("one of {known}", "须为 {known} 之一"),
    "project.answers": ("answers", "结果"),
    "project.faults_sheet": ("Faults", "问题清单"),
    "project.faults_written": (
        "Faulty cells are marked in {path}.",
        "有误的单元格已在 {path} 中标出。",
    ),
}
