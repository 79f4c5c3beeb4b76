"""Plans by exchanges: sites are opened, closed and exchanged while that pays, then shaken.

The prices of a plan's flows (what room is worth) bound every exchange of one site from below, which
rules most of them out; the others are judged by their own flows. Where none pays, some sites change
places at random and the search goes on from there (iterated local search): a seed decides, so that
a run comes out the same again.

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

    @property
    def judged(self) -> int:
        """How many choices of sites had their flows found."""
        return len(self._seen)

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
        """Return the exchanges that the prices do not rule out, the most promising first."""
        count = len(self.problem.depot_capacity)
        found: list[tuple[float, int, int]] = []
        for table, start in (
            (self._exchanged_depots(opened[:count], best), 0),
            (self._exchanged_plants(opened, best), count),
        ):
            none = len(table) - 1
            found += [
                (float(table[a, b]), start + a if a < none else -1, start + b if b < none else -1)
                for a, b in np.argwhere(table < best.worth * (1.0 - 1e-9)).tolist()
            ]
        need = self.problem.demand.sum() - 1e-9
        moves = []
        for _, into, out in sorted(found):
            move = opened.copy()
            if into >= 0:
                move[into] = True
            if out >= 0:
                move[out] = False
            if self._room(move) >= need and move.tobytes() not in self._seen:
                moves.append(move)
        return moves

    def _exchanged_depots(self, opened: BoolArray, best: Shipped) -> FloatArray:
        """Return what every plan with a depot (row) for another (column) costs at least.

        The last row opens none, the last column closes none. Rents price the room of depots that
        stay open; what a new one saves is limited by its own room.
        """
        problem, count = self.problem, len(opened)
        rent, rents = best.rent[:count] * opened, best.rent[count:]
        inbound = np.where(self._plants(best)[:, None], problem.inbound + rents[:, None], np.inf)
        cost = problem.outbound + (inbound.min(axis=0) + rent)[:, None]
        paid = float(problem.plant_opening[best.plan.plants].sum() - rents @ problem.plant_capacity)
        stays = problem.depot_opening - rent * problem.depot_capacity
        found = np.full((count + 1, count + 1), np.inf)
        closed = np.flatnonzero(~opened)
        for out in [*np.flatnonzero(opened).tolist(), count]:
            left = np.flatnonzero(opened & (np.arange(count) != out))
            if not len(left):
                continue
            served = cost[left].min(axis=0)
            least = paid + stays[left].sum() + served @ problem.demand
            saved = _filled(
                served[None, :] - cost[closed], problem.demand, problem.depot_capacity[closed]
            )
            found[closed, out] = least + problem.depot_opening[closed] - saved
            found[count, out] = least
        found[count, count] = np.inf
        return found

    def _exchanged_plants(self, opened: BoolArray, best: Shipped) -> FloatArray:
        """Return what every plan with a plant (row) for another (column) costs at least."""
        problem, count = self.problem, len(self.problem.depot_capacity)
        depots, rents = best.plan.depots, best.rent[count:]
        rent = best.rent[depots]
        width = len(problem.plant_capacity)
        paid = (problem.depot_opening[depots] - rent * problem.depot_capacity[depots]).sum()
        stays = problem.plant_opening - rents * problem.plant_capacity
        outbound = problem.outbound[depots] + rent[:, None]
        inbound = problem.inbound[:, depots]
        found = np.full((width + 1, width + 1), np.inf)
        closed = np.flatnonzero(~opened[count:])
        for out in [*best.plan.plants.tolist(), width]:
            left = best.plan.plants[best.plan.plants != out]
            if not len(left):
                continue
            unit = (inbound + rents[:, None])[left].min(axis=0)
            units = np.vstack([np.minimum(unit, inbound[closed]), unit[None]])
            served = (units[:, :, None] + outbound[None]).min(axis=1) @ problem.demand
            least = paid + stays[left].sum() + served
            found[closed, out] = least[:-1] + problem.plant_opening[closed]
            found[width, out] = least[-1]
        found[width, width] = np.inf
        return found

    def _plants(self, best: Shipped) -> BoolArray:
        open_ = np.zeros(len(self.problem.plant_capacity), dtype=np.bool_)
        open_[best.plan.plants] = True
        return open_

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
