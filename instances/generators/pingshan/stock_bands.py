"""Pingshan's stock over four bands of time, with contracts and fairness between communities."""

import numpy as np

from instances.generators.pingshan.assumptions import illustrative
from instances.generators.pingshan.facts import PLANE
from instances.generators.pingshan.stockpiles import stockpiles
from models.stockpiles import StockRequest
from models.stockpiles.nodes import Contract
from models.stockpiles.rules import LeastCover
from models.stockpiles.scenarios import Band

LEAST_COVER = 0.85  # of each community's expected need by the third hour
BANDS = (
    Band(id="1h", end_s=3_600.0, supply_days=0.125, weight=0.25),
    Band(id="3h", end_s=10_800.0, supply_days=0.5, weight=1.0),
    Band(id="12h", end_s=43_200.0, supply_days=1.0, weight=1.5),
    Band(id="72h", end_s=259_200.0, supply_days=3.0, weight=2.0),
)
# Item, units, seconds until they leave, CNY a unit and year, and which of the firms' places.
_CONTRACTS = (
    ("water", 60_000.0, 7_200.0, 0.1, 0),
    ("food", 60_000.0, 7_200.0, 0.8, 1),
    ("quilt", 8_000.0, 10_800.0, 6.0, 2),
    ("tent", 800.0, 21_600.0, 90.0, 0),
    ("hygiene", 6_000.0, 10_800.0, 3.0, 1),
    ("bed", 4_000.0, 28_800.0, 10.0, 2),
)
_PRODUCED = {"tent", "hygiene", "bed"}
_FIRMS_M = np.array([[-20_000.0, -5_000.0], [-12_000.0, 6_000.0], [9_000.0, 8_000.0]])


def banded_stockpiles(
    scenarios: int, held_out: int, *, with_sizes: bool = True, least_cover: float = LEAST_COVER
) -> StockRequest:
    """Return Pingshan's stock over four bands, with contracts and a least cover by community."""
    request = stockpiles(scenarios, held_out, with_sizes=with_sizes)
    lat, lon = PLANE.to_degrees(_FIRMS_M)
    contracts = tuple(
        Contract(
            id=f"firm-{item}",
            kind="capacity" if item in _PRODUCED else "agreement",
            tier="city",
            item_id=item,
            most=most,
            lead_time_s=lead_s,
            fee=fee,
            lat=float(lat[place]),
            lon=float(lon[place]),
            illustrative=True,
        )
        for item, most, lead_s, fee, place in _CONTRACTS
    )
    fair = (LeastCover(share=least_cover, level="community"),)
    invented = illustrative(
        "bands",
        "4",
        "supply by band, what lateness weighs, firms, lead times and fees are invented"
        " / 各时段应达数量、延误权重、企业、响应时间与费用均为虚构",
    )
    return request.model_copy(
        update={
            "bands": BANDS,
            "contracts": contracts,
            "rules": request.rules.model_copy(update={"least_cover": fair}),
            "assumptions": (*request.assumptions, invented),
        }
    )
