"""What the map draws beneath the plan: shapes the user has given."""

from typing import Literal

from models.base import Model
from models.geometry import Geometry
from models.text import Label


class BackdropShape(Model):
    """An outline, a road, water or forest to be drawn beneath the plan."""

    kind: Literal["outline", "road", "water", "forest", "building"]
    geometry: Geometry
    name: Label | None = None
    illustrative: bool = False
