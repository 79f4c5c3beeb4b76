"""Ways to spend money, by what they gain for it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.fire_stations.explanation import InvestmentRank
from models.fire_stations.plan import Action
from optimizer.control import RunControl
from optimizer.fire_stations.explain.question import Asked
from optimizer.fire_stations.options import BoolArray
from optimizer.fire_stations.solution import Solution

MOST_SINGLY = 30
MOST_GREEDY = 15
_RANKED = frozenset({Action.COMMISSION, Action.STRENGTHEN, Action.BUILD})
_EPSILON = 1e-9


def ranking(asked: Asked, control: RunControl) -> tuple[tuple[InvestmentRank, ...], bool]:
    """Return the ranks singly and greedily, and whether time allowed them all."""
    market = _Market(asked, control)
    today = Solution.today(asked.instance).chosen
    singly = market.offers(today)
    if singly is None:
        return (), False
    ranks = [_rank(asked, "singly", order, one) for order, one in _numbered(singly[:MOST_SINGLY])]
    chosen, offers = today, singly
    taken: list[_Offer] = []
    while offers and len(taken) < MOST_GREEDY:
        taken.append(offers[0])
        chosen = market.with_option(chosen, offers[0].option)
        following = market.offers(chosen)
        if following is None:
            return tuple(ranks), False
        offers = following
    ranks += [_rank(asked, "greedy", order, one) for order, one in _numbered(taken)]
    return tuple(ranks), True


@dataclass(frozen=True)
class _Offer:
    """One option, what it gains and what it costs in money and one year's upkeep."""

    option: int
    gain: float
    cost: float

    @property
    def order(self) -> tuple[bool, float, float]:
        """What costs nothing first, then most gain per money, then most gain."""
        free = self.cost == 0.0
        return not free, -self.gain if free else -self.gain / self.cost, -self.gain


class _Market:
    """Every option that may be bought, whatever the counts and budgets say of the whole."""

    def __init__(self, asked: Asked, control: RunControl) -> None:
        self._asked = asked
        self._control = control
        instance = asked.instance
        ranked = np.array([one.action in _RANKED for one in instance.options.entries])
        self._for_sale = np.flatnonzero(ranked & ~instance.excluded).tolist()

    def offers(self, chosen: BoolArray) -> list["_Offer"] | None:
        """Return the offers that gain something, best first; None where time ran out."""
        before = self._asked.worth(chosen)
        taken = set(self._asked.instance.options.site[self._settled(chosen)].tolist())
        found = []
        for option in self._for_sale:
            if self._control.stop is not None:
                return None
            if chosen[option] or self._asked.instance.options.site[option] in taken:
                continue
            gain = self._asked.gain(self._asked.worth(self.with_option(chosen, option)), before)
            if gain > _EPSILON * max(1.0, abs(before)):
                found.append(_Offer(option, gain, self._cost(option)))
        return sorted(found, key=lambda one: one.order)

    def with_option(self, chosen: BoolArray, option: int) -> BoolArray:
        """Return the choice with ``option`` in the place of what stands at its site."""
        site = self._asked.instance.options.site
        after: BoolArray = chosen & (site != site[option])
        after[option] = True
        return after

    def _settled(self, chosen: BoolArray) -> BoolArray:
        """Return the chosen options that are no longer today's: their sites are settled."""
        settled: BoolArray = chosen & ~self._asked.instance.options.keeps
        return settled

    def _cost(self, option: int) -> float:
        """Return capital and one year's cost; of a station strengthened, what it costs more."""
        options = self._asked.instance.options
        kept = options.keeps & (options.site == options.site[option])
        yearly = options.yearly_cost[option] - float(options.yearly_cost[kept].sum())
        return float(options.capital_cost[option] + max(0.0, yearly))


def _numbered(offers: list[_Offer]) -> list[tuple[int, _Offer]]:
    return list(enumerate(offers, start=1))


def _rank(
    asked: Asked, mode: Literal["singly", "greedy"], order: int, offer: _Offer
) -> InvestmentRank:
    return InvestmentRank(
        mode=mode,
        order=order,
        site_id=asked.site(offer.option),
        class_id=asked.class_id(offer.option),
        action=asked.instance.options.entries[offer.option].action,
        gain=offer.gain,
        cost=offer.cost,
        gain_per_cost=None if offer.cost == 0.0 else offer.gain / offer.cost,
    )
