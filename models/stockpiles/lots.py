"""What is there already: lots with quantity and date of expiry, either of which may be unknown."""

from datetime import date
from typing import Annotated

from pydantic import Field

from models.base import Model
from models.quantities import Identifier, Quantity

Range = Annotated[tuple[Quantity, Quantity], Field(description="least and most")]
Dates = Annotated[tuple[date, date], Field(description="first and last")]


class Lot(Model):
    """One lot of an item in one depot.

    A ``quantity`` or an ``expires_on`` that nobody knows is None and never guessed:
    ``quantity_between`` and ``expires_between`` bound it, and plans count on the least and the
    first of them. With neither, plans count on nothing of the lot.
    """

    id: Identifier
    item_id: Identifier
    depot_id: Identifier
    quantity: Quantity | None = None
    quantity_between: Range | None = None
    expires_on: date | None = None
    expires_between: Dates | None = None

    @property
    def sure_quantity(self) -> float:
        """The quantity that is there for certain."""
        if self.quantity is not None:
            return self.quantity
        return 0.0 if self.quantity_between is None else self.quantity_between[0]

    @property
    def first_expiry(self) -> date | None:
        """The first day on which it may be expired; None where nothing is known."""
        if self.expires_on is not None:
            return self.expires_on
        return None if self.expires_between is None else self.expires_between[0]
