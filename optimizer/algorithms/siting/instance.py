"""A location problem as arrays, and what a search gives back."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from models.run import Incumbent, Status, StopReason, relative_gap
from optimizer.algorithms.siting.choice import FloatArray, IndexArray
from optimizer.errors import BackendError

Rounding = Literal["none", "nearest", "down"]


class Distance(Protocol):
    """How far every place is from every site, asked for by parts."""

    @property
    def shape(self) -> tuple[int, int]:
        """The number of places and of sites."""

    def part(self, places: IndexArray | slice, sites: IndexArray | slice) -> FloatArray:
        """Return the distances (place, site) of some."""


@dataclass(frozen=True)
class GivenDistance:
    """Distances as a matrix (place, site)."""

    matrix: NDArray[np.float64]

    @property
    def shape(self) -> tuple[int, int]:
        """The number of places and of sites."""
        return self.matrix.shape[0], self.matrix.shape[1]

    def part(self, places: IndexArray | slice, sites: IndexArray | slice) -> FloatArray:
        """Return the distances (place, site) of some."""
        rows = self.matrix[places]
        return rows if isinstance(sites, slice) and sites == slice(None) else rows[:, sites]


@dataclass(frozen=True)
class PlaneDistance:
    """Straight lines between points of a plane, rounded as the instance's source rounds them."""

    places: FloatArray  # (place, x and y)
    sites: FloatArray  # (site, x and y)
    rounding: Rounding = "none"

    @property
    def shape(self) -> tuple[int, int]:
        """The number of places and of sites."""
        return len(self.places), len(self.sites)

    def part(self, places: IndexArray | slice, sites: IndexArray | slice) -> FloatArray:
        """Return the distances (place, site) of some."""
        at, to = self.places[places], self.sites[sites]
        across, up = (at[:, None, axis] - to[None, :, axis] for axis in (0, 1))
        return self._rounded(np.sqrt(across * across + up * up))

    def nearest(self, count: int) -> tuple[IndexArray, FloatArray, FloatArray]:
        """Return so many near sites of each place, how far these are, and how far others at least.

        Examples
        --------
        >>> line = PlaneDistance(np.array([[0.0, 0.0]]), np.array([[3.0, 0.0], [9, 0], [4, 0]]))
        >>> sites, far, others = line.nearest(2)
        >>> sites.tolist(), far.tolist(), others.round(6).tolist()
        ([[0, 2]], [[3.0, 4.0]], [4.0])
        """
        told = cKDTree(self.sites).query(self.places, np.arange(1, count + 1))
        found, near = np.asarray(told[0]), np.asarray(told[1], dtype=np.intp)
        across, up = (self.places[:, None, axis] - self.sites[near, axis] for axis in (0, 1))
        others = found[:, -1] * (1.0 - 1e-12)  # the tree may sum in another order
        return near, self._rounded(np.sqrt(across * across + up * up)), self._rounded(others)

    def _rounded(self, far: FloatArray) -> FloatArray:
        if self.rounding == "none":
            return far
        return np.rint(far) if self.rounding == "nearest" else np.floor(far)


@dataclass(frozen=True)
class LocationInstance:
    """Places with weights, sites, and how many of them to open.

    ``opened`` sites are open already and count; ``closed`` ones may not be. ``count`` is for the
    kinds that are told how many; ``radius`` for those that cover, ``cost`` for those that pay.
    """

    distance: Distance
    weight: FloatArray  # (place,)
    count: int
    radius: float | None = None
    opened: IndexArray = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    closed: IndexArray = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    cost: FloatArray | None = None  # (site,), not negative

    @property
    def feasible(self) -> bool:
        """Whether so many sites can be open."""
        free = self.distance.shape[1] - len(self.closed)
        clash = len(np.intersect1d(self.opened, self.closed)) > 0
        return not clash and max(1, len(self.opened)) <= self.count <= free


@dataclass(frozen=True)
class Work:
    """What a search did: the same on every machine that runs to the end."""

    nodes: int = 0
    steps: int = 0


@dataclass(frozen=True)
class Found:
    """What a search came to; ``objective`` was counted afresh from the instance."""

    status: Status
    stop: StopReason
    objective: float | None
    bound: float | None
    chosen: tuple[int, ...]
    incumbents: tuple[Incumbent, ...]
    work: Work

    @property
    def gap(self) -> float | None:
        """How far objective and bound are apart, relative."""
        return relative_gap(self.objective, self.bound)


def impossible() -> Found:
    """Return the answer to a question that no choice meets."""
    return Found(Status.INFEASIBLE, StopReason.PROOF, None, None, (), (), Work())


def agree(claimed: float, counted: float) -> None:
    """Raise unless a search's own figure is the one that counting gives."""
    if abs(claimed - counted) > 1e-9 * max(1.0, abs(counted)):
        raise BackendError(f"the search says {claimed!r}, counting says {counted!r}")
