"""What earlier runs have proven of a level, taken from the cache and left there.

A bound follows from the request without its later levels, and from what the earlier levels came
to; it is kept, and found, under a hash of just that. So a question asked again, or changed in a
later level alone, need not prove the same again: a level is over as soon as its plan attains
the bound. Only runs that start from a plan look: the others find the same plan whatever is kept.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import Combination
from models.run import LevelReport
from optimizer.cache import Cache, name_of

_LATER = {"objectives", "staffing", "staging", "limits"}  # what no level hangs on, or only in part


@dataclass(frozen=True)
class Known:
    """The bounds of one request's levels; ``read`` False leaves those that are there alone."""

    request: FireStationRequest
    cache: Cache
    read: bool

    def bound(self, earlier: tuple[LevelReport, ...]) -> float | None:
        """Return the proven bound of the level after ``earlier``, None where none is known."""
        found = self.cache.load(self._name(earlier)) if self.read else None
        bound = None if found is None else found.get("bound")
        if bound is None or bound.shape != () or bound.dtype != np.float64:
            return None
        return float(bound) if np.isfinite(bound) else None

    def keep(self, earlier: tuple[LevelReport, ...], bound: float) -> None:
        """Keep a bound that was proven of the level after ``earlier``."""
        # Whoever has looked has found none; the others most often find it there already.
        keep = self.cache.keep if self.read else self.cache.keep_once
        keep(self._name(earlier), {"bound": np.array(bound, dtype=np.float64)})

    @cached_property
    def _rest(self) -> str:
        return self.request.model_dump_json(exclude=_LATER)

    def _name(self, earlier: tuple[LevelReport, ...]) -> str:
        objectives = self.request.objectives
        if self.request.combination is Combination.LEXICOGRAPHIC:
            before, own = objectives[: len(earlier)], objectives[len(earlier)]
            # What later levels may spend of this one says nothing of its own bound.
            asked = [
                *(one.model_dump_json() for one in before),
                own.model_dump_json(exclude={"loss"}),
            ]
        else:
            asked = [one.model_dump_json() for one in objectives]
        won = [f"{one.objective!r},{one.allowed_loss!r}" for one in earlier]
        return name_of("bound", self._rest, *asked, *won)
