r"""Nominal areas as a rule: cuts added as plans break them.

A station's district (the points nearest to it) only shrinks as more stations open. So if station
:math:`o` breaks its nominal area with district :math:`D`, every plan that has :math:`o` must open
some post that takes a point of :math:`D` from it:

.. math:: y_o \le \sum_{k \in K} x_k

with :math:`K` the closed posts nearer than :math:`o` to some point of :math:`D` with area. The
cut is exact: each round removes the plan at hand and no plan that keeps the rule.
"""

import numpy as np
from scipy.sparse import csr_array, vstack

from optimizer.fire_stations.arrivals import Arrivals
from optimizer.fire_stations.figures import district_areas_m2, nominal_area_m2
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray, IndexArray

_ROUNDING = 1e-9


class DistrictCuts:
    """The cuts found so far for one instance; none where the request only asks for a report."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.enforced = instance.request.rules.nominal_area == "enforce"
        self._options: list[csr_array] = []
        self._posts: list[csr_array] = []

    def rows(self) -> dict[str, csr_array] | None:
        """Return the cuts as terms ``<= 0`` over options and posts, None where there are none."""
        if not self._options:
            return None
        return {
            "option": csr_array(vstack(self._options)),
            "post": csr_array(vstack(self._posts)),
        }

    def broken(self, chosen: BoolArray) -> bool:
        """Return whether some chosen station's district is larger than its nominal area."""
        return self.enforced and bool(self._oversized(chosen)[1])

    def separate(self, chosen: BoolArray) -> bool:
        """Add a cut for each district that is too large, and return whether there was one."""
        if not self.enforced:
            return False
        arrivals, oversized = self._oversized(chosen)
        for option in oversized:
            self._add(arrivals, chosen, option)
        return bool(oversized)

    def _oversized(self, chosen: BoolArray) -> tuple[Arrivals, list[int]]:
        arrivals = Arrivals.of(self.instance, chosen)
        area_m2 = district_areas_m2(self.instance, arrivals)
        oversized = []
        for option in arrivals.options.tolist():
            nominal = nominal_area_m2(self.instance, option)
            if nominal is not None and area_m2[option] > nominal * (1 + _ROUNDING):
                oversized.append(option)
        return arrivals, oversized

    def _add(self, arrivals: Arrivals, chosen: BoolArray, option: int) -> None:
        instance = self.instance
        first = arrivals.first_option[0] == option
        first &= np.isfinite(arrivals.first_s[0]) & (instance.demand.built_up_area_m2 > 0)
        rivals = self._rivals(np.flatnonzero(first), chosen, option)
        width = (1, len(instance.options))
        self._options.append(csr_array((np.ones(1), ([0], [option])), shape=width))
        posts = csr_array(
            (-np.ones(len(rivals)), (np.zeros(len(rivals), dtype=np.intp), rivals)),
            shape=(1, len(instance.posts)),
        )
        self._posts.append(posts)

    def _rivals(self, points: IndexArray, chosen: BoolArray, option: int) -> IndexArray:
        """Return the closed posts that would take one of ``points`` from ``option``."""
        instance = self.instance
        opened = (instance.posts.options @ chosen.astype(np.float64)) > 0
        own = instance.posts.of_option[option]
        times = np.vstack([instance.response_s(0, slice(i, i + 1)) for i in points])
        ids = instance.site_ids[instance.posts.site]
        lower_id = np.array([str(name) < str(ids[own]) for name in ids])
        mine = times[:, [own]]
        takes = (times < mine) | ((times == mine) & lower_id)
        return np.flatnonzero(takes.any(axis=0) & ~opened)
