"""Multipliers of the bound under the rules, climbed step by step."""

import numpy as np

from optimizer.algorithms.cases.cells import Cells, ranges
from optimizer.algorithms.cases.instance import CaseArrays, FloatArray, Manner
from optimizer.algorithms.cases.ruled import Multipliers, Priced, Ruled
from optimizer.control import RunControl

_STEPS = 20_000
_ROUND = 500  # steps, after which cells that mix ranges are split: finer ones cost time
_LARGEST = 4  # times the arcs of all cases: no cells are split beyond
_PACE = 0.5
_PATIENCE = 40
_SLOWER = 0.8
_FINEST = 1e-4
_INERTIA = 0.98
_GAIN = 5e-3  # of what is left to the target: a rise worth waiting for
_NEAR = 1e-3  # relative: how near the target is near enough
_AIM = 1e-4  # relative: how far above the best bound is aimed at least
_ASKED = 10  # steps between two looks at the clock


class RuledClimb:
    """A bound climbed towards the worth of a plan, by deflected subgradients.

    ``multiplier`` (party,) is what a person is worth without the rules, ``placed`` (arc,) who goes
    where in some plan and ``target`` its worth, which may be lowered as better ones are found.
    """

    def __init__(
        self,
        arrays: CaseArrays,
        manner: Manner,
        multiplier: FloatArray,
        placed: FloatArray,
        target: float,
    ) -> None:
        self.target = target
        self._most = _LARGEST * len(arrays.site)
        self._pace = _PACE
        self.value, self.steps = -np.inf, 0
        self.opened = np.zeros(0)  # (site,): how often lately open
        cells = Cells.whole(arrays.cases, manner.kinds, len(ranges(manner)[0]))
        ruled = Ruled(arrays, manner, cells)
        self._begin(ruled, ruled.first(multiplier, ruled.ranges_of(placed)))

    def run(self, control: RunControl) -> None:
        """Climb until there is no farther to go, no time, or nothing between bound and target."""
        for _ in range(_STEPS):
            if self.steps and self.steps % _ASKED == 0 and control.halted is not None:
                return
            if not self._step() or self.value >= self.target - _NEAR * abs(self.target):
                return
            if self.steps % _ROUND == 0:
                self._divide()

    def _begin(self, ruled: Ruled, at: Multipliers) -> None:
        self._ruled, self._scale, self._waited = ruled, ruled.scale(at.place), 0
        self._at = self._best_at = at
        self._level = self._mark = -np.inf  # what was reached, and from where a rise is counted
        self._direction = at.over(at, -1.0)
        shape = ruled.cells.first.shape
        self._seen, self._sum, self._squares = (np.zeros(shape) for _ in range(3))

    def _divide(self) -> None:
        """Split the cells that lately mixed ranges, unless that makes too many arcs."""
        seen = np.maximum(self._seen, 1e-9)
        mean = self._sum / seen
        spread = np.sqrt(np.maximum(0.0, self._squares / seen - mean**2))
        cells, parent = self._ruled.cells.split(mean, spread)
        arcs = self._ruled.arrays.rows_of(parent)[1]
        self._seen, self._sum, self._squares = (0.0 * part for part in (mean, mean, mean))
        if len(cells.case) > len(self._ruled.cells.case) and len(arcs) <= self._most:
            self._begin(*self._ruled.divided(self._best_at, parent, cells))

    def _step(self) -> bool:
        """Go one step; False where there is no farther to go."""
        priced = self._ruled.price(self._at)
        self.steps += 1
        enough = self._mark + _GAIN * abs(self.target - self._mark)
        risen = not np.isfinite(self._mark) or priced.value > enough
        self._mark = priced.value if risen else self._mark
        self._waited = 0 if risen else self._waited + 1
        if priced.value > self._level:
            self._level, self._best_at = priced.value, self._at
        self.value = max(self.value, self._level)
        self._note(priced)
        if self._waited >= _PATIENCE:
            self._pace, self._waited = _SLOWER * self._pace, 0
            self._at, self._direction = self._best_at, self._at.over(self._at, -1.0)
            return self._pace >= _FINEST
        return self._move(priced)

    def _note(self, priced: Priced) -> None:
        lately = self.opened if len(self.opened) else priced.opened
        self.opened = _INERTIA * lately + (1.0 - _INERTIA) * priced.opened
        live = priced.chosen >= 0
        chosen = np.where(live, priced.chosen, 0.0)
        self._seen = _INERTIA * self._seen + live
        self._sum = _INERTIA * self._sum + chosen
        self._squares = _INERTIA * self._squares + chosen**2

    def _move(self, priced: Priced) -> bool:
        at, scale, most = self._at, self._scale, self._ruled.most
        self._direction = priced.broken.over(self._direction, _INERTIA)
        party, arc = self._direction.party.copy(), self._direction.arc.copy()
        place = self._direction.place
        party[((at.party >= most) & (party > 0.0)) | ((at.party <= 0.0) & (party < 0.0))] = 0.0
        arc[(at.arc <= 0.0) & (arc < 0.0)] = 0.0
        steps = Multipliers(scale.party * party, scale.arc * arc, scale.place * place)
        norm = float(party @ steps.party + arc @ steps.arc + place @ steps.place)
        if norm <= 0.0:
            return False
        rise = max(self.target - priced.value, _AIM * abs(self._level))
        self._at = at.moved(steps, self._pace * rise / norm, most)
        return True
