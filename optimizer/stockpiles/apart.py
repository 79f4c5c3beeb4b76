"""The levels of a request solved by scenario."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.stockpiles.objectives import Combination, Unmet, UnmetRisk
from optimizer.algorithms.two_stage import Aim, LShaped, Sample, spread
from optimizer.backends import Outcome
from optimizer.control import Described, RunControl
from optimizer.demand import FloatArray
from optimizer.quiet import quiet
from optimizer.stockpiles.formulation import Formulation
from optimizer.stockpiles.priced import Priced
from optimizer.stockpiles.replies import Replies

_CLUSTERS = 100
_SAMPLED_LEAST, _SAMPLED = 50, 5  # scenarios of which one in so many is asked to begin with
_SAMPLE_SHARE, _SAMPLE_CLOSE = 0.25, 1e-2  # of the time for prices from a sample, and their gap


@dataclass(eq=False)
class Apart:
    """One formulation by scenario; cuts found for one level serve the next ones."""

    formulation: Formulation
    control: RunControl
    start: FloatArray | None = None
    describe: Callable[[float, FloatArray], Described] | None = None
    replies: Replies = field(init=False)
    _method: LShaped = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the method from the formulation."""
        formulation = self.formulation
        self.replies = Replies(formulation.responses, self.control)
        weight = formulation.instance.weight
        needs = [float((one.need[:, :, -1] @ weight).sum()) for one in formulation.situations]
        alphas = {
            one.alpha
            for one in formulation.instance.request.objectives
            if isinstance(one, UnmetRisk)
        }
        self._method = LShaped(
            first=formulation.first_program(),
            probability=formulation.probability,
            cluster=spread(np.array(needs) * formulation.probability, _CLUSTERS),
            alphas=tuple(sorted(alphas)),
            respond=self.replies.ask,
            describe=self.describe,
            start=formulation.first.lower.copy() if self.start is None else self.start,
            sample=self._sample(np.array(needs)),
        )

    def _sample(self, needs: FloatArray) -> Sample | None:
        """Return scenarios to begin with, each for those with as much at stake as it has.

        None where all are quickly asked.
        """
        probability = self.formulation.probability
        if self.replies.by_flows or len(needs) < _SAMPLED_LEAST:
            return None
        at_stake = needs * probability
        order = np.argsort(-at_stake, kind="stable")
        weights = np.zeros(len(needs))
        for begin in range(0, len(order), _SAMPLED):
            alike = order[begin : begin + _SAMPLED]
            one = int(alike[len(alike) // 2])
            if needs[one] > 0:
                weights[one] = at_stake[alike].sum() / needs[one]
        chosen = np.flatnonzero(weights > 0).tolist()
        return Sample(lambda first, control: self.replies.ask(first, control, only=chosen), weights)

    def level(
        self, level: int, ceilings: Sequence[tuple[int, float]], control: RunControl
    ) -> Outcome:
        """Return the best first stage of a level; ``ceilings`` are earlier ones, with limits."""
        if self.formulation.priceable:
            aim, method = self._aim(level), self._method
            prices = None if method.sample is None else self._prices(method.sample, aim, control)
            priced = Priced(self.formulation, self.replies, self._tell, prices)
            return priced.level(method, aim, control)
        limits = [(self._aim(one), limit) for one, limit in ceilings]
        found = self._method.level(self._aim(level), limits, control)
        if found.values is not None:
            self._method.start = found.values
        return found

    def _prices(self, sample: Sample, aim: Aim, control: RunControl) -> FloatArray | None:
        """Return prices of least covers found on a sample, None where it found no plan.

        The method then begins at the sample's first stage, with its cuts that know of no prices.
        """
        formulation, method = self.formulation, self._method
        chosen = np.flatnonzero(sample.probability > 0)
        some = tuple(formulation.situations[s] for s in chosen.tolist())
        lesser = Formulation(formulation.instance, some, sample.probability[chosen])
        replies = Replies(lesser.responses, self.control)

        def respond(first: FloatArray, control: RunControl) -> tuple[FloatArray, FloatArray] | None:
            found = replies.ask(first, control)
            if found is not None and len(own.offsets) == 1:
                worth, slope = np.zeros(len(needed)), np.zeros((len(needed), len(first)))
                worth[chosen], slope[chosen] = found
                method.learn(first, worth, slope)
            return found

        needed = formulation.situations
        own = LShaped(
            first=method.first.relaxed(),
            probability=lesser.probability,
            cluster=np.arange(len(chosen)),
            alphas=(),
            respond=respond,
            start=method.start,
            close=_SAMPLE_CLOSE,
        )
        priced = Priced(lesser, replies, lambda *_: None)
        found = priced.level(own, aim, quiet(control, _SAMPLE_SHARE))
        replies.stop()
        if found.values is not None:
            method.start = found.values[: formulation.first.width]
        elif own.wanted is not None:
            method.start = own.wanted
        # Where it found no plan that keeps them, its prices are those of a poor first stage.
        return None if priced.best is None else priced.prices

    def _tell(self, control: RunControl, value: float, bound: float, first: FloatArray) -> None:
        describe = self.describe
        if describe is not None:
            control.describe = lambda values: describe(value, values)
        control.improved(value, bound, first)

    def _aim(self, level: int) -> Aim:
        """Return what a level minimises."""
        request = self.formulation.instance.request
        if request.combination is Combination.WEIGHTED_SUM:
            parts = [(one, one.weight) for one in request.objectives]
        else:
            parts = [(request.objectives[level], 1.0)]
        first = self.formulation.first
        cost, offset, expected = np.zeros(first.width), 0.0, 0.0
        tails: list[tuple[float, float]] = []
        for objective, weight in parts:
            if isinstance(objective, Unmet):
                expected += weight
            elif isinstance(objective, UnmetRisk):
                tails.append((objective.alpha, weight))
            else:
                cost += weight * first.cost
                offset += weight * first.cost_now
        return Aim(cost, expected, tuple(tails), offset)
