"""Where facilities are, may be, must be and must not be."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from models.places import Place, Site
from models.quantities import Identifier, Money, Weight
from models.text import Label

Length = Annotated[float, Field(ge=0, description="in the measure of the request")]


class SiteState(StrEnum):
    """What is settled about a site beforehand."""

    CANDIDATE = "candidate"
    EXISTING = "existing"  # stands already: it costs nothing more and is not counted
    FIXED = "fixed"  # must be built
    FORBIDDEN = "forbidden"  # must not be built


class FacilitySite(Place):
    """A place where a facility stands or may be built.

    ``capacity`` is how much weight it can serve; None: any amount. ``cost`` is that of building
    it; one that exists costs nothing more.
    """

    id: Identifier
    name: Label | None = None
    state: SiteState = SiteState.CANDIDATE
    cost: Money = 0.0
    capacity: Weight | None = None
    illustrative: bool = False

    def as_site(self) -> Site:
        """Return its position alone, as travel wants it."""
        return Site(id=self.id, lat=self.lat, lon=self.lon, x_m=self.x_m, y_m=self.y_m)
