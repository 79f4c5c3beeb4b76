"""What a plan does in scenarios it has not seen, with honest intervals.

Scenarios drawn in strata give the stratified estimate: each stratum's variance counts by its own
weight, so rare strata that are drawn oftener narrow the interval. Strata of one scenario, whose
variance nobody knows, are put together.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.stockpiles.explanation import Estimate, OutOfSample
from models.stockpiles.scenarios import StockScenario
from optimizer.algorithms.two_stage import quantile_at_risk, value_at_risk
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.stockpiles.figures import TAIL, meets_target, scenario_cover, target_share
from optimizer.stockpiles.formulation import Formulation
from optimizer.stockpiles.levels import settled
from optimizer.stockpiles.situations import Situations
from optimizer.stockpiles.solution import Solution

_NORMAL_95 = 1.959963984540054
_EVEN = 1e-9


def out_of_sample(solution: Solution, control: RunControl) -> OutOfSample | None:
    """Return the plan in the request's held-out scenarios; None where there are none."""
    instance = solution.instance
    scenarios = instance.request.held_out
    if not scenarios:
        return None
    unseen = Situations(instance, scenarios)
    judged = settled(
        Formulation(instance, unseen.every, unseen.probability), solution.values, control
    )
    sample = Sample.of(scenarios)
    unmet = _both(
        float(solution.probability @ solution.unmet),
        sample.mean(judged.unmet),
        sample.half_width(judged.unmet),
    )
    seen, found = scenario_cover(solution), scenario_cover(judged)
    mean = unmet.out_of_sample or 0.0
    enough = found >= target_share(judged) - _EVEN
    return OutOfSample(
        scenarios=len(scenarios),
        unmet=unmet,
        cover=_ratio(solution, judged, sample),
        worst_tenth_cover=_both(
            1.0 - value_at_risk(1.0 - seen, solution.probability, TAIL),
            1.0 - value_at_risk(1.0 - found, judged.probability, TAIL),
            sample.half_width(_tail_terms(1.0 - found, judged.probability)),
        ),
        meets_target=_both(
            meets_target(solution),
            sample.mean(enough.astype(np.float64)),
            sample.half_width(enough.astype(np.float64)),
        ),
        relative_half_width=(unmet.half_width or 0.0) / mean if mean > 0 else None,
        bias=(mean - unmet.in_sample) / mean if mean > 0 else None,
    )


@dataclass(frozen=True, eq=False)
class Sample:
    """Scenarios as a weighted, stratified sample."""

    weight: FloatArray  # (scenario,) summing to 1
    stratum: tuple[str, ...]  # (scenario,)

    @classmethod
    def of(cls, scenarios: Sequence[StockScenario]) -> "Sample":
        """Return the sample that scenarios are."""
        weight = np.array([one.weight for one in scenarios])
        counts = Counter(one.stratum or "" for one in scenarios)
        names = [one.stratum or "" for one in scenarios]
        single = "single"
        return cls(weight / weight.sum(), tuple(n if counts[n] > 1 else single for n in names))

    def mean(self, values: FloatArray) -> float:
        """Return the estimated mean."""
        return float(self.weight @ values)

    def half_width(self, values: FloatArray) -> float:
        """Return half the width of the 95 % confidence interval of the mean.

        Examples
        --------
        >>> sample = Sample(np.full(4, 0.25), ("a", "a", "b", "b"))
        >>> sample.half_width(np.array([1.0, 1.0, 9.0, 9.0]))
        0.0
        """
        names = np.array(self.stratum)
        variance = 0.0
        for name in sorted(set(self.stratum)):
            mine = names == name
            weight, own = self.weight[mine], values[mine]
            count = len(own)
            if count < 2:
                continue
            spread = own - weight @ own / weight.sum()
            variance += float((weight**2) @ (spread**2)) * count / (count - 1)
        return float(_NORMAL_95 * np.sqrt(variance))


def _both(seen: float, unseen: float, half_width: float) -> Estimate:
    return Estimate(in_sample=seen, out_of_sample=unseen, half_width=half_width)


def _ratio(solution: Solution, judged: Solution, sample: Sample) -> Estimate:
    """Return expected cover: a ratio of means, its interval by linearisation (Cochran 1977)."""
    need = float(solution.probability @ solution.need)
    seen = float(solution.probability @ solution.met) / need if need > 0 else 1.0
    needed = sample.mean(judged.need)
    if needed <= 0:
        return _both(seen, 1.0, 0.0)
    found = sample.mean(judged.met) / needed
    return _both(seen, found, sample.half_width(judged.met - found * judged.need) / needed)


def _tail_terms(losses: FloatArray, probability: FloatArray) -> FloatArray:
    """Return terms whose mean is the mean loss of the worst tenth."""
    eta = quantile_at_risk(losses, probability, TAIL)
    return np.asarray(eta + np.maximum(0.0, losses - eta) / (1.0 - TAIL))
