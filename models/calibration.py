"""What a log of runs says about travel times: a fitted law, its scatter, and its errors."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Model
from models.quantities import Count, Identifier, Metres, MetresPerSecond, Seconds, Share
from models.travel import AccelerationLaw, ByCoordinates

Hour = Annotated[int, Field(ge=0, le=23)]
Ratio = Annotated[float, Field(ge=0)]


class HourBand(Model):
    """Hours of the day that share one time factor."""

    id: Identifier
    hours: Annotated[tuple[Hour, ...], Field(min_length=1)]


class HourFactor(Model):
    """How much longer runs of a band take than all runs together (median)."""

    band: HourBand
    time_factor: Annotated[float, Field(gt=0)]
    run_count: Count


class DistanceError(Model):
    """How a law does on held-out runs of one band of distance.

    ``median_ratio`` is predicted over observed; nine tenths of runs take no longer than
    ``p90_ratio`` times the prediction. ``predicted_within`` is the expected share in time.
    """

    from_m: Metres
    to_m: Metres | None = None
    run_count: Count
    median_ratio: Ratio
    mean_absolute_error_s: Seconds
    p90_ratio: Ratio
    observed_within: Share
    predicted_within: Share | None = None


class LawErrors(Model):
    """How a law does on the held-out runs; ``right_verdicts``: on which side of the standard."""

    run_count: Count
    mean_absolute_error_s: Seconds
    median_ratio: Ratio
    right_verdicts: Share
    bands: tuple[DistanceError, ...]


class Outliers(Model):
    """Runs left out, by reason, each counted once."""

    no_time: Count = 0
    too_long: Count = 0
    too_fast: Count = 0


class Calibration(Model):
    """A travel law fitted to a log of runs, judged on runs it was not fitted to.

    ``form`` is the law that fits better: a start plus distance over speed, or Kolesar's square
    root, which is nearly the first at a high acceleration. Distances are straight lines, so that
    ``travel`` has no detour factor. ``time_sigma`` is the robust standard deviation of log
    residuals that the hours leave over, ``p90_factor`` what the median is multiplied by for nine
    tenths of runs.
    """

    kind: Literal["calibration"] = "calibration"
    source: str
    form: Literal["start_and_speed", "square_root"]
    law: AccelerationLaw
    travel: ByCoordinates
    time_sigma: Annotated[float, Field(gt=0, le=5)]
    p90_factor: Ratio
    class_speeds_m_s: dict[Identifier, MetresPerSecond] = Field(default_factory=dict)
    class_offset_s: Seconds | None = None
    hour_factors: tuple[HourFactor, ...] = ()
    standard_s: Seconds
    seed: int
    read_count: Count
    fitted_count: Count
    held_out_count: Count
    outliers: Outliers
    before: LawErrors
    after: LawErrors
