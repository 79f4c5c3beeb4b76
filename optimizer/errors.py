"""Everything the engine raises.

* OptimizerError
    - InputError: the request contradicts itself; the caller can mend it.  -> 400, exit 2
    - BackendError: a solver library failed; not the caller's fault.       -> 500, exit 3
    - VerificationError: a plan broke a rule of its request; our bug.      -> 500, exit 1

That no plan exists is not an error but an answer: ``Status.INFEASIBLE``.
"""

from models.faults import Fault
from models.messages import render


class OptimizerError(Exception):
    """Base of every error the engine raises on purpose."""


class InputError(OptimizerError, ValueError):
    """The input cannot be used; ``faults`` lists everything wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.path}: {render(fault.need, 'en')}" for fault in faults))
        self.faults = faults


class BackendError(OptimizerError, RuntimeError):
    """A solver library failed."""


class VerificationError(OptimizerError, RuntimeError):
    """A plan broke a rule of its own request."""
