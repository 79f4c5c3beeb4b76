"""Tiny shelter requests, drawn by hypothesis or by hand."""

from hypothesis import strategies as st

from models.places import Area
from models.shelters import ShelterRequest
from models.shelters.objectives import (
    Combination,
    LargestShare,
    OpeningCost,
    Unmet,
    UnmetRisk,
    Unsuitability,
    Walk,
    WorstWalk,
)
from models.shelters.places import Block, PeopleGroup, Setting, ShelterSite
from models.shelters.rules import AreaTarget, ServedFloor, ShelterRules
from models.shelters.scenarios import Hazard, PlanarPolygon, ShelterScenario

SIDE_M = 1200
metres = st.integers(0, SIDE_M).map(float)
shares = st.sampled_from([0.0, 0.25, 0.5, 1.0])
GROUPS = (
    PeopleGroup(id="aged", walk_limit_m=600.0, m2_per_person=2.0),
    PeopleGroup(id="wheelchair", walking_speed_m_s=0.8, walk_limit_s=900.0, needs_accessible=True),
)


@st.composite
def blocks(draw: st.DrawFn, index: int) -> Block:
    people = draw(st.integers(0, 60))
    aged, wheelchair = draw(st.integers(0, 20)), draw(st.integers(0, 5))
    weights = {"residents": float(people), "aged": float(aged), "wheelchair": float(wheelchair)}
    day = draw(st.sampled_from([None, {"residents": 5.0, "aged": 0.0, "wheelchair": 30.0}]))
    area = draw(st.sampled_from(["north", "south", None]))
    return Block(
        id=f"b{index}",
        x_m=draw(metres),
        y_m=draw(metres),
        weights=weights,
        day_weights=day,
        area=area,
    )


@st.composite
def sites(draw: st.DrawFn, index: int) -> ShelterSite:
    by_places = draw(st.booleans())
    size = draw(st.integers(0, 80))
    return ShelterSite(
        id=f"s{index}",
        x_m=draw(metres),
        y_m=draw(metres),
        setting=draw(st.sampled_from(Setting)),
        area=draw(st.sampled_from(["north", "south", None])),
        places=size if by_places else None,
        effective_area_m2=None if by_places else 2.0 * size,
        gross_area_m2=draw(st.sampled_from([None, 200.0])),
        existing=draw(st.integers(0, 3)) == 0,
        open_cost=float(draw(st.integers(0, 9))),
        accessible=draw(st.booleans()),
        suitability=draw(st.sampled_from([0.25, 1.0])),
    )


@st.composite
def hazards(draw: st.DrawFn) -> Hazard:
    x, y, size = draw(metres), draw(metres), draw(st.sampled_from([200.0, 600.0]))
    corners = ((x, y), (x + size, y), (x + size, y + size), (x, y + size))
    share = draw(st.sampled_from([0.0, 0.0, 0.5]))
    shape = PlanarPolygon(corners_m=corners)
    return Hazard(kind="flood", shape=shape, surviving_share=share)


@st.composite
def scenarios(draw: st.DrawFn, index: int, site_count: int) -> ShelterScenario:
    lost = draw(st.lists(st.integers(0, site_count - 1), max_size=2, unique=True))
    settings = draw(st.sampled_from([(Setting.INDOOR,), (Setting.INDOOR, Setting.OUTDOOR)]))
    return ShelterScenario(
        id=f"k{index}",
        weight=draw(st.sampled_from([1.0, 2.0, 5.0])),
        leave_share=draw(shares),
        leave_share_by_area=draw(st.dictionaries(st.sampled_from(["city", "north"]), shares)),
        leave_share_by_block=draw(st.dictionaries(st.just("b0"), shares)),
        hazards=tuple(draw(st.lists(hazards(), max_size=2))),
        surviving_share={f"s{j}": draw(shares) for j in lost},
        settings=settings,
        m2_per_person=draw(st.sampled_from([1.0, 1.5])),
        walk_limit_m=draw(st.sampled_from([None, None, 500.0])),
        leave_part_by_group=draw(st.dictionaries(st.just("aged"), shares)),
        by_day=draw(st.booleans()),
    )


@st.composite
def rules(draw: st.DrawFn, site_count: int) -> ShelterRules:
    floors = st.builds(
        ServedFloor,
        share=st.sampled_from([0.2, 0.6]),
        group=st.sampled_from([None, "aged"]),
        area=st.sampled_from([None, "north"]),
        level=st.sampled_from([None, None, "block", "subdistrict"]),
    )
    targets = st.builds(
        AreaTarget,
        m2_per_resident=st.sampled_from([0.2, 0.6]),
        reading=st.sampled_from(["effective", "gross"]),
        level=st.sampled_from([None, "subdistrict", "catchment"]),
    )
    return ShelterRules(
        walk_limit_m=draw(st.sampled_from([300.0, 900.0, 3000.0])),
        budget=draw(st.sampled_from([None, 5.0, 15.0])),
        max_new_sites=draw(st.sampled_from([None, None, 1, 2])),
        open_sites=draw(st.sampled_from([(), (), ("s0",)])),
        served_floors=tuple(draw(st.lists(floors, max_size=1))),
        area_targets=tuple(draw(st.lists(targets, max_size=1))),
    )


@st.composite
def requests(draw: st.DrawFn) -> ShelterRequest:
    site_count = draw(st.integers(1, 5))
    orders = st.sampled_from(
        [
            (Unmet(), OpeningCost(), Walk()),
            (UnmetRisk(alpha=0.7), Unmet(), Walk()),
            (Unmet(relative_loss=0.1), Walk()),
            (LargestShare(), Unmet()),
            (Unmet(), WorstWalk(), Walk()),
            (OpeningCost(), WorstWalk(relative_loss=0.3), Unmet()),
            (LargestShare(level="subdistrict"), Unmet(), Unsuitability()),
        ]
    )
    order = draw(orders)
    weighable = not any(isinstance(one, WorstWalk) for one in order)
    combinations = list(Combination) if weighable else [Combination.LEXICOGRAPHIC]
    return ShelterRequest(
        blocks=tuple(draw(blocks(i)) for i in range(draw(st.integers(1, 4)))),
        sites=tuple(draw(sites(j)) for j in range(site_count)),
        groups=GROUPS,
        scenarios=tuple(draw(scenarios(k, site_count)) for k in range(draw(st.integers(1, 3)))),
        rules=draw(rules(site_count)),
        objectives=order,
        combination=draw(st.sampled_from(combinations)),
        residents=("residents", "aged"),
        areas=(
            Area(id="city", level="city"),
            Area(id="north", level="subdistrict", parent="city"),
            Area(id="south", level="subdistrict", parent="city"),
        ),
    )
