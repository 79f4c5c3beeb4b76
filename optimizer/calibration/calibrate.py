"""From a log of runs to a calibrated travel law, judged on a part held out."""

import numpy as np
from numpy.typing import NDArray

from models.calibration import Calibration, HourBand, HourFactor
from models.faults import Fault
from models.text import Label, Text
from models.travel import AccelerationLaw, ByCoordinates, LawScenario
from optimizer.calibration.fitting import (
    fit_class_paces,
    fit_square_root,
    fit_start_and_speed,
    log_residuals,
    scatter,
    slowed,
)
from optimizer.calibration.judging import judge
from optimizer.calibration.runs import Runs
from optimizer.demand import FloatArray
from optimizer.errors import InputError
from optimizer.travel.laws import travel_time

HOUR_BANDS = (
    HourBand(id="night", hours=(22, 23, 0, 1, 2, 3, 4, 5, 6)),
    HourBand(id="peak", hours=(7, 8, 9, 16, 17, 18)),
    HourBand(id="off_peak", hours=(10, 11, 12, 13, 14, 15, 19, 20, 21)),
)
BAND_NAMES = {
    "night": Label(en="Night", zh="夜间"),
    "peak": Label(en="Peak hours", zh="高峰"),
    "off_peak": Label(en="Off-peak", zh="平峰"),
}
FEWEST_RUNS = 50
_HELD_OUT = 0.3
_MIN_SCATTER = 0.01


def calibrate(
    runs: Runs,
    *,
    source: str,
    standard_s: float = 240.0,
    bands: tuple[HourBand, ...] = HOUR_BANDS,
    before: ByCoordinates | None = None,
    seed: int = 1,
) -> Calibration:
    """Return the law that fits ``runs``, its scatter and its errors on the runs held out.

    ``before`` is what the request travelled by; its first scenario is judged beside the new law.

    Raises
    ------
    InputError
        There are fewer than 50 usable runs, or all distances or all times are one value.
    """
    _check(runs, source)
    held, kept = split(len(runs), seed)
    form, law = _better_law(runs.distance_m[kept], runs.observed_s[kept])
    residual = log_residuals(law, runs.distance_m[kept], runs.observed_s[kept])
    factors = _hour_factors(runs, kept, residual, bands)
    # The scenarios carry the hours, so that the scatter is only what the hours leave over.
    by_hour = _factor_of_runs(runs, factors)
    residual = residual - np.log(by_hour[kept])
    sigma, p90_factor = _spread(residual)
    offset_s, speeds = _class_speeds(runs, kept)
    old = before or ByCoordinates()
    far_m, real_s = runs.distance_m[held], runs.observed_s[held]
    kept_s = travel_time(old.scenarios[0].law, runs.distance_m[kept] * old.detour_factor)
    _, old_p90 = spread(runs.observed_s[kept], kept_s)
    old_s = travel_time(old.scenarios[0].law, far_m * old.detour_factor)
    new_s = travel_time(law, far_m) * by_hour[held]
    return Calibration(
        source=source,
        form="square_root" if form else "start_and_speed",
        law=law,
        travel=_travel(law, factors),
        time_sigma=sigma,
        p90_factor=p90_factor,
        class_speeds_m_s=speeds,
        class_offset_s=offset_s,
        hour_factors=factors,
        standard_s=standard_s,
        seed=seed,
        read_count=runs.read_count,
        fitted_count=len(kept),
        held_out_count=len(held),
        outliers=runs.outliers,
        before=judge(far_m, real_s, old_s, standard_s=standard_s, p90_factor=old_p90),
        after=judge(
            far_m, real_s, new_s, standard_s=standard_s, sigma=sigma, p90_factor=p90_factor
        ),
    )


def split(count: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the runs held out and those that are fitted."""
    order = np.random.default_rng(seed).permutation(count)
    held_count = round(_HELD_OUT * count)
    return order[:held_count], order[held_count:]


def spread(observed_s: FloatArray, predicted_s: FloatArray) -> tuple[float, float]:
    """Return the scatter of runs about their predictions, and their P90 factor."""
    return _spread(np.log(observed_s) - np.log(np.maximum(predicted_s, 1.0)))


def need_runs(count: int, read_count: int, source: str) -> None:
    """Raise where there are fewer than 50 runs to go by."""
    if count < FEWEST_RUNS:
        values: dict[str, str | bool | int | float | Label | None] = {
            "count": count,
            "fewest": FEWEST_RUNS,
            "read": read_count,
        }
        need = Text(code="calibration.need_runs", values=values)
        raise InputError((Fault(path=source, need=need),))


def _spread(residual: FloatArray) -> tuple[float, float]:
    sigma = min(max(scatter(residual), _MIN_SCATTER), 5.0)
    return sigma, float(np.exp(np.quantile(residual, 0.9)))


def _better_law(distance_m: FloatArray, observed_s: FloatArray) -> tuple[bool, AccelerationLaw]:
    """Return whether the square-root law fits better by more than a hundredth, and the law."""
    plain, plain_loss = fit_start_and_speed(distance_m, observed_s)
    rooted, rooted_loss = fit_square_root(distance_m, observed_s)
    better = rooted_loss < 0.99 * plain_loss
    return better, rooted if better else plain


def _hour_factors(
    runs: Runs, kept: NDArray[np.int64], residual: FloatArray, bands: tuple[HourBand, ...]
) -> tuple[HourFactor, ...]:
    if runs.hour is None:
        return ()
    factors = []
    for band in bands:
        inside = np.isin(runs.hour[kept], band.hours)
        if inside.sum() >= FEWEST_RUNS:
            factor = float(np.exp(np.median(residual[inside])))
            factors.append(HourFactor(band=band, time_factor=factor, run_count=int(inside.sum())))
    return tuple(factors)


def _factor_of_runs(runs: Runs, factors: tuple[HourFactor, ...]) -> FloatArray:
    """Return the time factor of each run's hour (run,), 1 where no band has it."""
    factor = np.ones(len(runs))
    if runs.hour is not None:
        for one in factors:
            factor[np.isin(runs.hour, one.band.hours)] = one.time_factor
    return factor


def _class_speeds(runs: Runs, kept: NDArray[np.int64]) -> tuple[float | None, dict[str, float]]:
    """Return the start and the speed on each class of road that some run drove on."""
    driven = runs.class_m[kept].sum(axis=0) > 0
    if not driven.any():
        return None, {}
    offset_s, paces = fit_class_paces(runs.class_m[kept][:, driven], runs.observed_s[kept])
    names = [name for name, used in zip(runs.class_ids, driven, strict=True) if used]
    return offset_s, {name: float(1 / pace) for name, pace in zip(names, paces, strict=True)}


def _travel(law: AccelerationLaw, factors: tuple[HourFactor, ...]) -> ByCoordinates:
    """Return the law as travel over straight lines, a scenario per band weighed by its runs."""
    scenarios = tuple(
        LawScenario(
            id=one.band.id,
            name=BAND_NAMES.get(one.band.id),
            weight=float(one.run_count),
            law=slowed(law, one.time_factor),
        )
        for one in factors
    )
    return ByCoordinates(detour_factor=1.0, scenarios=scenarios or (LawScenario(law=law),))


def _check(runs: Runs, source: str) -> None:
    need_runs(len(runs), runs.read_count, source)
    faults = []
    for name, column in (("distance", runs.distance_m), ("time", runs.observed_s)):
        if np.ptp(column) == 0:
            need = Text(code=f"calibration.need_varied_{name}")
            faults.append(Fault(path=source, value=f"{column[0]:g}", need=need))
    if faults:
        raise InputError(tuple(faults))
