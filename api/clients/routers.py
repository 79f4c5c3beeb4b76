"""The routers Muster can ask, by name."""

from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType
from typing import Self

from api.clients import osrm, valhalla
from api.clients.exchange import Line
from api.clients.tables import Table
from optimizer.demand import FloatArray


class RouterName(StrEnum):
    """Programs whose tables of times can be read."""

    OSRM = "osrm"
    VALHALLA = "valhalla"


MODULES: dict[RouterName, ModuleType] = {RouterName.OSRM: osrm, RouterName.VALHALLA: valhalla}


@dataclass(frozen=True)
class Router:
    """One router: the way to it, by which of its profiles it drives, how much it takes at once."""

    name: RouterName
    line: Line
    profile: str
    at_once: int

    @classmethod
    def of(
        cls, name: RouterName, line: Line, *, profile: str | None = None, at_once: int | None = None
    ) -> Self:
        """Return a router; what is not said is as its program has it by default."""
        module = MODULES[name]
        return cls(name, line, profile or module.PROFILE, at_once or module.AT_ONCE)

    def __str__(self) -> str:
        """Return what names it as a source of times."""
        return f"{MODULES[self.name].LABEL} {self.line.address} ({self.profile})"

    def batch(self, sources: int, targets: int) -> tuple[int, int]:
        """Return how many sources and targets go into one question."""
        size: tuple[int, int] = MODULES[self.name].batch(sources, targets, self.at_once)
        return size

    def table(self, sources: FloatArray, targets: FloatArray) -> Table:
        """Return the times of one question, or raise what the client of its program raises."""
        table: Table = MODULES[self.name].table(self.line, self.profile, sources, targets)
        return table
