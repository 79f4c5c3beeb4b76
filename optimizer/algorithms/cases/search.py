"""Which sites to open, by annealing on plans that keep the rules in every case.

Rules on fills make the choice rugged, so they are drawn tight by degrees: first everybody goes
where they like, then the balance is narrowed stage by stage, each from the last one's best sites.

Kirkpatrick, S., Gelatt, C. D. and Vecchi, M. P. (1983). Optimization by simulated annealing.
Science 220(4598).
"""

from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from models.run import RunLimits
from optimizer.algorithms.cases.climbing import RuledClimb
from optimizer.algorithms.cases.dual import dual_bound
from optimizer.algorithms.cases.instance import (
    BoolArray,
    CaseArrays,
    FloatArray,
    IndexArray,
    Manner,
)
from optimizer.algorithms.cases.placing import place_cases
from optimizer.control import RunControl
from optimizer.quiet import quiet

_STAGES = (1.0, 0.8, 0.6, 0.4, 0.2, 0.0, 0.0)  # how much of the way to no rule
_LEVELS = 11  # shares of a kind's fullest site that are tried
_WORK = 7e8  # arcs looked at in a stage
_MORE = 1.4e9  # likewise, where the rules hold from the beginning
_LEAST, _MOST = 200, 100  # moves of a stage; at most so many a site
_TUNED = 8  # times a stage that levels are tried anew
_ASKED = 20  # moves between two looks at the clock
_PAIRS = 0.6  # of the moves exchange a site for one beside it
_HOT = 0.013  # of the value for each open site: the first temperature
_COOL = 0.3  # of it, in the last stage
_BETTER = 1e-9  # relative
_SURE, _SELDOM = 0.02, 0.2  # how near to never or always; how often such a site is tried
_OFTEN = 0.3  # how often a site must be open near the bound to be opened first


@cache
def prepare() -> None:
    """Compile what bound and search use, by a question of no size."""
    arrays = CaseArrays(
        party_start=np.array([0, 2], dtype=np.int64),
        people=np.array([4.0, 3.0]),
        unplaced=np.ones(2),
        arc_start=np.array([0, 2, 4], dtype=np.int64),
        site=np.array([0, 1, 0, 1], dtype=np.int64),
        space=np.ones(4),
        walk=np.arange(4.0),
        cost=np.zeros(4),
        area=np.full((1, 2), 5.0),
        opening=np.ones(2),
        rows=np.zeros((0, 2)),
        lower=np.zeros(0),
        upper=np.zeros(0),
        forced=np.zeros(2, dtype=np.bool_),
        barred=np.zeros(2, dtype=np.bool_),
    )
    control = RunControl(RunLimits())
    dual_bound(arrays, 7.0, control)
    manner = Manner(kind=np.zeros(2, dtype=np.int64), detour=0.5, balance=0.5)
    RuledClimb(arrays, manner, np.ones(2), np.zeros(4), -1e3).run(control)  # one step
    SiteSearch(arrays, manner, np.array([[1], [0]])).value(np.ones(2, dtype=np.bool_))


