"""Ways on foot from the road's end, how fast crews walk them, and the nights they stay off them."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from models.base import Model
from models.places import Place
from models.quantities import MetresPerSecond, Share, TimeOfDay

STEEPEST = 2.0  # rise over run; beyond it nobody walks


class WalkPoint(Place):
    """A point of a way on foot and its height above sea level."""

    height_m: Annotated[float, Field(ge=-500, le=9000, description="metres above sea level")]


class Walk(Model):
    """The way on foot from the road's end to the work; the crew comes back down it afterwards.

    Either ``length_m`` on the map with ``climb_m`` (negative: downhill), one slope all along, or
    ``line``: points with heights from the road's end on, each stretch with its own slope. Vehicles
    then drive to the first point. ``off_path``: there is no path.
    """

    length_m: Annotated[float, Field(gt=0, le=100_000)] | None = None
    climb_m: Annotated[float, Field(ge=-9000, le=9000)] = 0.0
    line: Annotated[tuple[WalkPoint, ...], Field(max_length=1000)] = ()
    off_path: bool = True

    @model_validator(mode="after")
    def _one_way_of_saying_it(self) -> "Walk":
        if (self.length_m is None) == (not self.line):
            raise ValueError("give length_m, or line, and not both")
        if self.line and (len(self.line) < 2 or self.climb_m):
            raise ValueError("line needs two points, and heights instead of climb_m")
        if self.length_m is not None and abs(self.climb_m) > STEEPEST * self.length_m:
            raise ValueError("climb_m is more than twice length_m: nobody walks up that")
        return self


class Pace(Model):
    """How fast a crew walks: a rule, and the shares of its speed that are left.

    ``tobler``: Tobler's hiking function, 6 exp(-3.5 |slope + 0.05|) km/h, uphill and downhill.
    ``naismith``: three miles an hour, and an hour more for every 2,000 feet of ascent.
    ``speed_m_s`` on the flat scales either (None: the rule's own, 1.40 and 1.34 m/s);
    ``laden_share`` is left of it with what the crew carries, ``off_path_share`` off the path.
    """

    rule: Literal["tobler", "naismith"] = "tobler"
    speed_m_s: MetresPerSecond | None = None
    laden_share: Annotated[Share, Field(gt=0)] = 1.0
    off_path_share: Annotated[Share, Field(gt=0)] = 0.6


class Night(Model):
    """When it is dark, every day: from ``falls`` until ``ends``, local times of the day.

    ``clock_zero`` is the time of the day at which the clock of the request reads 0.
    """

    falls: TimeOfDay
    ends: TimeOfDay
    clock_zero: TimeOfDay = "00:00"

    @model_validator(mode="after")
    def _night_and_day(self) -> "Night":
        if self.falls == self.ends:
            raise ValueError("falls and ends must differ")
        return self

    @property
    def length_s(self) -> float:
        """How long a night is."""
        return (_seconds(self.ends) - _seconds(self.falls)) % 86_400.0

    @property
    def falls_s(self) -> float:
        """When the first night falls at or after 0 on the clock of the request."""
        return (_seconds(self.falls) - _seconds(self.clock_zero)) % 86_400.0


def _seconds(one: TimeOfDay) -> float:
    hours, minutes = one.split(":")
    return 3600.0 * int(hours) + 60.0 * int(minutes)
