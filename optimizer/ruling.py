"""A rule of a request as rows of a program, with its own number and how the rows move with it."""

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from models.text import Text
from optimizer.demand import FloatArray


@dataclass(frozen=True)
class Rule:
    """``lower <= sum of terms[block] @ x[block] <= upper``; its path and text in the request.

    As the rule's ``number`` grows by one, its limits grow by ``step``; None where it has none.
    ``whole``: the number is a count.
    """

    path: str
    text: Text
    terms: dict[str, csr_array]
    lower: FloatArray  # (row,)
    upper: FloatArray
    number: float | None = None
    step: FloatArray = field(default_factory=lambda: np.zeros(0))
    whole: bool = False