@dataclass
class SiteSearch:
    """The search of one instance; ``seed`` decides every chance."""

    arrays: CaseArrays
    manner: Manner
    beside: IndexArray  # (site, some): sites that may take its place, the nearest first
    seed: int = 1
    level: FloatArray = field(init=False)  # (case, kind)
    _manner: Manner = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the rules as they are and full sites."""
        self._manner = self.manner
        self.level = np.ones((self.arrays.cases, self.manner.kinds))
        self._placed = np.zeros(len(self.arrays.site))
        self._every = np.arange(self.arrays.cases)
        self._drawn = np.linspace(0.0, 1.0, len(self.arrays.opening) + 1)[1:]

    def doubting(self, often: FloatArray) -> None:
        """Try sites that bounds open or leave out nearly always more seldom from now on."""
        sure = (often < _SURE) | (often > 1.0 - _SURE)
        weight = np.cumsum(np.where(sure, _SELDOM, 1.0))
        self._drawn = weight / weight[-1]

    def first(self, often: FloatArray) -> BoolArray:
        """Return sites to begin with: those open most often, as far as the rows let them."""
        arrays, opened = self.arrays, self.arrays.forced.copy()
        broken = arrays.broken(opened)
        for j in np.argsort(-often, kind="stable").tolist():
            if opened[j] or arrays.barred[j]:
                continue
            opened[j] = True
            now = arrays.broken(opened)
            if now < broken or (now <= broken and often[j] >= _OFTEN):
                broken = now
            else:
                opened[j] = False
        return opened

    def improve(self, opened: BoolArray, control: RunControl, *, eased: bool = True) -> BoolArray:
        """Return better sites than ``opened``; each stage has its part of the time left.

        Unless the rules are ``eased`` at first they hold from the beginning.
        """
        rng = np.random.default_rng(self.seed)
        manner = self.manner
        rugged = manner.balance is not None or manner.least_fill > 0.0
        stages = _STAGES if rugged and eased else _STAGES[-2:]
        for n, ease in enumerate(stages):
            self._manner = _eased(manner, ease)
            hot = _HOT * (_COOL if n == len(stages) - 1 else 1.0)
            part = quiet(control, 1.0 / (len(stages) - n))
            opened = self._stage(opened, (hot, _WORK if eased else _MORE), rng, part)
        self._manner = manner
        return opened

    def value(self, opened: BoolArray) -> float:
        """Return what sites are worth under the rules, at the best levels of those tried."""
        return self._total(opened, self._tuned(opened))

    def placed(self, opened: BoolArray) -> FloatArray:
        """Return who goes where (arc,) if these sites are open."""
        self._place(opened, self._every, self.level)
        return self._placed.copy()

    def _stage(
        self,
        opened: BoolArray,
        pains: tuple[float, float],
        rng: np.random.Generator,
        control: RunControl,
    ) -> BoolArray:
        """Anneal under one degree of the rules: ``pains`` are the first heat and the work."""
        hot, work = pains
        moves = self._moves(work)
        worth = self._tuned(opened)
        value = best = self._total(opened, worth)
        best_open, best_level = opened, self.level.copy()
        broken = self.arrays.broken(opened)
        for move in range(moves):
            if move % _ASKED == 0 and control.halted is not None:
                break
            if move % max(1, moves // _TUNED) == 0:
                worth = self._tuned(opened)
                value = self._total(opened, worth)
            flips = self._flips(opened, rng)
            other = opened.copy()
            other[flips] = ~other[flips]
            now = self.arrays.broken(other) if flips else np.inf
            if now > broken:
                continue
            tried = self._worth(other, flips, worth)
            total = self._total(other, tried)
            each = abs(value) / max(1, int(opened.sum()))
            heat = hot * each * (1.0 - move / moves) ** 2 * rng.exponential()
            if now < broken or total - value < heat:
                better = now < broken or total < best - _BETTER * abs(best)
                opened, worth, value, broken = other, tried, total, now
                if better:
                    best, best_open, best_level = value, opened, self.level.copy()
        self.level = best_level
        return best_open

    def _moves(self, work: float) -> int:
        arrays = self.arrays
        most = max(_LEAST, _MOST * len(arrays.opening))
        return int(np.clip(work / max(1, len(arrays.site)), _LEAST, most))

    def _flips(self, opened: BoolArray, rng: np.random.Generator) -> list[int]:
        """Return a site to open or close, or two that take each other's place."""
        arrays = self.arrays
        j = int(np.searchsorted(self._drawn, rng.random()))
        flips = [j]
        beside = self.beside[j]
        if len(beside) and rng.random() < _PAIRS:
            k = int(beside[rng.integers(len(beside))])
            if opened[k] != opened[j]:
                flips = [j, k]
        opens = [one for one in flips if not opened[one]]
        shuts = [one for one in flips if opened[one]]
        if arrays.barred[opens].any() or arrays.forced[shuts].any():
            return []
        return flips

    def _worth(self, opened: BoolArray, flips: list[int], worth: FloatArray) -> FloatArray:
        touched = np.flatnonzero((self.arrays.area[:, flips] > 0.0).any(axis=1))
        found = worth.copy()
        found[touched] = self._place(opened, touched, self.level)[touched]
        return found

    def _total(self, opened: BoolArray, worth: FloatArray) -> float:
        return float(self.arrays.opening[opened].sum() + worth.sum())

    def _tuned(self, opened: BoolArray) -> FloatArray:
        """Return the worth of all cases, each kind at the best of the levels tried."""
        worth = self._place(opened, self._every, self.level)
        balance = self._manner.balance
        if balance is None or balance >= 1.0:
            return worth
        for kind in range(self.manner.kinds):
            for share in np.linspace(1.0, balance, _LEVELS):
                level = self.level.copy()
                level[:, kind] = share
                tried = self._place(opened, self._every, level)
                better = tried < worth
                self.level[better, kind] = share
                worth[better] = tried[better]
        return worth

    def _place(self, opened: BoolArray, cases: IndexArray, level: FloatArray) -> FloatArray:
        arrays, manner = self.arrays, self._manner
        worth = np.zeros(arrays.cases)
        place_cases(
            arrays.party_start,
            arrays.people,
            arrays.unplaced,
            arrays.arc_start,
            arrays.party,
            arrays.site,
            arrays.space,
            arrays.walk,
            arrays.cost,
            arrays.by_walk,
            arrays.walk_site,
            arrays.walk_party,
            arrays.by_place,
            arrays.place_start,
            arrays.area,
            arrays.least,
            manner.kind,
            -1.0 if manner.detour is None else manner.detour,
            manner.least_fill,
            np.inf if manner.balance is None else manner.balance,
            cases,
            level,
            opened,
            self._placed,
            worth,
        )
        return worth


def _eased(manner: Manner, ease: float) -> Manner:
    """Return the rules on fills so far on the way to none; 0 is the rules as they are."""
    balance = manner.balance
    wider = None if balance is None else balance + ease * max(0.0, 1.0 - balance)
    return replace(manner, balance=wider, least_fill=(1.0 - ease) * manner.least_fill)
