r"""A robust fit of the start, the pace on each class of road, and how slow each hour is.

A run that drives :math:`m_c` metres on class :math:`c` in the hours :math:`h`, and spends
:math:`a` seconds off the roads, has the median (of roads whose time the source gives,
:math:`m_c` are those seconds, and :math:`p_c` is the factor by which they are multiplied)

.. math:: s + f_h \left(a + \sum_c m_c\, p_c\, g_{ch}\right)

with the start :math:`s`, paces :math:`p_c` in seconds per metre, the factors :math:`f_h` of the
hours and those of single classes :math:`g_{ch}`. Both have a geometric mean of 1 over the runs,
the latter also over the time on the classes, so that each number can be told from the others.
Residuals are logarithms of times. Cauchy's loss stops counting a run that is far from all
others; it starts from the fit with a loss that has one minimum only.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from optimizer.calibration.fitting import scatter
from optimizer.demand import FloatArray

SPEEDS_M_S = (0.5, 150 / 3.6)  # the slowest and fastest that a fit may find
_MOST_OF_GIVEN = 4.0  # the factors of given times lie between a quarter and this
_MOST_START_S = 900.0
_MOST_HOUR = 4.0  # the factors of hours lie between a quarter and this
_MOST_CLASS = 2.5
# A class's own factor in an hour is held to 1, as by a prior that most lie within 15 % of it
# where runs scatter by 30 %: what few metres tell of a class is mostly chance.
_PRIOR = 2.0
_SOFT_SCALE = 0.3
_LEAST_S = 1.0

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Driven:
    """What runs drove and how long they took; ``hour`` is -1 where no band has theirs."""

    amount: FloatArray  # (run, class) metres, or seconds that the source gives
    access_s: FloatArray  # (run,)
    observed_s: FloatArray  # (run,)
    hour: NDArray[np.int64]  # (run,) index of a band

    def take(self, index: NDArray[np.int64] | BoolArray) -> "Driven":
        """Return the runs at ``index``."""
        return Driven(
            self.amount[index], self.access_s[index], self.observed_s[index], self.hour[index]
        )


@dataclass(frozen=True)
class Paces:
    """What is fitted; a factor is 1 where none is."""

    start_s: float
    pace: FloatArray  # (class,) seconds per metre, or a factor of given times
    hour_factor: FloatArray  # (band,)
    class_factor: FloatArray  # (class, band)
    error: FloatArray  # (class,) standard errors of the logarithms of paces, NaN where not fitted
    timed: BoolArray  # (class,) whose pace is a factor of given times

    @property
    def limits(self) -> FloatArray:
        """The least and the greatest pace that a fit may find (2, class)."""
        slow, fast = 1 / SPEEDS_M_S[0], 1 / SPEEDS_M_S[1]
        least = np.where(self.timed, 1 / _MOST_OF_GIVEN, fast)
        return np.array([least, np.where(self.timed, _MOST_OF_GIVEN, slow)])

    @property
    def at_bound(self) -> BoolArray:
        """The fitted classes as slow or as fast as a fit may find (class,)."""
        ends = np.isclose(self.pace, self.limits, rtol=1e-3).any(axis=0)
        found: BoolArray = ends & ~np.isnan(self.error)
        return found

    def predicted_s(self, driven: Driven) -> FloatArray:
        """Return the median times (run,)."""
        # One more column, of ones, for the runs that no band has.
        hour_factor = np.append(self.hour_factor, 1.0)[driven.hour]
        class_factor = np.column_stack([self.class_factor, np.ones(len(self.pace))])
        road_s = (driven.amount * (self.pace[:, None] * class_factor).T[driven.hour]).sum(1)
        found: FloatArray = np.maximum(
            self.start_s + hour_factor * (driven.access_s + road_s), _LEAST_S
        )
        return found


@dataclass(frozen=True)
class Unknowns:
    """What is to be fitted, beside the start."""

    classes: BoolArray  # (class,)
    hours: BoolArray  # (band,)
    own: BoolArray  # (class,) that have a factor of their own in each of these hours


def fit_paces(driven: Driven, before: Paces, unknowns: Unknowns) -> Paces:
    """Return the paces that fit; what is not asked for stays as ``before`` has it."""
    layout = _Layout.of(driven, before, unknowns)
    logs = np.log(driven.observed_s)

    def residuals(free: FloatArray) -> FloatArray:
        paces = layout.paces(free)
        found = logs - np.log(paces.predicted_s(driven))
        prior = _PRIOR * np.log(paces.class_factor[unknowns.own])
        return np.concatenate([found, prior.ravel()])

    lows, highs = layout.bounds()
    free = np.clip(layout.start(), lows + 1e-6, highs - 1e-6)
    for loss in ("soft_l1", "cauchy"):
        fit = least_squares(residuals, free, bounds=(lows, highs), loss=loss, f_scale=_SOFT_SCALE)
        free = fit.x
    paces = layout.paces(free)
    spread = scatter(logs - np.log(paces.predicted_s(driven)))
    slopes = np.asarray(fit.jac, dtype=np.float64)
    errors = spread * np.sqrt(np.diag(np.linalg.pinv(slopes.T @ slopes)))
    error = np.full(len(paces.pace), np.nan)
    error[unknowns.classes] = errors[layout.of_classes]
    return replace(paces, error=error)


@dataclass(frozen=True)
class _Layout:
    """Where what stands among the free numbers: the start in minutes, then logarithms.

    The last group of hours has no number of its own: it follows from the others.
    """

    before: Paces
    unknowns: Unknowns
    shares: FloatArray  # (group,) of runs in each fitted band, then in none where some are
    own: NDArray[np.intp]  # classes with factors of their own, the most driven one last
    driven: FloatArray  # (own class,) their shares of seconds

    @property
    def band_count(self) -> int:
        return int(self.unknowns.hours.sum())

    @classmethod
    def of(cls, driven: Driven, before: Paces, unknowns: Unknowns) -> "_Layout":
        counts = [np.count_nonzero(driven.hour == one) for one in np.flatnonzero(unknowns.hours)]
        rest = len(driven.hour) - sum(counts)
        groups = np.array([*counts, rest] if rest else counts, dtype=np.float64)
        seconds = driven.amount.sum(axis=0) * before.pace
        own = np.flatnonzero(unknowns.own)
        own = own[np.argsort(seconds[own], kind="stable")]
        share = seconds[own] / seconds[own].sum()
        return cls(before, unknowns, groups / groups.sum(), own, share)

    @property
    def of_classes(self) -> slice:
        return slice(1, 1 + int(self.unknowns.classes.sum()))

    @property
    def of_hours(self) -> slice:
        start = self.of_classes.stop
        return slice(start, start + len(self.shares) - 1)

    @property
    def of_own(self) -> slice:
        start = self.of_hours.stop
        count = max(len(self.own) - 1, 0) * max(self.band_count - 1, 0)
        return slice(start, start + count)

    def start(self) -> FloatArray:
        free = np.zeros(self.of_own.stop)
        free[0] = max(self.before.start_s, 10.0) / 60
        free[self.of_classes] = np.log(self.before.pace[self.unknowns.classes])
        hours = np.append(np.log(self.before.hour_factor[self.unknowns.hours]), 0.0)
        free[self.of_hours] = hours[: len(self.shares) - 1]
        if self.of_own.stop > self.of_own.start:
            own = self.before.class_factor[np.ix_(self.own, self.unknowns.hours)]
            free[self.of_own] = np.log(own[:-1, :-1]).ravel()
        return free

    def bounds(self) -> tuple[FloatArray, FloatArray]:
        highs = np.empty(self.of_own.stop)
        highs[self.of_hours] = np.log(_MOST_HOUR)
        highs[self.of_own] = np.log(_MOST_CLASS)
        lows = -highs
        lows[0], highs[0] = 0.0, _MOST_START_S / 60
        limits = np.log(self.before.limits[:, self.unknowns.classes])
        lows[self.of_classes], highs[self.of_classes] = limits
        return lows, highs

    def paces(self, free: FloatArray) -> Paces:
        pace = self.before.pace.copy()
        pace[self.unknowns.classes] = np.exp(free[self.of_classes])
        return replace(
            self.before,
            start_s=60 * float(free[0]),
            pace=pace,
            hour_factor=self._hour_factors(free[self.of_hours]),
            class_factor=self._class_factors(free[self.of_own]),
        )

    def _hour_factors(self, logs: FloatArray) -> FloatArray:
        factors = np.ones(len(self.before.hour_factor))
        whole = _completed(logs, self.shares)
        factors[self.unknowns.hours] = np.exp(whole[: self.band_count])
        return factors

    def _class_factors(self, logs: FloatArray) -> FloatArray:
        factors = np.ones_like(self.before.class_factor)
        if logs.size:
            by_class = logs.reshape(len(self.own) - 1, -1).T
            whole = _completed(_completed(by_class, self.driven).T, self.shares[: self.band_count])
            factors[np.ix_(self.own, self.unknowns.hours)] = np.exp(whole)
        return factors


def _completed(logs: FloatArray, shares: FloatArray) -> FloatArray:
    """Return ``logs`` (..., n - 1) with the last of n by which their mean over ``shares`` is 0."""
    last = -(logs @ shares[:-1]) / shares[-1]
    found: FloatArray = np.concatenate([logs, last[..., None]], axis=-1)
    return found
