"""What a clock or a person left undone in a run, so that a replay leaves the same undone.

The work of a run is a sequence of steps: solves of a program, and questions whether to go on. They
come in the same order whenever the same run is made, as long as each ends as it did. So those that
were ended early are noted by their place in the sequence, with what they had come to; a replay
has no clock, and ends the same steps at the same improvement.
"""

from dataclasses import dataclass, field

from models.run import EndedSteps, StopReason

EARLY = frozenset({StopReason.TIME, StopReason.CANCELLED})


@dataclass
class Journal:
    """The steps of a run so far, or those of a run to repeat.

    ``repeating`` are the steps that an earlier run ended; None while they are found out. ``whole``
    turns False where a step came to something that no replay could come to.
    """

    repeating: tuple[EndedSteps, ...] | None = None
    ended: list[EndedSteps] = field(default_factory=list, init=False)
    whole: bool = field(default=True, init=False)
    _steps: int = field(default=0, init=False)
    _next: int = field(default=0, init=False)  # of ``repeating``

    def step(self) -> int:
        """Begin a step, and return its place."""
        self._steps += 1
        return self._steps - 1

    def ending(self, step: int) -> EndedSteps | None:
        """Return how the run that is repeated ended a step, None where it did not."""
        again = self.repeating or ()
        while self._next < len(again) and again[self._next].last < step:
            self._next += 1
        found = again[self._next] if self._next < len(again) else None
        return found if found is not None and found.first <= step else None

    def end(
        self,
        step: int,
        stop: StopReason,
        *,
        improvements: int = 0,
        bound: float | None = None,
        node_count: int | None = None,
        started: bool = False,
    ) -> None:
        """Note that a step was ended early, after how many improvements and with what bound."""
        found = EndedSteps(
            first=step,
            last=step,
            stop=stop,
            improvements=improvements,
            bound=bound,
            node_count=node_count,
            started=started,
        )
        before = self.ended[-1] if self.ended else None
        same = {"first": step, "last": step}
        follows = before is not None and before.last == step - 1
        if before is not None and follows and before.model_copy(update=same) == found:
            self.ended[-1] = before.model_copy(update={"last": step})
        else:
            self.ended.append(found)
