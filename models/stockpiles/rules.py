"""What a plan must keep."""

from typing import Annotated

from pydantic import Field

from models.base import Model
from models.quantities import Count, Identifier, Money, Quantity, Share


class Minimum(Model):
    """A statutory minimum: so much of an item in a tier, whatever the scenarios say.

    ``quantity`` in the item's unit, plus ``per_resident`` for every resident of the request; with
    ``each``, every depot of the tier holds it, ``per_resident`` then counting its own area's.
    """

    tier: Identifier
    item_id: Identifier
    quantity: Quantity = 0.0
    per_resident: Quantity = 0.0
    each: bool = False


class LeastCover(Model):
    """Every area of ``level`` (``block``: every block) has this share of its expected need met."""

    share: Share
    level: Identifier = "block"


class GiniLimit(Model):
    r"""The Gini coefficient of the areas' expected covers is at most ``most``.

    .. math:: \sum_i \sum_j |c_i - c_j| \le 2 n \gamma \sum_i c_i
    """

    most: Share
    level: Identifier = "area"


class ChanceTarget(Model):
    """With probability ``1 - risk``, ``share`` of the weighted need is met by the deadline."""

    share: Share = 0.95
    risk: Share = 0.05


class StockRules(Model):
    """The rules; what is left out does not bind.

    ``budget`` limits what is spent to buy, build and equip, ``yearly_budget`` the yearly cost.
    """

    budget: Money | None = None
    yearly_budget: Money | None = None
    max_built: Count | None = None
    minimums: tuple[Minimum, ...] = ()
    least_cover: tuple[LeastCover, ...] = ()
    gini: GiniLimit | None = None
    chance: Annotated[ChanceTarget | None, Field(description="one binary per scenario")] = None
