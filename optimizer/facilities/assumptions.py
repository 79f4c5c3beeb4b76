"""What a plan rests on that the request left out."""

from collections.abc import Iterator

from models.answer import Assumption
from models.facilities import FacilityRequest
from models.facilities.request import Goal

_DEFAULT = "default / 默认值"


def assumptions(request: FacilityRequest) -> tuple[Assumption, ...]:
    """Return the request's own assumptions, and every default used."""
    return (*request.assumptions, *_defaults(request))


def _defaults(request: FacilityRequest) -> Iterator[Assumption]:
    given = request.model_fields_set
    values = {
        "measure": request.measure,
        "travel": f"{request.travel.kind}, {request.reference_speed_m_s:g} m/s",
    }
    if request.goal is Goal.SET_COVER:
        values["share"] = f"{request.share:.0%}"
    for path, value in values.items():
        if path not in given:
            yield Assumption(path=path, value=value, source=_DEFAULT, is_default=True)
    if request.travel_scenario is None and len(request.travel.scenarios) > 1:
        yield Assumption(
            path="travel_scenario",
            value="max",
            source="the longest way of any scenario / 取各情景中最长的行程",
            is_default=True,
        )
    if request.goal is Goal.SET_COVER and not request.counts_cost:
        yield Assumption(
            path="sites.cost",
            value="1",
            source="no site has a cost, so each counts as one / 各场所均未给出费用，按数量计",
            is_default=True,
        )
