"""What things are called: sites, classes, areas, weights and values of a request, in a language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from api.render.naming import half
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import Combination
from models.fire_stations.plan import PlannedStation
from models.messages import MESSAGES, message, named
from models.places import Area, Site
from models.presets import RESPONSE_STANDARDS, STATION_CLASSES
from models.standards import ResponseStandard
from models.text import Label, Language, Text

# How values of an objective are written, where they do not count a demand weight.
_UNITS = {
    "mean_time": "minutes",
    "worst_time": "minutes",
    "cost": "money",
    "hiring_cost": "money",
    "worst_area": "share",
    "fewest_stations": "stations",
    "norm_people": "people",
    "per_10k": "people",
    "norm_vehicles": "number",
    "staging": "number",
    "weighted_sum": "number",
}


def standard(request: FireStationRequest) -> ResponseStandard:
    """Return the response standard of ``request``, a preset's where it names one."""
    given = request.standard
    return RESPONSE_STANDARDS[given] if isinstance(given, str) else given


@dataclass(frozen=True)
class Names:
    """The names of a request in one language; what has no name is called by its id."""

    request: FireStationRequest
    language: Language

    @cached_property
    def sites(self) -> Mapping[str, Site]:
        """Every site by id."""
        return {site.id: site for site in self.request.sites}

    @cached_property
    def areas(self) -> Mapping[str, Area]:
        """Every area by id."""
        return {area.id: area for area in self.request.areas}

    @cached_property
    def _classes(self) -> Mapping[str, Label]:
        given = {one.id: one.name for one in self.request.classes}
        return {one.id: one.name for one in STATION_CLASSES.values()} | given

    @cached_property
    def _risk_classes(self) -> Mapping[str, Label | None]:
        return {one.id: one.name for one in self.request.risk_classes}

    @cached_property
    def _scenarios(self) -> Mapping[str, Label | None]:
        return {one.id: one.name for one in self.request.travel.scenarios}

    def _label(self, label: Label | None, fallback: str) -> str:
        return fallback if label is None else label.text(self.language)

    def say(self, code: str, /, **values: object) -> str:
        """Return a message in this language, money in the request's currency."""
        return message(code, self.language, **({"currency": self.request.currency} | values))

    def site(self, site_id: str) -> str:
        """Return the name of a site."""
        site = self.sites.get(site_id)
        return self._label(site.name if site else None, site_id)

    def site_list(self, site_ids: tuple[str, ...]) -> str:
        """Return the names of several sites in a row."""
        return self.say("words.separate").join(self.site(one) for one in site_ids)

    def station_class(self, class_id: str) -> str:
        """Return the name of a station class."""
        return self._label(self._classes.get(class_id), class_id)

    def area(self, area_id: str) -> str:
        """Return the name of an area."""
        area = self.areas.get(area_id)
        return self._label(area.name if area else None, area_id)

    def risk_class(self, risk_class_id: str) -> str:
        """Return the name of a risk class."""
        return self._label(self._risk_classes.get(risk_class_id), risk_class_id)

    def scenario(self, scenario_id: str) -> str:
        """Return the name of a travel scenario."""
        label = self._scenarios.get(scenario_id)
        return self._label(label, named("scenario", scenario_id, self.language))

    def weight(self, weight: str) -> str:
        """Return the name of a demand weight."""
        label = self.request.weight_names.get(weight)
        return self._label(label, named("weight", weight, self.language))

    def text(self, text: Text) -> str:
        """Return what the engine has to say, the ids it speaks of by their names."""
        said = {key: self._value(key, value) for key, value in text.values.items()}
        return self.say(text.code, **said)

    def _value(self, key: str, value: object) -> object:
        if not isinstance(value, str):
            return value
        naming: Mapping[str, Callable[[str], str]] = {
            "class_id": self.station_class,
            "site_id": self.site,
            "site": self.site,
            "first": self.site,
            "second": lambda one: self.site(one) if one in self.sites else self.kind(one),
            "kind": self.kind,
            "weight": self.weight,
            "area": self.area,
            "risk_class": self.risk_class,
            "scenario": self.scenario,
        }
        return naming[key](value) if key in naming else value

    def half(self, text: str) -> str:
        """Return this language's half of a text; see `api.render.naming.half`."""
        return half(text, self.language)

    def kind(self, kind: str) -> str:
        """Return the name of a kind of vehicle, or of a thing that stations stand clear of."""
        prefix = "vehicle" if f"vehicle.{kind}" in MESSAGES else "nearby"
        return named(prefix, kind, self.language)

    def vehicles(self, vehicles: Mapping[str, int] | None) -> str | None:
        """Return counts of vehicles by type as one text."""
        if vehicles is None:
            return None
        said = [
            self.say("word.times", count=count, kind=self.kind(kind))
            for kind, count in sorted(vehicles.items())
            if count
        ]
        return self.say("words.join").join(said) or self.say("word.none")

    def objective(self, kind: str) -> str:
        """Return the name of a kind of objective."""
        return named("objective", kind, self.language)

    @cached_property
    def first_objective(self) -> tuple[str, str | None]:
        """The kind and the weight of what is optimised first; a weighted sum has no weight."""
        if self.request.combination is Combination.WEIGHTED_SUM:
            return "weighted_sum", None
        first = self.request.objectives[0]
        return first.kind, getattr(first, "weight", None)

    def objective_unit(self, kind: str) -> str:
        """Return the unit that values of a kind of objective are written in."""
        return _UNITS.get(kind, "cover")

    def objective_value(
        self, kind: str, value: float | None, *, weight: str | None = None
    ) -> str | None:
        """Return a value of an objective in its unit, None where there is no such number."""
        if value is None:
            return None
        name = self.weight(weight or self.request.population_weight)
        return self.say(f"unit.{self.objective_unit(kind)}", value=value, weight=name)

    def illustrative(self, site_id: str) -> bool:
        """Return whether a site was invented."""
        site = self.sites.get(site_id)
        return site is not None and site.illustrative


def level_names(request: FireStationRequest, language: Language) -> tuple[str, ...]:
    """Return what a request's levels look for, in their order; a weighted sum is one level."""
    if request.combination is Combination.WEIGHTED_SUM:
        return (named("objective", "weighted_sum", language),)
    return tuple(named("objective", one.kind, language) for one in request.objectives)


def implied_action(request: FireStationRequest, station: PlannedStation) -> str:
    """Return what a plan does at a station's site, said or implied by the request."""
    if station.action is not None:
        return station.action.value
    site = next((one for one in request.sites if one.id == station.site_id), None)
    if site is None or site.station is None:
        return "build"
    if site.station.status.value != "in_service":
        return "commission"
    return "keep" if site.station.class_id == station.class_id else "regrade"
