"""One instance as every peer is given it: files in a folder.

``task.json`` says what is asked, ``arrays.npz`` holds weights and coordinates or distances, and
``request.json`` with ``store/`` is the same question as an ordinary request of Muster.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from instances.plain import METRES_AS_SECONDS
from models.datasets import DatasetReference
from models.facilities import FacilityRequest
from models.facilities.places import FacilitySite
from models.facilities.plan import REACH_TOLERANCE
from models.facilities.request import Goal
from models.places import DemandTable
from models.travel import ByMatrix, MatrixScenario, Travel
from optimizer.datasets import Store

FloatArray = NDArray[np.float64]

Kind = Literal["cover", "p-median", "p-center", "set-cover"]

_GOALS: dict[Kind, Goal] = {
    "cover": Goal.COVER,
    "p-median": Goal.P_MEDIAN,
    "p-center": Goal.P_CENTER,
    "set-cover": Goal.SET_COVER,
}


@dataclass(frozen=True)
class Task:
    """What is asked of some sites: the most cover, the least ways, or the fewest that cover all.

    ``count`` is how many sites open, None for the fewest; ``radius_m`` is None where distance
    alone counts; ``best`` is the best value known, None where nobody knows one.
    """

    name: str
    kind: Kind
    count: int | None
    radius_m: float | None
    best: float | None = None

    @property
    def reach_m(self) -> float:
        """How far a site covers: to the radius, with the slack that the verifier grants."""
        assert self.radius_m is not None
        return self.radius_m + REACH_TOLERANCE

    @property
    def sites_wanted(self) -> int:
        """How many sites open, where that is settled beforehand."""
        assert self.count is not None
        return self.count

    def write(self, folder: Path, arrays: dict[str, FloatArray]) -> None:
        """Write the task to ``folder``, for peers and as a request.

        Beside ``weight`` (demand,) there are the distances ``distance_m`` (demand, site), or the
        coordinates ``x_m``, ``y_m`` (demand,), ``site_x_m`` and ``site_y_m`` (site,).
        """
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "task.json").write_text(json.dumps(asdict(self)), encoding="utf-8")
        np.savez(folder / "arrays.npz", **arrays)  # type: ignore[arg-type]
        request = self._request(arrays, store_of(folder))
        (folder / "request.json").write_text(request.model_dump_json(), encoding="utf-8")

    def _request(self, arrays: dict[str, FloatArray], store: Store) -> FacilityRequest:
        columns: dict[str, np.ndarray] = {
            name: arrays[name] for name in ("weight", "x_m", "y_m") if name in arrays
        }
        travel: Travel = METRES_AS_SECONDS
        if "distance_m" in arrays:
            matrix = store.add_arrays({"travel_time_s": arrays["distance_m"]})
            scenario = MatrixScenario(travel_time_s=DatasetReference(sha256=matrix))
            travel = ByMatrix(scenarios=(scenario,))
            sites = [FacilitySite(id=f"site-{j}") for j in range(arrays["distance_m"].shape[1])]
        else:
            at = zip(arrays["site_x_m"].tolist(), arrays["site_y_m"].tolist(), strict=True)
            sites = [FacilitySite(id=f"site-{j}", x_m=x, y_m=y) for j, (x, y) in enumerate(at)]
        return FacilityRequest(
            demand_points=DemandTable(sha256=store.add_arrays(columns)),
            sites=tuple(sites),
            goal=_GOALS[self.kind],
            number=self.count,
            radius=self.radius_m,
            reference_speed_m_s=1.0,  # so that metres are what the travel says in seconds
            travel=travel,
        )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Return the task in ``folder``."""
        return cls(**json.loads((folder / "task.json").read_text(encoding="utf-8")))


def weights_and_distances(folder: Path) -> tuple[FloatArray, FloatArray]:
    """Return the weights (demand,) and the distances (demand, site) of the task in ``folder``."""
    with np.load(folder / "arrays.npz") as arrays:
        weight: FloatArray = arrays["weight"]
        if "distance_m" in arrays:
            return weight, arrays["distance_m"]
        x_m, y_m, site_x_m, site_y_m = (
            arrays[name] for name in ("x_m", "y_m", "site_x_m", "site_y_m")
        )
    return weight, np.hypot(x_m[:, None] - site_x_m, y_m[:, None] - site_y_m)


def places_of(folder: Path) -> int:
    """Return how many demand points the task in ``folder`` has."""
    with np.load(folder / "arrays.npz") as arrays:
        return len(arrays["weight"])


def request_of(folder: Path) -> FacilityRequest:
    """Return the task in ``folder`` as a request."""
    text = (folder / "request.json").read_text(encoding="utf-8")
    return FacilityRequest.model_validate_json(text)


def store_of(folder: Path) -> Store:
    """Return the dataset store of the task in ``folder``."""
    return Store(folder / "store")
