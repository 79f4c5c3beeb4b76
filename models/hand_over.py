"""What of a job is to be handed to dispatch."""

from models.base import Model


class NewHandOver(Model):
    """A job whose answer sends vehicles; ``case`` and ``site`` of a shelter plan.

    Either may be left out where there is only one.
    """

    job: str
    case: str | None = None
    site: str | None = None
