r"""What is best done once it is known what happened: one scenario as a linear program.

For a scenario, over groups :math:`g` of blocks that the same sources reach in the same bands,

.. math::

    \min \sum_{g,k,b} w_b w_k v_{gkb} \quad\text{s.t.}\quad
    & \sum_{n, i, b' \le b} e_{ik} f_{ngib'} + \sum_{j \in g} c_{jkb} r_j + v_{gkb} \ge d_{gkb} \\
    & \sum_{g,k,b' \le b} a_{k'k} f_{ngk'kb'} + \sum_{m, b' \le b} g_{nmk'b'}
      - \sum_{m, b' < b} g_{mnk'b'} \le \rho_n x_{nk'} \\
    & \sum \text{volume sent by } n \text{ up to } b \le h_n (T_b - t_n) \\
    & \sum_{g, b' \le b} l f_{ngb'} \tau_{ng} \le L_n (T_b - t_n)

with :math:`f` sent, :math:`g` refilled, :math:`v` missing; :math:`d` due, :math:`c` in the kits of
all, :math:`r` the share of people who have one, :math:`x` the stock of which :math:`\rho` survives,
:math:`a` units that stand in for one, :math:`e` units of :math:`k` in a unit of :math:`i` (1 for
itself, what it contains for a kit), :math:`h` handling an hour from :math:`t_n` on, :math:`l`
the load of a unit, :math:`\tau` a vehicle's round trip, :math:`L` what all vehicles carry. Blocks
that the same sources reach in the same bands are one group: whatever the group gets can be split in
proportion to what its blocks still need, so nothing is lost by it. With kits or vehicles each block
is a group of its own: none needs of a kit what another does, or is as far.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from optimizer.algorithms.two_stage import Recourse
from optimizer.demand import FloatArray
from optimizer.stockpiles.first_stage import FirstStage
from optimizer.stockpiles.instance import BoolArray, IndexArray, Instance
from optimizer.stockpiles.situations import NEVER, Situation

_HOUR_S = 3600.0
_NOTHING = 1e-9  # of a need: less is rounding


@dataclass(frozen=True, eq=False)
class Groups:
    """Blocks that need something, by who reaches them when."""

    of_block: IndexArray  # (block,) its group, -1 where nothing is needed
    arrives: IndexArray  # (source, group)
    need: FloatArray  # (group, item, band)
    labels: IndexArray  # (group,)

    def __len__(self) -> int:
        """Return the number of groups."""
        return len(self.labels)

    @cached_property
    def block(self) -> IndexArray:
        """A block of each group, (group,): the block, where each is served by itself."""
        found = np.zeros(len(self), dtype=np.int64)
        needing = np.flatnonzero(self.of_block >= 0)
        found[self.of_block[needing]] = needing
        return found


def grouped(situation: Situation, labels: IndexArray) -> Groups:
    """Return the groups; blocks of different ``labels`` (block,) are kept apart."""
    active = np.flatnonzero((situation.need > _NOTHING).any(axis=(1, 2)))
    keys = np.vstack([situation.arrives[:, active], labels[active]]).T
    rows, member = np.unique(np.ascontiguousarray(keys), axis=0, return_inverse=True)
    of_block = np.full(len(labels), -1, dtype=np.int64)
    of_block[active] = member.ravel()
    need = np.zeros((len(rows), *situation.need.shape[1:]))
    np.add.at(need, member.ravel(), situation.need[active])
    return Groups(of_block, rows[:, :-1].T, need, rows[:, -1])


@dataclass(frozen=True, eq=False)
class Response:
    """One scenario's columns and rows by what they mean.

    Columns: flows, then refills, then what is missing. Rows: what is due, then stock, then
    handling, then vehicles. ``stock_band`` -1: the row holds over all bands.
    """

    instance: Instance
    first: FirstStage
    situation: Situation
    groups: Groups

    @cached_property
    def flows(self) -> tuple[IndexArray, IndexArray, IndexArray, IndexArray]:
        """Each flow's source, group, exchange and band."""
        instance, groups = self.instance, self.groups
        holds = instance.holding[:, instance.exchange_sent] >= 0
        holds &= (self.situation.survives > 0)[:, None]
        lacks = groups.need[:, :, -1] > _NOTHING
        wanted = lacks.astype(np.float64) @ instance.gives.T > 0  # (group, exchange)
        bands = np.arange(len(instance.bands))
        open_ = groups.arrives[:, :, None, None] <= bands
        mask = open_ & holds[:, None, :, None] & wanted[None, :, :, None]
        source, group, exchange, band = np.nonzero(mask)
        return source, group, exchange, band

    @cached_property
    def refills(self) -> tuple[IndexArray, IndexArray, IndexArray, IndexArray]:
        """Each refill's source, depot, item and band; useless in the last band."""
        instance = self.instance
        bands = np.arange(len(instance.bands) - 1)
        holds = instance.holding >= 0
        both = holds[:, None, :] & holds[None, : instance.depot_count, :]
        arrives = self.situation.refills
        mask = (arrives[:, :, None, None] <= bands) & both[..., None]
        source, depot, item, band = np.nonzero(mask)
        return source, depot, item, band

    @cached_property
    def missing(self) -> tuple[IndexArray, IndexArray, IndexArray]:
        """Each missing column's, and due row's, group, item and band."""
        group, item, band = np.nonzero(self.groups.need > _NOTHING)
        return group, item, band

    @cached_property
    def by_band(self) -> bool:
        """Whether stock must be counted band by band: where some of it comes back or moves."""
        returning = any(one.returns_after_s is not None for one in self.instance.request.items)
        return len(self.instance.bands) > 1 and (returning or len(self.refills[0]) > 0)

    @cached_property
    def stock_rows(self) -> tuple[IndexArray, IndexArray]:
        """Each stock row's holding and band."""
        instance = self.instance
        source, _, exchange, _ = self.flows
        used = instance.holding[source, instance.exchange_sent[exchange]]
        refilled = self.refills
        used = np.concatenate([used, instance.holding[refilled[0], refilled[2]]])
        holdings = np.unique(used)
        if not self.by_band:
            return holdings, np.full(len(holdings), -1)
        bands = np.arange(len(instance.bands))
        return np.repeat(holdings, len(bands)), np.tile(bands, len(holdings))

    @cached_property
    def handling_rows(self) -> tuple[IndexArray, IndexArray]:
        """Each handling row's source and band."""
        limited = np.isin(self.flows[0], np.flatnonzero(self.first.handles))
        source, _, _, band = (one[limited] for one in self.flows)
        refill = np.isin(self.refills[0], np.flatnonzero(self.first.handles))
        source = np.concatenate([source, self.refills[0][refill]])
        band = np.concatenate([band, self.refills[3][refill]])
        pairs = np.unique(np.vstack([source, band]), axis=1)
        return pairs[0], pairs[1]

    @cached_property
    def vehicle_rows(self) -> tuple[IndexArray, IndexArray, IndexArray]:
        """Each vehicle row's source, band and measure: kilograms or cubic metres."""
        limited: BoolArray = np.isfinite(self.instance.carried)
        by_vehicle = np.asarray(limited.any(axis=1))
        sender = np.concatenate([self.flows[0], self.refills[0]])
        band = np.concatenate([self.flows[3], self.refills[3]])
        pairs = np.unique(np.vstack([sender, band])[:, by_vehicle[sender]], axis=1)
        row, measure = np.nonzero(limited[pairs[0]])
        return pairs[0][row], pairs[1][row], measure.astype(np.int64)

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.flows[0]) + len(self.refills[0]) + len(self.missing[0])

    @cached_property
    def recourse(self) -> Recourse:
        """The linear program."""
        due, stock, handling = (len(self.missing[0]), len(self.stock_rows[0]), 0)
        handling, vehicles = len(self.handling_rows[0]), len(self.vehicle_rows[0])
        row, column, value = zip(
            self._due_terms(),
            self._stock_terms(due),
            self._handling_terms(due + stock),
            self._vehicle_terms(due + stock + handling),
            strict=True,
        )
        shape = (due + stock + handling + vehicles, self.width)
        matrix = csr_array(
            (np.concatenate(value), (np.concatenate(row), np.concatenate(column))), shape=shape
        )
        matrix.sum_duplicates()
        tie, least = self._ties(due, stock, handling, vehicles)
        return Recourse(self._cost(), matrix, tie, least)

    def _cost(self) -> FloatArray:
        _, item, band = self.missing
        weights = np.array([one.weight for one in self.instance.bands])
        moved = np.zeros(len(self.flows[0]) + len(self.refills[0]))
        return np.concatenate([moved, weights[band] * self.instance.weight[item]])

    def _due_terms(self) -> tuple[IndexArray, IndexArray, FloatArray]:
        """Return what flows and missing columns add to what is due by each band's end."""
        instance, groups = self.instance, self.groups
        place = np.full(groups.need.shape, -1, dtype=np.int64)
        place[self.missing] = np.arange(len(self.missing[0]))
        _, group, exchange, band = self.flows
        flow, item, each = instance.parts(exchange)
        rows, columns, values = [], [], []
        for later in range(len(instance.bands)):
            at = place[group[flow], item, later]
            counts = np.flatnonzero((band[flow] <= later) & (at >= 0))
            rows.append(at[counts])
            columns.append(flow[counts])
            values.append(each[counts])
        due = np.arange(len(self.missing[0]))
        rows.append(due)
        columns.append(len(self.flows[0]) + len(self.refills[0]) + due)
        values.append(np.ones(len(due)))
        return np.concatenate(rows), np.concatenate(columns), np.concatenate(values)

    def _stock_terms(self, top: int) -> tuple[IndexArray, IndexArray, FloatArray]:
        instance = self.instance
        source, _, exchange, band = self.flows
        sent = instance.exchange_sent[exchange]
        rate = instance.exchange_rate[exchange]
        holding, row_band = self.stock_rows
        base = np.full(len(instance.holding_source), -1, dtype=np.int64)
        if not self.by_band:
            base[holding] = np.arange(len(holding))
            return top + base[instance.holding[source, sent]], np.arange(len(source)), -rate
        base[holding[row_band == 0]] = np.flatnonzero(row_band == 0)
        back_s = [one.returns_after_s for one in instance.request.items]
        away_s = np.array([np.inf if one is None else one for one in back_s])
        out, depot, item, refill_band = self.refills
        ends = np.array([one.end_s for one in instance.bands])
        rows, columns, values = [], [], []
        for later in range(len(ends)):
            gone = (band <= later) & (ends[later] - ends[band] < away_s[sent])
            rows.append(top + base[instance.holding[source, sent]][gone] + later)
            columns.append(np.flatnonzero(gone))
            values.append(-rate[gone])
            for place, sign, moved in (
                (instance.holding[out, item], -1.0, refill_band <= later),
                (instance.holding[depot, item], 1.0, refill_band < later),
            ):
                rows.append(top + base[place][moved] + later)
                columns.append(len(source) + np.flatnonzero(moved))
                values.append(np.full(int(moved.sum()), sign))
        return np.concatenate(rows), np.concatenate(columns), np.concatenate(values)

    def _handling_terms(self, top: int) -> tuple[IndexArray, IndexArray, FloatArray]:
        instance = self.instance
        source, _, exchange, band = self.flows
        sent = instance.exchange_sent[exchange]
        volume = instance.volume_m3[sent] * instance.exchange_rate[exchange]
        out, _, item, refill_band = self.refills
        sender = np.concatenate([source, out])
        leaves = np.concatenate([band, refill_band])
        volume = np.concatenate([volume, instance.volume_m3[item]])
        rows, columns, values = [], [], []
        for n, (place, later) in enumerate(zip(*self.handling_rows, strict=True)):
            counts = np.flatnonzero((sender == place) & (leaves <= later))
            rows.append(np.full(len(counts), top + n))
            columns.append(counts)
            values.append(-volume[counts])
        empty = np.zeros(0, dtype=np.int64)
        row = np.concatenate([empty, *rows])
        return row, np.concatenate([empty, *columns]), np.concatenate([np.zeros(0), *values])

    def _vehicle_terms(self, top: int) -> tuple[IndexArray, IndexArray, FloatArray]:
        """Return what flows and refills ask of vehicles, in kilograms or m3 times hours."""
        instance = self.instance
        source, group, exchange, band = self.flows
        out, depot, refilled, refill_band = self.refills
        sent, rate = instance.exchange_sent[exchange], instance.exchange_rate[exchange]
        each = np.stack([instance.weight_kg, instance.volume_m3])
        amount = np.concatenate([each[:, sent] * rate, each[:, refilled]], axis=1)
        sender, leaves = np.concatenate([source, out]), np.concatenate([band, refill_band])
        to = np.concatenate([self.groups.block[group], len(self.groups.of_block) + depot])
        empty: IndexArray = np.zeros(0, dtype=np.int64)
        rows, columns, values = [empty], [empty], [np.zeros(0)]
        for n, (place, later, measure) in enumerate(zip(*self.vehicle_rows, strict=True)):
            counts = np.flatnonzero((sender == place) & (leaves <= later))
            hours = self.situation.trip_s[place, to[counts]] / _HOUR_S
            rows.append(np.full(len(counts), top + n))
            columns.append(counts)
            values.append(-amount[measure, counts] * hours)
        return np.concatenate(rows), np.concatenate(columns), np.concatenate(values)

    def _ties(
        self, due: int, stock: int, handling: int, vehicles: int
    ) -> tuple[csr_array, FloatArray]:
        """Return how the first stage loosens the rows, and what they ask for without it."""
        instance, first = self.instance, self.first
        group, item, band = self.missing
        least = np.zeros(due + stock + handling + vehicles)
        least[:due] = self.groups.need[self.missing]
        kits = self._kits()
        holding, _ = self.stock_rows
        survives = self.situation.survives[instance.holding_source[holding]]
        source, handled_band = self.handling_rows
        ends = np.array([one.end_s for one in instance.bands])
        hours = np.maximum(0.0, ends[handled_band] - instance.ready_s[source]) / _HOUR_S
        least[due + stock : due + stock + handling] = -hours * first.handling_now[source]
        carrier, carried_band, measure = self.vehicle_rows
        able_s = np.maximum(0.0, ends[carried_band] - instance.ready_s[carrier])
        least[due + stock + handling :] = -instance.carried[carrier, measure] * able_s / _HOUR_S
        ties = (
            csr_array(kits[group, item, band] @ first.kits),
            csr_array(first.stock[holding].multiply(survives[:, None])),
            csr_array(first.handling[source].multiply(hours[:, None])),
            csr_array((vehicles, first.width)),
        )
        return _below(ties, first.width), least

    def _kits(self) -> FloatArray:
        """Return (group, item, band, block): what a group's blocks have in kits, if all do."""
        in_group = self.groups.of_block[:, None] == np.arange(len(self.groups))
        return np.asarray(np.einsum("jg,jkb->gkbj", in_group, self.situation.from_kits))

    def sent(self, values: FloatArray) -> FloatArray:
        """Return the flows (flow,) of the recourse's columns, in units of what is needed."""
        return np.asarray(values[: len(self.flows[0])])

    def moved(self, values: FloatArray) -> FloatArray:
        """Return the refills (refill,) of the recourse's columns."""
        start = len(self.flows[0])
        return np.asarray(values[start : start + len(self.refills[0])])


def _below(parts: tuple[csr_array, ...], width: int) -> csr_array:
    ends = np.cumsum([0, *(part.nnz for part in parts)])
    pointers = [part.indptr[1:] + end for part, end in zip(parts, ends, strict=False)]
    return csr_array(
        (
            np.concatenate([part.data for part in parts]),
            np.concatenate([part.indices for part in parts]),
            np.concatenate([[0], *pointers]),
        ),
        shape=(sum(part.shape[0] for part in parts), width),
    )


def reached(situation: Situation) -> BoolArray:
    """Return whether a source reaches a block in any band, (source, block)."""
    return np.asarray(situation.arrives < NEVER)
