r"""Area per resident in every walking catchment.

Column ``catch`` :math:`c_{ij}` (block, site within the limit): the block lies in the site's
catchment. With :math:`r_i` residents and :math:`t` square metres for each,

.. math::

    \sum_j c_{ij} = 1, \quad c_{ij} \le y_j, \quad
    \sum_{k \text{ no farther than } j} c_{ik} \ge y_j, \quad
    A_j y_j \ge t \sum_i r_i c_{ij}

so that :math:`c` is whole wherever :math:`y` is. Of sites equally far the first counts as nearer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from models.shelters.rules import CATCHMENT
from models.text import Text
from optimizer.demand import FloatArray
from optimizer.ruling import Rule
from optimizer.shelters.instance import BoolArray, IndexArray, Instance
from optimizer.shelters.stacking import stacked


@dataclass(frozen=True, eq=False)
class Catchments:
    """The columns and rows of area targets in walking catchments."""

    instance: Instance

    @property
    def wanted(self) -> bool:
        """Whether any target asks for them."""
        return any(one.level == CATCHMENT for one in self.instance.request.rules.area_targets)

    @cached_property
    def pairs(self) -> tuple[IndexArray, IndexArray]:
        """The (block, site) pairs within the walking limit, of a block the nearest first."""
        walk_m = self.instance.walks_m(0)
        order = np.argsort(walk_m, axis=1, kind="stable")
        near = np.take_along_axis(walk_m, order, axis=1) <= self.instance.request.rules.walk_limit_m
        near &= (self.instance.residents > 0)[:, None]
        block, rank = np.nonzero(near)
        return block, order[block, rank]

    def rules(self) -> Iterator[Rule]:
        """Yield one rule a target."""
        if not self.wanted:
            return
        instance, (block, site) = self.instance, self.pairs
        every, sites = np.arange(len(block)), len(instance.existing)
        blocks, row = np.unique(block, return_inverse=True)
        heights = (len(blocks), len(block), len(block), sites)
        whole = csr_array((np.ones(len(block)), (row, every)), shape=(len(blocks), len(block)))
        own = csr_array((np.ones(len(block)), (every, every)), shape=(len(block),) * 2)
        opened = csr_array((-np.ones(len(block)), (every, site)), shape=(len(block), sites))
        nearer = self._nearer()
        for n, target in enumerate(instance.request.rules.area_targets):
            if target.level != CATCHMENT:
                continue
            area_m2 = instance.effective_m2 if target.reading == "effective" else instance.gross_m2
            need = -target.m2_per_resident * instance.residents[block]
            people = csr_array((need, (site, every)), shape=(sites, len(block)))
            places = np.arange(sites)
            size = csr_array((area_m2, (places, places)), shape=(sites, sites))
            yield Rule(
                path=f"rules.area_targets[{n}]",
                text=Text(
                    code=f"rule.shelters.area_target.{target.reading}",
                    values={"m2": target.m2_per_resident, "level": target.level},
                ),
                terms={
                    "catch": stacked([whole, own, nearer, people], heights),
                    "open": stacked([None, opened, opened, size], heights),
                },
                lower=np.concatenate(
                    [
                        np.ones(len(blocks)),
                        np.full(len(block), -np.inf),
                        np.zeros(len(block) + sites),
                    ]
                ),
                upper=np.concatenate(
                    [
                        np.ones(len(blocks)),
                        np.zeros(len(block)),
                        np.full(len(block) + sites, np.inf),
                    ]
                ),
            )

    def values(self, opened: BoolArray) -> FloatArray:
        """Return the columns that a set of open sites means."""
        block, site = self.pairs
        found = np.zeros(len(block))
        usable = np.flatnonzero(opened[site])
        _, first = np.unique(block[usable], return_index=True)
        found[usable[first]] = 1.0
        return found

    def _nearer(self) -> csr_array:
        """Return the rows (pair, pair) of the pairs of a block that are no farther."""
        block, _ = self.pairs
        starts = np.flatnonzero(np.diff(block, prepend=-1))
        first = np.repeat(starts, np.diff(np.append(starts, len(block))))
        height = np.arange(len(block)) - first + 1
        row = np.repeat(np.arange(len(block)), height)
        within = np.arange(len(row)) - np.repeat(np.cumsum(height) - height, height)
        column = first[row] + within
        return csr_array((np.ones(len(row)), (row, column)), shape=(len(block),) * 2)
