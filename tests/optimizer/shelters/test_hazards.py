"""The engine's and the verifier's reading of hazards, against each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instances.generators.shelters import Town, shelter_town, spread_town
from models.geometry import MultiPolygon, Polygon
from models.shelters import ShelterRequest
from models.shelters.places import Block, Setting, ShelterSite
from models.shelters.scenarios import Hazard, HazardShape, PlanarPolygon, ShelterScenario
from optimizer.control import RunControl
from optimizer.shelters.hazards import surviving_shares
from optimizer.shelters.solve import solve
from optimizer.shelters.verify import verify
from optimizer.shelters.verify.hazards import lies_in

numbers = st.integers(0, 6).map(float)
SQUARE = ((1.0, 1.0), (5.0, 1.0), (5.0, 5.0), (1.0, 5.0), (1.0, 1.0))
HOLE = ((2.0, 2.0), (4.0, 2.0), (4.0, 4.0), (2.0, 4.0), (2.0, 2.0))
FAR = ((5.5, 0.0), (6.0, 0.0), (6.0, 1.0), (5.5, 0.0))
SHAPES: list[HazardShape] = [
    Polygon(coordinates=(SQUARE,)),
    Polygon(coordinates=(SQUARE, HOLE)),
    MultiPolygon(coordinates=((SQUARE, HOLE), (FAR,))),
    PlanarPolygon(corners_m=((1, 1), (5, 1), (3, 2), (5, 5))),
]


def site(shape: HazardShape, across: float, along: float) -> ShelterSite:
    names = ("x_m", "y_m") if isinstance(shape, PlanarPolygon) else ("lon", "lat")
    place = dict(zip(names, (across, along), strict=True))
    return ShelterSite.model_validate({"id": "s", "setting": Setting.INDOOR, "places": 1, **place})


@given(st.sampled_from(SHAPES), st.floats(0, 6), st.floats(0, 6), numbers, st.booleans())
def test_both_say_the_same_of_every_point(
    shape: HazardShape, across: float, along: float, whole: float, on_grid: bool
) -> None:
    place = site(shape, whole if on_grid else across, along if not on_grid else round(along))
    request = ShelterRequest(
        blocks=(Block(id="b"),),
        sites=(place,),
        scenarios=(ShelterScenario(id="k", hazards=(Hazard(kind="flood", shape=shape),)),),
    )
    assert bool(surviving_shares(request)[0, 0] == 0.0) is lies_in(shape, place)


def test_a_hole_and_the_ground_outside_are_dry() -> None:
    ring = SHAPES[1]
    assert not lies_in(ring, site(ring, 3.0, 3.0))
    assert not lies_in(ring, site(ring, 0.5, 0.5))
    assert lies_in(ring, site(ring, 1.5, 1.5))
    assert lies_in(ring, site(ring, 5.0, 3.0))


@pytest.mark.slow
def test_nobody_is_sent_into_a_hazard_in_five_hundred_towns() -> None:
    assigned = 0
    for seed in range(520):
        draw = shelter_town if seed % 10 else spread_town
        request = draw(Town(6, 4, 4, existing_share=0.3), seed)
        plan = solve(request, RunControl(request.limits)).plan
        assert plan is not None
        failed = {one.rule for one in verify(request, plan).failed}
        assert "people.hazard" not in failed
        assigned += len(plan.assignments)
    assert assigned > 500
