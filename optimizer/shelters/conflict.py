"""Why no plan exists: the rules of the request that cannot all hold."""

from models.answer import Conflict
from optimizer.conflicts import conflict as conflict_among
from optimizer.control import RunControl
from optimizer.shelters.formulation import Formulation


def conflict(formulation: Formulation, control: RunControl) -> Conflict:
    """Return an irreducible conflict among the rules of a request that no plan keeps.

    Raises
    ------
    BackendError
        All rules hold together after all.
    """
    return conflict_among(formulation.program({}), formulation.rules, control)
