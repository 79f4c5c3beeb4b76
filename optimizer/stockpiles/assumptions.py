"""What a plan rests on that the request left out."""

from collections.abc import Iterator

from models.answer import Assumption
from models.stockpiles import StockRequest

_DEFAULT = "default / 默认值"
_PLAN = (
    "Pingshan District 14th Five-Year plan, target 21: first relief within 3 hours"
    " / 坪山区“十四五”规划指标21：受灾群众基本生活3小时内得到初步救助"
)


def assumptions(request: StockRequest) -> tuple[Assumption, ...]:
    """Return the request's own assumptions, every default used, and what is not known of lots."""
    return (*request.assumptions, *_defaults(request), *_unknown(request))


def _defaults(request: StockRequest) -> Iterator[Assumption]:
    values = {
        "bands": ", ".join(f"{one.id}: {one.end_s:g} s" for one in request.bands),
        "deadline_s": f"{request.deadline_s:g} s",
        "travel": request.travel.kind,
        "objectives": ", ".join(one.kind for one in request.objectives),
        "holding_rate": f"{request.holding_rate:.0%}",
        "recovered_share": f"{request.recovered_share:.0%}",
    }
    for path, value in values.items():
        if path not in request.model_fields_set:
            source = _PLAN if path in ("bands", "deadline_s") else _DEFAULT
            confidence = "plan" if path in ("bands", "deadline_s") else None
            yield Assumption(
                path=path, value=value, source=source, confidence=confidence, is_default=True
            )


def _unknown(request: StockRequest) -> Iterator[Assumption]:
    """Yield what plans count on of lots whose quantity or date nobody knows."""
    perishable = {one.id for one in request.items if one.shelf_life_days is not None}
    for n, lot in enumerate(request.lots):
        if lot.quantity is None:
            yield Assumption(
                path=f"lots[{n}].quantity",
                value=f"{lot.sure_quantity:g}",
                source="unknown; its lower bound / 数量未知，按下限计",
                is_default=True,
            )
        if lot.expires_on is None and lot.item_id in perishable:
            first = lot.first_expiry
            yield Assumption(
                path=f"lots[{n}].expires_on",
                value="-" if first is None else first.isoformat(),
                source="unknown; its first possible day, or not counted"
                " / 有效期未知，按最早可能日期计，否则不计入",
                is_default=True,
            )
