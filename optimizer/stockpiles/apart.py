"""The levels of a request solved by scenario."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.stockpiles.objectives import UnmetRisk
from optimizer.algorithms.two_stage import Aim, LShaped, spread
from optimizer.backends import Outcome
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.stockpiles.formulation import Ceiling, Expression, Formulation
from optimizer.stockpiles.replies import Replies

_CLUSTERS = 100


@dataclass(eq=False)
class Apart:
    """One formulation by scenario; cuts found for one level serve the next ones."""

    formulation: Formulation
    control: RunControl
    start: FloatArray | None = None
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
            start=formulation.first.lower.copy() if self.start is None else self.start,
        )

    def level(
        self, expression: Expression, ceilings: Sequence[Ceiling], control: RunControl
    ) -> Outcome:
        """Return the best first stage of a level."""
        limits = [(self._aim(one.expression), one.limit) for one in ceilings]
        found = self._method.level(self._aim(expression), limits, control)
        if found.values is not None:
            self._method.start = found.values
        return found

    def _aim(self, expression: Expression) -> Aim:
        """Return an expression of the whole program as an aim of the method."""
        formulation = self.formulation
        first = formulation.first
        cost = np.zeros(first.width)
        expected, tails = 0.0, []
        objectives = formulation.instance.request.objectives
        for block, row in expression.terms.items():
            if block in first.blocks:
                cost[first.blocks[block]] += row
            elif block == "recourse":
                expected += _factor(row, formulation.weighted_cost)
            elif block.startswith("eta"):
                objective = objectives[int(block[4:-1])]
                assert isinstance(objective, UnmetRisk)
                tails.append((objective.alpha, float(row[0])))
        return Aim(cost, expected, tuple(tails), expression.offset)


def _factor(row: FloatArray, unit: FloatArray) -> float:
    """Return how many times ``unit`` a row is."""
    at = int(np.argmax(unit))
    return float(row[at] / unit[at]) if len(unit) and unit[at] > 0 else 0.0
