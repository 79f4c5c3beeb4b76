"""What a request around a situation of teams and incidents has from that situation."""

from typing import Literal

from models.backdrop import BackdropShape
from models.base import SCHEMA_VERSION, Model
from models.dispatch.request import DispatchRequest
from models.places import Area


class Situated(Model):
    """A request around a situation; areas, backdrop and coordinate system are the situation's."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    situation: DispatchRequest

    @property
    def areas(self) -> tuple[Area, ...]:
        """The areas of the situation."""
        return self.situation.areas

    @property
    def backdrop(self) -> tuple[BackdropShape, ...]:
        """What the map of the situation is drawn on."""
        return self.situation.backdrop

    @property
    def source_crs(self) -> str | None:
        """The coordinate system that the situation's places came in."""
        return self.situation.source_crs
