"""The plan with all its figures, counted from the movements of lots."""

from collections import defaultdict

import numpy as np

from models.rotation.plan import (
    Balance,
    RotationFigures,
    RotationPlan,
    UnclearLot,
    YearFigures,
)
from optimizer.demand import FloatArray
from optimizer.rotation.formulation import Formulation
from optimizer.rotation.instance import Instance
from optimizer.rotation.solution import NONE, Movements

_YEAR = 365


def complete_plan(formulation: Formulation, made: Movements) -> RotationPlan:
    """Return the plan of movements with balances, years and figures."""
    instance = formulation.instance
    counted = _Counted(formulation, made)
    figures = counted.figures()
    values = {
        "statutory_shortfall": figures.statutory_shortfall,
        "shortfall": figures.shortfall,
        "write_off": figures.write_off,
        "cost": figures.cost,
    }
    return RotationPlan(
        periods=instance.grid,
        orders=tuple(made.orders),
        issues=tuple(made.issues),
        moves=tuple(made.moves),
        write_offs=tuple(made.write_offs),
        balances=tuple(
            Balance(
                depot_id=depot,
                item_id=item,
                on_hand=tuple(made.on_hand[pair].tolist()),
                short=tuple(counted.short[pair].tolist()),
            )
            for pair, (depot, item) in enumerate(instance.pairs)
        ),
        unclear=unclear(instance),
        years=counted.years(),
        objective_values=tuple(values[kind] for kind, _ in formulation.levels),
        figures=figures,
        illustrative=instance.request.illustrative,
    )


def unclear(instance: Instance) -> tuple[UnclearLot, ...]:
    """Return the lots whose quantity or date nobody knows."""
    items = {one.id: one for one in instance.request.items}
    found = []
    for lot in instance.request.lots:
        no_date = lot.expires_on is None and items[lot.item_id].shelf_life_days is not None
        if lot.quantity is not None and not no_date:
            continue
        most = lot.quantity
        if most is None and lot.quantity_between is not None:
            most = lot.quantity_between[1]
        lost = no_date and lot.first_expiry is None
        found.append(
            UnclearLot(
                lot_id=lot.id,
                counted=0.0 if lost else lot.sure_quantity,
                most=most,
                no_quantity=lot.quantity is None,
                no_date=no_date,
            )
        )
    return tuple(found)


class _Counted:
    """What the movements add up to."""

    def __init__(self, formulation: Formulation, made: Movements) -> None:
        self.instance, self.formulation, self.made = formulation.instance, formulation, made
        self.short = _below(self.instance.target, made.on_hand)
        self.lack = _below(self.instance.statutory, made.on_hand)
        self.unmet = self._unmet()

    def _unmet(self) -> FloatArray:
        """Return the required use that is not served (outlet, period)."""
        instance = self.instance
        number = {one.id: n for n, one in enumerate(instance.request.outlets)}
        served = np.zeros(instance.amount.shape)
        for one in self.made.issues:
            served[number[one.outlet_id], one.period] += one.quantity
        required = np.array([one.required for one in instance.request.outlets], dtype=np.bool_)
        return np.where(required[:, None], _below(instance.amount, served), 0.0)

    def _recovered(self) -> FloatArray:
        """Return what comes back in each year."""
        instance = self.instance
        items = {one.id: one.price for one in instance.request.items}
        worth = {
            one.id: one.recovered_share * items[one.item_id] for one in instance.request.outlets
        }
        found = np.zeros(len(instance.years))
        for one in self.made.issues:
            found[instance.year[one.period]] += one.quantity * worth[one.outlet_id]
        return found

    def _sums(self, missing: FloatArray) -> FloatArray:
        """Return weighted unit-years by year."""
        instance = self.instance
        by_period = (missing * instance.weight[:, None]).sum(axis=0) * instance.length
        found: FloatArray = np.bincount(
            instance.year, weights=by_period, minlength=len(instance.years)
        )
        return found

    def _unmet_by_year(self) -> FloatArray:
        instance = self.instance
        weight = {one.id: one.weight for one in instance.request.items}
        each = np.array([weight[one.item_id] for one in instance.request.outlets])
        by_period = (self.unmet * each[:, None]).sum(axis=0) if len(each) else instance.length * 0
        found: FloatArray = np.bincount(
            instance.year, weights=by_period, minlength=len(instance.years)
        )
        return found

    def years(self) -> tuple[YearFigures, ...]:
        """Return the figures of each year."""
        instance, made = self.instance, self.made
        spent, gone = np.zeros(len(instance.years)), np.zeros(len(instance.years))
        for order in made.orders:
            spent[instance.year[order.period]] += order.cost
        for one in made.write_offs:
            gone[instance.year[one.period]] += one.value
        budgets = {one.year: one.amount for one in instance.request.budgets}
        recovered, short = self._recovered(), self._sums(self.short) + self._unmet_by_year()
        lack = self._sums(self.lack)
        return tuple(
            YearFigures(
                year=year,
                budget=budgets.get(year),
                spent=float(spent[n]),
                recovered=float(recovered[n]),
                write_off=float(gone[n]),
                target_value=float(self.formulation.target_value[n]),
                shortfall=float(short[n]),
                statutory_shortfall=float(lack[n]),
            )
            for n, year in enumerate(instance.years)
        )

    def figures(self) -> RotationFigures:
        """Return the figures over all years."""
        years = self.years()
        instance, made = self.instance, self.made
        price = {one.id: one.price for one in instance.request.items}
        lots = {one.id: one for one in instance.request.lots}
        write_off = sum(one.write_off for one in years)
        more: float | None = 0.0
        for one in unclear(instance):
            if one.most is None or more is None:
                more = None
            else:
                more += (one.most - one.counted) * price[lots[one.lot_id].item_id]
        fees = self._fees()
        bought = sum(one.cost for one in made.orders)
        recovered = sum(one.recovered for one in years)
        soon = int(instance.last_day[-1]) + _YEAR
        return RotationFigures(
            statutory_shortfall=sum(one.statutory_shortfall for one in years),
            shortfall=sum(one.shortfall for one in years),
            unmet_use=float(self.unmet.sum()),
            write_off=write_off,
            write_off_at_most=None if more is None else write_off + more,
            bought=bought,
            recovered=recovered,
            cost=bought + fees - recovered,
            left_expiring=sum(
                quantity * float(instance.price[pair])
                for pair, expiry, quantity in made.left
                if expiry <= soon
            ),
        )

    def _fees(self) -> float:
        """Return what it costs to send stock."""
        instance = self.instance
        fee: dict[tuple[str, str, str], float] = defaultdict(float)
        nodes, moves = instance.nodes, instance.moves
        for node, to, cost in zip(moves.node, moves.to, moves.cost, strict=True):
            source, item = instance.pairs[nodes.pair[nodes.cohort[node]]]
            other, _ = instance.pairs[nodes.pair[nodes.cohort[to]]]
            fee[source, other, item] = float(cost)
        items = {
            one.id: one.item_id for one in (*instance.request.lots, *instance.request.incoming)
        }
        items |= {one.lot_id: one.item_id for one in self.made.orders}
        return sum(
            one.quantity * fee[one.depot_id, one.to_depot_id, items[one.lot_id]]
            for one in self.made.moves
        )


def _below(wanted: FloatArray, there: FloatArray) -> FloatArray:
    missing = wanted - there
    found: FloatArray = np.where(missing > NONE, missing, 0.0)
    return found
