"""Why a rotation plan is as it is."""

from typing import Literal

from models.answer import Conflict
from models.base import Model
from models.quantities import Count, Identifier, Money
from models.text import Text

ShortReason = Literal["time", "budget"]
AboveReason = Literal["book", "budget", "other_years"]


class ShortStock(Model):
    """A stock below its target, and why.

    ``time``: it stays short even where money is no limit: nothing can arrive sooner, or there is
    no room or no supply. ``budget``: without the yearly budgets it would be full.
    """

    depot_id: Identifier
    item_id: Identifier
    first_period: Count
    last_period: Count
    worst: float
    shortfall: float
    reason: ShortReason


class BudgetWorth(Model):
    """What one more unit of money in a year's budget would save.

    ``shortfall`` in weighted unit-years, ``write_off`` in money with the shortfall as small as
    before: the shadow prices of the budget in the linear programs of the two levels.
    """

    year: int
    shortfall: float
    write_off: float


class YearAbove(Model):
    """A year that writes off more than the largest share, and what it takes.

    ``least`` is the least share of this year alone, with no more shortfall than the plan has, and
    ``least_without_budgets`` the same where money is no limit; None: not found in time. ``book``:
    even then it is too much, for what is there is too old. ``budget``: only the budgets forbid it.
    ``other_years``: this year could keep it, at the cost of others.
    """

    year: int
    share: float
    least: float | None = None
    least_without_budgets: float | None = None
    reason: AboveReason | None = None


class WriteOffCap(Model):
    """Whether the largest share of write-off holds every year, and the proof where it cannot.

    ``possible``: it can be kept with no more shortfall than the plan has; None: not decided in
    time. ``conflict`` names the rules that forbid it, and what alone would allow it; ``by_year``
    what each year above it takes.
    """

    share_max: float
    holds: bool
    years_above: tuple[int, ...] = ()
    by_year: tuple[YearAbove, ...] = ()
    possible: bool | None = None
    conflict: Conflict | None = None


class RotationExplanation(Model):
    """The reasons; parts the time did not allow are named in ``left_out``.

    ``least_shortfall`` and ``least_write_off`` are what remains of the first levels where the
    yearly budgets do not bind: what money cannot mend. ``least_possible_shortfall`` is the bound
    where unclear lots hold as much, and last as long, as they may.
    """

    short: tuple[ShortStock, ...] = ()
    budget_worth: tuple[BudgetWorth, ...] = ()
    least_shortfall: float | None = None
    least_write_off: Money | None = None
    least_possible_shortfall: float | None = None
    write_off_cap: WriteOffCap | None = None
    left_out: tuple[Text, ...] = ()
