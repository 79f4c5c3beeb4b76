"""The question of fire-station siting: where which stations go."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from models.answer import Assumption
from models.backdrop import BackdropShape
from models.base import SCHEMA_VERSION, Model
from models.fire_stations.objectives import (
    DEFAULT_ORDER,
    Combination,
    Objective,
    ProbabilisticCover,
)
from models.fire_stations.rules import CountRange, Rules
from models.fire_stations.staffing import Staffing
from models.fire_stations.staging import Staging
from models.places import Area, DemandPoint, DemandTable, Site
from models.quantities import Headcount, Identifier
from models.run import RunLimits
from models.standards import ResponseStandard, StationClass
from models.text import Label
from models.travel import ByCoordinates, Travel


class RiskClass(Model):
    """A class of risk that demand points may have.

    ``vehicle_types``: vehicles that full force must include where the risk is of this class.
    """

    id: Identifier
    name: Label | None = None
    vehicle_types: dict[Identifier, Headcount] = Field(default_factory=dict)


class FireStationRequest(Model):
    """Site fire stations: which to build, commission, change or close, and of which class.

    Needed are ``demand_points``, ``sites`` and ``new_stations`` (how many of each class; a plain
    number means that many of class ``city``). All else has a default, and every default used is
    listed in the answer.

    ``time_sigma`` is the scatter of response times around their median (lognormal), as a log of
    runs shows it; probabilistic cover goes by it where it names no ``sigma`` of its own, and
    figures then tell the cover and the P90 to be expected.
    ``source_crs`` names the reference system the user's files came in, which exports go back to;
    the request itself is always WGS 84. ``backdrop`` is drawn beneath the map.
    """

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    kind: Literal["fire_stations"] = "fire_stations"
    name: Label = Label(en="Fire-station siting", zh="消防站选址")
    demand_points: Annotated[tuple[DemandPoint, ...], Field(min_length=1)] | DemandTable
    sites: Annotated[tuple[Site, ...], Field(min_length=1)]
    new_stations: dict[Identifier, CountRange]
    classes: tuple[StationClass, ...] = ()
    standard: ResponseStandard | str = "china"
    travel: Travel = ByCoordinates()
    rules: Rules = Rules()
    objectives: Annotated[tuple[Objective, ...], Field(min_length=1, max_length=20)] = DEFAULT_ORDER
    combination: Combination = Combination.LEXICOGRAPHIC
    areas: tuple[Area, ...] = ()
    risk_classes: tuple[RiskClass, ...] = ()
    population_weight: Identifier = "residents"
    weight_names: dict[Identifier, Label] = Field(default_factory=dict)
    shift_count: Annotated[int, Field(ge=1, le=10)] = 2
    currency: Annotated[str, Field(min_length=1, max_length=10)] = "CNY"
    staffing: Staffing | None = None
    staging: Staging | None = None
    time_sigma: Annotated[float, Field(gt=0, le=5)] | None = None
    assumptions: tuple[Assumption, ...] = ()
    backdrop: tuple[BackdropShape, ...] = ()
    source_crs: str | None = None
    illustrative: bool = False
    limits: RunLimits = RunLimits()

    @model_validator(mode="before")
    @classmethod
    def _scatter(cls, data: Any) -> Any:
        """Let probabilistic cover go by the scatter of the request."""
        if not isinstance(data, dict) or data.get("time_sigma") is None:
            return data
        objectives = data.get("objectives")
        if not isinstance(objectives, (list, tuple)):
            return data
        sigma = data["time_sigma"]
        return data | {"objectives": [_scattered(one, sigma) for one in objectives]}

    @field_validator("new_stations", mode="before")
    @classmethod
    def _plain_number(cls, data: Any) -> Any:
        plain = isinstance(data, int) and not isinstance(data, bool)
        return {"city": data} if plain else data


def _scattered(objective: Any, sigma: Any) -> Any:
    """Return an objective as given, with ``sigma`` where it is probabilistic and names none."""
    if isinstance(objective, ProbabilisticCover):
        given = "sigma" in objective.model_fields_set
        return objective if given else objective.model_copy(update={"sigma": sigma})
    if isinstance(objective, dict) and objective.get("kind") == "probabilistic_cover":
        return {"sigma": sigma, **objective}
    return objective
