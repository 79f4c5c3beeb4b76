"""The rules of a request as rows, each with its number and how the rows move with it.

Those of the first stage alone speak of its columns; those about who is served speak of the
recourse too and need the whole program.
"""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array

from models.stockpiles.rules import Minimum
from models.text import Label, Text
from optimizer.demand import FloatArray
from optimizer.ruling import Rule
from optimizer.stockpiles.first_stage import FirstStage
from optimizer.stockpiles.instance import residents


def first_rules(first: FirstStage) -> tuple[Rule, ...]:
    """Return the rules on what is decided beforehand."""
    return (*_room(first), *_money(first), *_minimums(first))


def _room(first: FirstStage) -> Iterator[Rule]:
    """Yield what depots have room for; a weight only where the floor's load is known."""
    depots = first.instance.request.depots
    volume = np.array([one.volume_m3 for one in depots])
    load = np.array([np.inf if one.weight_kg is None else one.weight_kg for one in depots])
    limits = (("volume_m3", first.volume, volume), ("weight_kg", first.load, load))
    for name, matrix, limit in limits:
        for n in np.flatnonzero(np.isfinite(limit)):
            row = csr_array(matrix[[n]])
            if row.nnz == 0:
                continue
            yield Rule(
                path=f"depots[{n}].{name}",
                text=_text(name, depot=_called(depots[n]), limit=float(limit[n])),
                terms=_split(first, row),
                lower=np.array([-np.inf]),
                upper=np.array([limit[n]]),
                number=float(limit[n]),
                step=np.ones(1),
            )
    for n, depot in enumerate(depots):
        if len(depot.sizes) > 1:
            row = csr_array(first.choices[[n]])
            yield _at_most(
                first, f"depots[{n}].sizes", _text("sizes", depot=_called(depot)), row, 1.0, None
            )


def _money(first: FirstStage) -> Iterator[Rule]:
    request = first.instance.request
    rules = request.rules
    outlay = csr_array(first.outlay[None])
    if rules.budget is not None:
        text = _text("budget", limit=rules.budget, currency=request.currency)
        free = first.outlay_now
        yield _at_most(first, "rules.budget", text, outlay, rules.budget + free, rules.budget)
    if rules.yearly_budget is not None:
        text = _text("yearly_budget", limit=rules.yearly_budget, currency=request.currency)
        upper = rules.yearly_budget - first.cost_now
        yield _at_most(
            first,
            "rules.yearly_budget",
            text,
            csr_array(first.cost[None]),
            upper,
            rules.yearly_budget,
        )
    for t, tier in enumerate(request.tiers):
        if tier.budget is not None:
            mine = np.where(first.column_tier == t, first.outlay, 0.0)
            kits = first.blocks["kits"]
            free = float(mine[kits] @ first.instance.kit_free)
            text = _text(
                "tier_budget", tier=_called(tier), limit=tier.budget, currency=request.currency
            )
            row = csr_array(mine[None])
            yield _at_most(first, f"tiers[{t}].budget", text, row, tier.budget + free, tier.budget)
    if rules.max_built is not None:
        size = np.zeros(first.width)
        size[first.blocks["size"]] = 1.0
        text = _text("max_built", limit=rules.max_built)
        row = csr_array(size[None])
        count = float(rules.max_built)
        yield _at_most(first, "rules.max_built", text, row, count, count, whole=True)


def _at_most(  # noqa: PLR0913 - a row and what people read of it
    first: FirstStage,
    path: str,
    text: Text,
    row: csr_array,
    upper: float,
    number: float | None,
    *,
    whole: bool = False,
) -> Rule:
    return Rule(
        path=path,
        text=text,
        terms=_split(first, row),
        lower=np.array([-np.inf]),
        upper=np.array([upper]),
        number=number,
        step=np.zeros(1) if number is None else np.ones(1),
        whole=whole,
    )


def _minimums(first: FirstStage) -> Iterator[Rule]:
    request = first.instance.request
    for n, least in enumerate(request.rules.minimums):
        rows = least_rows(first, least)
        per_head = least.per_resident > 0
        yield Rule(
            path=f"rules.minimums[{n}]",
            text=_text(
                "minimum.each" if least.each else "minimum",
                tier=_called(next(one for one in request.tiers if one.id == least.tier)),
                item=_called(next(one for one in request.items if one.id == least.item_id)),
                quantity=least.quantity,
                per_resident=least.per_resident,
            ),
            terms=_split(first, rows[0]),
            lower=rows[1],
            upper=np.full(len(rows[1]), np.inf),
            number=least.per_resident if per_head else least.quantity,
            step=rows[2] if per_head else np.ones(len(rows[1])),
        )


def least_rows(first: FirstStage, least: Minimum) -> tuple[csr_array, FloatArray, FloatArray]:
    """Return a minimum's rows (row, column), their limits, and the residents each counts."""
    instance = first.instance
    request = instance.request
    tier = [one.id for one in request.tiers].index(least.tier)
    item = [one.id for one in request.items].index(least.item_id)
    mine = (instance.tier[instance.holding_source] == tier) & (instance.holding_item == item)
    mine &= instance.holding_source < instance.depot_count
    holdings = np.flatnonzero(mine)
    if not least.each:
        row = np.asarray(first.stock[holdings].sum(axis=0)).reshape(1, -1)
        heads = np.array([residents(request)])
        return csr_array(row), least.quantity + least.per_resident * heads, heads
    depots = [n for n, one in enumerate(request.depots) if one.tier == least.tier]
    heads = np.array([residents(request, request.depots[n].area) for n in depots])
    places = [instance.holding[n, item] for n in depots]
    rows = np.zeros((len(depots), first.width))
    for n, place in enumerate(places):
        if place >= 0:
            rows[n] = first.stock[[place]].toarray()[0]
    return csr_array(rows), least.quantity + least.per_resident * heads, heads


def _split(first: FirstStage, matrix: csr_array) -> dict[str, csr_array]:
    """Return the blocks of a matrix over the first stage's columns that are not empty."""
    by_column = matrix.tocsc()
    parts = {name: csr_array(by_column[:, where]) for name, where in first.blocks.items()}
    found = {name: part for name, part in parts.items() if part.nnz}
    return found or {"buy": parts["buy"]}


def split(first: FirstStage, matrix: csr_array) -> dict[str, csr_array]:
    """Return a matrix over the first stage's columns as terms of a program's rows."""
    return _split(first, matrix)


def _text(name: str, **values: str | float | Label | None) -> Text:
    return Text(code=f"rule.stockpiles.{name}", values=dict(values))


def _called(one: object) -> Label | str:
    name = getattr(one, "name", None)
    return name if isinstance(name, Label) else str(getattr(one, "id"))  # noqa: B009
