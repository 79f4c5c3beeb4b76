"""What is decided beforehand, as columns: what is kept, bought, agreed, given and built.

Columns, in their order: ``keep`` (holding of a depot that has some), ``buy`` (holding of a depot),
``kits`` (block; share of its people who have one), ``agree`` (contract), ``size`` (depot and size,
0 or 1).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from models.stockpiles.nodes import Depot, DepotSize
from optimizer.demand import FloatArray
from optimizer.stockpiles.instance import BoolArray, IndexArray, Instance

_HOUR_S = 3600.0
COST_PARTS = ("capital", "running", "holding", "replacement", "kits", "fees")


@dataclass(frozen=True, eq=False)
class FirstStage:
    """The first stage's columns of one instance, and what they amount to."""

    instance: Instance

    @cached_property
    def kept(self) -> IndexArray:
        """The holdings with a ``keep`` column."""
        return np.flatnonzero(self.instance.existing > 0)

    @cached_property
    def bought(self) -> IndexArray:
        """The holdings with a ``buy`` column: those of depots."""
        return np.flatnonzero(self.instance.holding_source < self.instance.depot_count)

    @cached_property
    def agreed(self) -> IndexArray:
        """The holdings of contracts."""
        return np.flatnonzero(self.instance.holding_source >= self.instance.depot_count)

    @cached_property
    def sizes(self) -> tuple[tuple[int, Depot, DepotSize], ...]:
        """Each ``size`` column's depot and size."""
        depots = self.instance.request.depots
        return tuple((n, one, size) for n, one in enumerate(depots) for size in one.sizes)

    @cached_property
    def blocks(self) -> dict[str, slice]:
        """Where each block of columns stands."""
        counts = {
            "keep": len(self.kept),
            "buy": len(self.bought),
            "kits": len(self.instance.kit_free),
            "agree": len(self.agreed),
            "size": len(self.sizes),
        }
        found, at = {}, 0
        for name, count in counts.items():
            found[name] = slice(at, at + count)
            at += count
        return found

    @property
    def width(self) -> int:
        """The number of columns."""
        return int(self.blocks["size"].stop)

    @cached_property
    def lower(self) -> FloatArray:
        """The least value of each column."""
        lower = np.zeros(self.width)
        lower[self.blocks["kits"]] = self.instance.kit_free
        return lower

    @cached_property
    def upper(self) -> FloatArray:
        """The largest value of each column."""
        upper = np.ones(self.width)
        upper[self.blocks["keep"]] = self.instance.existing[self.kept]
        upper[self.blocks["buy"]] = np.minimum(self.instance.room, self._fits())[self.bought]
        upper[self.blocks["kits"]] = self.instance.kit_most
        upper[self.blocks["agree"]] = self.instance.room[self.agreed]
        return upper

    @cached_property
    def integer(self) -> BoolArray:
        """Which columns are whole."""
        whole = np.zeros(self.width, dtype=np.bool_)
        whole[self.blocks["size"]] = True
        return whole

    @cached_property
    def stock(self) -> csr_array:
        """The stock of each holding, (holding, column)."""
        row = np.concatenate([self.kept, self.bought, self.agreed])
        places = [self._places(name) for name in ("keep", "buy", "agree")]
        shape = (len(self.instance.holding_source), self.width)
        return csr_array((np.ones(len(row)), (row, np.concatenate(places))), shape=shape)

    @cached_property
    def kits(self) -> csr_array:
        """The share of each block's people with a kit, (block, column)."""
        count = len(self.instance.kit_free)
        where = (np.arange(count), self._places("kits"))
        return csr_array((np.ones(count), where), shape=(count, self.width))

    @cached_property
    def handles(self) -> BoolArray:
        """Which sources have a limit to what they handle, (source,)."""
        depots = self.instance.request.depots
        limited = [one.handling_m3_per_h is not None for one in depots]
        return np.array(limited + [False] * len(self.agreed), dtype=np.bool_)

    @cached_property
    def handling_now(self) -> FloatArray:
        """What each source handles an hour as it is, (source,); 0 where there is no limit."""
        depots = self.instance.request.depots
        return np.array([one.handling_m3_per_h or 0.0 for one in depots] + [0.0] * len(self.agreed))

    @cached_property
    def handling(self) -> csr_array:
        """What sizes add to handling an hour, (source, column)."""
        return self._by_size([size.handling_m3_per_h for _, _, size in self.sizes])

    def handled_m3(self, values: FloatArray) -> FloatArray:
        """Return what each source can have sent by the end of each band, (source, band)."""
        instance = self.instance
        ends = np.array([one.end_s for one in instance.bands])
        hours = np.maximum(0.0, ends[None, :] - instance.ready_s[:, None]) / _HOUR_S
        rate = self.handling_now + self.handling @ values
        return np.where(self.handles[:, None], rate[:, None] * hours, np.inf)

    @cached_property
    def volume(self) -> csr_array:
        """The volume a depot's stock takes less what sizes add, (source, column)."""
        return csr_array(
            self._filling(self.instance.volume_m3)
            - self._by_size([size.volume_m3 for _, _, size in self.sizes])
        )

    @cached_property
    def load(self) -> csr_array:
        """The weight of a depot's stock less what the floors of sizes bear, (source, column)."""
        return csr_array(
            self._filling(self.instance.weight_kg)
            - self._by_size([size.weight_kg or 0.0 for _, _, size in self.sizes])
        )

    @cached_property
    def choices(self) -> csr_array:
        """How many sizes each depot builds, (source, column)."""
        return self._by_size([1.0] * len(self.sizes))

    @cached_property
    def outlay(self) -> FloatArray:
        """What each column's unit costs once, to buy, build or equip, (column,)."""
        instance = self.instance
        cost = np.zeros(self.width)
        source = instance.holding_source[self.bought]
        owned = np.array([one.fee_share is None for one in instance.request.depots], dtype=np.bool_)
        price = instance.price[instance.holding_item[self.bought]]
        cost[self.blocks["buy"]] = np.where(owned[source], price, 0.0)
        cost[self.blocks["kits"]] = self._kit_cost()
        cost[self.blocks["size"]] = [size.capital_cost for _, _, size in self.sizes]
        return cost

    @cached_property
    def outlay_now(self) -> float:
        """The outlay that the kits people have already would stand for: not spent."""
        return float(self.outlay[self.blocks["kits"]] @ self.instance.kit_free)

    @cached_property
    def column_tier(self) -> IndexArray:
        """The tier that each column's outlay belongs to, (column,)."""
        instance = self.instance
        tiers = [one.id for one in instance.request.tiers]
        households = instance.request.households
        home = 0 if households is None else tiers.index(households.tier)
        sources = np.concatenate([instance.holding_source[self.kept], []]).astype(np.int64)
        return np.concatenate(
            [
                instance.tier[sources],
                instance.tier[instance.holding_source[self.bought]],
                np.full(len(instance.kit_free), home),
                instance.tier[instance.holding_source[self.agreed]],
                np.array([instance.tier[n] for n, _, _ in self.sizes], dtype=np.int64),
            ]
        ).astype(np.int64)

    @cached_property
    def yearly(self) -> dict[str, FloatArray]:
        """What each column's unit costs a year, by what for, each (column,)."""
        instance = self.instance
        parts = {name: np.zeros(self.width) for name in COST_PARTS}
        for name, holdings in (("keep", self.kept), ("buy", self.bought)):
            price = instance.price[instance.holding_item[holdings]]
            depots = [instance.request.depots[n] for n in instance.holding_source[holdings]]
            fee = np.array([one.fee_share or 0.0 for one in depots])
            owned = np.array([one.fee_share is None for one in depots], dtype=np.bool_)
            life = instance.life_years[instance.holding_item[holdings]]
            lost = 1.0 - instance.request.recovered_share
            holding_cost = np.where(owned, price * instance.request.holding_rate, 0.0)
            parts["holding"][self.blocks[name]] = holding_cost
            parts["replacement"][self.blocks[name]] = np.where(owned, lost * price / life, 0.0)
            parts["fees"][self.blocks[name]] = fee * price
        contracts = instance.request.contracts
        parts["fees"][self.blocks["agree"]] = [one.fee for one in contracts]
        households = instance.request.households
        years = 1.0 if households is None else households.life_years
        parts["kits"][self.blocks["kits"]] = self._kit_cost() / years
        parts["capital"][self.blocks["size"]] = [
            size.capital_cost / size.life_years for _, _, size in self.sizes
        ]
        parts["running"][self.blocks["size"]] = [size.yearly_cost for _, _, size in self.sizes]
        return parts

    @cached_property
    def yearly_now(self) -> dict[str, float]:
        """What is due a year beside the columns: depots as they are, less kits people have."""
        now = dict.fromkeys(COST_PARTS, 0.0)
        now["running"] = sum(one.yearly_cost for one in self.instance.request.depots)
        kits = self.yearly["kits"][self.blocks["kits"]]
        now["kits"] = -float(kits @ self.instance.kit_free)
        return now

    @cached_property
    def cost(self) -> FloatArray:
        """What each column's unit costs a year in all, (column,)."""
        return np.asarray(np.sum(list(self.yearly.values()), axis=0))

    @cached_property
    def cost_now(self) -> float:
        """What is due a year in all beside the columns."""
        return sum(self.yearly_now.values())

    def _kit_cost(self) -> FloatArray:
        """Return what a kit for everybody in a block costs, (block,)."""
        households = self.instance.request.households
        each = 0.0 if households is None else households.cost_per_person
        return np.asarray(each * self.instance.people.sum(axis=1))

    def _places(self, name: str) -> IndexArray:
        part = self.blocks[name]
        return np.arange(part.start, part.stop)

    def _filling(self, each: FloatArray) -> csr_array:
        """Return what the stock of each source adds up to, (source, column)."""
        instance = self.instance
        count = len(instance.holding_source)
        own = np.where(instance.holding_source < instance.depot_count, 1.0, 0.0)
        values = own * each[instance.holding_item]
        where = (instance.holding_source, np.arange(count))
        by_source = csr_array((values, where), shape=(len(instance.tier), count))
        return csr_array(by_source @ self.stock)

    def _by_size(self, values: list[float]) -> csr_array:
        row = np.array([n for n, _, _ in self.sizes], dtype=np.int64)
        shape = (len(self.instance.tier), self.width)
        return csr_array((np.array(values), (row, self._places("size"))), shape=shape)

    def _fits(self) -> FloatArray:
        """Return how much of a holding's item fits into its depot at its largest, (holding,)."""
        instance = self.instance
        depots = instance.request.depots
        largest = [
            one.volume_m3 + max((size.volume_m3 for size in one.sizes), default=0.0)
            for one in depots
        ]
        volume = np.array([*largest, *([np.inf] * len(self.agreed))])
        with np.errstate(divide="ignore", invalid="ignore"):
            fits = volume[instance.holding_source] / instance.volume_m3[instance.holding_item]
        return np.asarray(np.where(np.isnan(fits), np.inf, fits))
