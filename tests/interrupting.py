"""Runs that are stopped here and there, and what must be the same when they are replayed."""

import re
from typing import Any

import numpy as np

from models.base import Model
from models.run import RunReport


class Interrupting:
    """A button that presses and releases itself: whoever asks is stopped now and then.

    So any step of a run may end early, as by a clock, while the run goes on.
    """

    def __init__(self, seed: int, share: float) -> None:
        self._random, self._share = np.random.default_rng(seed), share

    def is_set(self) -> bool:
        """Return True for a share of those who ask."""
        return bool(self._random.random() < self._share)


def told(plan: Model | None, run: RunReport) -> tuple[Any, ...]:
    """Return the plan and all that a report says of how it was found, but for times."""
    levels = [one.model_dump(exclude={"wall_s"}) for one in run.levels]
    return _timeless(plan), levels, [_timeless(one) for one in run.incumbents]


def _timeless(model: Model | None) -> str:
    text = "null" if model is None else model.model_dump_json()
    return re.sub(r'"(wall_s|elapsed_s|node_count|bound|gap)":[^,}]*', "", text)
