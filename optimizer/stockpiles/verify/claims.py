"""The figures of a plan, counted again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.answer import Check
from models.stockpiles import StockPlan
from models.stockpiles.objectives import LargestShare, StockObjective, Unmet, UnmetRisk
from models.stockpiles.plan import Cover, StockFigures
from optimizer.demand import FloatArray
from optimizer.stockpiles.verify.holdings import outlays, yearly_parts
from optimizer.stockpiles.verify.ledger import Ledger
from optimizer.stockpiles.verify.question import Question
from optimizer.verification import (
    Claim,
    at_least,
    at_most,
    claims_checked,
    finding,
    listing_checked,
)

_TAIL = 0.9
_EVEN = 1e-9
Pair = tuple[float, float]  # met, needed


@dataclass(frozen=True, eq=False)
class Count:
    """Everything that follows from the ledgers of a plan."""

    question: Question
    plan: StockPlan
    ledgers: Sequence[Ledger]

    @cached_property
    def chances(self) -> list[float]:
        """Each ledger's probability."""
        return [self.question.probability[one.scenario.id] for one in self.ledgers]

    @cached_property
    def unmet(self) -> list[float]:
        """Weighted unmet need of each scenario, over the bands."""
        bands, items = self.question.request.bands, self.question.request.items
        found = []
        for one in self.ledgers:
            by_item = one.missing.sum(axis=0)
            found.append(
                sum(
                    item.weight * band.weight * float(by_item[k, b])
                    for k, item in enumerate(items)
                    for b, band in enumerate(bands)
                )
            )
        return found

    @cached_property
    def _item_weights(self) -> FloatArray:
        return np.array([one.weight for one in self.question.request.items])

    def pair(self, one: Ledger, *, band: int | None = None, item: int | None = None) -> Pair:
        """Return what is met and needed of a scenario by the end of a band, perhaps of one item."""
        at = self.question.deadline_band if band is None else band
        due, missing = one.due[:, :, at], one.missing[:, :, at]
        if item is not None:
            return float((due - missing)[:, item].sum()), float(due[:, item].sum())
        weights = self._item_weights
        return float(((due - missing) @ weights).sum()), float((due @ weights).sum())

    def area_pair(self, one: Ledger, blocks: Sequence[int]) -> Pair:
        """Return what is met and needed by the deadline in some blocks."""
        at = self.question.deadline_band
        due = (one.due[blocks, :, at] @ self._item_weights).sum()
        missing = (one.missing[blocks, :, at] @ self._item_weights).sum()
        return float(due - missing), float(due)

    def group_pair(self, one: Ledger, group: str) -> Pair:
        """Return what is met and needed of a group: it gets of each item what its block gets."""
        at = self.question.deadline_band
        met = needed = 0.0
        for (j, k), quantity in self.question.due_of(one.scenario, group).items():
            weighted = quantity * self._item_weights[k]
            needed += weighted
            met += weighted * (1.0 - one.missing[j, k, at] / one.due[j, k, at])
        return met, needed

    @cached_property
    def pairs(self) -> list[Pair]:
        """Met and needed of each scenario by the deadline."""
        return [self.pair(one) for one in self.ledgers]

    def blocks_of(self, level: str) -> dict[str, list[int]]:
        """Return the blocks of each area of a level."""
        request = self.question.request
        if level == "block":
            return {block.id: [j] for j, block in enumerate(request.blocks)}
        named = [area.id for area in request.areas if area.level == level]
        found: dict[str, list[int]] = {name: [] for name in named}
        for j, block in enumerate(request.blocks):
            mine = next((one for one in self.question.around(block.area) if one in found), None)
            if mine is not None:
                found[mine].append(j)
        return found

    def covers_at(self, level: str) -> list[float]:
        """Return the expected cover of every area of a level that needs something."""
        found = []
        for blocks in self.blocks_of(level).values():
            pairs = [self.area_pair(one, blocks) for one in self.ledgers]
            met, need = self._expected(pairs)
            if need > 0:
                found.append(met / need)
        return found

    def _expected(self, pairs: Sequence[Pair]) -> Pair:
        met = sum(p * pair[0] for p, pair in zip(self.chances, pairs, strict=True))
        return met, sum(p * pair[1] for p, pair in zip(self.chances, pairs, strict=True))

    def tail(self, losses: Sequence[float], alpha: float) -> float:
        """Return the mean loss over the worst ``1 - alpha`` of the probability."""
        left, total = 1.0 - alpha, 0.0
        for loss, p in sorted(zip(losses, self.chances, strict=True), reverse=True):
            taken = min(left, p)
            total += taken * loss
            left -= taken
        # Where rounding leaves a crumb of probability it is the smallest loss's.
        total += max(0.0, left) * min(losses)
        return total / (1.0 - alpha)

    def target(self, share: float) -> float:
        """Return the probability that so much of the need is met by the deadline."""
        return sum(
            p
            for p, (met, need) in zip(self.chances, self.pairs, strict=True)
            if need <= 0 or met / need >= share - _EVEN
        )

    def gini(self, level: str) -> float | None:
        """Return the Gini coefficient of the areas' expected covers."""
        covers = self.covers_at(level)
        if sum(covers) <= 0:
            return None
        apart = sum(abs(a - b) for a in covers for b in covers)
        return apart / (2.0 * len(covers) * sum(covers))

    def objective(self, one: StockObjective) -> float:
        """Return an objective's value."""
        if isinstance(one, Unmet):
            return sum(p * loss for p, loss in zip(self.chances, self.unmet, strict=True))
        if isinstance(one, UnmetRisk):
            return self.tail(self.unmet, one.alpha)
        if isinstance(one, LargestShare):
            return max((1.0 - cover for cover in self.covers_at(one.level)), default=0.0)
        return sum(yearly_parts(self.question, self.plan).values())

    def cover(self, scope: str, name: str | None) -> Cover:
        """Return the cover of all, or of a band, tier, item, area or group of people."""
        request = self.question.request
        if scope == "tier":
            brought = [one.by_tier.get(name or "", 0.0) for one in self.ledgers]
            pairs = [(got, need) for got, (_, need) in zip(brought, self.pairs, strict=True)]
        elif scope == "band":
            band = [one.id for one in request.bands].index(name or "")
            pairs = [self.pair(one, band=band) for one in self.ledgers]
        elif scope == "item":
            item = [one.id for one in request.items].index(name or "")
            pairs = [self.pair(one, item=item) for one in self.ledgers]
        elif scope == "area":
            inside = self.question.block_areas
            blocks = [j for j, areas in enumerate(inside) if name in areas]
            pairs = [self.area_pair(one, blocks) for one in self.ledgers]
        elif scope == "group":
            pairs = [self.group_pair(one, name or "") for one in self.ledgers]
        else:
            pairs = self.pairs
        met, need = self._expected(pairs)
        if need <= 0:
            return Cover(scope=scope, id=name, expected=None)
        ratios = [1.0 if needed <= 0 else min(1.0, got / needed) for got, needed in pairs]
        return Cover(
            scope=scope,
            id=name,
            expected=min(1.0, met / need),
            worst_tenth=min(1.0, max(0.0, 1.0 - self.tail([1.0 - r for r in ratios], _TAIL))),
            worst=min(ratios),
        )


