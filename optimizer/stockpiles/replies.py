"""The best recourse to a first stage, in every scenario."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from optimizer.algorithms.two_stage import Reply, Responder
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.stockpiles.recourse import Response


@dataclass(eq=False)
class Replies:
    """Recourse to one first stage after another, for the same scenarios."""

    responses: Sequence[Response]
    control: RunControl
    keep: bool = True
    _responder: Responder = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the programs."""
        recourses = [one.recourse for one in self.responses]
        self._responder = Responder(recourses, self.control.limits, keep=self.keep)

    def reply(self, first: FloatArray, control: RunControl) -> Reply | None:
        """Return the best recourse to ``first``; None where the time ran out."""
        return self._responder.reply(first, control)
