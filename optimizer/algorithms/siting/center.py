r"""The p-center: the least radius within which ``count`` sites reach every place.

A few places stand for all. Whether sites reach all places within a radius is decided by set
coverings of the few: those found are measured on every place, and the places farthest from them
join the few until none is beyond the radius, or no sites reach the few. Where the few cannot be
reached within a radius, neither can they within any smaller one: none is skipped.

Minieka, E. (1970). The m-center problem. SIAM Review 12(1). Chen, D. and Chen, R. (2009). New
relaxation-based algorithms for the optimal solution of the continuous and discrete p-center
problems. Computers & Operations Research 36(5). Contardo, C., Iori, M. and Kramer, R. (2019). A
scalable exact algorithm for the vertex p-center problem. Computers & Operations Research 103.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from models.run import Status, StopReason
from optimizer.algorithms.covers import prepare
from optimizer.algorithms.siting.choice import FloatArray, IndexArray
from optimizer.algorithms.siting.instance import Found, LocationInstance, Work, agree, impossible
from optimizer.algorithms.siting.reductions import Cover, greedy_cover, spread_apart
from optimizer.algorithms.siting.set_cover import set_cover
from optimizer.control import RunControl
from optimizer.coverage import pack
from optimizer.quiet import quiet

_FEWEST = 40
_JOINING = 5  # places that join at least, or a third of the count
_PROMISING = 1.02  # times the best: sites no farther than that are improved
_RECENTRED = 12  # turns
_EDGE = 24  # places a site serves that say where it should be
_LOW = 0.1  # where between bound and best a radius is tried: to refute a small one is quicker
_HALFWAY = 0.5  # where it is tried after some have been refuted one after the other


def p_center(instance: LocationInstance, control: RunControl) -> Found:
    """Return the sites whose farthest place is nearest; distances count times weights."""
    if not instance.feasible:
        return impossible()
    prepare(control)
    search = _Center(instance, control)
    stop = search.settle()
    counted = count_center(instance, search.sites)
    agree(search.worst, counted)
    proved = stop is StopReason.PROOF
    return Found(
        Status.OPTIMAL if proved else Status.FEASIBLE,
        stop,
        counted,
        counted if proved else search.bound,
        tuple(np.sort(search.sites).tolist()),
        tuple(one for one in control.incumbents if one.level == control.level),
        Work(search.decisions, len(search.few)),
    )


def count_center(instance: LocationInstance, chosen: IndexArray) -> float:
    """Return the largest weighted distance of a place to the nearest of some sites."""
    return float(_nearest(instance, chosen).max())


def _nearest(instance: LocationInstance, chosen: IndexArray) -> FloatArray:
    nearest = instance.distance.part(slice(None), chosen).min(axis=1)
    return np.asarray(nearest * instance.weight)


@dataclass
class _Center:
    instance: LocationInstance
    control: RunControl
    worst: float = math.inf
    bound: float = 0.0
    decisions: int = 0
    stop: StopReason | None = None
    sites: IndexArray = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    few: IndexArray = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    far: FloatArray = field(init=False)  # (few, free site), no farther than any open site
    free: IndexArray = field(init=False)

    def __post_init__(self) -> None:
        """Note which sites may be chosen still."""
        gone = np.union1d(self.instance.opened, self.instance.closed)
        self.free = np.setdiff1d(np.arange(self.instance.distance.shape[1]), gone)
        self.far = np.zeros((0, len(self.free)))

    @property
    def _left(self) -> int:
        return self.instance.count - len(self.instance.opened)

    def settle(self) -> StopReason:
        """Let places join until the few need what all need."""
        if not self._left:
            self._offer(self.instance.opened)
            self.bound = self.worst
            return StopReason.PROOF
        self._spread_out()
        part, refuted = _LOW, False
        while self.worst > self.bound:
            radii = np.unique(self.far[(self.far >= self.bound) & (self.far < self.worst)])
            if not len(radii):
                self.bound = self.worst
                break
            worst = self.worst
            if not self._decide(float(radii[int(part * len(radii))])):
                return self.stop or StopReason.TIME
            again, refuted = refuted, self.worst == worst
            part = min(_HALFWAY, 2.0 * part) if again and refuted else _LOW
        return StopReason.PROOF

    def _spread_out(self) -> None:
        """Begin with places far from each other, and sites near the first of them."""
        opened = self.instance.opened
        start = opened if len(opened) else self.free[:1]
        away = _nearest(self.instance, start)
        self._offer(np.concatenate([start, self.free])[: self.instance.count])
        for _ in range(max(2 * self.instance.count, _FEWEST)):
            place = int(np.argmax(away))
            if away[place] <= 0.0:
                break
            self._add(np.array([place]))
            near = self.free[int(np.argmin(self.far[-1]))]
            away = np.minimum(away, _nearest(self.instance, np.array([near])))

    def _add(self, places: IndexArray) -> None:
        part = self.instance.distance.part(places, slice(None)) * self.instance.weight[places, None]
        far = part[:, self.free]
        if len(self.instance.opened):
            far = np.minimum(far, part[:, self.instance.opened].min(axis=1)[:, None])
        self.few = np.concatenate([self.few, places])
        self.far = np.concatenate([self.far, far])

    def _join(self, away: FloatArray, radius: float) -> None:
        """Let places join that the last sites leave beyond the radius, far from each other."""
        for _ in range(max(_JOINING, self.instance.count // 3)):
            place = int(np.argmax(away))
            if away[place] <= radius:
                return
            self._add(np.array([place]))
            near = self.free[int(np.argmin(self.far[-1]))]
            away = np.minimum(away, _nearest(self.instance, np.array([near])))

    def _offer(self, sites: IndexArray) -> FloatArray:
        """Note some sites if their farthest place is nearer; return how far each place is."""
        away = _nearest(self.instance, sites)
        worst = float(away.max())
        if worst < self.worst:
            self.worst, self.sites = worst, sites
            self.control.improved(worst, self.bound)
        return away

    def _decide(self, radius: float) -> bool:
        """Find sites that reach all places within a radius, or that none do; False if stopped.

        Where the few cannot be reached within it, their least radius is a larger one of their own.
        """
        while self.worst > radius:
            sites = self._within(radius)
            if sites is None and (self.stop or self.control.halted):
                self.stop = self.stop or self.control.stop or StopReason.TIME
                return False
            if sites is None:
                least = float(self.far[self.far > radius].min(initial=self.worst))
                self.bound = max(self.bound, least)
                return True
            away = self._offer(sites)
            if float(away.max()) > radius:
                self._join(away, radius)
            if float(away.max()) <= _PROMISING * self.worst:
                self._recentre(sites.copy())
        return True

    def _recentre(self, sites: IndexArray) -> None:
        """Move each site to where the farthest of the places it serves are nearest, in turns."""
        weight, opened = self.instance.weight, len(self.instance.opened)
        for _ in range(_RECENTRED):
            far = self.instance.distance.part(slice(None), sites) * weight[:, None]
            serving, away = far.argmin(axis=1), far.min(axis=1)
            before = sites.copy()
            for slot in range(opened, len(sites)):
                mine = np.flatnonzero(serving == slot)
                edge = mine[np.argsort(-away[mine], kind="stable")[:_EDGE]]
                if not len(edge):
                    continue
                part = self.instance.distance.part(edge, self.free) * weight[edge, None]
                site = self.free[int(part.max(axis=0).argmin())]
                moved = self.instance.distance.part(mine, np.array([site]))[:, 0] * weight[mine]
                if moved.max() < away[edge[0]] and site not in sites:
                    sites[slot] = site
            if np.array_equal(sites, before) or self.control.halted:
                break
        self._offer(sites)

    def _within(self, radius: float) -> IndexArray | None:
        """Return sites that reach the few within ``radius``; None if none do, or if stopped."""
        self.decisions += 1
        reaches = self.far <= radius
        _, first = np.unique(pack(reaches.T), axis=0, return_index=True)
        cover = Cover(reaches[:, first], np.ones(len(first)))
        if not cover.reaches.any(axis=1).all() or spread_apart(cover.reaches) > self._left:
            return None
        taken = greedy_cover(cover, cover.cost)
        if len(taken) <= self._left:
            return self._filled(self.free[first[taken]])
        found = set_cover(cover, quiet(self.control), enough=float(self._left))
        if found.status is Status.INFEASIBLE or found.objective is None:
            return None
        if found.objective > self._left:
            if found.bound is not None and found.bound > self._left:
                return None
            self.stop = found.stop
            return None
        return self._filled(self.free[first[np.array(found.chosen, dtype=np.intp)]])

    def _filled(self, chosen: IndexArray) -> IndexArray:
        """Return the open sites and some chosen ones, with as many more as the count wants."""
        more = np.setdiff1d(self.free, chosen)[: self._left - len(chosen)]
        return np.concatenate([self.instance.opened, chosen, more])
