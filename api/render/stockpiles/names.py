"""What depots, items, tiers, blocks and areas are called in one language."""

from dataclasses import dataclass
from functools import cached_property

from api.render.naming import names_of
from models.messages import message
from models.stockpiles import StockRequest
from models.stockpiles.items import Item
from models.text import Language


@dataclass(frozen=True)
class StockNames:
    """The names of a request; what has none is called by its id."""

    request: StockRequest
    language: Language

    @cached_property
    def tiers(self) -> dict[str, str]:
        """Tiers by id."""
        return names_of(self.request.tiers, self.language)

    @cached_property
    def depots(self) -> dict[str, str]:
        """Depots by id."""
        return names_of(self.request.depots, self.language)

    @cached_property
    def contracts(self) -> dict[str, str]:
        """Contracts by id."""
        return names_of(self.request.contracts, self.language)

    @cached_property
    def item_names(self) -> dict[str, str]:
        """Items by id."""
        return names_of(self.request.items, self.language)

    @cached_property
    def items(self) -> dict[str, Item]:
        """Items themselves by id."""
        return {one.id: one for one in self.request.items}

    @cached_property
    def blocks(self) -> dict[str, str]:
        """Blocks by id."""
        return names_of(self.request.blocks, self.language)

    @cached_property
    def areas(self) -> dict[str, str]:
        """Areas by id."""
        return names_of(self.request.areas, self.language)

    @cached_property
    def scenarios(self) -> dict[str, str]:
        """Scenarios by id, each with its id where several share a name."""
        return {
            one.id: one.id if one.name is None else f"{one.name.text(self.language)} ({one.id})"
            for one in self.request.scenarios
        }

    def say(self, code: str, **values: object) -> str:
        """Return a message in this language, money in the request's currency."""
        return message(code, self.language, currency=self.request.currency, **values)
