"""The backends by name, for callers that let the request choose."""

from collections.abc import Mapping
from typing import Protocol

from models.run import Backend
from optimizer.backends import Capabilities, Outcome, cp_sat, highs, mathopt, pulp
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.linear import LinearProgram


class Solver(Protocol):
    """The shape of a backend module."""

    CAPABILITIES: Capabilities

    def solve(
        self,
        program: LinearProgram,
        control: RunControl,
        *,
        start: FloatArray | None = None,
        absolute_gap: float = 0.0,
    ) -> Outcome:
        """Solve ``program`` within ``control``."""


BACKENDS: Mapping[Backend, Solver] = {
    "highs": highs,
    "cp_sat": cp_sat,
    "mathopt": mathopt,
    "pulp": pulp,
}
