"""A solution as a plan, with every figure people ask for."""

from collections.abc import Iterator

import numpy as np

from models.stockpiles import StockPlan
from models.stockpiles.objectives import UnmetRisk
from models.stockpiles.plan import (
    CostSplit,
    Cover,
    Deliveries,
    ScenarioFigures,
    StockFigures,
)
from models.stockpiles.rules import ChanceTarget
from optimizer.algorithms.two_stage import value_at_risk
from optimizer.demand import FloatArray
from optimizer.stockpiles.first_stage import COST_PARTS
from optimizer.stockpiles.instance import Instance, upwards
from optimizer.stockpiles.outcomes import Outcome
from optimizer.stockpiles.situations import Situations
from optimizer.stockpiles.solution import Solution, bare_plan

TAIL = 0.9  # the worst tenth
_EVEN = 1e-9  # of a cover: what rounding may take


def complete_plan(solution: Solution) -> StockPlan:
    """Return the plan in names and units, with its deliveries and figures."""
    instance = solution.instance
    objectives = instance.request.objectives
    return bare_plan(solution.first, solution.values).model_copy(
        update={
            "deliveries": tuple(_deliveries(instance, one) for one in solution.outcomes),
            "objective_values": tuple(solution.objective(one) for one in objectives),
            "figures": figures(solution),
        }
    )


def figures(solution: Solution) -> StockFigures:
    """Return what a solution achieves and costs."""
    request = solution.instance.request
    alphas = [one.alpha for one in request.objectives if isinstance(one, UnmetRisk)]
    level = "block" if request.rules.gini is None else request.rules.gini.level
    first = solution.first
    return StockFigures(
        expected_unmet=float(solution.probability @ solution.unmet),
        unmet_risk=value_at_risk(solution.unmet, solution.probability, (alphas or [TAIL])[0]),
        yearly_cost=solution.yearly_cost,
        meets_target=meets_target(solution),
        gini=gini(solution.area_cover(level)),
        built=int((solution.values[first.blocks["size"]] > 0.5).sum()),
        costs=_costs(solution),
        covers=_covers(solution),
        scenarios=tuple(
            ScenarioFigures(
                scenario_id=one.situation.id,
                unmet=float(unmet),
                need=float(need),
                met=float(met),
                from_kits=_from_kits(solution.instance, one),
            )
            for one, unmet, need, met in zip(
                solution.outcomes, solution.unmet, solution.need, solution.met, strict=True
            )
        ),
    )


def target_share(solution: Solution) -> float:
    """Return the share that counts as served in time."""
    chance = solution.instance.request.rules.chance
    return (chance or ChanceTarget()).share


def meets_target(solution: Solution) -> float:
    """Return the probability that the share is met by the deadline."""
    kept = scenario_cover(solution) >= target_share(solution) - _EVEN
    return min(1.0, float(solution.probability[kept].sum()))


def scenario_cover(solution: Solution) -> FloatArray:
    """Return the share of need met by the deadline in each scenario; 1 where nothing is needed."""
    return _ratio(solution.met, solution.need)


def gini(cover: FloatArray) -> float | None:
    """Return the Gini coefficient of covers.

    Examples
    --------
    >>> gini(np.array([1.0, 1.0])), gini(np.array([1.0, 0.0]))
    (0.0, 0.5)
    """
    if len(cover) == 0 or cover.sum() <= 0:
        return None
    apart = np.abs(cover[:, None] - cover[None, :]).sum()
    return float(apart / (2.0 * len(cover) * cover.sum()))


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.asarray(np.divide(part, whole, out=np.ones_like(whole), where=whole > 0))


def _costs(solution: Solution) -> CostSplit:
    first, values = solution.first, solution.values
    request = solution.instance.request
    parts = {
        name: max(0.0, float(first.yearly[name] @ values) + first.yearly_now[name])
        for name in COST_PARTS
    }
    spent = first.outlay * (values - _free(solution))
    by_tier = {
        tier.id: max(0.0, float(spent[first.column_tier == t].sum()))
        for t, tier in enumerate(request.tiers)
    }
    return CostSplit(**parts, outlay=sum(by_tier.values()), outlay_by_tier=by_tier)


def _free(solution: Solution) -> FloatArray:
    free = np.zeros(solution.first.width)
    free[solution.first.blocks["kits"]] = solution.instance.kit_free
    return free


def _from_kits(instance: Instance, one: Outcome) -> float:
    return float((one.kits[:, :, instance.deadline_band] @ instance.weight).sum())


