"""The reasons of a plan: what money can mend and what not, and whether less can expire."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from models.rotation import RotationExplanation, RotationPlan
from models.rotation.explanation import (
    AboveReason,
    BudgetWorth,
    ShortStock,
    WriteOffCap,
    YearAbove,
)
from models.run import Status
from models.text import Text
from optimizer.conflicts import conflict
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.errors import BackendError
from optimizer.quiet import quiet
from optimizer.rotation.formulation import Ceiling, Expression, Formulation
from optimizer.rotation.instance import Instance
from optimizer.rotation.levels import Climb, solved
from optimizer.rotation.solution import NONE
from optimizer.ruling import Rule

_SLACK = 1e-6  # relative: how much more shortfall a plan may have and count as having no more


@dataclass(frozen=True)
class _Remains:
    """What is left of an objective where the budgets do not bind."""

    value: float
    short: FloatArray  # (pair, period)


def explain(
    formulation: Formulation, plan: RotationPlan, climb: Climb, control: RunControl
) -> RotationExplanation:
    """Return the reasons; what the time does not allow is named."""
    left_out: list[Text] = []
    instance = formulation.instance
    free = [one for one in formulation.rules if one.path not in formulation.budget_paths]
    remains = _without(
        formulation, formulation.shortfall, _kept(formulation, plan, 1), free, control
    )
    ceilings = _kept(formulation, plan)
    write_off = _without(formulation, formulation.write_off, ceilings, free, control)
    if remains is None or write_off is None:
        left_out.append(Text(code="explanation.rotation.without_budgets"))
    cap = _cap(formulation, plan, ceilings, control)
    if cap.possible is None:
        left_out.append(Text(code="explanation.rotation.cap"))
    possible = _at_best(formulation, control)
    lost = float(formulation.lost_value.sum())
    return RotationExplanation(
        short=() if remains is None else tuple(_short(instance, plan, remains.short)),
        budget_worth=_worth(formulation, climb),
        least_shortfall=None if remains is None else remains.value,
        least_write_off=None if write_off is None else write_off.value + lost,
        least_possible_shortfall=possible,
        write_off_cap=cap,
        left_out=tuple(left_out),
    )


def _kept(formulation: Formulation, plan: RotationPlan, levels: int | None = None) -> list[Ceiling]:
    """Return the plan's values of the levels before the write-off, or of the first few of them."""
    found = []
    values = plan.objective_values or ()
    for (kind, expression), value in zip(formulation.levels, values, strict=True):
        if kind == "write_off" or (levels is not None and kind == "shortfall"):
            break
        found.append(Ceiling(expression, value + _SLACK * max(1.0, abs(value))))
    return found


def _without(
    formulation: Formulation,
    expression: Expression,
    ceilings: Sequence[Ceiling],
    rules: Sequence[Rule],
    control: RunControl,
) -> _Remains | None:
    program = formulation.program(expression, ceilings, rules=rules)
    outcome = solved(program.relaxed(), quiet(control))
    if outcome.values is None:
        return None
    short = np.zeros_like(formulation.instance.target)
    short[formulation.short] = outcome.values[program.columns["short"]]
    value = outcome.bound if outcome.bound is not None else program.objective(outcome.values)
    return _Remains(max(0.0, value), short)


def _short(instance: Instance, plan: RotationPlan, remains: FloatArray) -> list[ShortStock]:
    """Return every stock that is below its target for a while, the heaviest first."""
    found = []
    for pair, balance in enumerate(plan.balances or ()):
        short = np.array(balance.short)
        periods = np.flatnonzero(short > NONE)
        if not len(periods):
            continue
        weighted = float(short @ instance.length * instance.weight[pair])
        found.append(
            ShortStock(
                depot_id=balance.depot_id,
                item_id=balance.item_id,
                first_period=int(periods[0]),
                last_period=int(periods[-1]),
                worst=float(short.max()),
                shortfall=weighted,
                reason="time" if (remains[pair][periods] > NONE).any() else "budget",
            )
        )
    return sorted(found, key=lambda one: -one.shortfall)


