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
    r"""Weighted need not delivered by the end of its band, expected over the scenarios.

    .. math:: E[U], \quad U_s = \sum_b w_b \sum_{j,k} w_k v_{jkbs}
    """

    kind: Literal["unmet"] = "unmet"


class UnmetRisk(_Aim):
    r"""The same in the worst scenarios: the conditional value at risk.

    .. math:: \min_\eta \eta + E[(U - \eta)^+] / (1 - \alpha)

    Rockafellar, R. T. and Uryasev, S. (2000). Optimization of conditional value-at-risk.
    Journal of Risk 2(3). https://doi.org/10.21314/JOR.2000.038
    """

    kind: Literal["unmet_risk"] = "unmet_risk"
    alpha: Annotated[float, Field(ge=0, lt=1)] = 0.9


class YearlyCost(_Aim):
    """What the stock costs a year: depots, capital tied up, replacement, kits and fees."""

    kind: Literal["cost"] = "cost"


class LargestShare(_Aim):
    """Fairness: the largest share of its expected need that an area of ``level`` goes without.

    ``level`` ``block`` compares single blocks.
    """

    kind: Literal["largest_share"] = "largest_share"
    level: Identifier = "block"


StockObjective = Annotated[
    Unmet | UnmetRisk | YearlyCost | LargestShare, Field(discriminator="kind")
]
DEFAULT_ORDER: tuple[StockObjective, ...] = (Unmet(), YearlyCost())
