"""The figures of standards and station classes that the request leaves to presets."""

from collections.abc import Iterator
from dataclasses import replace

from models.answer import Assumption
from models.confidence import Confidence
from models.fire_stations.request import FireStationRequest
from models.standards import ResponseStandard, StationClass
from optimizer.fire_stations.assumptions.basis import Basis, left_out

_FULL_FORCE = Basis(
    source="planning value for a fire in a dwelling: 5 vehicles and 27 people in 7 min"
    " (NFPA 1710, 5.2.4: 27) / 住宅火灾规划值：7分钟内5车27人（NFPA 1710 第5.2.4条：27人）",
    confidence="memory_medium",
)
_STANDARD_UNITS = {
    "clock_start": "",
    "turnout_s": "s",
    "travel_s": "s",
    "full_force_travel_s": "s",
    "vehicles": "",
    "people": "",
}
_FULL_FORCE_FIELDS = ("full_force_travel_s", "vehicles", "people")

_AREAS = ("nominal_area_m2", "outskirts_nominal_area_m2")
_COSTS = ("capital_cost", "yearly_cost", "commissioning_cost", "strengthening_cost")
# A preset's confidence is that of its weakest figure; those found in print stand higher.
_FOUND: dict[str, Confidence] = dict.fromkeys(("on_duty_people", *_AREAS), "found")
_INVENTED_NORMS = {"detachment": ("on_duty_people", "vehicles")}


def of_standard(request: FireStationRequest, standard: ResponseStandard) -> Iterator[Assumption]:
    """Yield what the answer takes from a preset, or from the defaults of the request's own."""
    preset = Basis(standard.source, standard.confidence)
    if "standard" not in request.model_fields_set:
        yield preset.assumption("standard", standard.id)
    if isinstance(request.standard, str):
        for field, unit in _STANDARD_UNITS.items():
            basis = replace(preset, unit=unit)
            yield basis.assumption(f"standard.{field}", getattr(standard, field))
    else:
        bases = {
            field: replace(_FULL_FORCE, unit=_STANDARD_UNITS[field]) for field in _FULL_FORCE_FIELDS
        }
        yield from left_out("standard", request.standard, bases)


def of_classes(
    request: FireStationRequest,
    classes: tuple[StationClass, ...],
    standard: ResponseStandard,
) -> Iterator[Assumption]:
    """Yield the defaults of the request's own classes, then the figures of presets."""
    own = {one.id: k for k, one in enumerate(request.classes)}
    for one in classes:
        if one.id in own:
            yield from _of_own(f"classes[{own[one.id]}]", one, standard, request.currency)
        else:
            yield from _of_preset(f"classes.{one.id}", one, request.currency)


def class_basis(one: StationClass, field: str, currency: str) -> Basis:
    """Return what a figure of a class rests on."""
    cost = field in _COSTS
    invented = one.illustrative and (cost or field in _INVENTED_NORMS.get(one.id, ()))
    found = _FOUND.get(field) if one.illustrative else None
    confidence = None if invented else found or one.confidence
    unit = currency if cost else "m²" if field in _AREAS else "s" if field == "turnout_s" else ""
    return Basis(one.source, confidence, illustrative=invented, unit=unit)


def _of_preset(path: str, one: StationClass, currency: str) -> Iterator[Assumption]:
    for field in ("rank", "on_duty_people", "vehicles", *_AREAS, "turnout_s", *_COSTS):
        value = getattr(one, field)
        if value is not None:
            yield class_basis(one, field, currency).assumption(f"{path}.{field}", value)


def _of_own(
    path: str, one: StationClass, standard: ResponseStandard, currency: str
) -> Iterator[Assumption]:
    bases = dict.fromkeys(("rank", *_AREAS), Basis()) | dict.fromkeys(_COSTS, Basis(unit=currency))
    yield from left_out(path, one, bases)
    if one.turnout_s is None:
        basis = Basis(standard.source, standard.confidence, unit="s")
        yield basis.assumption(f"{path}.turnout_s", standard.turnout_s)
    if one.illustrative:
        yield Assumption(
            path=path,
            value=one.id,
            source=one.source,
            confidence=one.confidence,
            illustrative=True,
        )
