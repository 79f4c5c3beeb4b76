"""What a plan should be best at: an ordered list, or one weighted sum.

Every time limit is on the clock of the response standard: turnout plus travel.
"Open stations" are those of the plan, the kept ones included. With several travel scenarios a
level is the expected value over them, or the worst of its values over them.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from models.base import Model
from models.quantities import Count, Identifier, Seconds, Share

ScenarioMode = Literal["expected", "worst"]


class Combination(StrEnum):
    """How several objectives become one question."""

    LEXICOGRAPHIC = "lexicographic"
    WEIGHTED_SUM = "weighted_sum"


class Loss(Model):
    """What later levels may spend of a level: an amount in its unit, or a share of its value."""

    absolute: Annotated[float, Field(ge=0)] = 0.0
    relative: Share = 0.0


class _Objective(Model):
    """What all objectives have.

    ``importance`` counts only in a weighted sum: there the sum of ``importance * value`` is
    maximised, with values to be minimised counted negative.
    """

    loss: Loss = Loss()
    importance: Annotated[float, Field(ge=0)] = 1.0


class _Weighted(_Objective):
    """An objective over the demand weight ``weight``."""

    weight: Identifier = "residents"
    scenarios: ScenarioMode = "expected"


class Cover(_Weighted):
    """Maximise the weight whose first station arrives within ``within_s``.

    Church, R. and ReVelle, C. (1974). The maximal covering location problem. ``within_s``
    defaults to the standard's turnout + travel.
    """

    kind: Literal["cover"] = "cover"
    within_s: Seconds | None = None


class FullForce(_Weighted):
    """Maximise the weight reached within ``within_s`` by ``vehicles`` and ``people`` together.

    Both sums run over all open stations that arrive in time, people being those on duty.
    Defaults are the standard's.
    """

    kind: Literal["full_force"] = "full_force"
    within_s: Seconds | None = None
    vehicles: Count | None = None
    people: Count | None = None


class Backup(_Weighted):
    """Maximise the weight that at least two open stations reach within ``second_s``.

    Defaults to the standard's full-force time.
    """

    kind: Literal["backup"] = "backup"
    second_s: Seconds | None = None


class ExpectedCover(_Weighted):
    r"""Maximise expected cover when each unit is busy with probability ``busy_fraction``.

    A point that :math:`n` units reach in time counts :math:`w (1 - q^n)`; units are the vehicles
    of open stations of the listed ``classes`` (None: all).

    Daskin, M. (1983). A maximum expected covering location model. Transportation Science 17(1).
    """

    kind: Literal["expected_cover"] = "expected_cover"
    within_s: Seconds | None = None
    busy_fraction: Annotated[float, Field(ge=0, lt=1)] = 0.1
    classes: tuple[Identifier, ...] | None = None


class CoverStep(Model):
    """Arrival within ``within_s`` is worth ``value``."""

    within_s: Seconds
    value: Share


class GradualCover(_Weighted):
    """Maximise cover that fades in steps; a point counts the value of its best open station.

    Steps ascend in time and descend in value; beyond the last a point counts nothing.
    """

    kind: Literal["gradual_cover"] = "gradual_cover"
    steps: Annotated[tuple[CoverStep, ...], Field(min_length=1)]


class ProbabilisticCover(_Weighted):
    r"""Maximise the expected weight reached in time when response times scatter.

    A point whose best open station has median response time :math:`m` counts
    :math:`w \Phi((\ln T - \ln m) / \sigma)`: times are lognormal around the median.
    """

    kind: Literal["probabilistic_cover"] = "probabilistic_cover"
    within_s: Seconds | None = None
    sigma: Annotated[float, Field(gt=0, le=5)] = 0.35


class MeanTime(_Weighted):
    """Minimise the weighted mean response time of the first station (p-median), in seconds.

    A point counts at most ``unreached_s``, as does one that no open station can reach.
    Hakimi, S. L. (1964). Optimum locations of switching centers and the absolute centers and
    medians of a graph. Operations Research 12(3).
    """

    kind: Literal["mean_time"] = "mean_time"
    unreached_s: Seconds = 3600.0


class WorstTime(_Weighted):
    """Minimise the longest response time over points with some of ``weight`` (p-center).

    A point counts at most ``unreached_s``, as does one that no open station can reach.
    """

    kind: Literal["worst_time"] = "worst_time"
    unreached_s: Seconds = 3600.0


class WorstArea(_Weighted):
    """Maximise the least share covered over the areas of ``level``: covered / coverable weight.

    Coverable is what all sites together would reach in time; areas without any do not count.
    """

    kind: Literal["worst_area"] = "worst_area"
    within_s: Seconds | None = None
    level: Identifier | None = None


class FewestStations(_Objective):
    """Minimise the number of stations the plan opens: built, commissioned or moved.

    With a cover floor among the rules this is (partial) set covering. Toregas, C. et al. (1971).
    The location of emergency service facilities. Operations Research 19(6).
    """

    kind: Literal["fewest_stations"] = "fewest_stations"


class Cost(_Objective):
    """Minimise capital cost + ``horizon_years`` x yearly cost of all open stations."""

    kind: Literal["cost"] = "cost"
    horizon_years: Annotated[float, Field(ge=0, le=100)] = 10.0


Objective = Annotated[
    Cover
    | FullForce
    | Backup
    | ExpectedCover
    | GradualCover
    | ProbabilisticCover
    | MeanTime
    | WorstTime
    | WorstArea
    | FewestStations
    | Cost,
    Field(discriminator="kind"),
]

MAXIMISED = frozenset(
    {
        "cover",
        "full_force",
        "backup",
        "expected_cover",
        "gradual_cover",
        "probabilistic_cover",
        "worst_area",
    }
)

DEFAULT_ORDER: tuple[Objective, ...] = (Cover(), FullForce(), MeanTime(), Cost())
