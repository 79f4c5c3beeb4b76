"""Tiers: who may hold what, how far and how fast they reach, and whom they refill."""

from typing import Literal

from models.base import Model
from models.quantities import Identifier, Money, Seconds
from models.text import Label


class Tier(Model):
    """One level of holders: a city, a district, a community, shops and firms, households.

    Tiers stand in their order, from the top down; there may be any number of them, and of any
    name. ``may_hold`` None: every item. A holder reaches blocks within ``reach_s`` of travel
    (None: any), those of its own area alone where ``serves`` is ``own_area``, and leaves
    ``dispatch_s`` after the alarm; ``hand_over_s`` passes from arrival until people have it.
    ``budget`` limits what the tier spends to buy, build and equip. ``refills`` names the tiers
    whose depots it may refill from one band of time to the next.
    """

    id: Identifier
    name: Label | None = None
    may_hold: tuple[Identifier, ...] | None = None
    serves: Literal["all", "own_area"] = "all"
    reach_s: Seconds | None = None
    dispatch_s: Seconds = 0.0
    hand_over_s: Seconds = 0.0
    budget: Money | None = None
    refills: tuple[Identifier, ...] = ()
