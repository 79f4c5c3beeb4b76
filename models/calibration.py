"""What a log of runs says about travel times: a fitted law, its scatter, and its errors."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Model
from models.quantities import Count, Identifier, Metres, MetresPerSecond, Seconds, Share
from models.roads import ByRoads, Factor
from models.travel import AccelerationLaw, ByCoordinates

Hour = Annotated[int, Field(ge=0, le=23)]
Ratio = Annotated[float, Field(ge=0)]


class HourBand(Model):
    """Hours of the day that share one time factor."""

    id: Identifier
    hours: Annotated[tuple[Hour, ...], Field(min_length=1)]


class HourFactor(Model):
    """How much longer runs of a band take than all runs together (median).

    Over roads a class may have a factor of its own besides, as in `models.roads.RoadScenario`.
    """

    band: HourBand
    time_factor: Annotated[float, Field(gt=0)]
    run_count: Count
    class_time_factors: dict[Identifier, Factor] = Field(default_factory=dict)


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
    """How a law does on the held-out runs; ``right_verdicts``: on which side of the standard.

    ``within_p90`` is the share of runs that take no longer than the 90th percentile the law
    tells: its prediction times its P90 factor.
    """

    run_count: Count
    mean_absolute_error_s: Seconds
    median_ratio: Ratio
    right_verdicts: Share
    within_p90: Share | None = None
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


class ClassSpeed(Model):
    """The mean speed on one class of road before and after a fit.

    ``given_times`` says that it stands for roads whose time the source gives: these times are all
    multiplied by one factor, and keep what they say of single roads.
    ``driven_m`` is what the fitted runs drove on it. Where too few did, or where they say too
    little, it keeps the profile's mean speed (``fitted`` False). ``uncertainty`` is the standard
    error of the fitted speed as a share of it; ``at_bound`` says that the fit ran into the
    slowest or fastest speed it may find.
    """

    road_class: Identifier
    given_times: bool = False
    before_m_s: MetresPerSecond
    after_m_s: MetresPerSecond
    driven_m: Metres
    run_count: Count
    fitted: bool
    uncertainty: Ratio | None = None
    at_bound: bool = False


class RoadCalibration(Model):
    """Speeds by class of road fitted to a log of runs, judged on runs it was not fitted to.

    ``travel`` is the request's with the fitted profile: a start, speeds that stand in place of
    posted limits, and factors for the times that the source gives. Its scenarios are the bands of
    hours, and those of the request that close roads. Runs are sent over the roads, speeds fitted to
    what they drove, and the runs sent again, until no speed moves by more than a hundredth
    (``converged``); ``last_change`` is how far one still moved. ``unrouted_count`` runs have no
    way.
    """

    kind: Literal["road_calibration"] = "road_calibration"
    source: str
    travel: ByRoads
    start_s: Seconds
    classes: tuple[ClassSpeed, ...]
    hour_factors: tuple[HourFactor, ...] = ()
    rounds: Count
    converged: bool
    last_change: Ratio
    time_sigma: Annotated[float, Field(gt=0, le=5)]
    p90_factor: Ratio
    standard_s: Seconds
    seed: int
    read_count: Count
    unrouted_count: Count
    fitted_count: Count
    held_out_count: Count
    outliers: Outliers
    before: LawErrors
    after: LawErrors