def served_rules(count: Count) -> Iterator[Check]:
    """Yield the checks of the rules on who is served."""
    rules = count.question.request.rules
    for n, floor in enumerate(rules.least_cover):
        least = min(count.covers_at(floor.level), default=1.0)
        yield finding(
            "rules.least_cover",
            passed=at_least(least, floor.share),
            path=f"rules.least_cover[{n}]",
            code="check.stockpiles.least_cover",
            found=least,
            limit=floor.share,
        )
    if rules.gini is not None:
        found = count.gini(rules.gini.level) or 0.0
        yield finding(
            "rules.gini",
            passed=at_most(found, rules.gini.most),
            path="rules.gini",
            code="check.stockpiles.gini",
            found=found,
            limit=rules.gini.most,
        )
    if rules.chance is not None:
        found = count.target(rules.chance.share - 1e-6)
        yield finding(
            "rules.chance",
            passed=at_least(found, 1.0 - rules.chance.risk),
            path="rules.chance",
            code="check.stockpiles.chance",
            found=found,
            limit=1.0 - rules.chance.risk,
        )


def claims(count: Count) -> Iterator[Check]:
    """Yield the checks of every figure that the plan claims."""
    plan = count.plan
    if plan.objective_values is not None:
        objectives = count.question.request.objectives
        found = [count.objective(one) for one in objectives]
        claimed: list[float | None] = [*plan.objective_values, *([None] * len(found))]
        listed = [
            Claim(f"objective_values[{n}]", value, said)
            for n, (value, said) in enumerate(zip(found, claimed, strict=False))
        ]
        yield claims_checked(
            "objective_values", listed, path="objective_values", name="stockpiles.objectives"
        )
    if plan.figures is not None:
        yield from _figures(count, plan.figures)


