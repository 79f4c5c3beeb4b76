"""What blocks, sites, scenarios, groups and areas are called in one language."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from models.messages import message, named
from models.shelters import ShelterRequest
from models.text import Label, Language


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> Label | None: ...


@dataclass(frozen=True)
class ShelterNames:
    """The names of a request; what has none is called by its id."""

    request: ShelterRequest
    language: Language

    @cached_property
    def sites(self) -> dict[str, str]:
        """Sites by id."""
        return self._of(self.request.sites)

    @cached_property
    def blocks(self) -> dict[str, str]:
        """Blocks by id."""
        return self._of(self.request.blocks)

    @cached_property
    def scenarios(self) -> dict[str, str]:
        """Scenarios by id."""
        return self._of(self.request.scenarios)

    @cached_property
    def areas(self) -> dict[str, str]:
        """Areas by id."""
        return self._of(self.request.areas)

    @cached_property
    def stages(self) -> dict[str, str]:
        """Stages by id."""
        return self._of(self.request.rules.stages)

    @cached_property
    def vehicles(self) -> dict[str, str]:
        """Kinds of vehicle by id."""
        return self._of(() if self.request.fleet is None else self.request.fleet.vehicles)

    @cached_property
    def groups(self) -> dict[str, str]:
        """Groups by id: their own name, else that of the weight they are counted by."""
        own = self._of(group for group in self.request.groups if group.name is not None)
        ids = {name for block in self.request.blocks for name in block.weights}
        return {one: own.get(one) or named("weight", one, self.language) for one in ids}

    def say(self, code: str, **values: object) -> str:
        """Return a message in this language, money in the request's currency."""
        return message(code, self.language, currency=self.request.currency, **values)

    def _of(self, things: Iterable[_Named]) -> dict[str, str]:
        return {
            one.id: one.id if one.name is None else one.name.text(self.language) for one in things
        }
