"""Why no plan of shelters exists."""

from models.answer import Conflict
from optimizer.conflicts import conflict as conflict_of
from optimizer.control import RunControl
from optimizer.shelters.formulation import Formulation


def conflict(formulation: Formulation, control: RunControl) -> Conflict:
    """Return an irreducible conflict among the rules of a request that no plan keeps."""
    return conflict_of(formulation.program({}), formulation.rules, control)
