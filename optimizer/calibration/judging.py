"""How a law does on runs it was not fitted to."""

import numpy as np
from scipy.special import ndtr

from models.calibration import DistanceError, LawErrors
from optimizer.demand import FloatArray

BAND_EDGES_M = (0.0, 500.0, 1000.0, 1500.0, 2000.0, 2500.0, 3000.0, 5000.0)


def judge(
    distance_m: FloatArray,
    observed_s: FloatArray,
    predicted_s: FloatArray,
    *,
    standard_s: float,
    sigma: float | None = None,
    p90_factor: float | None = None,
) -> LawErrors:
    """Return the errors of ``predicted_s``, in all and by bands of distance."""
    predicted_s = np.maximum(predicted_s, 1.0)
    highs = (*BAND_EDGES_M[1:], np.inf)
    bands = []
    for low, high in zip(BAND_EDGES_M, highs, strict=True):
        inside = (distance_m >= low) & (distance_m < high)
        if inside.any():
            bands.append(
                _band((low, high), observed_s[inside], predicted_s[inside], standard_s, sigma)
            )
    verdicts = (observed_s <= standard_s) == (predicted_s <= standard_s)
    return LawErrors(
        run_count=len(observed_s),
        mean_absolute_error_s=float(np.abs(observed_s - predicted_s).mean()),
        median_ratio=float(np.median(predicted_s / observed_s)),
        right_verdicts=float(verdicts.mean()),
        within_p90=None
        if p90_factor is None
        else float((observed_s <= p90_factor * predicted_s).mean()),
        bands=tuple(bands),
    )


def _band(
    limits_m: tuple[float, float],
    observed_s: FloatArray,
    predicted_s: FloatArray,
    standard_s: float,
    sigma: float | None,
) -> DistanceError:
    within = None
    if sigma is not None:
        within = float(ndtr((np.log(standard_s) - np.log(predicted_s)) / sigma).mean())
    return DistanceError(
        from_m=limits_m[0],
        to_m=None if np.isinf(limits_m[1]) else limits_m[1],
        run_count=len(observed_s),
        median_ratio=float(np.median(predicted_s / observed_s)),
        mean_absolute_error_s=float(np.abs(observed_s - predicted_s).mean()),
        p90_ratio=float(np.quantile(observed_s / predicted_s, 0.9)),
        observed_within=float((observed_s <= standard_s).mean()),
        predicted_within=within,
    )
