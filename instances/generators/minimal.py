"""The smallest request of each kind: what documentation and tests begin with."""

from datetime import date

from models.dispatch import DispatchRequest, Incident, Team, TeamNeed
from models.dispatch.phase import PhaseRequest
from models.dispatch.positioning import PositioningRequest, WarningScenario
from models.dispatch.readiness import Post, ReadinessRequest, Zone
from models.facilities import FacilityRequest
from models.facilities.places import FacilitySite
from models.facilities.request import Goal
from models.fire_stations import FireStationRequest
from models.places import DemandPoint, Site
from models.rotation import RotationRequest
from models.rotation.request import Outlet, OutletKind, RequiredStock, Supply, YearBudget
from models.run import RunLimits
from models.shelters import ShelterRequest
from models.shelters.opening import OpeningRequest, Situation
from models.shelters.places import Block, Setting, ShelterSite
from models.shelters.scenarios import ShelterScenario
from models.stockpiles import StockRequest
from models.stockpiles.day import LOAD, StockDayRequest
from models.stockpiles.items import Item, Need, Pack
from models.stockpiles.lots import Lot
from models.stockpiles.nodes import Depot, StockBlock
from models.stockpiles.rules import StockRules
from models.stockpiles.scenarios import StockScenario
from models.stockpiles.tiers import Tier
from models.text import Label


def minimal() -> FireStationRequest:
    """Return the smallest request: demand, sites, how many; all else is a default."""
    return FireStationRequest(
        demand_points=(
            DemandPoint(id="north", lat=22.72, lon=114.36, weights={"residents": 900}),
            DemandPoint(id="south", lat=22.68, lon=114.34, weights={"residents": 1500}),
        ),
        sites=(
            Site(id="A", lat=22.715, lon=114.36),
            Site(id="B", lat=22.685, lon=114.345),
        ),
        new_stations={"city": 1},
    )


def minimal_shelters() -> ShelterRequest:
    """Return the smallest shelter request: two blocks, two sites, one scenario."""
    return ShelterRequest(
        blocks=(
            Block(id="north", lat=22.701, lon=114.351, weights={"residents": 300}),
            Block(id="south", lat=22.699, lon=114.352, weights={"residents": 500}),
        ),
        sites=(
            ShelterSite(id="school", lat=22.700, lon=114.350, setting=Setting.INDOOR, places=400),
            ShelterSite(id="hall", lat=22.698, lon=114.351, setting=Setting.INDOOR, places=300),
        ),
        scenarios=(ShelterScenario(id="typhoon"),),
    )


def minimal_facilities() -> FacilityRequest:
    """Return the smallest facility request: two points, two sites, most of them within 500 m."""
    return FacilityRequest(
        demand_points=(
            DemandPoint(id="north", lat=22.704, lon=114.352, weights={"residents": 300}),
            DemandPoint(id="south", lat=22.692, lon=114.353, weights={"residents": 500}),
        ),
        sites=(
            FacilitySite(id="school", lat=22.703, lon=114.350),
            FacilitySite(id="square", lat=22.691, lon=114.350),
        ),
        goal=Goal.COVER,
        radius=500.0,
        number=1,
    )


def minimal_rotation() -> RotationRequest:
    """Return the smallest rotation: one depot, one item in boxes, two lots, two years."""
    return RotationRequest(
        start=date(2027, 1, 1),
        years=2,
        tiers=(Tier(id="district"),),
        depots=(Depot(id="depot", lat=22.70, lon=114.35, tier="district"),),
        items=(
            Item(
                id="water",
                unit=Label(en="bottle", zh="瓶"),
                packs=(Pack(id="box", name=Label(en="box", zh="箱"), holds=24),),
                volume_m3=0.001,
                price=1.5,
                shelf_life_days=365,
            ),
        ),
        lots=(
            Lot(
                id="old",
                item_id="water",
                depot_id="depot",
                quantity=300.0,
                expires_on=date(2027, 4, 30),
            ),
            Lot(
                id="new",
                item_id="water",
                depot_id="depot",
                quantity=200.0,
                expires_on=date(2027, 11, 15),
            ),
        ),
        required=(RequiredStock(depot_id="depot", item_id="water", target=480.0),),
        outlets=(
            Outlet(id="drills", kind=OutletKind.USE, item_id="water", per_year=360.0),
            Outlet(
                id="sale",
                kind=OutletKind.SALE,
                item_id="water",
                per_year=600.0,
                recovered_share=0.5,
                least_remaining_days=30,
            ),
        ),
        supplies=(Supply(id="water", item_id="water", pack_id="box", months=(3, 6, 9, 12)),),
        budgets=(YearBudget(year=2027, amount=1200.0), YearBudget(year=2028, amount=1200.0)),
        whole=True,
        limits=RunLimits(time_limit_s=20.0),
    )


