"""Why no stockpile plan exists."""

from models.answer import Conflict
from optimizer.conflicts import conflict as conflict_of
from optimizer.control import RunControl
from optimizer.stockpiles.formulation import Formulation
from optimizer.stockpiles.rules import first_rules


def conflict(formulation: Formulation, control: RunControl) -> Conflict:
    """Return an irreducible conflict among the rules of a request that no plan keeps.

    Scenarios are looked into only where rules ask about who is served.
    """
    if formulation.served.rules():
        return conflict_of(formulation.program(), formulation.rules, control)
    return conflict_of(formulation.first_program(), first_rules(formulation.first), control)
