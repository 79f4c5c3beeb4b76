"""A day of supplies for Pingshan: the worst of some drawn events, a third in store, 12 lorries."""

from datetime import date

from instances.generators.pingshan.stock_bands import banded_stockpiles
from models.dispatch.teams import Team
from models.stockpiles import StockRequest
from models.stockpiles.day import LOAD, StockDayRequest
from models.stockpiles.lots import Lot
from models.text import Label

_DRAWN = 40
_FULL = 1.0 / 3.0  # of each depot's room
_EXPIRES = date(2030, 1, 1)
_LOADS_KG = (1_500.0, 5_000.0)


def pingshan_stock_day() -> StockDayRequest:
    """Return the day over four bands: who sends what, and what 12 lorries can bring in time."""
    drawn = banded_stockpiles(_DRAWN, 0, with_sizes=False)
    people = {one.id: sum(one.weights.values()) for one in drawn.blocks}
    worst = max(
        drawn.scenarios,
        key=lambda one: sum(share * people[block] for block, share in one.affected.items()),
    )
    return StockDayRequest(
        name=Label(en="Pingshan: supplies on the day", zh="坪山区：当日物资调运"),
        stockpiles=drawn.model_copy(update={"scenarios": (worst,), "lots": _lots(drawn)}),
        today=worst,
        vehicles=_lorries(drawn),
    )


def _lots(request: StockRequest) -> tuple[Lot, ...]:
    """Return what fills a third of each depot, its items taking up equal room."""
    may = {one.id: one.may_hold for one in request.tiers}
    found = []
    for depot in request.depots:
        held = [one for one in request.items if one.id in (may[depot.tier] or (one.id,))]
        for item in held:
            room = depot.room.get(item.id, float("inf"))
            fits = _FULL * depot.volume_m3 / len(held) / item.volume_m3
            found.append(
                Lot(
                    id=f"{depot.id}-{item.id}",
                    item_id=item.id,
                    depot_id=depot.id,
                    quantity=float(int(min(room, fits))),
                    expires_on=_EXPIRES,
                )
            )
    return tuple(found)


def _lorries(request: StockRequest) -> tuple[Team, ...]:
    """Return two lorries at each sub-district depot, a small and a large one."""
    return tuple(
        Team(
            id=f"{depot.id}-lorry-{n + 1}",
            name=Label(en=f"{depot.name.en} lorry {n + 1}", zh=f"{depot.name.zh}货车{n + 1}号")
            if depot.name
            else None,
            lat=depot.lat,
            lon=depot.lon,
            turnout_s=600.0,
            people=2,
            amounts={LOAD: load_kg},
            illustrative=True,
        )
        for depot in request.depots
        if depot.tier == "subdistrict"
        for n, load_kg in enumerate(_LOADS_KG)
    )
