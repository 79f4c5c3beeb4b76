r"""The program of stock rotation.

Columns: ``hold`` :math:`h_n` (node: units of a cohort at a period's end), ``issue`` :math:`y` (node
and outlet), ``move`` :math:`z` (node and the node it becomes), ``order`` :math:`q` (packs),
``short`` and ``lack`` (pair and period: below the target, below its statutory part) and ``unmet``
(outlet and period: required use that is not served).

.. math::

    h_n + \sum_o y_{no} + \sum_a z_{na} &= h_{n-1} + b_n + \sum_a z_{an} + \sum_q s_q q_n \\
    \sum_{n \in (k,t)} h_n + \text{short}_{kt} &\ge T_{kt} \\
    \sum_n y_{no} + \text{unmet}_{ot} &\le a_{ot}

A cohort's last node holds what is written off in the next period. That stock leaves in the order
of its expiry costs nothing: where a younger unit :math:`b` is issued while an older :math:`a`,
that the outlet would take, remains, the two can change places, since whatever takes :math:`a` later
takes :math:`b`, which is good for longer. (No outlet asks for *little* remaining life.) The swap
lowers :math:`\sum e\,(P - t)` over all units that leave or expire in period :math:`t` of
:math:`P`, :math:`e` being the rank of their expiry; the least sum among the best plans keeps the
order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from models.text import Text
from optimizer.demand import FloatArray
from optimizer.linear import Builder, LinearProgram
from optimizer.rotation.arrays import IndexArray
from optimizer.rotation.instance import Instance
from optimizer.ruling import Rule

Expression = dict[str, FloatArray]


@dataclass(frozen=True)
class Ceiling:
    """An earlier level's expression, and how large later levels may let it be."""

    expression: Expression
    limit: float


