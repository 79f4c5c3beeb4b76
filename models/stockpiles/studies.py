"""What is to be found out beside the plan itself."""

from typing import Annotated

from pydantic import Field

from models.base import Model
from models.quantities import Money, Share


class Studies(Model):
    """Questions about the stock that each take further plans; what is left out is not asked.

    ``budgets``: what each of them achieves (the budget curve). ``tiers``: what each tier, and the
    household kits, are worth, by planning without them. ``balance``: how well the stock that is
    there is placed. ``next_money``: what so much more than the budget would buy.
    ``target_probability``: the budget from which on the target (95 % met in time, or that of the
    chance rule) is met with this probability, with everybody, without household kits, and without
    the whole tier that households belong to.
    """

    budgets: Annotated[tuple[Money, ...], Field(max_length=50)] = ()
    tiers: bool = False
    balance: bool = False
    next_money: Annotated[Money, Field(gt=0)] | None = None
    target_probability: Annotated[Share, Field(gt=0)] | None = None
