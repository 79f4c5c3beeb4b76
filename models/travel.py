"""Travel times: a matrix, roads, or coordinates with a law; one or several scenarios."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Model
from models.datasets import DatasetReference
from models.quantities import Identifier, Metres, MetresPerSecond, Seconds
from models.roads import ByRoads, TravelReport
from models.text import Label


class ConstantSpeed(Model):
    """Travel time = road distance / ``speed_m_s``."""

    kind: Literal["constant_speed"] = "constant_speed"
    speed_m_s: MetresPerSecond = 30 / 3.6


class SpeedBand(Model):
    """The speed on the part of a trip up to ``up_to_m`` metres (None: to its end)."""

    up_to_m: Metres | None = None
    speed_m_s: MetresPerSecond


class SpeedProfile(Model):
    """Piecewise speeds along a trip: slow local streets first, faster roads on longer trips.

    Bands ascend by ``up_to_m``; the last has none.
    """

    kind: Literal["speed_profile"] = "speed_profile"
    bands: Annotated[tuple[SpeedBand, ...], Field(min_length=1)]


class AccelerationLaw(Model):
    r"""The law of Kolesar, Walker and Hausner (1975), with a constant start-up ``offset_s``.

    .. math:: t = c + 2\sqrt{d/a} \text{ for } d \le v^2/a, \quad c + v/a + d/v \text{ beyond}

    Kolesar, P., Walker, W. and Hausner, J. (1975). Determining the relation between fire engine
    travel times and travel distances in New York City. Operations Research 23(4).
    """

    kind: Literal["acceleration"] = "acceleration"
    cruise_speed_m_s: MetresPerSecond
    acceleration_m_s2: Annotated[float, Field(gt=0, le=20)]
    offset_s: Seconds = 0.0


TravelLaw = Annotated[ConstantSpeed | SpeedProfile | AccelerationLaw, Field(discriminator="kind")]


class LawScenario(Model):
    """One state of the roads: a travel law, and how much it weighs in expected values."""

    id: Identifier = "all_day"
    name: Label | None = None
    weight: Annotated[float, Field(gt=0)] = 1.0
    law: TravelLaw = ConstantSpeed()


class ByCoordinates(Model):
    """Straight-line distance x ``detour_factor``, driven by each scenario's law.

    Distances are haversine on the mean earth radius for ``lat`` and ``lon``, Euclidean for
    ``x_m`` and ``y_m``.
    """

    kind: Literal["coordinates"] = "coordinates"
    detour_factor: Annotated[float, Field(ge=1, le=5)] = 1.35
    scenarios: Annotated[tuple[LawScenario, ...], Field(min_length=1)] = (LawScenario(),)


class MatrixScenario(Model):
    """One state of the roads as a matrix (demand, site) of seconds; None means unreachable.

    A dataset holds one array: ``travel_time_s`` in an NPZ, or one Parquet column per site in
    the order of the sites; NaN means unreachable there.
    """

    id: Identifier = "all_day"
    name: Label | None = None
    weight: Annotated[float, Field(gt=0)] = 1.0
    travel_time_s: tuple[tuple[Seconds | None, ...], ...] | DatasetReference


class ByMatrix(Model):
    """Travel times as given; ``source`` says who gave them (a router, a model, a survey).

    ``rests_on`` keeps what was known where the times were made, so that every answer still says
    it: that they are straight-line stand-ins, or go over invented roads, or leave places out.
    """

    kind: Literal["matrix"] = "matrix"
    source: str | None = None
    rests_on: TravelReport | None = None
    scenarios: Annotated[tuple[MatrixScenario, ...], Field(min_length=1)]


Travel = Annotated[ByCoordinates | ByMatrix | ByRoads, Field(discriminator="kind")]
