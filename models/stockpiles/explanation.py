"""Why a stockpile plan is as it is, and how sure its promise is."""

from typing import Literal

from models.base import Model
from models.quantities import Count, Identifier, Money, Quantity, Share
from models.stockpiles.plan import Held
from models.text import Text

Reason = Literal["out_of_reach", "lost", "not_held", "vehicles", "handling", "used_up"]


class UnmetNeed(Model):
    """What a block goes without of an item by the deadline, and why.

    ``out_of_reach``: no depot can be there in time. ``lost``: what stood within reach is destroyed.
    ``not_held``: nobody within reach holds it. ``vehicles``: more could be loaded within reach, but
    vehicles carry no more in time. ``handling``: no more can be loaded in time. ``used_up``: all
    within reach is handed out, and more would help. The reason is that of the scenario in which
    most of it is missing.
    """

    block_id: Identifier
    item_id: Identifier
    expected: Quantity
    worst: Quantity
    worst_scenario: Identifier
    reason: Reason


class MarginalValue(Model):
    """By how much expected unmet need falls with one more unit of an item in a depot.

    A dual value: right for a small change, with everything else as it is. ``depot_id`` may also be
    a contract, of which one more unit is agreed; ``per_money`` is for each unit of money that a
    unit costs to buy, or a year as its fee.
    """

    depot_id: Identifier
    item_id: Identifier
    per_unit: float
    per_money: float | None = None


class KitValue(Model):
    """The same with one more household kit in a block, for one person."""

    block_id: Identifier
    per_person: float
    per_money: float | None = None


class Estimate(Model):
    """A figure in the plan's own scenarios and in unseen ones, with a 95 % confidence interval."""

    in_sample: float
    out_of_sample: float | None = None
    half_width: float | None = None


class OutOfSample(Model):
    """The plan in scenarios it has not seen; ``bias`` is how far in-sample stands below.

    ``unmet`` and ``cover`` are expected; shares of the mean unmet need are given for its
    half-width and bias, None where nothing is unmet.
    """

    scenarios: Count
    unmet: Estimate
    cover: Estimate
    worst_tenth_cover: Estimate
    meets_target: Estimate
    relative_half_width: float | None
    bias: float | None


class StochasticValue(Model):
    """What planning for scenarios is worth, in expected unmet need.

    ``vss``: how much more would be unmet if the plan were made for mean need alone. ``evpi``: how
    much less if what happens were known beforehand (at most: depot sizes may then be in part).
    Rules on expected covers hold on either side: what the plan for mean need holds is sent to keep
    them, and where nothing that is sent can, ``mean_breaks_rules``, and there is no ``vss``;
    foresight plans each scenario by itself and keeps them over all scenarios together.
    """

    vss: float | None = None
    evpi: float | None = None
    mean_breaks_rules: bool = False


KITS = "household_kits"  # as what is done without


class TierWorth(Model):
    """What a tier is worth: expected unmet need without it, and P(95 % in time), all replanned.

    ``tier`` ``household_kits`` is the kits that households keep for themselves. Where the plan
    without it is not ``proven``, less may go unmet.
    """

    tier: Identifier
    unmet_without: float
    meets_target_without: Share
    proven: bool = True


class BudgetPoint(Model):
    """What a budget achieves, planned anew: in the plan's own scenarios and in unseen ones.

    Where its plan is not ``proven`` to a thousandth, it may achieve more.
    """

    budget: Money
    expected_unmet: float
    cover: Share
    meets_target: Share
    unseen_meets_target: Share | None = None
    proven: bool = True


class TargetBudget(Model):
    """The least budget found whose plan meets the target with ``probability``, by bisection.

    ``without`` is the tier that holds nothing then, ``household_kits``, or None: everybody holds.
    ``point`` None: not even a budget of ``tried`` does. Otherwise ``tried`` is the largest budget
    whose plan was found not to do.
    """

    probability: Share
    without: Identifier | None = None
    tried: Money
    point: BudgetPoint | None = None


class NextMoney(Model):
    """What ``more`` money on top of the budget buys, planned anew.

    ``saved`` is how much less is expected to go unmet, ``per_money`` the same for each unit of
    money; ``buys`` is what depots hold more of then, the dearest first, and ``kits`` for how many
    people more there is a kit. Where its plan is not ``proven``, it may save more.
    """

    more: Money
    saved: float
    per_money: float
    proven: bool = True
    buys: tuple[Held, ...] = ()
    kits: float = 0.0


class Balance(Model):
    """Expected unmet need where the stock that is there lies, and where it would serve best.

    ``balance`` is ``actual / best``, 1 where nothing can be gained by moving stock, None where
    nothing would be unmet at best. ``best_stock`` is what depots would hold then. ``best`` is
    proven where ``proven``.
    """

    actual: float
    best: float
    balance: float | None
    proven: bool
    best_stock: tuple[Held, ...] = ()


class Binding(Model):
    """A rule the plan meets without room to spare; ``value`` is what one unit more would save."""

    path: str
    rule: Text
    used: float
    limit: float
    value: float | None = None


class StockExplanation(Model):
    """The reasons; parts the time did not allow are empty and named in ``left_out``."""

    unmet: tuple[UnmetNeed, ...] = ()
    marginal: tuple[MarginalValue, ...] = ()
    marginal_kits: tuple[KitValue, ...] = ()
    binding: tuple[Binding, ...] = ()
    out_of_sample: OutOfSample | None = None
    stochastic: StochasticValue | None = None
    tiers: tuple[TierWorth, ...] = ()
    curve: tuple[BudgetPoint, ...] = ()
    targets: tuple[TargetBudget, ...] = ()
    next_money: NextMoney | None = None
    balance: Balance | None = None
    left_out: tuple[Text, ...] = ()
