"""The best recourse to a first stage in every scenario: by flows where they do, else by program."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from optimizer.algorithms.two_stage import Blocks, Executor, Here, LocalProcesses, affordable
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.stockpiles.flows import Flows
from optimizer.stockpiles.recourse import Response

_SPREAD_LEAST = 16  # scenarios: fewer are answered sooner than processes start


@dataclass(eq=False)
class Replies:
    """Recourse to one first stage after another, for the same scenarios.

    ``executor`` answers those that programs settle; None: processes of this machine where the run
    is granted more than one thread, and memory for them, and flows do not settle scenarios, else
    this process.
    """

    responses: Sequence[Response]
    control: RunControl
    keep: bool = True
    executor: Executor | None = None
    _flows: Flows | None = field(init=False)
    _programs: Blocks = field(init=False)
    _priced: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """Prepare the arrays; programs are made when one is asked for."""
        fit = Flows.fit(self.responses)
        self._flows = Flows(self.responses) if fit else None
        self.executor = self.executor or self._usual()
        self._programs = Blocks(lambda s: self.responses[s].recourse, self.executor, self.keep)

    def _usual(self) -> Executor:
        limits, count = self.control.limits, len(self.responses)
        if self._flows is not None or limits.threads == 1 or count < _SPREAD_LEAST:
            return Here(limits, keep=self.keep)
        places = affordable(min(limits.threads, count))
        if places < 2:
            return Here(limits, keep=self.keep)
        return LocalProcesses(limits, places, self.keep)

    @property
    def by_flows(self) -> bool:
        """Whether flows settle most scenarios."""
        return self._flows is not None

    def stop(self) -> None:
        """End whatever answers."""
        if self.executor is not None:
            self.executor.stop()

    def price(self, prices: Callable[[int], FloatArray] | None) -> None:
        """Add to what each scenario's columns of recourse cost; flows know of no prices."""
        self._priced = prices is not None
        self._programs.price(prices)

    def ask(
        self, first: FloatArray, control: RunControl, *, only: Sequence[int] | None = None
    ) -> tuple[FloatArray, FloatArray] | None:
        """Return each scenario's worth and slope at ``first``; None where the time ran out.

        With ``only`` some scenarios are asked, and 0 stands for the others.
        """
        found = self._settle(first, control, only)
        return None if found is None else found[:2]

    def columns(
        self, first: FloatArray, control: RunControl
    ) -> tuple[FloatArray, FloatArray, list[FloatArray]] | None:
        """Return worth, slope, and each scenario's columns of recourse."""
        found = self._settle(first, control)
        if found is None:
            return None
        worth, slope, by_program = found
        columns = []
        for s in range(len(self.responses)):
            if s in by_program:
                columns.append(by_program[s])
            else:
                assert self._flows is not None
                columns.append(self._flows.columns(s, first))
        return worth, slope, columns

    def _settle(
        self, first: FloatArray, control: RunControl, only: Sequence[int] | None = None
    ) -> tuple[FloatArray, FloatArray, dict[int, FloatArray]] | None:
        count = len(self.responses)
        if self._flows is None or self._priced or only is not None:
            worth, slope = np.zeros(count), np.zeros((count, len(first)))
            proven = np.zeros(count, dtype=np.bool_)
        else:
            worth, slope, proven = self._flows.settle(first)
        by_program: dict[int, FloatArray] = {}
        left = np.flatnonzero(~proven).tolist() if only is None else list(only)
        replies = self._programs.ask(left, first, control) if left else []
        if replies is None:
            return None
        for s, reply in zip(left, replies, strict=True):
            worth[s], slope[s], by_program[s] = reply.worth, reply.slope, reply.columns
        return worth, slope, by_program
