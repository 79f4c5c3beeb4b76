"""What a plan rests on that the request left out."""

from collections.abc import Iterator

from models.answer import Assumption
from models.rotation import RotationRequest

_DEFAULT = "default / 默认值"


def assumptions(request: RotationRequest) -> tuple[Assumption, ...]:
    """Return the request's own assumptions, and every default used."""
    return (*request.assumptions, *_defaults(request))


def _defaults(request: RotationRequest) -> Iterator[Assumption]:
    given = request.model_fields_set
    for name in ("years", "months", "whole"):
        if name not in given:
            value = str(getattr(request, name)).lower()
            yield Assumption(path=name, value=value, source=_DEFAULT, is_default=True)
    if "write_off_share_max" not in request.rules.model_fields_set:
        yield Assumption(
            path="rules.write_off_share_max",
            value=f"{request.rules.write_off_share_max:.0%}",
            source="target of this program: no published figure / 本程序目标值，无公布标准",
            is_default=True,
        )
    for path, missing, source in (
        (
            "depots.volume_m3",
            sum(one.volume_m3 <= 0 for one in request.depots),
            "room not given: no limit / 未给出库容，不作限制",
        ),
        (
            "items.shelf_life_days",
            sum(one.shelf_life_days is None for one in request.items),
            "none given: does not expire / 未给出保质期，视为不过期",
        ),
        (
            "items.weight",
            sum("weight" not in one.model_fields_set for one in request.items),
            "a missing unit counts 1 / 缺少一个单位按1计",
        ),
        (
            "supplies.least_life_days",
            sum(one.least_life_days is None for one in request.supplies),
            "on receipt, the item's whole shelf life / 到货时剩余保质期按全期计",
        ),
    ):
        if missing:
            yield Assumption(path=path, value=str(missing), source=source, is_default=True)
    listed = {one.year for one in request.budgets}
    years = range(request.start.year, request.start.year + request.years)
    open_years = [str(one) for one in years if one not in listed]
    if open_years:
        yield Assumption(
            path="budgets",
            value=", ".join(open_years),
            source="years without a budget have no limit / 未列预算的年度不作限制",
            is_default=True,
        )
