"""Annotated numbers: every unit of the program, once.

Inside there are only seconds, metres, square metres, persons and the request's currency.
"""

from typing import Annotated

from pydantic import Field

Seconds = Annotated[float, Field(ge=0, description="seconds")]
Metres = Annotated[float, Field(ge=0, description="metres")]
SquareMetres = Annotated[float, Field(ge=0, description="square metres")]
MetresPerSecond = Annotated[float, Field(gt=0, le=100, description="metres per second")]
People = Annotated[float, Field(ge=0, description="persons")]
Headcount = Annotated[int, Field(ge=0, description="persons, whole")]
CubicMetres = Annotated[float, Field(ge=0, description="cubic metres")]
Kilograms = Annotated[float, Field(ge=0, description="kilograms")]
Quantity = Annotated[float, Field(ge=0, description="in the item's own unit")]
Days = Annotated[float, Field(ge=0, description="days")]
Weight = Annotated[float, Field(ge=0, description="demand, in the unit its name says")]
Money = Annotated[float, Field(ge=0, description="money, in the request's currency")]
Share = Annotated[float, Field(ge=0, le=1, description="a share, 0 to 1")]
Count = Annotated[int, Field(ge=0, description="a whole number")]
Latitude = Annotated[float, Field(ge=-90, le=90, description="degrees north, WGS 84")]
Longitude = Annotated[float, Field(ge=-180, le=180, description="degrees east, WGS 84")]
Planar = Annotated[float, Field(description="metres on a plane")]
TimeOfDay = Annotated[
    str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="a time of the day, HH:MM")
]
Identifier = Annotated[str, Field(min_length=1, max_length=200)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256, hexadecimal")]
