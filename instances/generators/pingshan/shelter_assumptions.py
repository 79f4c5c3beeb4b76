"""What the shelter examples rest on: every borrowed or invented figure, with its source."""

from instances.generators.pingshan.assumptions import illustrative, published
from models.answer import Assumption

SHELTERS: tuple[Assumption, ...] = (
    published("sites.places", "45 / 9,740 + 27 / 400,000"),
    published(
        "sites.gross_area_m2",
        "126 ha",
        "Shenzhen shelter plan 2009-2020, art. 17-18: 27 fixed shelters of Pingshan"
        " / 深圳市应急避难场所规划2009-2020：坪山固定避难场所27处",
        "found",
    ),
    published(
        "blocks.weights.residents",
        "551,333",
        "2020 national census / 2020年第七次全国人口普查",
        "found",
    ),
    published("rules.area_targets", "1.5 m²"),
    published(
        "scenarios.leave_share",
        "1.14-1.5 %",
        "Typhoon Mangkhut (2018): over 200,000 people moved in Shenzhen"
        " / 2018年台风“山竹”：深圳转移20余万人",
        "derived",
    ),
    published(
        "scenarios.leave_share",
        "25 %",
        "Guangdong shelter outline: fixed capacity for 20-30 % of planned residents, borrowed here"
        " as those who leave / 广东省规划纲要：固定避难容量为规划人口的20-30 %，此处借作疏散比例",
        "found",
    ),
    published(
        "rules.walk_limit_m",
        "2.5 km",
        "GB 51143-2015: long-term fixed shelters; recalled / 长期固定避难场所，凭记忆",
        "memory_high",
    ),
    illustrative(
        "sites.lat",
        "72 + 42",
        "no list of shelters is published; places, sizes and candidates are drawn from a seed"
        " / 无公布名录；位置、规模及备选场所按随机种子虚构",
    ),
    illustrative(
        "scenarios.hazards",
        "4 + 3",
        "floods and landslides are drawn from a seed / 内涝与滑坡范围按随机种子虚构",
    ),
    illustrative(
        "sites.open_cost",
        "0.3-3.4 million CNY / 30万至340万元",
        "invented for this example / 本示例虚构",
    ),
    illustrative(
        "blocks.weights",
        "500 m",
        "communities split by distance and forest; only totals are published"
        " / 按距离与林地分摊；仅总数为公布值",
    ),
)
