"""When things may be had: windows of months, days of order, what an outlet takes in a period."""

from collections.abc import Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray

from models.rotation import RotationRequest
from models.rotation.calendar import Period, first_day, months_in
from models.rotation.request import Outlet, RequiredStock, Supply
from optimizer.demand import FloatArray


def far_expiry(request: RotationRequest, grid: tuple[Period, ...]) -> int:
    """Return the day from which on stock is good for the whole plan and all it asks for."""
    least = [one.least_remaining_days for one in request.items]
    least += [one.least_remaining_days or 0.0 for one in request.outlets]
    least += [one.least_remaining_days or 0.0 for one in request.refills]
    return grid[-1].last.toordinal() + int(np.ceil(max(least, default=0.0))) + 1


def amounts(outlet: Outlet, grid: tuple[Period, ...], *, whole: bool) -> FloatArray:
    """Return what an outlet takes in each period.

    Months share a year's amount evenly; whole amounts are differences of the rounded-down sum, so
    that they add up.
    """
    months = outlet.months or tuple(range(1, 13))
    taken = [
        sum(
            month % 12 + 1 in months and open_in(outlet.from_day, outlet.until_day, month)
            for month in months_in(one)
        )
        for one in grid
    ]
    total = np.concatenate([[0.0], np.cumsum(taken) * (outlet.per_year / len(months))])
    found: FloatArray = np.diff(np.floor(total + 1e-9) if whole else total)
    return found


def open_in(first: date | None, last: date | None, month: int) -> bool:
    """Return whether a window of days holds a month, counted from its first day to its last."""
    low = 0 if first is None else 12 * first.year + first.month - 1
    high = 10**6 if last is None else 12 * last.year + last.month - 1
    return low <= month <= high


def in_season(months: tuple[int, ...] | None, period: Period) -> bool:
    """Return whether a period holds one of these months of the year."""
    return months is None or any(month % 12 + 1 in months for month in months_in(period))


def order_days(supply: Supply, grid: tuple[Period, ...]) -> Iterator[tuple[int, date]]:
    """Yield each period in which a supply can be ordered, and the day: the first of a month.

    It is the period's first month that the supply allows.
    """
    for t, period in enumerate(grid):
        for month in months_in(period):
            fits = supply.months is None or month % 12 + 1 in supply.months
            if fits and open_in(supply.from_day, supply.until_day, month):
                yield t, first_day(month)
                break


def in_force(one: RequiredStock, grid: tuple[Period, ...]) -> NDArray[np.bool_]:
    """Return in which periods something is required: those whose last month is in its window."""
    return np.array(
        [open_in(one.from_day, one.until_day, months_in(each)[-1]) for each in grid], dtype=np.bool_
    )