def _worth(formulation: Formulation, climb: Climb) -> tuple[BudgetWorth, ...]:
    """Return the budgets' shadow prices at the levels of shortfall and write-off."""
    kinds = [kind for kind, _ in formulation.levels]
    if len(climb.budget_duals) <= kinds.index("write_off"):
        return ()
    short = climb.budget_duals[kinds.index("shortfall")]
    gone = climb.budget_duals[kinds.index("write_off")]
    years = [rule.text.values["year"] for rule in formulation.rules if "budgets" in rule.path]
    return tuple(
        BudgetWorth(year=int(str(year)), shortfall=max(0.0, -a), write_off=max(0.0, -b))
        for year, a, b in zip(years, short.tolist(), gone.tolist(), strict=True)
    )


def _cap(
    formulation: Formulation, plan: RotationPlan, ceilings: Sequence[Ceiling], control: RunControl
) -> WriteOffCap:
    """Return whether the largest write-off holds, can hold, or why it cannot."""
    limit = formulation.instance.request.rules.write_off_share_max
    years = plan.years or ()
    above = tuple(
        one.year for one in years if one.write_off > limit * one.target_value * (1 + _SLACK) + NONE
    )
    if not above:
        return WriteOffCap(share_max=limit, holds=True, possible=True)
    rules = formulation.rules
    if not formulation.cap_rule:
        rules = (*rules, formulation.write_off_cap())
    program = formulation.program({}, ceilings, rules=rules).relaxed()
    outcome = solved(program, quiet(control))
    reasons = None
    if outcome.status is Status.INFEASIBLE:
        with suppress(BackendError):  # by rounding the rules hold after all
            reasons = conflict(program, rules, control)
    possible = {Status.OPTIMAL: True, Status.INFEASIBLE: False}.get(outcome.status)
    return WriteOffCap(
        share_max=limit,
        holds=False,
        years_above=above,
        by_year=tuple(
            _above(formulation, one.year, one.write_off / one.target_value, ceilings, control)
            for one in years
            if one.year in above
        ),
        possible=possible,
        conflict=reasons,
    )


def _above(
    formulation: Formulation,
    year: int,
    share: float,
    ceilings: Sequence[Ceiling],
    control: RunControl,
) -> YearAbove:
    """Return what the least write-off of a year alone is, with the budgets and without them."""
    n = formulation.instance.years.index(year)
    of_year = {"hold": formulation.write_off_cap().terms["hold"][[n]].toarray()[0]}
    lost, target = float(formulation.lost_value[n]), float(formulation.target_value[n])
    rules = [one for one in formulation.rules if one not in formulation.cap_rule]
    free = [one for one in rules if one.path not in formulation.budget_paths]
    least, without = (
        None if found is None else (found.value + lost) / target
        for found in (
            _without(formulation, of_year, ceilings, each, control) for each in (rules, free)
        )
    )
    limit = formulation.instance.request.rules.write_off_share_max * (1 + _SLACK)
    reason: AboveReason | None = None
    if without is not None and without > limit:
        reason = "book"
    elif least is not None and without is not None:
        reason = "budget" if least > limit else "other_years"
    return YearAbove(
        year=year, share=share, least=least, least_without_budgets=without, reason=reason
    )


def _at_best(formulation: Formulation, control: RunControl) -> float | None:
    """Return the least shortfall where unclear lots hold as much, and last as long, as can be."""
    request = formulation.instance.request
    last = formulation.instance.grid[-1].last
    lots = []
    for lot in request.lots:
        most = lot.quantity
        if most is None:
            most = None if lot.quantity_between is None else lot.quantity_between[1]
        if most is None:
            return 0.0  # nobody knows how much there is: it may be enough
        latest = lot.expires_on or (lot.expires_between[1] if lot.expires_between else last)
        lots.append(
            lot.model_copy(
                update={
                    "quantity": most,
                    "expires_on": latest,
                    "quantity_between": None,
                    "expires_between": None,
                }
            )
        )
    if tuple(lots) == request.lots:
        return None
    best = Formulation(Instance.from_request(request.model_copy(update={"lots": tuple(lots)})))
    outcome = solved(best.program(best.shortfall).relaxed(), quiet(control))
    return None if outcome.bound is None else max(0.0, outcome.bound)
