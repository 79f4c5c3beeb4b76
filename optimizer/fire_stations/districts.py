r"""Nominal areas as a rule: cuts added as plans break them.

A station's district (the points nearest to it) only shrinks as more stations open. So if station
:math:`o`, of nominal area :math:`N_o`, has a district :math:`D` of area :math:`a(D) > N_o`, every
plan that has :math:`o` must open posts that take the excess from it:

.. math:: \sum_{k \in K} \min(a_k, e)\, x_k \ge e\, y_o, \qquad e = a(D) - N_o

with :math:`K` the closed posts and :math:`a_k` the area of the points of :math:`D` that are nearer
to :math:`k`. And whatever one open station reaches lies in some district, so all together must be
large enough for it:

.. math:: \sum_p N_p\, y_p \ge R_o\, y_o

with :math:`R_o` the area that :math:`o` reaches at all. Both are exact: each round removes the plan
at hand and no plan that keeps the rule.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, vstack

from optimizer.coverage import row_blocks
from optimizer.demand import FloatArray
from optimizer.fire_stations.arrivals import Arrivals
from optimizer.fire_stations.figures import district_areas_m2, nominal_area_m2
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray, IndexArray

_ROUNDING = 1e-9  # of an area, relative
_MOST_TIMES = 20_000_000  # kept for the search: 160 MB


@dataclass(frozen=True)
class DistrictExcess:
    """The built-up area by which districts exceed their nominal areas, in all (m²): a measure.

    Ties between equal times count for the station that stands; the cuts have the last word.
    """

    instance: Instance
    nominal_m2: FloatArray  # (option,)
    area_m2: FloatArray  # (point,) with any built-up area
    response_s: FloatArray  # (point, post)
    sign: float = 1.0

    @property
    def costly(self) -> bool:
        """A look at every pair of point and post."""
        return True

    def as_floor(self) -> "DistrictExcess":
        """Return the measure turned round: at least 0 where every district is small enough."""
        return replace(self, sign=-1.0)

    def insertions(self, chosen: BoolArray, options: IndexArray) -> FloatArray:
        """Return the excess (options,) when each of ``options`` is added to ``chosen``."""
        post = self.instance.posts.of_option
        standing = np.flatnonzero(chosen)
        excess = np.zeros(len(options))
        if not len(standing):
            return excess
        times = self.response_s[:, post[standing]]
        nearest = times.argmin(axis=1)
        best = times[np.arange(len(times)), nearest]
        takes = self.response_s[:, post[options]] < best[:, None]
        own_m2 = self.area_m2 @ takes
        excess += np.maximum(0.0, own_m2 - self.nominal_m2[options])
        for index, option in enumerate(standing):
            inside = (nearest == index) & np.isfinite(best)
            area_m2 = self.area_m2[inside]
            left_m2 = area_m2.sum() - area_m2 @ takes[inside]
            over = left_m2 - self.nominal_m2[option]
            excess += np.where(over > _ROUNDING * self.nominal_m2[option], over, 0.0)
        return self.sign * excess


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
        if oversized:
            self._add_total(arrivals, chosen)
        for option in oversized:
            self._add(arrivals, chosen, option)
        return bool(oversized)

    def _oversized(self, chosen: BoolArray) -> tuple[Arrivals, list[int]]:
        arrivals = Arrivals.of(self.instance, chosen)
        area_m2 = district_areas_m2(self.instance, arrivals)
        too_large = area_m2[arrivals.options] > self._nominal_m2[arrivals.options] * (1 + _ROUNDING)
        return arrivals, arrivals.options[too_large].tolist()

    @cached_property
    def excess(self) -> "DistrictExcess | None":
        """How far a choice exceeds its nominal areas, None where times are too many to hold."""
        instance = self.instance
        if len(instance.demand) * len(instance.posts) > _MOST_TIMES:
            return None
        area_m2 = instance.demand.built_up_area_m2
        built_up = np.flatnonzero(area_m2 > 0)
        times = instance.response_s(0, slice(0, len(area_m2)))[built_up]
        return DistrictExcess(instance, self._nominal_m2, area_m2[built_up], times)

    @cached_property
    def _nominal_m2(self) -> FloatArray:
        """The nominal area of each option (option,), ``inf`` where its class has none."""
        found = [nominal_area_m2(self.instance, o) for o in range(len(self.instance.options))]
        return np.array([np.inf if area is None else area for area in found], dtype=np.float64)

    def _add_total(self, arrivals: Arrivals, chosen: BoolArray) -> None:
        """Ask for room for all that the chosen station of the widest reach reaches."""
        reached_m2 = self._reached_m2[self.instance.posts.of_option]
        widest = int(arrivals.options[np.argmax(reached_m2[arrivals.options])])
        room = np.minimum(self._nominal_m2, reached_m2[widest])
        if float(room[chosen].sum()) < reached_m2[widest] * (1 - _ROUNDING):
            row = -room / reached_m2[widest]
            row[widest] += 1.0
            self._append(row, np.zeros(len(self.instance.posts)))

    @cached_property
    def _reached_m2(self) -> FloatArray:
        """The built-up area that each post reaches at all (post,), in the first scenario."""
        area_m2 = self.instance.demand.built_up_area_m2
        total = np.zeros(len(self.instance.posts))
        for rows in row_blocks(len(area_m2), len(total)):
            total += area_m2[rows] @ np.isfinite(self.instance.response_s(0, rows))
        return total

    def _add(self, arrivals: Arrivals, chosen: BoolArray, option: int) -> None:
        area_m2 = self.instance.demand.built_up_area_m2
        first = arrivals.first_option[0] == option
        first &= np.isfinite(arrivals.first_s[0]) & (area_m2 > 0)
        points = np.flatnonzero(first)
        excess_m2 = float(area_m2[points].sum()) - self._nominal_m2[option]
        row = np.zeros(len(self.instance.options))
        row[option] = 1.0
        self._append(row, -np.minimum(self._taken_m2(points, chosen, option) / excess_m2, 1.0))

    def _append(self, options: FloatArray, posts: FloatArray) -> None:
        self._options.append(csr_array(options[np.newaxis]))
        self._posts.append(csr_array(posts[np.newaxis]))

    def _taken_m2(self, points: IndexArray, chosen: BoolArray, option: int) -> FloatArray:
        """Return the area of ``points`` that each closed post would take from ``option``."""
        instance = self.instance
        opened = (instance.posts.options @ chosen.astype(np.float64)) > 0
        own = instance.posts.of_option[option]
        times = np.vstack([instance.response_s(0, slice(i, i + 1)) for i in points])
        ids = instance.site_ids[instance.posts.site]
        lower_id = np.array([str(name) < str(ids[own]) for name in ids])
        mine = times[:, [own]]
        takes = (times < mine) | ((times == mine) & lower_id)
        taken = instance.demand.built_up_area_m2[points] @ takes
        return np.where(opened, 0.0, taken)
