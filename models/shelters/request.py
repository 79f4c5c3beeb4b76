"""The question of shelter siting: which places become shelters, and who goes where."""

from typing import Annotated, Literal

from pydantic import Field

from models.answer import Assumption
from models.backdrop import BackdropShape
from models.base import SCHEMA_VERSION, Model
from models.places import Area
from models.quantities import Identifier, MetresPerSecond, SquareMetres
from models.run import RunLimits
from models.shelters.fleet import Fleet
from models.shelters.objectives import DEFAULT_ORDER, Combination, ShelterObjective
from models.shelters.places import Block, PeopleGroup, ShelterSite
from models.shelters.rules import ShelterRules
from models.shelters.scenarios import ShelterScenario
from models.text import Label
from models.travel import ByCoordinates, ConstantSpeed, LawScenario, Travel

WALKING_SPEED_M_S = 1.2
ON_FOOT = ByCoordinates(
    scenarios=(
        LawScenario(
            id="on_foot",
            name=Label(en="On foot", zh="步行"),
            law=ConstantSpeed(speed_m_s=WALKING_SPEED_M_S),
        ),
    )
)


class ShelterRequest(Model):
    """Choose shelters and say who goes where, in every scenario.

    A walk is as long as the travel time says at ``reference_speed_m_s``: 300 s are 360 m.
    ``residents`` names the groups that area targets count per head; None: all of them.
    ``running_years`` is how many years of running a new site, or of what an upgrade adds, count as
    cost. ``fleet`` fetches the groups that cannot walk.
    """

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    kind: Literal["shelters"] = "shelters"
    name: Label = Label(en="Shelter siting", zh="应急避难场所布局")
    blocks: Annotated[tuple[Block, ...], Field(min_length=1)]
    sites: Annotated[tuple[ShelterSite, ...], Field(min_length=1)]
    groups: tuple[PeopleGroup, ...] = ()
    scenarios: Annotated[tuple[ShelterScenario, ...], Field(min_length=1)]
    travel: Travel = ON_FOOT
    reference_speed_m_s: MetresPerSecond = WALKING_SPEED_M_S
    fleet: Fleet | None = None
    rules: ShelterRules = ShelterRules()
    objectives: Annotated[tuple[ShelterObjective, ...], Field(min_length=1, max_length=10)] = (
        DEFAULT_ORDER
    )
    combination: Combination = Combination.LEXICOGRAPHIC
    areas: tuple[Area, ...] = ()
    residents: Annotated[tuple[Identifier, ...], Field(min_length=1)] | None = None
    m2_per_place: Annotated[SquareMetres, Field(gt=0)] = 1.5
    running_years: Annotated[float, Field(ge=0, le=100)] = 0.0
    currency: Annotated[str, Field(min_length=1, max_length=10)] = "CNY"
    assumptions: tuple[Assumption, ...] = ()
    backdrop: tuple[BackdropShape, ...] = ()
    source_crs: str | None = None
    illustrative: bool = False
    limits: RunLimits = RunLimits()