@dataclass(frozen=True, eq=False)
class Formulation:
    """The columns, rules and objectives of one instance."""

    instance: Instance

    @cached_property
    def short(self) -> tuple[IndexArray, IndexArray]:
        """Pair and period of each ``short`` column."""
        return _where(self.instance.target > 0)

    @cached_property
    def lack(self) -> tuple[IndexArray, IndexArray]:
        """Pair and period of each ``lack`` column; none where the statutory part is a rule."""
        first = self.instance.request.rules.statutory == "first"
        return _where((self.instance.statutory > 0) & first)

    @cached_property
    def unmet(self) -> tuple[IndexArray, IndexArray]:
        """Outlet and period of each ``unmet`` column."""
        required = np.array([one.required for one in self.instance.request.outlets], dtype=np.bool_)
        return _where((self.instance.amount > 0) & required[:, None])

    @cached_property
    def levels(self) -> tuple[tuple[str, Expression], ...]:
        """What each level minimises, by its name."""
        found: list[tuple[str, Expression]] = []
        if len(self.lack[0]):
            found.append(("statutory_shortfall", {"lack": self._weighted(*self.lack)}))
        found.append(("shortfall", self.shortfall))
        found.append(("write_off", self.write_off))
        found.append(("cost", self.cost))
        return tuple(found)

    @cached_property
    def shortfall(self) -> Expression:
        """Weighted unit-years below the targets; required use that is not served counts a year."""
        instance = self.instance
        outlets = instance.request.outlets
        weight = {one.id: one.weight for one in instance.request.items}
        missing = np.array([weight[outlets[o].item_id] for o in self.unmet[0].tolist()])
        return {"short": self._weighted(*self.short), "unmet": missing.astype(np.float64)}

    @cached_property
    def room_rules(self) -> tuple[Rule, ...]:
        """What depots have room for."""
        return tuple(self._room())

    @cached_property
    def write_off(self) -> Expression:
        """The value of what expires, without that which nothing can save."""
        value = np.zeros(len(self.instance.nodes.period))
        at = self.instance.expiring
        value[at] = self.instance.price[self.instance.node_pair[at]]
        return {"hold": value}

    @cached_property
    def cost(self) -> Expression:
        """What is bought and sent, without what comes back."""
        instance = self.instance
        share = np.array([one.recovered_share for one in instance.request.outlets])
        price = instance.price[instance.node_pair[instance.issues.node]]
        back = share[instance.issues.outlet] * price if len(share) else price
        return {"order": instance.orders.cost, "issue": -back, "move": instance.moves.cost}

    @cached_property
    def order_of_issue(self) -> Expression:
        """The sum whose least value keeps the order of expiry; see above."""
        instance, nodes = self.instance, self.instance.nodes
        _, rank = np.unique(nodes.expiry, return_inverse=True)
        count = len(instance.grid)
        node = instance.issues.node
        scale = 1.0 / (count * (rank.max(initial=0) + 1.0))
        leave = (rank[nodes.cohort[node]] + 1.0) * (count - nodes.period[node]) * scale
        expire = np.zeros(len(nodes.period))
        at = instance.expiring
        expire[at] = (rank[nodes.cohort[at]] + 1.0) * (count - nodes.period[at] - 1) * scale
        return {"issue": leave, "hold": expire}

    @cached_property
    def layout(self) -> dict[str, slice]:
        """Where each block of columns stands in a program."""
        return self._columns(whole=False).build().columns

    @cached_property
    def budget_paths(self) -> tuple[str, ...]:
        """The paths of the rules that are yearly budgets."""
        return tuple(one.path for one in self.rules if one.path.startswith("budgets"))

    @cached_property
    def column_item(self) -> IndexArray:
        """The item of each column of a program, as its place in the request."""
        instance = self.instance
        ids = [one.id for one in instance.request.items]
        of_pair = np.array([ids.index(item) for _, item in instance.pairs], dtype=np.int64)
        of_outlet = np.array(
            [ids.index(one.item_id) for one in instance.request.outlets], dtype=np.int64
        )
        of_node = of_pair[instance.node_pair]
        return np.concatenate(
            [
                of_node,
                of_node[instance.issues.node],
                of_node[instance.moves.node],
                of_pair[instance.orders.pair],
                of_pair[self.short[0]],
                of_pair[self.lack[0]],
                of_outlet[self.unmet[0]],
            ]
        )

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The request's rules as rows."""
        return (*self._budgets(), *self.room_rules, *self._statutory(), *self.cap_rule)

    @cached_property
    def cap_rule(self) -> tuple[Rule, ...]:
        """The largest write-off as a rule, where the request requires it."""
        required = self.instance.request.rules.write_off == "require"
        return (self.write_off_cap(),) if required else ()

    def write_off_cap(self) -> Rule:
        """Return ``value written off in a year <= share x mean value of the targets``."""
        instance = self.instance
        at = instance.expiring
        year = instance.year[instance.nodes.period[at] + 1]
        value = self.write_off["hold"][at]
        shape = (len(instance.years), len(instance.nodes.period))
        rows = csr_array((value, (year, at)), shape=shape)
        share, base = instance.request.rules.write_off_share_max, self.target_value
        return Rule(
            path="rules.write_off_share_max",
            text=Text(code="rule.rotation.write_off", values={"share": share}),
            terms={"hold": rows},
            lower=np.full(len(base), -np.inf),
            upper=share * base - self.lost_value,
            number=share,
            step=base,
        )

    @cached_property
    def target_value(self) -> FloatArray:
        """The mean value of the targets in each year."""
        instance = self.instance
        value = (instance.price[:, None] * instance.target).sum(axis=0) * instance.length
        count = len(instance.years)
        total = np.bincount(instance.year, weights=value, minlength=count)
        found: FloatArray = total / np.bincount(
            instance.year, weights=instance.length, minlength=count
        )
        return found

    @cached_property
    def lost_value(self) -> FloatArray:
        """The value, by year, of lots that are written off whatever is done."""
        instance = self.instance
        found = np.zeros(len(instance.years))
        for one in instance.lost:
            found[instance.year[one.period]] += one.quantity * instance.price[one.pair]
        return found

    def lost_of(self, kind: str) -> float:
        """Return what nothing can save of an objective; no column tells of it."""
        return float(self.lost_value.sum()) if kind == "write_off" else 0.0

    def program(
        self,
        expression: Expression,
        ceilings: Sequence[Ceiling] = (),
        *,
        rules: Sequence[Rule] | None = None,
        whole: bool = False,
    ) -> LinearProgram:
        """Return the program that minimises ``expression`` under rules and ceilings.

        ``whole`` makes all that leaves, is sent or ordered whole numbers.
        """
        builder = self._columns(whole=whole)
        self._balance(builder)
        self._required(builder)
        self._outlets(builder)
        for rule in self.rules if rules is None else rules:
            builder.add_rows(rule.path, rule.terms, lower=rule.lower, upper=rule.upper)
        for n, ceiling in enumerate(ceilings):
            terms = {name: csr_array(row[None]) for name, row in ceiling.expression.items()}
            builder.add_rows(f"ceiling[{n}]", terms, lower=-np.inf, upper=ceiling.limit)
        program = builder.build()
        for ceiling in ceilings:
            program = _pinned(program, ceiling)
        return minimised(program, expression)

    def _columns(self, *, whole: bool) -> Builder:
        instance, builder = self.instance, Builder("min")
        for name, width, integer in (
            ("hold", len(instance.nodes.period), False),
            ("issue", len(instance.issues.node), whole),
            ("move", len(instance.moves.node), whole),
            ("order", len(instance.orders.node), whole),
            ("short", len(self.short[0]), False),
            ("lack", len(self.lack[0]), False),
            ("unmet", len(self.unmet[0]), False),
        ):
            builder.add_columns(name, np.zeros(width), upper=np.inf, integer=integer)
        return builder

    def _balance(self, builder: Builder) -> None:
        instance, nodes = self.instance, self.instance.nodes
        count = len(nodes.period)
        every = np.arange(count)
        later = np.flatnonzero(nodes.period > nodes.first[nodes.cohort])
        held = coo_array(
            (
                np.concatenate([np.ones(count), -np.ones(len(later))]),
                (np.concatenate([every, later]), np.concatenate([every, later - 1])),
            ),
            shape=(count, count),
        )
        moves = instance.moves
        sent = np.arange(len(moves.node))
        way = coo_array(
            (
                np.concatenate([np.ones(len(sent)), -np.ones(len(sent))]),
                (np.concatenate([moves.node, moves.to]), np.concatenate([sent, sent])),
            ),
            shape=(count, len(sent)),
        )
        terms = {
            "hold": csr_array(held),
            "issue": picked(instance.issues.node, count),
            "move": csr_array(way),
            "order": picked(instance.orders.node, count, -instance.orders.units),
        }
        builder.add_rows("balance", terms, lower=instance.supplied, upper=instance.supplied)

    def _required(self, builder: Builder) -> None:
        instance = self.instance
        for name, (pair, period), wanted in (
            ("short", self.short, instance.target),
            ("lack", self.lack, instance.statutory),
        ):
            terms = {
                "hold": self._stock_of(pair, period),
                name: picked(np.arange(len(pair)), len(pair)),
            }
            builder.add_rows(f"{name}_of", terms, lower=wanted[pair, period], upper=np.inf)

    def _stock_of(self, pair: IndexArray, period: IndexArray) -> csr_array:
        """Return the rows that add up what pairs hold in periods."""
        instance, count = self.instance, len(self.instance.grid)
        place = np.full(len(instance.pairs) * count, -1)
        place[pair * count + period] = np.arange(len(pair))
        row = place[instance.node_pair * count + instance.nodes.period]
        used = np.flatnonzero(row >= 0)
        shape = (len(pair), len(row))
        return csr_array((np.ones(len(used)), (row[used], used)), shape=shape)

    def _outlets(self, builder: Builder) -> None:
        instance = self.instance
        outlet, period = _where(instance.amount > 0)
        place = np.full(instance.amount.shape, -1)
        place[outlet, period] = np.arange(len(outlet))
        issued = place[instance.issues.outlet, instance.nodes.period[instance.issues.node]]
        upper = instance.amount[outlet, period]
        required = np.array([one.required for one in instance.request.outlets], dtype=np.bool_)
        terms = {
            "issue": picked(issued, len(outlet)),
            "unmet": picked(place[self.unmet], len(outlet)),
        }
        lower = np.where(required[outlet], upper, -np.inf) if len(outlet) else upper
        builder.add_rows("outlets", terms, lower=lower, upper=upper)

    def _budgets(self) -> list[Rule]:
        instance = self.instance
        found = []
        for n, budget in enumerate(instance.request.budgets):
            if budget.year not in instance.years:
                continue
            year = instance.year[instance.orders.period]
            cost = np.where(year == instance.years.index(budget.year), instance.orders.cost, 0.0)
            found.append(
                Rule(
                    path=f"budgets[{n}].amount",
                    text=Text(
                        code="rule.rotation.budget",
                        values={"year": str(budget.year), "limit": budget.amount},
                    ),
                    terms={"order": csr_array(cost[None])},
                    lower=np.array([-np.inf]),
                    upper=np.array([budget.amount]),
                    number=budget.amount,
                    step=np.ones(1),
                )
            )
        return found

    def _room(self) -> list[Rule]:
        instance, count = self.instance, len(self.instance.grid)
        found = []
        for n, depot in enumerate(instance.request.depots):
            mine = np.array([name == depot.id for name, _ in instance.pairs], dtype=np.bool_)
            used = np.flatnonzero(mine[instance.node_pair])
            for name, limit in (("volume_m3", depot.volume_m3), ("weight_kg", depot.weight_kg)):
                if not limit:
                    continue
                each = np.array([getattr(one, name) for one in instance.items])
                rows = csr_array(
                    (each[instance.node_pair[used]], (instance.nodes.period[used], used)),
                    shape=(count, len(instance.nodes.period)),
                )
                found.append(
                    Rule(
                        path=f"depots[{n}].{name}",
                        text=Text(
                            code=f"rule.rotation.{name}",
                            values={"depot": depot.name or depot.id, "limit": limit},
                        ),
                        terms={"hold": rows},
                        lower=np.full(count, -np.inf),
                        upper=np.full(count, float(limit)),
                        number=float(limit),
                        step=np.ones(count),
                    )
                )
        return found

    def _statutory(self) -> list[Rule]:
        instance = self.instance
        if instance.request.rules.statutory != "require":
            return []
        found = []
        names = {one.id: one.name or one.id for one in instance.request.depots}
        items = {one.id: one.name or one.id for one in instance.request.items}
        for n, one in enumerate(instance.request.required):
            pair = instance.pairs.index((one.depot_id, one.item_id))
            period = np.flatnonzero(instance.required_in(n))
            if one.statutory <= 0 or not len(period):
                continue
            found.append(
                Rule(
                    path=f"required[{n}].statutory",
                    text=Text(
                        code="rule.rotation.statutory",
                        values={
                            "depot": names[one.depot_id],
                            "item": items[one.item_id],
                            "limit": one.statutory,
                        },
                    ),
                    terms={"hold": self._stock_of(np.full(len(period), pair), period)},
                    lower=np.full(len(period), one.statutory),
                    upper=np.full(len(period), np.inf),
                    number=one.statutory,
                    step=np.ones(len(period)),
                )
            )
        return found

    def _weighted(self, pair: IndexArray, period: IndexArray) -> FloatArray:
        found: FloatArray = self.instance.weight[pair] * self.instance.length[period]
        return found


def minimised(program: LinearProgram, expression: Expression) -> LinearProgram:
    """Return the program with ``expression`` to be made as small as can be."""
    cost = np.zeros(len(program.cost))
    for block, part in expression.items():
        cost[program.columns[block]] += part
    return program.with_cost(cost, "min")


def _pinned(program: LinearProgram, ceiling: Ceiling) -> LinearProgram:
    """Return the program with the columns at 0 that a ceiling of 0 leaves no room for."""
    if ceiling.limit > 1e-6 or any((row < 0).any() for row in ceiling.expression.values()):
        return program
    upper = program.upper.copy()
    for block, row in ceiling.expression.items():
        upper[program.columns[block]] = np.where(row > 0, 0.0, upper[program.columns[block]])
    return replace(program, upper=upper)


def picked(row: IndexArray, height: int, value: FloatArray | None = None) -> csr_array:
    """Return the matrix (row, column) in which each column stands in one row."""
    entries = np.ones(len(row)) if value is None else value
    return csr_array((entries, (row, np.arange(len(row)))), shape=(height, len(row)))


def _where(mask: NDArray[np.bool_]) -> tuple[IndexArray, IndexArray]:
    first, second = np.nonzero(mask)
    return first, second
