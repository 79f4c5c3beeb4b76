"""Recourse by flows, where there is one band and nothing stands in: a hundred times faster.

Items then meet only in what depots handle. Flows settle every scenario in which that does not bind;
the others are left to their linear programs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from optimizer.algorithms.bipartite import serve, serve_all
from optimizer.demand import FloatArray
from optimizer.stockpiles.instance import BoolArray, IndexArray
from optimizer.stockpiles.recourse import Response


@dataclass(frozen=True, eq=False)
class Flows:
    """Scenarios as padded arrays: the groups of each are its first ones."""

    responses: Sequence[Response]
    reach: BoolArray = field(init=False)  # (scenario, source, group)
    need: FloatArray = field(init=False)  # (scenario, group, item)
    kits: FloatArray = field(init=False)  # (scenario, block, item) if everybody has one

    def __post_init__(self) -> None:
        """Fill the arrays."""
        one = self.responses[0].instance
        count = max(1, *(len(each.groups) for each in self.responses))
        shape = (len(self.responses), len(one.tier), count)
        reach = np.zeros(shape, dtype=np.bool_)
        need = np.zeros((shape[0], count, len(one.weight)))
        for s, each in enumerate(self.responses):
            groups = len(each.groups)
            reach[s, :, :groups] = each.groups.arrives == 0
            need[s, :groups] = each.groups.need[:, :, 0]
        kits = np.array([each.situation.from_kits[:, :, 0] for each in self.responses])
        for name, value in (("reach", reach), ("need", need), ("kits", kits)):
            object.__setattr__(self, name, value)

    @staticmethod
    def fit(responses: Sequence[Response]) -> bool:
        """Return whether scenarios can be settled by flows."""
        if not responses:
            return False
        instance = responses[0].instance
        weights = {band.weight for band in instance.bands}
        plain = len(instance.exchange_sent) == len(instance.weight) and not instance.singly
        return len(instance.bands) == 1 and plain and weights == {1.0}

    @cached_property
    def survives(self) -> FloatArray:
        """What survives of each source's stock, (scenario, source)."""
        return np.array([each.situation.survives for each in self.responses])

    @cached_property
    def group_of(self) -> IndexArray:
        """Each block's group, -1 without one, (scenario, block)."""
        return np.array([each.groups.of_block for each in self.responses])

    @cached_property
    def _orders(self) -> tuple[IndexArray, IndexArray]:
        """Sources by how few they reach, those that handle anything first; items by worth."""
        instance = self.responses[0].instance
        limited = self.responses[0].first.handles
        reached = self.reach.sum(axis=(0, 2))
        order = np.lexsort((reached, limited & (reached > np.median(reached))))
        volume = np.maximum(1e-12, instance.volume_m3)
        return order, np.argsort(-instance.weight / volume, kind="stable")

    def _stock(self, first: FloatArray) -> FloatArray:
        """Return what each source holds, (source, item)."""
        one = self.responses[0]
        instance = one.instance
        stock = np.zeros(instance.holding.shape)
        held = one.first.stock @ first
        stock[instance.holding_source, instance.holding_item] = np.maximum(0.0, held)
        return stock

    def _handling(self, first: FloatArray) -> FloatArray:
        """Return what each source handles up to the band's end, as volume, (source,)."""
        return np.minimum(self.responses[0].first.handled_m3(first)[:, 0], 1e18)

    def _lacking(self, first: FloatArray) -> FloatArray:
        """Return what groups need beyond their kits, (scenario, group, item)."""
        share = self.responses[0].first.kits @ first
        own = self.kits * share[None, :, None]
        lacking = self.need.copy()
        scenario, block = np.nonzero(self.group_of >= 0)
        np.subtract.at(lacking, (scenario, self.group_of[scenario, block]), own[scenario, block])
        return np.asarray(lacking)

    def settle(self, first: FloatArray) -> tuple[FloatArray, FloatArray, BoolArray]:
        """Return each scenario's worth and slope at a first stage, and whether they are proven."""
        one = self.responses[0]
        instance = one.instance
        scenarios, sources, groups = self.reach.shape
        items = len(instance.weight)
        in_set = np.zeros((scenarios, groups, items), dtype=np.uint8)
        near = np.zeros((scenarios, sources, items), dtype=np.uint8)
        unmet = np.zeros((scenarios, items))
        proven = np.zeros(scenarios, dtype=np.bool_)
        order, item_order = self._orders
        serve_all(
            self._stock(first),
            self.survives,
            self._lacking(first),
            self.reach,
            self._handling(first),
            instance.volume_m3,
            order,
            item_order,
            in_set,
            near,
            unmet,
            proven,
        )
        stock = near * self.survives[:, :, None] * instance.weight
        by_holding = stock[:, instance.holding_source, instance.holding_item]
        slope = -(one.first.stock.T @ by_holding.T).T
        scenario, block = np.nonzero(self.group_of >= 0)
        kits = np.zeros(self.group_of.shape)
        cut = in_set[scenario, self.group_of[scenario, block]] * instance.weight
        kits[scenario, block] = (self.kits[scenario, block] * cut).sum(axis=1)
        slope -= (one.first.kits.T @ kits.T).T
        return unmet @ instance.weight, np.asarray(slope), proven

    def columns(self, s: int, first: FloatArray) -> FloatArray:
        """Return scenario ``s``'s flows as columns of its recourse; what is missing is left 0."""
        one = self.responses[s]
        instance = one.instance
        groups = len(one.groups)
        items = len(instance.weight)
        order, item_order = self._orders
        flow = np.zeros((len(instance.tier), groups, items))
        serve(
            self._stock(first) * self.survives[s][:, None],
            self._lacking_of(s, first),
            np.ascontiguousarray(self.reach[s, :, :groups]),
            self._handling(first),
            instance.volume_m3,
            order,
            item_order,
            flow,
            np.zeros((groups, items), dtype=np.uint8),
            np.zeros((len(instance.tier), items), dtype=np.uint8),
            np.zeros(items),
        )
        source, group, exchange, _ = one.flows
        columns = np.zeros(len(source) + len(one.refills[0]) + len(one.missing[0]))
        columns[: len(source)] = flow[source, group, instance.exchange_needed[exchange]]
        return columns

    def _lacking_of(self, s: int, first: FloatArray) -> FloatArray:
        one = self.responses[s]
        own = self.kits[s] * (one.first.kits @ first)[:, None]
        lacking = one.groups.need[:, :, 0].copy()
        inside = one.groups.of_block >= 0
        np.subtract.at(lacking, one.groups.of_block[inside], own[inside])
        return lacking
