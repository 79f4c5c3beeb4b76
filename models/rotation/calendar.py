"""The periods of a plan: months at first, whole quarters of the calendar after them."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from models.base import Model

_MONTHS = 12
_QUARTER = 3


class Period(Model):
    """A month or a quarter, from its ``first`` day to its ``last``."""

    first: date
    last: date

    @property
    def year(self) -> int:
        """The budget year it lies in."""
        return self.first.year


def month_of(day: date) -> int:
    """Return the number of a day's month, counted through the years.

    Examples
    --------
    >>> month_of(date(2027, 1, 31)) - month_of(date(2026, 12, 1))
    1
    """
    return _MONTHS * day.year + day.month - 1


def first_day(month: int) -> date:
    """Return the first day of a numbered month.

    Examples
    --------
    >>> first_day(month_of(date(2027, 1, 31)))
    datetime.date(2027, 1, 1)
    """
    return date(month // _MONTHS, month % _MONTHS + 1, 1)


def periods(start: date, years: int, months: int) -> tuple[Period, ...]:
    """Return the periods of ``years`` from ``start`` on, which begins a month.

    The first ``months`` of them are months, and so are those up to the next quarter of the
    calendar; the rest are quarters. No period lies in two years.

    Examples
    --------
    >>> grid = periods(date(2026, 12, 1), 2, 2)
    >>> [str(one.first) for one in grid][:4], str(grid[-1].last), len(grid)
    (['2026-12-01', '2027-01-01', '2027-02-01', '2027-03-01'], '2028-11-30', 11)
    """
    edges = [*_edges(month_of(start), years * _MONTHS, min(months, years * _MONTHS))]
    return tuple(
        Period(first=first_day(one), last=first_day(other) - timedelta(days=1))
        for one, other in pairwise(edges)
    )


def _edges(start: int, length: int, months: int) -> Iterator[int]:
    end, now = start + length, start
    while now < end:
        yield now
        by_month = now < start + months or now % _QUARTER
        now = min(end, now + (1 if by_month else _QUARTER))
    yield end


def months_in(period: Period) -> range:
    """Return the numbers of a period's months."""
    return range(month_of(period.first), month_of(period.last) + 1)
