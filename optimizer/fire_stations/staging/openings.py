"""What a plan opens, what stands while it waits, and what the first objective is worth then."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.fire_stations.objectives import MAXIMISED, ExpectedCover, FullForce
from models.fire_stations.plan import Action
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.arrivals import Arrivals
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray, IndexArray
from optimizer.fire_stations.solution import Solution
from optimizer.fire_stations.values import Counter
from optimizer.travel import TravelTimes

_KEPT_TIMES_MAX = 40_000_000  # 320 MB


@dataclass(frozen=True)
class Openings:
    """Stations built, commissioned or moved, and those that stand whatever the year.

    Those strengthened or regraded stand as the plan has them from the first year.
    """

    instance: Instance
    base: BoolArray  # (option,) what is not opened
    opened: IndexArray  # (opening,) options
    waiting: IndexArray  # (opening,) the option that stands until then, -1 where none does
    capital_cost: FloatArray  # (opening,)

    @classmethod
    def of(cls, solution: Solution) -> "Openings":
        """Return the openings of ``solution``, in site order."""
        instance, options = solution.instance, solution.instance.options
        opened = np.flatnonzero(solution.chosen & options.opens)
        today = {int(options.site[o]): int(o) for o in instance.today}
        waiting = [
            today[options.entries[o].origin] if options.entries[o].action is Action.MOVE else -1
            for o in opened
        ]
        return cls(
            instance=instance,
            base=solution.chosen & ~options.opens,
            opened=opened,
            waiting=np.array(waiting, dtype=np.intp),
            capital_cost=options.capital_cost[opened],
        )

    @property
    def highest(self) -> bool:
        """Whether the first objective is to be high, not low."""
        return self.instance.request.objectives[0].kind in MAXIMISED

    def site_id(self, opening: int) -> str:
        """Return the site of an opening."""
        return str(self.instance.site_ids[self.instance.options.site[self.opened[opening]]])

    def standing(self, done: BoolArray) -> BoolArray:
        """Return the options that stand when the openings ``done`` are (option,)."""
        standing = self.base.copy()
        standing[self.opened[done]] = True
        standing[self.waiting[~done & (self.waiting >= 0)]] = True
        return standing

    def value(self, standing: BoolArray) -> float:
        """Return the first objective of what stands."""
        return self._counted(standing, Arrivals.of(self._quick, standing))

    def _counted(self, standing: BoolArray, arrivals: Arrivals) -> float:
        counter = Counter(self._quick, standing, arrivals)
        return counter.value(self.instance.request.objectives[0])

    @cached_property
    def _quick(self) -> Instance:
        """The instance with the travel times at hand that are asked for again and again."""
        instance = self.instance
        if not isinstance(instance.request.objectives[0], FullForce | ExpectedCover):
            return instance
        sites = np.unique(instance.options.site[self._ever])
        if instance.scenario_count * len(instance.demand) * len(sites) > _KEPT_TIMES_MAX:
            return instance
        return replace(instance, travel=_kept(instance.travel, sites))

    @cached_property
    def _ever(self) -> IndexArray:
        """Options that stand at some time."""
        waiting = self.waiting[self.waiting >= 0]
        return np.concatenate([np.flatnonzero(self.base), self.opened, waiting])

    def every_value(self, control: RunControl) -> FloatArray | None:
        """Return the value of every subset of openings (subset,); None if time ends before.

        Bit ``k`` of the index says whether opening ``k`` is done. Subsets that share their
        first openings share who arrives first and second.
        """
        found = np.zeros(2 ** len(self.opened))
        for mask, arrivals in self._every_arrivals():
            if control.halted is not None:
                return None
            standing = np.zeros(len(self.base), dtype=np.bool_)
            standing[arrivals.options] = True
            found[mask] = self._counted(standing, arrivals)
        return found

    def _every_arrivals(self) -> Iterator[tuple[int, Arrivals]]:
        """Yield each subset as a number, and who arrives then."""
        stack = [(0, 0, Arrivals.of(self.instance, self.base))]
        while stack:
            depth, mask, arrivals = stack.pop()
            if depth == len(self.opened):
                yield mask, arrivals
                continue
            waiting = int(self.waiting[depth])
            before = arrivals if waiting < 0 else self._joined(arrivals, waiting)
            after = self._joined(arrivals, int(self.opened[depth]))
            stack.append((depth + 1, mask, before))
            stack.append((depth + 1, mask | 1 << depth, after))

    def _joined(self, arrivals: Arrivals, option: int) -> Arrivals:
        """Return the arrivals with one more option; who is first is not told."""
        times = self._times[option]
        return Arrivals(
            options=np.append(arrivals.options, option),
            first_s=np.minimum(arrivals.first_s, times),
            second_s=np.minimum(arrivals.second_s, np.maximum(arrivals.first_s, times)),
            first_option=arrivals.first_option,
        )

    @cached_property
    def _times(self) -> dict[int, FloatArray]:
        """Response times (scenario, demand) of each option that comes or goes."""
        instance = self.instance
        changing = np.concatenate([self.opened, self.waiting[self.waiting >= 0]])
        posts = instance.posts.of_option[changing]
        scenarios = range(instance.scenario_count)
        times = np.stack([instance.response_s(s, slice(None), posts) for s in scenarios])
        return {int(option): times[:, :, k] for k, option in enumerate(changing)}


@dataclass(frozen=True)
class _Kept:
    """One scenario's travel times of some sites, computed once."""

    travel_time_s: FloatArray  # (demand, kept site)
    place: IndexArray  # (site,) column of the kept times

    def block(self, rows: slice, columns: IndexArray | slice) -> FloatArray:
        return self.travel_time_s[rows, self.place[columns]]


def _kept(travel: TravelTimes, sites: IndexArray) -> TravelTimes:
    """Return travel times that know ``sites`` alone, and those by heart."""
    place = np.full(travel.shape[1], -1, dtype=np.intp)
    place[sites] = np.arange(len(sites))
    scenarios = tuple(
        _Kept(travel.block(scenario, slice(0, travel.shape[0]), sites), place)
        for scenario in range(len(travel.scenario_ids))
    )
    return TravelTimes(travel.shape, travel.scenario_ids, travel.weights, scenarios)
