"""Plans by exchanges: sites are opened, closed and exchanged while that pays, then shaken.

Prices of the cheapest flows promise what a site is worth, and rank the exchanges; each is judged by
its own flows. Where none pays, some sites change places at random and the search goes on from there
(iterated local search): a seed decides, so that a run comes out the same again.

Lourenço, H. R., Martin, O. C. and Stützle, T. (2003). Iterated Local Search. Handbook of
Metaheuristics. https://doi.org/10.1007/0-306-48056-5_11
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from optimizer.algorithms.two_echelon.flows import BoolArray, FloatArray, Shipped, ship
from optimizer.algorithms.two_stages import TwoStages
from optimizer.control import RunControl

_LOOKED_AT = 120  # exchanges of one plan, most promising first
_KICKED = 3  # sites that change places, at most
_NEAR = 2e-3  # relative: a plan so near the best is gone on from


@dataclass(eq=False)
class Exchanges:
    """Exchanges for one problem; what was judged once is not judged again."""

    problem: TwoStages
    control: RunControl
    offer: Callable[[Shipped], None]
    _seen: dict[bytes, float] = field(default_factory=dict, init=False, repr=False)
    _random: np.random.Generator = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Begin the sequence of shakes."""
        self._random = np.random.default_rng(0)

    def ship(self, opened: BoolArray) -> Shipped | None:
        """Return the cheapest flows through open sites and offer them; None where tried before."""
        key = opened.tobytes()
        if key in self._seen:
            return None
        shipped = ship(self.problem, opened, self.control)
        self._seen[key] = np.inf if shipped is None else shipped.worth
        if shipped is not None:
            self.offer(shipped)
        return shipped

    def search(self, opened: BoolArray, judged: int, still: int) -> None:
        """Go on from a plan until so many were judged, or so many shakes brought nothing."""
        last = len(self._seen) + judged
        best = here = self._descend(opened, last)
        waited = 0
        while best is not None and here is not None and waited < still:
            if len(self._seen) >= last or self.control.halted is not None:
                return
            found = self._descend(self._shaken(*here), last)
            waited += 1
            if found is None:
                here = best
            elif found[1].worth < best[1].worth * (1.0 - 1e-9):
                best, here, waited = found, found, 0
            else:
                here = found if found[1].worth <= best[1].worth * (1.0 + _NEAR) else best

    def _descend(self, opened: BoolArray, last: int) -> tuple[BoolArray, Shipped] | None:
        """Return the plan from which no exchange that was looked at pays."""
        known = opened.tobytes() in self._seen
        best = ship(self.problem, opened, self.control) if known else self.ship(opened)
        if best is None:
            return None
        waiting = self._moves(opened, best)
        while waiting and len(self._seen) < last and self.control.halted is None:
            move = waiting.pop(0)
            shipped = self.ship(move)
            if shipped is not None and shipped.worth < best.worth * (1.0 - 1e-9):
                opened, best = move, shipped
                waiting = self._moves(opened, best)
        return opened, best

    def _moves(self, opened: BoolArray, best: Shipped) -> list[BoolArray]:
        """Return the exchanges of one site for another, or for none, the most promising first."""
        gain = np.append(np.where(opened, -np.inf, self._worth(best)), 0.0)
        saved = np.append(np.where(opened, self._opening - best.rent * self._rooms, -np.inf), 0.0)
        promise = gain[:, None] + saved[None, :]
        promise[-1, -1] = -np.inf
        need = self.problem.demand.sum() - 1e-9
        found: list[BoolArray] = []
        for at in np.argsort(-promise, axis=None, kind="stable").tolist():
            into, out = divmod(at, len(saved))
            if len(found) >= _LOOKED_AT or not np.isfinite(promise[into, out]):
                break
            move = np.append(opened, False)
            move[into], move[out] = True, False
            if self._room(move[:-1]) >= need and move[:-1].tobytes() not in self._seen:
                found.append(move[:-1])
        return found

    @property
    def _opening(self) -> FloatArray:
        return np.concatenate([self.problem.depot_opening, self.problem.plant_opening])

    @property
    def _rooms(self) -> FloatArray:
        return np.concatenate([self.problem.depot_capacity, self.problem.plant_capacity])

    def _room(self, opened: BoolArray) -> float:
        """Return the room of the scarcer stage."""
        held, count = self._rooms * opened, len(self.problem.depot_capacity)
        return float(min(held[:count].sum(), held[count:].sum()))

    def _worth(self, best: Shipped) -> FloatArray:
        """Return what each site would save if opened, by the prices of the flows that are."""
        problem = self.problem
        margin = best.customer[None, :] - problem.outbound - best.depot[:, None]
        depots = _filled(margin, problem.demand, problem.depot_capacity)
        margin = best.depot[None, :] - problem.inbound
        through = best.plan.inbound.sum(axis=0)
        plants = _filled(margin, through, problem.plant_capacity)
        return np.concatenate([depots, plants]) - self._opening

    def _shaken(self, opened: BoolArray, best: Shipped) -> BoolArray:
        """Return a plan in which some sites have changed places, with room for all demand."""
        rng, count = self._random, len(self.problem.depot_capacity)
        worth = self._worth(best)
        shaken = opened.copy()
        for _ in range(int(rng.integers(2, _KICKED + 1))):
            part = slice(0, count) if rng.random() < 2.0 / 3.0 else slice(count, None)
            inside = np.flatnonzero(shaken[part]) + (part.start or 0)
            outside = np.flatnonzero(~shaken[part]) + (part.start or 0)
            if not len(inside) or not len(outside):
                continue
            shaken[rng.choice(inside)] = False
            shaken[rng.choice(_better_half(outside, worth))] = True
        need = self.problem.demand.sum() - 1e-9
        for part in (slice(0, count), slice(count, None)):
            order = np.argsort(-worth[part], kind="stable") + (part.start or 0)
            for site in order.tolist():
                if (self._rooms * shaken)[part].sum() >= need:
                    break
                shaken[site] = True
        return shaken


def _better_half(sites: NDArray[np.intp], worth: FloatArray) -> NDArray[np.intp]:
    order = np.argsort(-worth[sites], kind="stable")
    return np.asarray(sites[order[: max(1, len(sites) // 2)]])


def _filled(margin: FloatArray, amount: FloatArray, room: FloatArray) -> FloatArray:
    """Return what each site (row) gains by filling its room with the best margins."""
    order = np.argsort(-margin, axis=1, kind="stable")
    best = np.maximum(0.0, np.take_along_axis(margin, order, axis=1))
    before = np.cumsum(amount[order], axis=1) - amount[order]
    taken = np.clip(room[:, None] - before, 0.0, amount[order])
    return np.asarray((best * taken).sum(axis=1))
