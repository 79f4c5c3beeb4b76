"""What blocks, sites, scenarios, groups and areas are called in one language."""

from dataclasses import dataclass
from functools import cached_property

from api.render.naming import names_of
from models.messages import message, named
from models.shelters import ShelterRequest
from models.text import Language


@dataclass(frozen=True)
class ShelterNames:
    """The names of a request; what has none is called by its id."""

    request: ShelterRequest
    language: Language

    @cached_property
    def sites(self) -> dict[str, str]:
        """Sites by id."""
        return names_of(self.request.sites, self.language)

    @cached_property
    def blocks(self) -> dict[str, str]:
        """Blocks by id."""
        return names_of(self.request.blocks, self.language)

    @cached_property
    def scenarios(self) -> dict[str, str]:
        """Scenarios by id."""
        return names_of(self.request.scenarios, self.language)

    @cached_property
    def areas(self) -> dict[str, str]:
        """Areas by id."""
        return names_of(self.request.areas, self.language)

    @cached_property
    def stages(self) -> dict[str, str]:
        """Stages by id."""
        return names_of(self.request.rules.stages, self.language)

    @cached_property
    def vehicles(self) -> dict[str, str]:
        """Kinds of vehicle by id."""
        fleet = self.request.fleet
        return names_of(() if fleet is None else fleet.vehicles, self.language)

    @cached_property
    def groups(self) -> dict[str, str]:
        """Groups by id: their own name, else that of the weight they are counted by."""
        named_groups = (group for group in self.request.groups if group.name is not None)
        own = names_of(named_groups, self.language)
        ids = {name for block in self.request.blocks for name in block.weights}
        return {one: own.get(one) or named("weight", one, self.language) for one in ids}

    def say(self, code: str, **values: object) -> str:
        """Return a message in this language, money in the request's currency."""
        return message(code, self.language, currency=self.request.currency, **values)
