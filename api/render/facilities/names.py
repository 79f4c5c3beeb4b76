"""What sites, points and measures are called in one language."""

from dataclasses import dataclass
from functools import cached_property

from api.render.naming import names_of
from api.render.tables import Kind
from models.facilities import FacilityRequest
from models.facilities.request import Goal
from models.messages import formats, message, named
from models.places import DemandTable
from models.text import Language


@dataclass(frozen=True)
class FacilityNames:
    """The names of a request; what has none is called by its id."""

    request: FacilityRequest
    language: Language

    @cached_property
    def sites(self) -> dict[str, str]:
        """Sites by id."""
        return names_of(self.request.sites, self.language)

    @property
    def weight(self) -> str:
        """What counts of every point."""
        request = self.request
        points = request.demand_points
        known = None if isinstance(points, DemandTable) else next(iter(points[0].weights), None)
        name = request.weight or known or "residents"
        own = request.weight_names.get(name)
        return named("weight", name, self.language) if own is None else own.text(self.language)

    @property
    def way(self) -> Kind:
        """The kind of column that ways stand in."""
        return "distance" if self.request.measure == "metres" else "minutes"

    @property
    def unit(self) -> str:
        """What ends the key of a column of ways."""
        return "m" if self.request.measure == "metres" else "s"

    def column(self, key: str) -> str:
        """Return the specification of a column of ways."""
        return f"{key}_{self.unit}:{self.way}"

    @property
    def against(self) -> str:
        """The column of what a front sees the goal against."""
        asked = self.request.front
        if asked is not None and asked.against == "longest_way":
            return self.column("against")
        return "against_cost:money" if self.request.counts_cost else "against_number:count"

    @property
    def adds(self) -> tuple[str, str]:
        """The columns of what a facility adds, and of what its replacement leaves lost."""
        if self.request.goal is Goal.P_CENTER:
            return self.column("lost_without"), self.column("instead_loses")
        return "adds:number", "instead_loses:number"

    def value(self, worth: float | None) -> str:
        """Return a value of the goal as people read it."""
        if worth is None:
            return formats.NO_NUMBER
        if self.request.goal is Goal.P_CENTER:
            return formats.FORMATS[self.way](worth, self.language)
        set_cover = self.request.goal is Goal.SET_COVER and self.request.counts_cost
        if set_cover or self.request.goal is Goal.LEAST_COST:
            return formats.money(worth, self.language, self.request.currency)
        return formats.number(worth, self.language)

    def say(self, code: str, **values: object) -> str:
        """Return a message in this language, money in the request's currency."""
        return message(code, self.language, currency=self.request.currency, **values)
