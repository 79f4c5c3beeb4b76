"""Scenarios of what may happen to a town, drawn from a seed: storms, floods, shocks and fires.

Everything here is invented, but it behaves as hazards do: what is hit lies together (a random field
with exponential covariance, or a footprint around a centre), and most of the harm comes from a few
events (severities follow a Pareto law). Every kind is drawn in strata of severity, the rare strata
oftener than their probability, and each scenario weighs what its stratum leaves it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import numpy as np

from instances.generators.apportion import apportion
from instances.generators.plane import FloatArray, distances_m
from models.stockpiles.scenarios import StockScenario
from models.text import Label

INDOOR_PLACE, OUTDOOR_PLACE = "indoor_place", "outdoor_place"
_LEAST = 1e-4  # of a block's people: fewer are left out
_HIT_MOST = 0.6  # of a block's people


@dataclass(frozen=True)
class HazardKind:
    """How one kind of event behaves.

    ``probability`` is its share of events. Half of them affect fewer than ``median_share`` of all
    residents; beyond, the share falls off with Pareto index ``tail``, up to ``most_share``.
    ``radius_m`` is how far it reaches from its centre, or over how far it varies. At its worst,
    ``loses`` of the stock in the middle is lost, ways take ``slower`` times as long, and ways
    into the areas in the middle may be ``cuts``.
    """

    id: str
    name: Label
    probability: float
    median_share: float
    tail: float
    most_share: float
    footprint: Literal["field", "spots", "shock"]
    radius_m: float
    loses: float
    slower: float
    cuts: bool
    place: str = INDOOR_PLACE
    days: float = 3.0


KINDS = (
    HazardKind(
        id="typhoon",
        name=Label(en="Typhoon", zh="台风"),
        probability=0.45,
        median_share=0.0015,
        tail=1.4,
        most_share=0.04,
        footprint="field",
        radius_m=5_000.0,
        loses=0.15,
        slower=2.0,
        cuts=False,
    ),
    HazardKind(
        id="flood",
        name=Label(en="Flood", zh="内涝"),
        probability=0.30,
        median_share=0.001,
        tail=1.4,
        most_share=0.025,
        footprint="spots",
        radius_m=1_500.0,
        loses=0.7,
        slower=1.6,
        cuts=True,
    ),
    HazardKind(
        id="earthquake",
        name=Label(en="Earthquake", zh="地震"),
        probability=0.05,
        median_share=0.004,
        tail=1.2,
        most_share=0.06,
        footprint="shock",
        radius_m=4_000.0,
        loses=0.8,
        slower=2.5,
        cuts=True,
        place=OUTDOOR_PLACE,
        days=7.0,
    ),
    HazardKind(
        id="chemical_fire",
        name=Label(en="Hazardous-chemical fire", zh="危险化学品火灾"),
        probability=0.20,
        median_share=0.0006,
        tail=1.3,
        most_share=0.015,
        footprint="spots",
        radius_m=800.0,
        loses=1.0,
        slower=1.3,
        cuts=False,
        days=1.0,
    ),
)
STRATA = (0.0, 0.5, 0.8, 0.95, 0.99, 1.0)  # of severity, by probability


@dataclass(frozen=True)
class Town:
    """Where people and stock are: positions on a plane, residents, and who lies in which area."""

    block_ids: tuple[str, ...]
    block_m: FloatArray  # (block, 2)
    residents: FloatArray  # (block,)
    block_area: tuple[str, ...]
    depot_ids: tuple[str, ...]
    depot_m: FloatArray  # (depot, 2)


def hazard_scenarios(
    town: Town,
    count: int,
    *,
    seed: int,
    kinds: Sequence[HazardKind] = KINDS,
    prefix: str = "s",
) -> tuple[StockScenario, ...]:
    """Return ``count`` scenarios whose weights sum to 1.

    Raises
    ------
    ValueError
        There are fewer than strata to draw them in.
    """
    cells = [
        (kind, low, high, kind.probability * (high - low))
        for kind in kinds
        for low, high in pairwise(STRATA)
    ]
    if count < len(cells):
        raise ValueError(f"{count} scenarios are too few for {len(cells)} strata")
    rng = np.random.default_rng(seed)
    drawing = _Drawing(town, rng)
    total = sum(one.probability for one in kinds)
    # What varies most in a stratum is about its severity: draw by probability times that.
    urgent = np.array([share * _severity(kind, 0.5 * (a + b)) for kind, a, b, share in cells])
    numbers = 1 + apportion(count - len(cells), urgent)
    found: list[StockScenario] = []
    for (kind, low, high, share), number in zip(cells, numbers.tolist(), strict=True):
        steps = rng.permutation(number)
        for step in steps:
            rank = low + (high - low) * (step + rng.random()) / number
            found.append(
                drawing.scenario(
                    f"{prefix}{len(found) + 1}",
                    kind,
                    rank,
                    stratum=f"{kind.id} {low:g}-{high:g}",
                    weight=share / total / number,
                )
            )
    return tuple(found)


@dataclass(frozen=True)
class _Drawing:
    town: Town
    rng: np.random.Generator
    _roots: dict[float, FloatArray] = field(default_factory=dict)  # of covariances, by length

    def scenario(
        self, name: str, kind: HazardKind, rank: float, *, stratum: str, weight: float
    ) -> StockScenario:
        """Return one event whose severity stands at ``rank`` (0 to 1) among those of its kind."""
        town = self.town
        places = np.vstack([town.block_m, town.depot_m])
        intensity = self._intensity(kind, places)
        at_blocks = intensity[: len(town.block_m)]
        affected = _spread(_severity(kind, rank), at_blocks, town.residents)
        harm = rank**3 * intensity
        left = np.round(1.0 - kind.loses * harm, 3)
        ids = (*town.block_ids, *town.depot_ids)
        slow, cut = self._ways(kind, rank, at_blocks)
        hit = {
            block: round(share, 5)
            for block, share in zip(town.block_ids, affected.tolist(), strict=True)
            if share >= _LEAST
        }
        people = dict(zip(town.block_ids, town.residents.tolist(), strict=True))
        return StockScenario(
            id=name,
            name=kind.name,
            kind=kind.id,
            stratum=stratum,
            weight=weight,
            affected=hit,
            counts={kind.place: {one: round(hit[one] * people[one], 2) for one in hit}},
            duration_days=kind.days,
            surviving_share={
                one: share
                for one, share in zip(ids, left.tolist(), strict=True)
                if share < 0.995 and (one in hit or one in town.depot_ids)
            },
            slower=round(1.0 + (kind.slower - 1.0) * rank**2, 3),
            slower_by_area=slow,
            cut_off=cut,
        )

    def _intensity(self, kind: HazardKind, places: FloatArray) -> FloatArray:
        """Return how hard each place is hit, 1 where it is worst, (place,)."""
        if kind.footprint == "field":
            z = self._field(places, kind.radius_m)
            hit = np.exp(0.8 * z)
            return np.asarray(hit / hit.max())
        blocks = self.town.block_m
        if kind.footprint == "shock":
            centre = blocks[self.rng.integers(len(blocks))] + self.rng.normal(0.0, 3_000.0, 2)
            away = distances_m(centre[None], places)[0]
            hit = np.exp(0.4 * self._field(places, kind.radius_m)) / (
                1.0 + (away / kind.radius_m) ** 2
            )
            return np.asarray(hit / hit.max())
        many = kind.cuts  # a flood comes up in several places, a fire in one
        spots = blocks[self.rng.integers(len(blocks), size=1 + self.rng.integers(3) * many)]
        near = np.exp(-((distances_m(spots, places) / kind.radius_m) ** 2)).max(axis=0)
        return np.asarray(near)

    def _field(self, places: FloatArray, length_m: float) -> FloatArray:
        """Return a Gaussian random field with exponential covariance, (place,)."""
        if length_m not in self._roots:
            covariance = np.exp(-distances_m(places, places) / length_m)
            covariance[np.diag_indices(len(places))] += 1e-6  # places may coincide
            self._roots[length_m] = np.linalg.cholesky(covariance)
        return np.asarray(self._roots[length_m] @ self.rng.normal(size=len(places)))

    def _ways(
        self, kind: HazardKind, rank: float, at_blocks: FloatArray
    ) -> tuple[dict[str, float], tuple[str, ...]]:
        areas = np.array(self.town.block_area)
        slow, cut = {}, []
        for area in sorted(set(self.town.block_area)):
            hit = rank**2 * float(at_blocks[areas == area].mean())
            if hit > 0.2:
                slow[area] = round(1.0 + (kind.slower - 1.0) * hit, 2)
            if kind.cuts and hit > 0.6 and self.rng.random() < 0.5:
                cut.append(area)
        return slow, tuple(cut)


def _severity(kind: HazardKind, rank: float) -> float:
    """Return the share of residents affected by the event at ``rank`` of its kind."""
    share = kind.median_share * (2.0 * max(1e-9, 1.0 - rank)) ** (-1.0 / kind.tail)
    return float(min(kind.most_share, share))


def _spread(share: float, intensity: FloatArray, residents: FloatArray) -> FloatArray:
    """Return the share of each block that is affected, so that ``share`` of all are."""
    wanted = share * residents.sum()
    affected = np.zeros(len(residents))
    for _ in range(20):
        free = np.where(affected < _HIT_MOST, intensity * residents, 0.0)
        missing = wanted - affected @ residents
        if missing <= 1e-9 * wanted or free.sum() <= 0.0:
            break
        affected = np.minimum(_HIT_MOST, affected + missing / free.sum() * intensity)
    return affected