def minimal_stockpiles() -> StockRequest:
    """Return the smallest stockpile request: two tiers, two blocks, water, two scenarios."""
    return StockRequest(
        tiers=(
            Tier(id="district", dispatch_s=1800.0),
            Tier(id="community", dispatch_s=600.0, reach_s=600.0),
        ),
        items=(
            Item(
                id="water",
                volume_m3=0.0013,
                weight_kg=1.05,
                price=1.2,
                shelf_life_days=540.0,
                needs=(Need(quantity=3.0, per_day=True),),
            ),
        ),
        depots=(
            Depot(id="depot", tier="district", lat=22.70, lon=114.35, volume_m3=3.0),
            Depot(id="store", tier="community", lat=22.68, lon=114.34, volume_m3=1.0),
        ),
        blocks=(
            StockBlock(id="north", lat=22.72, lon=114.36, weights={"residents": 900.0}),
            StockBlock(id="south", lat=22.68, lon=114.34, weights={"residents": 1500.0}),
        ),
        scenarios=(
            StockScenario(id="storm", weight=0.9, affected={"north": 0.2, "south": 0.3}),
            StockScenario(
                id="flood",
                weight=0.1,
                affected={"south": 0.9},
                surviving_share={"store": 0.5},
                slower=2.0,
            ),
        ),
        rules=StockRules(budget=1500.0),
    )


def minimal_stock_day() -> StockDayRequest:
    """Return the smallest day: lots in both depots, one flood, two lorries."""
    lots = tuple(
        Lot(
            id=f"{at}-water",
            item_id="water",
            depot_id=at,
            quantity=600.0,
            expires_on=date(2030, 1, 1),
        )
        for at in ("depot", "store")
    )
    return StockDayRequest(
        stockpiles=minimal_stockpiles().model_copy(update={"lots": lots}),
        today=StockScenario(id="today", affected={"north": 0.1, "south": 0.1}, slower=1.2),
        vehicles=tuple(
            Team(id=name, lat=22.69, lon=114.35, people=2, amounts={LOAD: 500.0})
            for name in ("lorry-1", "lorry-2")
        ),
    )


def minimal_dispatch() -> DispatchRequest:
    """Return the smallest dispatch request: three teams, two incidents."""
    return DispatchRequest(
        teams=tuple(
            Team(id=name, lat=lat, lon=114.35, skills={"boat": 2}, people=6)
            for name, lat in (("east", 22.70), ("west", 22.68), ("north", 22.74))
        ),
        incidents=(
            Incident(
                id="flood",
                lat=22.705,
                lon=114.36,
                severity=5,
                needs=(TeamNeed(skill="boat", teams=2),),
            ),
            Incident(
                id="car",
                lat=22.685,
                lon=114.345,
                severity=2,
                needs=(TeamNeed(skill="boat", teams=2),),
            ),
        ),
    )


def minimal_phase() -> PhaseRequest:
    """Return the smallest disaster phase: the smallest dispatch, with half an hour's work each."""
    now = minimal_dispatch()
    incidents = tuple(one.model_copy(update={"on_scene_s": 1800.0}) for one in now.incidents)
    return PhaseRequest(
        situation=now.model_copy(update={"incidents": incidents}),
        limits=RunLimits(time_limit_s=2.0),
    )


def minimal_positioning() -> PositioningRequest:
    """Return the smallest pre-positioning: three teams in one place, two posts, two scenarios."""
    now = minimal_dispatch()
    incidents = [
        one.model_copy(update={"full_within_s": 300.0, "partial": False}) for one in now.incidents
    ]
    return PositioningRequest(
        situation=now.model_copy(update={"incidents": ()}),
        posts=(
            Post(id="bridge", lat=22.705, lon=114.36),
            Post(id="market", lat=22.685, lon=114.345),
        ),
        scenarios=(
            WarningScenario(id="rain-east", probability=0.5, incidents=(incidents[0],)),
            WarningScenario(id="rain-west", probability=0.3, incidents=tuple(incidents)),
        ),
    )


def minimal_readiness() -> ReadinessRequest:
    """Return the smallest readiness request: three teams on one side, two zones, two posts."""
    return ReadinessRequest(
        situation=minimal_dispatch().model_copy(update={"incidents": ()}),
        zones=(
            Zone(id="centre", lat=22.69, lon=114.35, demand=3.0),
            Zone(id="hills", lat=22.62, lon=114.40, demand=2.0),
        ),
        posts=(
            Post(id="square", lat=22.69, lon=114.35),
            Post(id="school", lat=22.625, lon=114.40, teams_max=1),
        ),
    )


def minimal_opening() -> OpeningRequest:
    """Return the smallest opening order: one of two shelters is open and half full."""
    return OpeningRequest(
        shelters=minimal_shelters(),
        situation=Situation(
            scenario_id=minimal_shelters().scenarios[0].id,
            open_sites=(minimal_shelters().sites[0].id,),
            inside={minimal_shelters().sites[0].id: 20.0},
        ),
    )
