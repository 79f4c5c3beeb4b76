"""The backends by name, for callers that let the request choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from models.run import Backend, RunLimits
from optimizer.backends import Capabilities, Outcome, cp_sat, highs, mathopt, pulp
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.linear import LinearProgram


class Solver(Protocol):
    """The shape of a backend module."""

    @property
    def CAPABILITIES(self) -> Capabilities:  # noqa: N802 - the name modules have it under
        """What it can do."""

    def solve(
        self,
        program: LinearProgram,
        control: RunControl,
        *,
        start: FloatArray | None = None,
        absolute_gap: float = 0.0,
    ) -> Outcome:
        """Solve ``program`` within ``control``."""


@dataclass(frozen=True)
class _OtherThroughPulp:
    """A solver that PuLP calls by its own name."""

    solver: str

    @property
    def CAPABILITIES(self) -> Capabilities:  # noqa: N802 - the name modules have it under
        """What PuLP lets any solver do."""
        return pulp.OTHER_CAPABILITIES

    def solve(
        self,
        program: LinearProgram,
        control: RunControl,
        *,
        start: FloatArray | None = None,
        absolute_gap: float = 0.0,
    ) -> Outcome:
        """Solve ``program`` within ``control``."""
        return pulp.solve(
            program, control, start=start, absolute_gap=absolute_gap, solver=self.solver
        )


BACKENDS: Mapping[Backend, Solver] = {
    "highs": highs,
    "cp_sat": cp_sat,
    "mathopt": mathopt,
    "pulp": pulp,
}


def backend_of(limits: RunLimits) -> Solver:
    """Return the backend that ``limits`` ask for."""
    if limits.backend == "pulp" and limits.pulp_solver is not None:
        return _OtherThroughPulp(limits.pulp_solver)
    return BACKENDS[limits.backend]
