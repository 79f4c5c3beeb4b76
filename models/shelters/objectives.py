"""What a plan is judged by; every objective is made as small as can be."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from models.base import Model
from models.quantities import Identifier, Share


class Combination(StrEnum):
    """How several objectives make one choice."""

    LEXICOGRAPHIC = "lexicographic"
    WEIGHTED_SUM = "weighted_sum"


class _Aim(Model):
    """``relative_loss`` is the share later levels may spend of it; ``weight`` is for sums."""

    relative_loss: Share = 0.0
    weight: Annotated[float, Field(ge=0)] = 1.0


class Unmet(_Aim):
    """People without a place, expected over the scenarios."""

    kind: Literal["unmet"] = "unmet"


class UnmetRisk(_Aim):
    r"""People without a place in the worst scenarios: the conditional value at risk.

    .. math:: \min_\eta \eta + E[(U - \eta)^+] / (1 - \alpha)

    Rockafellar, R. T. and Uryasev, S. (2000). Optimization of conditional value-at-risk.
    Journal of Risk 2(3). https://doi.org/10.21314/JOR.2000.038
    """

    kind: Literal["unmet_risk"] = "unmet_risk"
    alpha: Annotated[float, Field(ge=0, lt=1)] = 0.9


class OpeningCost(_Aim):
    """What opening sites costs."""

    kind: Literal["cost"] = "cost"


class Walk(_Aim):
    """Person-metres walked, expected over the scenarios."""

    kind: Literal["walk"] = "walk"


class WorstWalk(_Aim):
    """The longest walk of anybody, in any scenario; for ordered objectives only."""

    kind: Literal["worst_walk"] = "worst_walk"


class LargestShare(_Aim):
    """Fairness: the largest share without a place of any area of ``level``, in any scenario.

    ``level`` ``block`` compares single blocks. The explanation tells its price.
    """

    kind: Literal["largest_share"] = "largest_share"
    level: Identifier = "block"


class Unsuitability(_Aim):
    """Expected people in sites, each counted by what their site lacks of suitability 1."""

    kind: Literal["unsuitability"] = "unsuitability"


ShelterObjective = Annotated[
    Unmet | UnmetRisk | OpeningCost | Walk | WorstWalk | LargestShare | Unsuitability,
    Field(discriminator="kind"),
]
DEFAULT_ORDER: tuple[ShelterObjective, ...] = (Unmet(), OpeningCost(), Walk())