def _figures(count: Count, figures: StockFigures) -> Iterator[Check]:
    request = count.question.request
    chance = request.rules.chance
    alphas = [one.alpha for one in request.objectives if isinstance(one, UnmetRisk)]
    level = "block" if request.rules.gini is None else request.rules.gini.level
    share = 0.95 if chance is None else chance.share
    parts = yearly_parts(count.question, count.plan)
    spent = outlays(count.question, count.plan)
    costs = figures.costs
    found = {
        "expected_unmet": (count.objective(Unmet()), figures.expected_unmet),
        "unmet_risk": (count.tail(count.unmet, (alphas or [_TAIL])[0]), figures.unmet_risk),
        "yearly_cost": (sum(parts.values()), figures.yearly_cost),
        "meets_target": (min(1.0, count.target(share)), figures.meets_target),
        "gini": (count.gini(level), figures.gini),
        "built": (float(len(count.plan.built)), float(figures.built)),
        "costs.outlay": (sum(spent.values()), costs.outlay),
    }
    listed = [Claim(f"figures.{name}", *pair) for name, pair in found.items()]
    listed += [
        Claim(f"figures.costs.{name}", value, getattr(costs, name)) for name, value in parts.items()
    ]
    listed += [
        Claim(f"figures.costs.outlay_by_tier.{name}", value, costs.outlay_by_tier.get(name))
        for name, value in spent.items()
    ]
    yield claims_checked("figures", listed, path="figures", name="stockpiles.figures")
    yield from _scenario_claims(count, figures)
    yield from _cover_claims(count, figures)


def _scenario_claims(count: Count, figures: StockFigures) -> Iterator[Check]:
    said = {one.scenario_id: one for one in figures.scenarios}
    yield listing_checked(
        "figures.scenarios.listed",
        [one.scenario.id for one in count.ledgers],
        [one.scenario_id for one in figures.scenarios],
        path="figures.scenarios",
    )
    listed = []
    last, weights = count.question.deadline_band, count._item_weights  # noqa: SLF001
    for one, unmet, (met, need) in zip(count.ledgers, count.unmet, count.pairs, strict=True):
        claim = said.get(one.scenario.id)
        if claim is None:
            continue
        path = f"figures.scenarios.{one.scenario.id}"
        kits = float((one.kits[:, :, last] @ weights).sum())
        listed += [
            Claim(f"{path}.unmet", unmet, claim.unmet),
            Claim(f"{path}.need", need, claim.need),
            Claim(f"{path}.met", met, claim.met),
            Claim(f"{path}.from_kits", kits, claim.from_kits),
        ]
    yield claims_checked(
        "figures.scenarios", listed, path="figures.scenarios", name="stockpiles.scenarios"
    )


def _cover_claims(count: Count, figures: StockFigures) -> Iterator[Check]:
    request = count.question.request
    asked = [("all", "")]
    asked += [("band", one.id) for one in request.bands]
    asked += [("tier", one.id) for one in request.tiers]
    asked += [("item", one.id) for one in request.items]
    asked += [("area", one.id) for one in request.areas]
    groups = sorted({group for block in request.blocks for group in block.weights})
    asked += [("group", one) for one in groups if len(groups) > 1]
    yield listing_checked(
        "figures.covers.listed",
        [f"{scope}/{name}" for scope, name in asked],
        [f"{one.scope}/{one.id or ''}" for one in figures.covers],
        path="figures.covers",
    )
    listed = []
    for n, claim in enumerate(figures.covers):
        if (claim.scope, claim.id or "") not in asked:
            continue
        found = count.cover(claim.scope, claim.id)
        listed += [
            Claim(f"figures.covers[{n}].{name}", getattr(found, name), getattr(claim, name))
            for name in ("expected", "worst_tenth", "worst")
        ]
    yield claims_checked("figures.covers", listed, path="figures.covers", name="stockpiles.covers")