def _covers(solution: Solution) -> tuple[Cover, ...]:
    instance = solution.instance
    request = instance.request
    weight, last = instance.weight, instance.deadline_band
    need = np.array([one.situation.need for one in solution.outcomes])  # (s, block, item, band)
    missing = np.array([one.missing for one in solution.outcomes])
    found = [_cover(solution, "all", None, solution.met, solution.need)]
    for b, band in enumerate(request.bands):
        whole = np.einsum("sjk,k->s", need[..., b], weight)
        short = np.einsum("sjk,k->s", missing[..., b], weight)
        found.append(_cover(solution, "band", band.id, whole - short, whole))
    by_tier = np.array([_by_tier(instance, one) for one in solution.outcomes])
    for t, tier in enumerate(request.tiers):
        found.append(_cover(solution, "tier", tier.id, by_tier[:, t], solution.need))
    for k, item in enumerate(request.items):
        whole = need[:, :, k, last].sum(axis=1)
        short = missing[:, :, k, last].sum(axis=1)
        found.append(_cover(solution, "item", item.id, whole - short, whole))
    parents = {one.id: one.parent for one in request.areas}
    inside = [set(upwards(block.area, parents)) for block in request.blocks]
    whole = np.einsum("sjk,k->sj", need[..., last], weight)
    short = np.einsum("sjk,k->sj", missing[..., last], weight)
    for area in request.areas:
        mine = [area.id in areas for areas in inside]
        of_area = whole[:, mine].sum(axis=1)
        found.append(
            _cover(solution, "area", area.id, of_area - short[:, mine].sum(axis=1), of_area)
        )
    return (*found, *_group_covers(solution, need[..., last], missing[..., last]))


def _group_covers(solution: Solution, need: FloatArray, missing: FloatArray) -> Iterator[Cover]:
    """Yield the cover of each group of people, of need and missing (scenario, block, item)."""
    instance = solution.instance
    if len(instance.groups) < 2:
        return
    met = 1.0 - _ratio(missing, need)
    scenarios = {one.id: one for one in instance.request.scenarios}
    told = tuple(scenarios[one.situation.id] for one in solution.outcomes)
    situations = Situations(instance, told)
    own = np.array([situations.need_of_groups(s) for s in range(len(situations))])
    needed = np.einsum("sgjk,k->gs", own, instance.weight)
    got = np.einsum("sgjk,sjk,k->gs", own, met, instance.weight)
    for g, name in enumerate(instance.groups):
        yield _cover(solution, "group", name, got[g], needed[g])


def _cover(
    solution: Solution, scope: str, name: str | None, met: FloatArray, need: FloatArray
) -> Cover:
    total = float(solution.probability @ need)
    if total <= 0:
        return Cover(scope=scope, id=name, expected=None)
    ratio = np.clip(_ratio(met, need), 0.0, 1.0)
    worst_tenth = 1.0 - value_at_risk(1.0 - ratio, solution.probability, TAIL)
    expected = float(solution.probability @ met) / total
    return Cover(
        scope=scope,
        id=name,
        expected=min(1.0, max(0.0, expected)),
        worst_tenth=min(1.0, max(0.0, worst_tenth)),
        worst=float(ratio.min()),
    )


def _by_tier(instance: Instance, one: Outcome) -> FloatArray:
    """Return the weighted need that each tier meets by the deadline, (tier,).

    Of what kits bring beyond need, all that brought the item has its share.
    """
    found = np.zeros(len(instance.request.tiers))
    place, item, each = instance.parts(one.exchange)
    block, units = one.block[place], one.quantity[place] * each
    if instance.has_kits:
        got = np.zeros(one.missing.shape[:2])
        np.add.at(got, (block, item), units)
        lacking = np.maximum(0.0, one.situation.need - one.kits)[..., -1]
        useful = np.divide(lacking, got, out=np.ones_like(got), where=got > 0)
        units = units * np.minimum(1.0, useful)[block, item]
    in_time = one.band[place] <= instance.deadline_band
    weighted = (units * instance.weight[item])[in_time]
    np.add.at(found, instance.tier[one.source[place][in_time]], weighted)
    households = instance.request.households
    if households is not None:
        tiers = [tier.id for tier in instance.request.tiers]
        found[tiers.index(households.tier)] += _from_kits(instance, one)
    return found


def _deliveries(instance: Instance, one: Outcome) -> Deliveries:
    source, depot, item, band = one.refills
    return Deliveries(
        scenario_id=one.situation.id,
        band=tuple(one.band.tolist()),
        source=tuple(one.source.tolist()),
        block=tuple(one.block.tolist()),
        item=tuple(instance.exchange_sent[one.exchange].tolist()),
        need=tuple(instance.exchange_needed[one.exchange].tolist()),
        quantity=tuple((one.quantity * instance.exchange_rate[one.exchange]).tolist()),
        refill_band=tuple(band.tolist()),
        refill_source=tuple(source.tolist()),
        refill_target=tuple(depot.tolist()),
        refill_item=tuple(item.tolist()),
        refill_quantity=tuple(one.refilled.tolist()),
    )
