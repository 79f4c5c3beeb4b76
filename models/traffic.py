"""Classes of road by rank, and how slow they are at some hours, as presets.

Factors multiply the travel time of a profile, whose speeds are those of a whole day. Between the
presets of peak and free flow, times on arterials and secondary roads differ as traffic in
Shenzhen did in 2021 (29 and 44 km/h, AutoNavi, first quarter; 1.5 times). How that is shared among
ranks, and that vehicles under blue light are slowed as traffic is, nobody measured: illustrative.
A log of runs tells better (``muster calibrate``). Turnout takes longer at night; that is no matter
of the roads and not in here.
"""

from collections.abc import Mapping
from typing import Literal

from models.base import Model
from models.confidence import Confidence
from models.text import Label

Rank = Literal["expressway", "arterial", "secondary", "branch", "service", "path"]
Hour = Literal["peak", "free_flow", "night"]

# By class of OpenStreetMap, and by the names of GB 50220.
RANKS: Mapping[Rank, tuple[str, ...]] = {
    "expressway": ("motorway", "motorway_link", "高速公路", "快速路", "expressway"),
    "arterial": (
        *("trunk", "trunk_link", "primary", "primary_link"),
        *("主干路", "主干道", "arterial"),
    ),
    "secondary": ("secondary", "secondary_link", "次干路", "次干道"),
    "branch": (
        *("tertiary", "tertiary_link", "residential", "unclassified", "road", "busway"),
        *("支路", "支线", "branch", "street"),
    ),
    "service": ("service", "living_street", "track", "bus_guideway", "emergency_bay"),
    "path": ("pedestrian", "cycleway", "footway", "path", "bridleway"),
}


class TrafficPreset(Model):
    """How many times longer a road of each rank takes at some hour; ranks left out take as long."""

    id: Hour
    name: Label
    factors: dict[Rank, float]
    source: str
    confidence: Confidence
    illustrative: bool = True

    def by_class(self) -> dict[str, float]:
        """Return the factor of every class of road that has one."""
        return {name: factor for rank, factor in self.factors.items() for name in RANKS[rank]}


_SOURCE = (
    "peak to free flow 1.5 on arterials: Shenzhen 2021, 29 and 44 km/h (AutoNavi); by rank "
    "illustrative / 主干路高峰与畅通之比约1.5：深圳2021年29与44 km/h（高德）；分等级为示例"
)
_PRESETS = (
    TrafficPreset(
        id="peak",
        name=Label(en="peak hours", zh="高峰时段"),
        factors={"expressway": 1.35, "arterial": 1.3, "secondary": 1.2, "branch": 1.1},
        source=_SOURCE,
        confidence="memory_low",
    ),
    TrafficPreset(
        id="free_flow",
        name=Label(en="free flow", zh="畅通时段"),
        factors={"expressway": 0.85, "arterial": 0.85, "secondary": 0.8, "branch": 0.9},
        source=_SOURCE,
        confidence="memory_low",
    ),
    TrafficPreset(
        id="night",
        name=Label(en="night", zh="夜间"),
        factors={"expressway": 0.8, "arterial": 0.75, "secondary": 0.75, "branch": 0.85},
        source="illustrative: somewhat below free flow / 示例：略快于畅通时段",
        confidence="memory_low",
    ),
)
TRAFFIC_PRESETS: Mapping[Hour, TrafficPreset] = {one.id: one for one in _PRESETS}
