"""Equal groups of a block taken together, and parted again."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from optimizer.demand import FloatArray
from optimizer.shelters.instance import IndexArray, Instance


@dataclass(frozen=True, eq=False)
class Merged:
    """An instance with fewer units, and the way back.

    Groups of a block are one where they may go to the same sites and need the same space there, in
    every case: who of them goes where makes no difference then. Vehicles know groups apart, so an
    instance with any is none to merge.
    """

    whole: Instance

    @cached_property
    def instance(self) -> Instance:
        """The instance of merged units."""
        whole, (unit, first) = self.whole, self._units
        leaving = np.zeros((len(first), len(whole.leaving)))
        np.add.at(leaving, unit, whole.leaving.T)
        kept = whole.arcs.taken(np.isin(whole.arcs.unit, first))
        arcs = replace(kept, unit=unit[kept.unit])
        return replace(
            whole,
            unit_block=whole.unit_block[first],
            unit_group=whole.unit_group[first],
            leaving=leaving.T,
            arcs=arcs,
            shuttles=whole.shuttles.nobody(len(arcs)),
        )

    def parted(self, people: FloatArray) -> FloatArray:
        """Return the people by arc of the whole instance: each group takes its share of an arc."""
        whole, merged = self.whole.arcs, self.instance
        unit = self._units[0][whole.unit]
        key = self._key(whole.scenario, unit, whole.site)
        known = self._key(merged.arcs.scenario, merged.arcs.unit, merged.arcs.site)
        order = np.argsort(known)
        arc = order[np.searchsorted(known, key, sorter=order)]
        mine = self.whole.leaving[whole.scenario, whole.unit]
        found: FloatArray = people[arc] * (mine / merged.leaving[whole.scenario, unit])
        return found

    def _key(self, scenario: IndexArray, unit: IndexArray, site: IndexArray) -> IndexArray:
        units, sites = len(self._units[1]), len(self.whole.existing)
        key: IndexArray = (scenario * units + unit) * sites + site
        return key

    @cached_property
    def _units(self) -> tuple[IndexArray, IndexArray]:
        """Where each unit goes, and the first unit of each merged one."""
        arcs, blocks = self.whole.arcs, self.whole.unit_block
        order = np.lexsort((arcs.site, arcs.scenario, arcs.unit))
        ends = np.searchsorted(arcs.unit[order], np.arange(len(blocks) + 1))
        known: dict[tuple[int, bytes, bytes, bytes], int] = {}
        unit = np.zeros(len(blocks), dtype=np.int64)
        first: list[int] = []
        for n, block in enumerate(blocks.tolist()):
            mine = order[ends[n] : ends[n + 1]]
            parts = (arcs.scenario[mine], arcs.site[mine], arcs.m2[mine])
            key = (block, *(part.tobytes() for part in parts))
            unit[n] = known.setdefault(key, len(known))
            if unit[n] == len(first):
                first.append(n)
        return unit, np.array(first, dtype=np.int64)
