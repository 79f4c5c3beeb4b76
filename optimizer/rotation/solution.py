"""The values of a program as movements of lots: who leaves when, lot by lot, oldest first."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from models.rotation.plan import Issue, Move, Order, WriteOff
from optimizer.demand import FloatArray
from optimizer.rotation.arrays import NEVER
from optimizer.rotation.checks import day_after
from optimizer.rotation.formulation import Formulation
from optimizer.rotation.instance import Instance
from optimizer.rotation.seasons import order_days

NONE = 1e-5  # units: fewer are rounding


@dataclass
class _Held:
    """Some units of a lot in a depot."""

    expiry: int
    lot_id: str
    quantity: float

    @property
    def order(self) -> tuple[int, str]:
        return self.expiry, self.lot_id


@dataclass
class Movements:
    """All that happens, in the order in which it does."""

    orders: list[Order] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    write_offs: list[WriteOff] = field(default_factory=list)
    on_hand: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))  # (pair, period)
    left: list[tuple[int, int, float]] = field(default_factory=list)  # pair, expiry, quantity


def movements(formulation: Formulation, values: FloatArray) -> Movements:
    """Return what the values mean for single lots.

    Lots of one cohort leave in the order of their dates. Amounts within a millionth of a whole
    number are that number.
    """
    return _Ledger(formulation, values).run()


class _Ledger:
    """Follows every lot through the periods."""

    def __init__(self, formulation: Formulation, values: FloatArray) -> None:
        self.instance: Instance = formulation.instance
        layout = formulation.layout
        self.issue = _tidy(values[layout["issue"]])
        self.move = _tidy(values[layout["move"]])
        self.made = Movements()
        self._orders(_tidy(values[layout["order"]] * self.instance.orders.units))
        # (pair, cohort's expiry) -> lots, the oldest first
        self.stock: dict[tuple[int, int], list[_Held]] = defaultdict(list)
        self.coming: dict[int, list[tuple[int, _Held]]] = defaultdict(list)
        self._book()

    def run(self) -> Movements:
        """Return all movements."""
        instance, made = self.instance, self.made
        count = len(instance.grid)
        made.on_hand = np.zeros((len(instance.pairs), count))
        of_issue = _by_period(instance, self.issue, instance.issues.node)
        of_move = _by_period(instance, self.move, instance.moves.node)
        for t in range(count):
            for pair, held in self.coming[t]:
                self._put(pair, held)
            for n in of_move[t]:
                self._send(t, n)
            for n in of_issue[t]:
                self._leave(t, n)
            self._expire(t)
            for (pair, _), lots in self.stock.items():
                made.on_hand[pair, t] += sum(one.quantity for one in lots)
        made.left = [
            (pair, one.expiry, one.quantity)
            for (pair, _), lots in self.stock.items()
            for one in lots
        ]
        return made

    def _put(self, pair: int, held: _Held) -> None:
        lots = self.stock[pair, self.instance.cohort_expiry(held.expiry)]
        lots.append(held)
        lots.sort(key=lambda one: one.order)

    def _book(self) -> None:
        for one in self.instance.stocks:
            held = _Held(one.expiry, one.lot_id, one.quantity)
            self.coming[one.period].append((one.pair, held))
        for pair, order in self._pairs_of(self.made.orders):
            expiry = NEVER if order.expires_on is None else order.expires_on.toordinal()
            held = _Held(expiry, order.lot_id, order.quantity)
            self.coming[order.arrival].append((pair, held))

    def _orders(self, quantity: FloatArray) -> None:
        instance, request = self.instance, self.instance.request
        orders = instance.orders
        days = [dict(order_days(one, instance.grid)) for one in request.supplies]
        for n in np.flatnonzero(quantity > NONE).tolist():
            supply = request.supplies[int(orders.supply[n])]
            depot, item = instance.pairs[int(orders.pair[n])]
            ordered = days[int(orders.supply[n])][int(orders.period[n])]
            expiry = int(orders.expiry[n])
            lot_id = f"{supply.id}@{depot}@{ordered}"
            packs = float(quantity[n] / orders.units[n])
            self.made.orders.append(
                Order(
                    lot_id=lot_id,
                    supply_id=supply.id,
                    depot_id=depot,
                    item_id=item,
                    period=int(orders.period[n]),
                    arrival=int(orders.arrival[n]),
                    packs=packs,
                    quantity=float(quantity[n]),
                    cost=float(packs * orders.cost[n]),
                    ordered_on=ordered,
                    arrives_on=day_after(ordered, supply.lead_days),
                    expires_on=None if expiry == NEVER else date.fromordinal(expiry),
                )
            )

    def _pairs_of(self, orders: list[Order]) -> Iterator[tuple[int, Order]]:
        number = {pair: n for n, pair in enumerate(self.instance.pairs)}
        for one in orders:
            yield number[one.depot_id, one.item_id], one

    def _take(self, pair: int, expiry: int, quantity: float) -> Iterator[tuple[_Held, float]]:
        """Yield the lots that an amount of a cohort is taken from, oldest first."""
        lots = self.stock[pair, expiry]
        while quantity > NONE and lots:
            first = lots[0]
            taken = first.quantity if first.quantity <= quantity + NONE else quantity
            quantity -= taken
            yield first, taken
            first.quantity -= taken
            if first.quantity <= NONE:
                lots.pop(0)

    def _send(self, t: int, n: int) -> None:
        instance, nodes = self.instance, self.instance.nodes
        node, to = int(instance.moves.node[n]), int(instance.moves.to[n])
        source, other = int(instance.node_pair[node]), int(instance.node_pair[to])
        arrival = int(nodes.period[to])
        expiry = int(nodes.expiry[nodes.cohort[node]])
        for held, taken in [*self._take(source, expiry, float(self.move[n]))]:
            self.made.moves.append(
                Move(
                    period=t,
                    arrival=arrival,
                    depot_id=instance.pairs[source][0],
                    to_depot_id=instance.pairs[other][0],
                    lot_id=held.lot_id,
                    quantity=taken,
                )
            )
            sent = _Held(held.expiry, held.lot_id, taken)
            if arrival == t:
                self._put(other, sent)
            else:
                self.coming[arrival].append((other, sent))

    def _leave(self, t: int, n: int) -> None:
        instance, nodes = self.instance, self.instance.nodes
        node = int(instance.issues.node[n])
        pair, expiry = int(instance.node_pair[node]), int(nodes.expiry[nodes.cohort[node]])
        outlet = instance.request.outlets[int(instance.issues.outlet[n])].id
        for held, taken in self._take(pair, expiry, float(self.issue[n])):
            self.made.issues.append(
                Issue(
                    period=t,
                    outlet_id=outlet,
                    depot_id=instance.pairs[pair][0],
                    lot_id=held.lot_id,
                    quantity=taken,
                )
            )

    def _expire(self, t: int) -> None:
        instance = self.instance
        day = int(instance.last_day[t])
        for (pair, expiry), lots in self.stock.items():
            if expiry >= day:
                continue
            for one in lots:
                self.made.write_offs.append(
                    WriteOff(
                        period=t,
                        depot_id=instance.pairs[pair][0],
                        lot_id=one.lot_id,
                        quantity=one.quantity,
                        value=float(one.quantity * instance.price[pair]),
                    )
                )
            lots.clear()


def _tidy(values: FloatArray) -> FloatArray:
    whole = np.round(values)
    found: FloatArray = np.where(np.abs(values - whole) <= NONE, whole, values)
    return np.maximum(found, 0.0)


def _by_period(instance: Instance, amount: FloatArray, node: np.ndarray) -> list[list[int]]:
    """Return the columns in use by period, the oldest stock first."""
    found: list[list[int]] = [[] for _ in instance.grid]
    used = np.flatnonzero(amount > NONE)
    expiry = instance.nodes.expiry[instance.nodes.cohort[node[used]]]
    for n in used[np.argsort(expiry, kind="stable")].tolist():
        found[int(instance.nodes.period[node[n]])].append(n)
    return found
