"""The reasons of a plan, as far as the time allows."""

from models.dispatch import DispatchExplanation
from optimizer.control import RunControl
from optimizer.dispatch.strategy import Found


def explain(found: Found, control: RunControl) -> DispatchExplanation:
    """Return the reasons of the plan found."""
    return DispatchExplanation()
