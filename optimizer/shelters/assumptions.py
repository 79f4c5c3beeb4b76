"""What a plan rests on that the request left out."""

from collections.abc import Iterator

from models.answer import Assumption
from models.shelters import ShelterRequest
from models.shelters.fleet import Fleet

_DEFAULT = "default / 默认值"


def assumptions(request: ShelterRequest) -> tuple[Assumption, ...]:
    """Return the request's own assumptions, and every default used."""
    return (*request.assumptions, *_defaults(request))


def _defaults(request: ShelterRequest) -> Iterator[Assumption]:
    given = {
        "rules.walk_limit_m": ("walk_limit_m" in request.rules.model_fields_set),
        "m2_per_place": "m2_per_place" in request.model_fields_set,
        "travel": "travel" in request.model_fields_set,
        "objectives": "objectives" in request.model_fields_set,
    }
    values = {
        "rules.walk_limit_m": f"{request.rules.walk_limit_m:g} m",
        "m2_per_place": f"{request.m2_per_place:g} m²",
        "travel": f"{request.travel.kind}, {request.reference_speed_m_s:g} m/s",
        "objectives": ", ".join(one.kind for one in request.objectives),
    }
    for path, known in given.items():
        if not known:
            yield Assumption(path=path, value=values[path], source=_DEFAULT, is_default=True)
    yield from _of_balance(request)
    for s, scenario in enumerate(request.scenarios):
        if "m2_per_person" not in scenario.model_fields_set:
            yield Assumption(
                path=f"scenarios[{s}].m2_per_person",
                value=f"{scenario.m2_per_person:g} m²",
                source="GB 21734-2008, 5.4: more than 1.5 m² per person / 每人大于1.5平方米",
                confidence="found",
                is_default=True,
            )
    if request.fleet is not None:
        yield from _of_fleet(request.fleet)
    on_top = [b.id for b in request.blocks if b.listed is not None and b.listed.within is None]
    if on_top:
        yield Assumption(
            path="blocks.listed.within",
            value=f"{len(on_top)}",
            source=(
                "people listed by place come on top of what the blocks count"
                " / 按地点列出的转移人员未计入街块人口"
            ),
            is_default=True,
        )
    missing = [site.id for site in request.sites if site.gross_area_m2 is None]
    if missing:
        yield Assumption(
            path="sites.gross_area_m2",
            value=f"{len(missing)}",
            source="effective area stands in for the gross area / 以有效面积代替总面积",
            is_default=True,
        )


def _of_balance(request: ShelterRequest) -> Iterator[Assumption]:
    rules = request.rules
    asked = rules.fill_balance is not None and any(one.classes for one in request.sites)
    if asked and "balance_within" not in rules.model_fields_set:
        yield Assumption(
            path="rules.balance_within",
            value=rules.balance_within,
            source=_DEFAULT,
            is_default=True,
        )


def _of_fleet(fleet: Fleet) -> Iterator[Assumption]:
    if "deadline_s" not in fleet.model_fields_set:
        yield Assumption(
            path="fleet.deadline_s",
            value=f"{fleet.deadline_s / 3600:g} h",
            source="Pingshan plan: relief within three hours / 坪山规划：3小时内得到救助",
            confidence="found",
            is_default=True,
        )
    if "travel" not in fleet.model_fields_set:
        yield Assumption(path="fleet.travel", value="20 km/h", source=_DEFAULT, is_default=True)
    for n, one in enumerate(fleet.vehicles):
        if "boarding_s" not in one.model_fields_set:
            yield Assumption(
                path=f"fleet.vehicles[{n}].boarding_s",
                value=f"{one.boarding_s / 60:g} min",
                source=_DEFAULT,
                is_default=True,
            )
