"""Many cases over the same sites as flat arrays, and the rules on how people are spread."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class CaseArrays:
    r"""People of parties (each of one case) to be placed in the open sites of their case.

    min :math:`\sum_j f_j y_j + \sum_a c_a x_a + \sum_p w_p u_p` with :math:`\sum_a x_a + u_p =
    n_p`, :math:`\sum_a m_a x_a \le A_{sj} y_j` and rows on :math:`y` alone. Arcs are listed party
    by party, parties case by case. A party that no arc leads from may be listed too.
    """

    party_start: IndexArray  # (case + 1,)
    people: FloatArray  # (party,)
    unplaced: FloatArray  # (party,) what one person without a place costs
    arc_start: IndexArray  # (party + 1,), each party's arcs by ascending walk
    site: IndexArray  # (arc,)
    space: FloatArray  # (arc,) that one person takes
    walk: FloatArray  # (arc,)
    cost: FloatArray  # (arc,) of one person
    area: FloatArray  # (case, site)
    opening: FloatArray  # (site,)
    rows: FloatArray  # (row, site)
    lower: FloatArray  # (row,)
    upper: FloatArray  # (row,)
    forced: BoolArray  # (site,) must open
    barred: BoolArray  # (site,) must not

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return len(self.party_start) - 1

    @cached_property
    def party(self) -> IndexArray:
        """The party of each arc."""
        return np.repeat(np.arange(len(self.people)), np.diff(self.arc_start))

    @cached_property
    def case(self) -> IndexArray:
        """The case of each arc."""
        of_party = np.repeat(np.arange(self.cases), np.diff(self.party_start))
        found: IndexArray = of_party[self.party]
        return found

    @cached_property
    def by_walk(self) -> IndexArray:
        """The arcs of each case by ascending walk; a case's arcs stay where they are in all."""
        return np.lexsort((self.site, self.walk, self.case)).astype(np.int64)

    @cached_property
    def walk_site(self) -> IndexArray:
        """The site of each arc in the order of ``by_walk``."""
        found: IndexArray = self.site[self.by_walk]
        return found

    @cached_property
    def walk_party(self) -> IndexArray:
        """The party of each arc in the order of ``by_walk``."""
        found: IndexArray = self.party[self.by_walk]
        return found

    @cached_property
    def by_place(self) -> IndexArray:
        """The arcs by (case, site), each site's by ascending walk."""
        return np.lexsort((self.walk, self.place)).astype(np.int64)

    @cached_property
    def place(self) -> IndexArray:
        """The (case x site) that each arc leads to."""
        found: IndexArray = self.case * self.area.shape[1] + self.site
        return found

    @cached_property
    def place_start(self) -> IndexArray:
        """Where the arcs of each (case x site) begin in ``by_place``."""
        places = np.arange(self.area.size + 1)
        found: IndexArray = np.searchsorted(self.place[self.by_place], places).astype(np.int64)
        return found

    @cached_property
    def least(self) -> FloatArray:
        """The least space one more person takes (case, site)."""
        found = np.full(self.area.size, np.inf)
        np.minimum.at(found, self.place, self.space)
        return found.reshape(self.area.shape)

    def rows_of(self, cases: IndexArray) -> tuple[IndexArray, IndexArray]:
        """Return the parties and the arcs of cases, which may be named more than once."""
        ends = self.party_start, self.arc_start[self.party_start]
        parties, arcs = (
            np.concatenate([np.arange(start[s], start[s + 1]) for s in cases.tolist()])
            for start in ends
        )
        return parties, arcs

    def of_cases(self, cases: IndexArray) -> "CaseArrays":
        """Return the same sites with these cases, which may be named more than once."""
        parties, arcs = self.rows_of(cases)
        counts = np.diff(self.party_start)[cases]
        each = np.diff(self.arc_start)[parties]
        return replace(
            self,
            party_start=np.append(0, np.cumsum(counts)),
            people=self.people[parties],
            unplaced=self.unplaced[parties],
            arc_start=np.append(0, np.cumsum(each)),
            site=self.site[arcs],
            space=self.space[arcs],
            walk=self.walk[arcs],
            cost=self.cost[arcs],
            area=np.ascontiguousarray(self.area[cases]),
        )

    def broken(self, opened: BoolArray) -> float:
        """Return by how much a choice of sites breaks the rows, in sum; 0 if it keeps them."""
        value = self.rows @ opened.astype(np.float64)
        size = 1e-9 * np.maximum(1.0, np.abs(value))
        over = np.maximum(self.lower - value, value - self.upper)
        return float(over[over > size].sum())


@dataclass(frozen=True)
class Manner:
    """How people must be spread over the open sites of a case; None: as they like.

    Nobody goes more than ``1 + detour`` times as far as to an open site with room. A site in use
    is filled to ``least_fill`` and, beside others of its kind, to within ``balance``.
    """

    kind: IndexArray  # (site,)
    detour: float | None = None
    least_fill: float = 0.0
    balance: float | None = None

    @property
    def kinds(self) -> int:
        """How many kinds there are."""
        return int(self.kind.max(initial=0)) + 1
