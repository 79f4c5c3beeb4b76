"""The figures a plan claims, recomputed from its movements."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from models.answer import Check
from models.rotation import RotationPlan
from optimizer.rotation.verify.ledger import TRIFLE, Ledger
from optimizer.rotation.verify.question import Question
from optimizer.rotation.verify.rules import target_values, written_off
from optimizer.verification import Claim, agrees, claims_checked, finding, listing_checked


def claims(question: Question, plan: RotationPlan, ledger: Ledger) -> Iterator[Check]:
    """Yield a check of every kind of claim the plan makes."""
    if plan.periods is not None:
        same = plan.periods == question.grid
        yield finding("periods", passed=same, path="start", code="check.rotation.periods")
    if plan.write_offs is not None:
        yield claims_checked(
            "write_offs", [*_write_offs(plan, ledger)], path="lots", name="rotation.write_off"
        )
    if plan.balances is not None:
        yield claims_checked(
            "balances",
            [*_balances(question, plan, ledger)],
            path="required",
            name="rotation.balance",
        )
    if plan.unclear is not None:
        yield _unclear(question, plan)
    counted = _Counted(question, plan, ledger)
    if plan.years is not None:
        yield claims_checked("years", [*counted.years(plan)], path="budgets", name="rotation.year")
    if plan.figures is not None or plan.objective_values is not None:
        yield claims_checked(
            "figures", [*counted.totals(plan)], path="rules", name="rotation.figure"
        )


def _write_offs(plan: RotationPlan, ledger: Ledger) -> Iterator[Claim]:
    question = ledger.question
    claimed: dict[tuple[int, str, str], float] = defaultdict(float)
    value: dict[tuple[int, str, str], float] = defaultdict(float)
    for one in plan.write_offs or ():
        claimed[one.period, one.depot_id, one.lot_id] += one.quantity
        value[one.period, one.depot_id, one.lot_id] += one.value
    found = {
        (t, *place): quantity
        for t, gone in enumerate(ledger.expired)
        for place, quantity in gone.items()
    }
    for key in sorted(found.keys() | claimed.keys()):
        quantity = found.get(key, 0.0)
        path = "write_offs." + "/".join(map(str, key))
        yield _close(path, quantity, claimed.get(key, 0.0))
        price = question.items[ledger.goods[key[2]].item].price if key[2] in ledger.goods else 0.0
        yield _close(f"{path}.value", quantity * price, value.get(key, 0.0))


def _balances(question: Question, plan: RotationPlan, ledger: Ledger) -> Iterator[Claim]:
    listed = {(one.depot_id, one.item_id): one for one in plan.balances or ()}
    if len(listed) != len(plan.balances or ()):
        yield Claim("balances", float(len(listed)), float(len(plan.balances or ())))
    for t in range(question.count):
        there, wanted = ledger.on_hand(t), question.wanted(t, statutory=False)
        for key in there.keys() | wanted.keys():
            if key not in listed:
                yield Claim(f"balances.{'/'.join(key)}", there.get(key, 0.0), None)
        for key, one in listed.items():
            path = f"balances.{'/'.join(key)}[{t}]"
            if len(one.on_hand) != question.count or len(one.short) != question.count:
                yield Claim(path, float(question.count), float(len(one.on_hand)))
                continue
            quantity = there.get(key, 0.0)
            yield _close(f"{path}.on_hand", quantity, one.on_hand[t])
            missing = max(0.0, wanted.get(key, 0.0) - quantity)
            yield _close(f"{path}.short", missing, one.short[t])


def _close(path: str, found: float, claimed: float) -> Claim:
    """Return a claim in which a trifle is none."""
    near = abs(found - claimed) <= TRIFLE * max(1.0, abs(found))
    return Claim(path, claimed if near else found, claimed)


def _unclear(question: Question, plan: RotationPlan) -> Check:
    asked = []
    for lot in question.request.lots:
        perishable = question.items[lot.item_id].shelf_life_days is not None
        if lot.quantity is None or (perishable and lot.expires_on is None):
            asked.append(lot.id)
    listed = [one.lot_id for one in plan.unclear or ()]
    return listing_checked("unclear", asked, listed, path="lots")


class _Counted:
    """Everything a plan's movements add up to."""

    def __init__(self, question: Question, plan: RotationPlan, ledger: Ledger) -> None:
        self.question, self.ledger = question, ledger
        self.spent: dict[int, float] = defaultdict(float)
        self.back: dict[int, float] = defaultdict(float)
        self.short: dict[int, float] = defaultdict(float)
        self.lack: dict[int, float] = defaultdict(float)
        self.unmet = self.fees = 0.0
        self.gone = written_off(question, ledger)
        for order in plan.orders:
            self.spent[question.grid[order.period].year] += order.cost
        served: dict[tuple[str, int], float] = defaultdict(float)
        for one in plan.issues:
            outlet = question.outlets[one.outlet_id]
            price = question.items[outlet.item_id].price
            year = question.grid[one.period].year
            self.back[year] += one.quantity * price * outlet.recovered_share
            served[one.outlet_id, one.period] += one.quantity
        for move in plan.moves:
            item = ledger.goods[move.lot_id].item
            rule = question.refill(move.depot_id, move.to_depot_id, item)
            self.fees += move.quantity * (0.0 if rule is None else rule.cost_per_unit)
        self._missing()
        for name, outlet in question.outlets.items():
            for t in range(question.count if outlet.required else 0):
                left = max(0.0, question.amount(outlet, t) - served[name, t])
                left = left if left > TRIFLE else 0.0
                self.unmet += left
                weight = question.items[outlet.item_id].weight
                self.short[question.grid[t].year] += left * weight

    def _missing(self) -> None:
        question = self.question
        for t, period in enumerate(question.grid):
            there = self.ledger.on_hand(t)
            for sums, statutory in ((self.short, False), (self.lack, True)):
                for (depot, item), wanted in question.wanted(t, statutory=statutory).items():
                    left = wanted - there.get((depot, item), 0.0)
                    if left > TRIFLE:
                        weight = question.items[item].weight
                        sums[period.year] += left * weight * question.share[t]

    def years(self, plan: RotationPlan) -> Iterator[Claim]:
        """Yield the figures of each year."""
        budgets = {one.year: one.amount for one in self.question.request.budgets}
        values = target_values(self.question)
        years = plan.years or ()
        if [one.year for one in years] != sorted(values):
            yield Claim("years", float(len(values)), float(len(years)))
            return
        for one in years:
            path = f"years.{one.year}"
            yield Claim(f"{path}.budget", budgets.get(one.year), one.budget)
            for name, found in (
                ("spent", self.spent[one.year]),
                ("recovered", self.back[one.year]),
                ("write_off", self.gone[one.year]),
                ("target_value", values[one.year]),
                ("shortfall", self.short[one.year]),
                ("statutory_shortfall", self.lack[one.year]),
            ):
                yield self._figure(f"{path}.{name}", found, getattr(one, name))

    def totals(self, plan: RotationPlan) -> Iterator[Claim]:
        """Yield the figures over all years, and the levels' values."""
        bought, back = sum(self.spent.values()), sum(self.back.values())
        found = {
            "statutory_shortfall": sum(self.lack.values()),
            "shortfall": sum(self.short.values()),
            "unmet_use": self.unmet,
            "write_off": sum(self.gone.values()),
            "bought": bought,
            "recovered": back,
            "cost": bought + self.fees - back,
            "left_expiring": self._left(),
        }
        if plan.figures is not None:
            for name, value in found.items():
                yield self._figure(f"figures.{name}", value, getattr(plan.figures, name))
            yield self._at_most(plan.figures.write_off_at_most, found["write_off"])
        if plan.objective_values is not None:
            first = self.question.request.rules.statutory == "first"
            some = any(
                value > 0
                for t in range(self.question.count)
                for value in self.question.wanted(t, statutory=True).values()
            )
            kinds = ["statutory_shortfall"] if first and some else []
            kinds += ["shortfall", "write_off", "cost"]
            if len(kinds) != len(plan.objective_values):
                yield Claim("objective_values", float(len(kinds)), None)
            for kind, value in zip(kinds, plan.objective_values, strict=False):
                yield self._figure(f"objective_values.{kind}", found[kind], value)

    def _figure(self, path: str, found: float, claimed: float) -> Claim:
        """Return a claim; sums of trifles are no difference."""
        near = abs(found - claimed) <= TRIFLE * max(10.0, abs(found))
        return Claim(path, claimed if near and not agrees(found, claimed) else found, claimed)

    def _left(self) -> float:
        question = self.question
        soon = question.grid[-1].last + timedelta(days=365)
        total = 0.0
        for (_, lot), quantity in self.ledger.stock[-1].items():
            goods = self.ledger.goods[lot]
            if goods.expires is not None and goods.expires <= soon:
                total += quantity * question.items[goods.item].price
        return total

    def _at_most(self, claimed: float | None, write_off: float) -> Claim:
        """Return the claim of the most that can be written off, unclear lots and all."""
        more: float | None = write_off
        for lot in self.question.request.lots:
            item = self.question.items[lot.item_id]
            dated = lot.expires_on is not None or item.shelf_life_days is None
            if lot.quantity is not None and dated:
                continue
            most = lot.quantity
            if most is None and lot.quantity_between is not None:
                most = lot.quantity_between[1]
            counted = lot.sure_quantity if lot.first_expiry is not None or dated else 0.0
            more = None if more is None or most is None else more + (most - counted) * item.price
        if more is None or claimed is None:
            return Claim("figures.write_off_at_most", more, claimed)
        return self._figure("figures.write_off_at_most", more, claimed)
