"""Why no plan exists: rules of a request that cannot all hold."""

from models.answer import Conflict
from optimizer import conflicts
from optimizer.control import RunControl
from optimizer.shelters.formulation import Formulation


def conflict(formulation: Formulation, control: RunControl) -> Conflict:
    """Return an irreducible conflict among the rules of a request that no plan keeps.

    Raises
    ------
    BackendError
        All rules hold together after all.
    """
    return conflicts.conflict(formulation.program({}), formulation.rules, control)
