"""Vehicles that fetch those who cannot walk."""

from typing import Annotated

from pydantic import Field

from models.base import Model
from models.quantities import Count, Identifier, Seconds
from models.text import Label
from models.travel import ByCoordinates, ConstantSpeed, LawScenario, Travel

DRIVING_SPEED_M_S = 20.0 / 3.6
BY_VEHICLE = ByCoordinates(
    scenarios=(
        LawScenario(
            id="by_vehicle",
            name=Label(en="By vehicle", zh="乘车"),
            law=ConstantSpeed(speed_m_s=DRIVING_SPEED_M_S),
        ),
    )
)


class Vehicle(Model):
    """Vehicles of one kind: ``count`` of them with ``seats`` each.

    ``ready_s`` is when they stand at the block where they begin, ``boarding_s`` what getting in
    and out takes in each round.
    """

    id: Identifier
    name: Label | None = None
    count: Count
    seats: Annotated[float, Field(gt=0)]
    ready_s: Seconds = 0.0
    boarding_s: Annotated[Seconds, Field(gt=0)] = 600.0


class Fleet(Model):
    r"""The vehicles, how fast they drive, and until when everybody must be fetched.

    In each case a vehicle shuttles between one block and one site, and makes

    .. math:: \lfloor (\text{deadline} - \text{ready}) / (2 t + \text{boarding}) \rfloor

    rounds; each case has the whole fleet. A scenario may set a deadline of its own.
    """

    vehicles: Annotated[tuple[Vehicle, ...], Field(min_length=1)]
    travel: Travel = BY_VEHICLE
    deadline_s: Seconds = 10_800.0
