"""What the stockpile example rests on: every borrowed or invented figure, with its source."""

from instances.generators.pingshan.assumptions import illustrative, published
from models.answer import Assumption

STOCKPILES: tuple[Assumption, ...] = (
    published("deadline_s", "3 h"),
    published("tiers", "5"),
    published(
        "depots",
        "7 = 1 + 6",
        "the plan says seven warehouses at two tiers; one of the district and six of the"
        " sub-districts fit / 规划载明区、街道两级仓库7个；区级1个、街道6个系推断",
        "derived",
    ),
    published(
        "blocks.weights.residents",
        "551,333",
        "2020 national census / 2020年第七次全国人口普查",
        "found",
    ),
    published(
        "rules.minimums",
        "1 % (1.5 %)",
        "county stores for 5,000-7,000 people, Beijing's 1 % rule and Typhoon Mangkhut scaled agree"
        " on 1 % of residents; 1.5 % is the stress"
        " / 县级库5000-7000人、北京1%规则与台风“山竹”折算一致：常住人口1%，压力情形1.5%",
        "derived",
    ),
    illustrative(
        "items.needs",
        "3 l, 3, 1, 1, 1/4, 1",
        "planning figures per person and day, household or place, from memory"
        " / 人均日、户均或床位规划指标，凭记忆",
        "memory_medium",
    ),
    illustrative(
        "items",
        "6",
        "sizes, weights, prices and lives of the items are invented or recalled"
        " / 物资体积、重量、价格与寿命为虚构或凭记忆",
    ),
    illustrative(
        "depots.lat",
        "37",
        "no list of depots is published; places, rooms, handling and costs are invented"
        " / 无公布名录；位置、库容、装卸能力与费用均为虚构",
    ),
    illustrative(
        "households",
        "8 %, 55 CNY",
        "share of households with a kit and the subsidy are invented"
        " / 家庭储备比例与补贴标准为虚构",
    ),
    illustrative(
        "blocks",
        "100",
        "blocks and their people are drawn from a seed / 街块及其人口按随机种子虚构",
    ),
    illustrative(
        "scenarios",
        "4",
        "typhoons, floods, earthquakes and fires are drawn from a seed; severities follow a Pareto"
        " law whose parameters are invented"
        " / 台风、内涝、地震与火灾按随机种子虚构；强度服从帕累托分布，参数虚构",
    ),
    illustrative("rules.budget", "3,000,000 CNY / 300万元", "invented / 虚构"),
)
