"""A village small enough to count by hand: three blocks on a line, four sites."""

from models.places import Area
from models.shelters import ShelterRequest
from models.shelters.objectives import OpeningCost, Unmet, UnmetRisk, Walk
from models.shelters.places import Block, PeopleGroup, Setting, ShelterSite
from models.shelters.rules import ShelterRules
from models.shelters.scenarios import Hazard, PlanarPolygon, ShelterScenario
from models.travel import ByCoordinates, ConstantSpeed, LawScenario

STRAIGHT = ByCoordinates(
    detour_factor=1.0, scenarios=(LawScenario(id="on_foot", law=ConstantSpeed(speed_m_s=1.2)),)
)
FLOODED = PlanarPolygon(corners_m=((900.0, -10.0), (1100.0, -10.0), (1100.0, 10.0), (900.0, 10.0)))


def village(**changes: object) -> ShelterRequest:
    """Return the village; in the flood the hall at 1,000 m is lost.

    West (0 m) has 100 residents, east (1,000 m) 60 and 10 in wheelchairs, far (9,000 m) 5. The
    school holds 90 m² or 60 people, the hall 150 m² or 100, the park 75 m² or 50, the barn, which
    is not accessible, 30 m² or 20.
    """
    request = ShelterRequest(
        blocks=(
            Block(id="west", x_m=0, y_m=0, weights={"residents": 100}, area="a"),
            Block(
                id="east", x_m=1000, y_m=0, weights={"residents": 60, "wheelchair": 10}, area="b"
            ),
            Block(id="far", x_m=9000, y_m=0, weights={"residents": 5}, area="b"),
        ),
        sites=(
            _site("school", 0, 90, existing=True, area="a"),
            _site("hall", 1000, 150, open_cost=8, area="b"),
            _site("park", 500, 75, open_cost=3, area="a", gross_area_m2=300, setting="outdoor"),
            _site("barn", 1200, 30, open_cost=1, area="b", accessible=False),
        ),
        groups=(PeopleGroup(id="wheelchair", needs_accessible=True),),
        scenarios=(
            ShelterScenario(id="dry", weight=3),
            ShelterScenario(id="flood", hazards=(Hazard(kind="flood", shape=FLOODED),)),
        ),
        travel=STRAIGHT,
        rules=ShelterRules(walk_limit_m=600.0, budget=11.0),
        objectives=(Unmet(), OpeningCost(), Walk(), UnmetRisk()),
        areas=(Area(id="a", level="half"), Area(id="b", level="half")),
    )
    return request.model_copy(update=changes)


def _site(name: str, x_m: float, effective_m2: float, **more: object) -> ShelterSite:
    fields = {"setting": Setting.INDOOR, **more}
    return ShelterSite.model_validate(
        {"id": name, "x_m": x_m, "y_m": 0.0, "effective_area_m2": effective_m2, **fields}
    )
