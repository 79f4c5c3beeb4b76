"""A plan as numbers: the first stage, and what becomes of every scenario; values counted afresh."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.stockpiles import StockPlan
from models.stockpiles.objectives import (
    Combination,
    LargestShare,
    StockObjective,
    Unmet,
    UnmetRisk,
)
from models.stockpiles.plan import Agreed, Built, Held, KitShare
from optimizer.algorithms.two_stage import value_at_risk
from optimizer.demand import FloatArray
from optimizer.stockpiles.first_stage import FirstStage
from optimizer.stockpiles.instance import Instance, areas_at
from optimizer.stockpiles.outcomes import Outcome

_ROUND = 9  # decimals


@dataclass(frozen=True, eq=False)
class Solution:
    """A first stage and its outcomes, in the order of the scenarios."""

    first: FirstStage
    values: FloatArray  # (first-stage column,)
    outcomes: tuple[Outcome, ...]
    probability: FloatArray  # (scenario,)
    slope: FloatArray | None = None  # (first-stage column,) of expected unmet need, where known

    @property
    def instance(self) -> Instance:
        """The instance it answers."""
        return self.first.instance

    @cached_property
    def unmet(self) -> FloatArray:
        """Each scenario's unmet need, (scenario,)."""
        return np.array([one.unmet(self.instance) for one in self.outcomes])

    @cached_property
    def need(self) -> FloatArray:
        """Each scenario's weighted need by the deadline, (scenario,)."""
        band, weight = self.instance.deadline_band, self.instance.weight
        return np.array(
            [float((one.situation.need[:, :, band] @ weight).sum()) for one in self.outcomes]
        )

    @cached_property
    def met(self) -> FloatArray:
        """The part of it that is met, (scenario,)."""
        band, weight = self.instance.deadline_band, self.instance.weight
        missing = [float((one.missing[:, :, band] @ weight).sum()) for one in self.outcomes]
        return np.maximum(0.0, self.need - np.array(missing))

    @property
    def yearly_cost(self) -> float:
        """What the plan costs a year."""
        return float(self.first.cost @ self.values) + self.first.cost_now

    def value(self, level: int) -> float:
        """Return what a level is worth."""
        request = self.instance.request
        if request.combination is Combination.LEXICOGRAPHIC:
            return self.objective(request.objectives[level])
        return sum(one.weight * self.objective(one) for one in request.objectives)

    def objective(self, objective: StockObjective) -> float:
        """Return an objective's value, counted afresh."""
        if isinstance(objective, Unmet):
            return float(self.probability @ self.unmet)
        if isinstance(objective, UnmetRisk):
            return value_at_risk(self.unmet, self.probability, objective.alpha)
        if isinstance(objective, LargestShare):
            return float((1.0 - self.area_cover(objective.level)).max(initial=0.0))
        return self.yearly_cost

    def area_cover(self, level: str) -> FloatArray:
        """Return the expected cover of each area of a level that needs something, (area,)."""
        names, area_of = areas_at(self.instance.request, level)
        need, missing = np.zeros(len(names)), np.zeros(len(names))
        band, weight = self.instance.deadline_band, self.instance.weight
        inside = area_of >= 0
        for p, one in zip(self.probability, self.outcomes, strict=True):
            np.add.at(need, area_of[inside], p * (one.situation.need[:, :, band] @ weight)[inside])
            np.add.at(missing, area_of[inside], p * (one.missing[:, :, band] @ weight)[inside])
        kept = need > 0
        return np.asarray(1.0 - missing[kept] / need[kept])


def first_of_plan(first: FirstStage, plan: StockPlan) -> FloatArray:  # noqa: C901 - one loop a list
    """Return a plan's first stage as columns, kept within what the request allows of each.

    What it does not mention stays as it is. Stock counts as kept as far as there is some, and as
    bought beyond.
    """
    instance = first.instance
    request = instance.request
    depots = {one.id: n for n, one in enumerate(request.depots)}
    items = {one.id: k for k, one in enumerate(request.items)}
    values = first.lower.copy()
    stock = np.zeros(len(instance.holding_source))
    for held in plan.stock:
        if held.depot_id in depots and held.item_id in items:
            at = instance.holding[depots[held.depot_id], items[held.item_id]]
            if at >= 0:
                stock[at] += held.quantity
    values[first.blocks["keep"]] = np.minimum(stock, instance.existing)[first.kept]
    values[first.blocks["buy"]] = np.maximum(0.0, stock - instance.existing)[first.bought]
    blocks = {one.id: j for j, one in enumerate(request.blocks)}
    for kit in plan.kits:
        if kit.block_id in blocks:
            values[first.blocks["kits"].start + blocks[kit.block_id]] = kit.share
    contracts = {one.id: m for m, one in enumerate(request.contracts)}
    for taken in plan.agreed:
        if taken.contract_id in contracts:
            values[first.blocks["agree"].start + contracts[taken.contract_id]] = taken.quantity
    sizes = {(depot.id, size.id): n for n, (_, depot, size) in enumerate(first.sizes)}
    for built in plan.built:
        if (built.depot_id, built.size_id) in sizes:
            values[first.blocks["size"].start + sizes[built.depot_id, built.size_id]] = 1.0
    return values


def tidy(first: FirstStage, values: FloatArray) -> FloatArray:
    """Return first-stage columns within their bounds, whole where they are whole.

    Nothing is bought where as much of it is there already and would be let go.
    """
    near = np.where(first.integer, np.round(values), np.round(values, _ROUND))
    near = np.clip(near, first.lower, first.upper)
    keep, buy = first.blocks["keep"], first.blocks["buy"]
    place = np.searchsorted(first.bought, first.kept)
    moved = np.minimum(first.upper[keep] - near[keep], near[buy][place])
    near[keep] += moved
    near[buy.start + place] -= moved
    return near


def bare_plan(first: FirstStage, values: FloatArray) -> StockPlan:
    """Return what a first stage decides, without figures and deliveries."""
    instance = first.instance
    request = instance.request
    stock = first.stock @ values
    kept = np.zeros(len(stock))
    kept[first.kept] = values[first.blocks["keep"]]
    depots, items = request.depots, request.items
    holders = zip(
        instance.holding_source.tolist(), instance.holding_item.tolist(), stock, kept, strict=True
    )
    kits = values[first.blocks["kits"]]
    agreed = values[first.blocks["agree"]]
    return StockPlan(
        stock=tuple(
            Held(depot_id=depots[n].id, item_id=items[k].id, quantity=float(held), kept=float(own))
            for n, k, held, own in holders
            if n < len(depots) and held > 0
        ),
        kits=tuple(
            KitShare(block_id=block.id, share=float(share))
            for block, share in zip(request.blocks, kits, strict=True)
            if request.households is not None and share > 0
        ),
        agreed=tuple(
            Agreed(
                contract_id=request.contracts[instance.holding_source[h] - len(depots)].id,
                quantity=float(taken),
            )
            for h, taken in zip(first.agreed, agreed, strict=True)
            if taken > 0
        ),
        built=tuple(
            Built(depot_id=depot.id, size_id=size.id)
            for (_, depot, size), chosen in zip(
                first.sizes, values[first.blocks["size"]], strict=True
            )
            if chosen > 0.5
        ),
        illustrative=request.illustrative,
    )
