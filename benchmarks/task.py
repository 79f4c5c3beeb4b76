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

from models.fire_stations import FireStationRequest
from optimizer.datasets import Store

FloatArray = NDArray[np.float64]

Kind = Literal["cover", "p-median"]


@dataclass(frozen=True)
class Task:
    """What is asked: ``station_count`` sites with the most cover, or the least weighted distance.

    ``best`` is the best value known, None where nobody knows one.
    """

    name: str
    kind: Kind
    station_count: int
    radius_m: float
    best: float | None = None

    def write(
        self,
        folder: Path,
        arrays: dict[str, FloatArray],
        request: FireStationRequest,
    ) -> None:
        """Write the task to ``folder``; datasets of the request are in its store already."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "task.json").write_text(json.dumps(asdict(self)), encoding="utf-8")
        np.savez(folder / "arrays.npz", **arrays)  # type: ignore[arg-type]
        (folder / "request.json").write_text(request.model_dump_json(), encoding="utf-8")

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


def request_of(folder: Path) -> FireStationRequest:
    """Return the task in ``folder`` as a request."""
    text = (folder / "request.json").read_text(encoding="utf-8")
    return FireStationRequest.model_validate_json(text)


def store_of(folder: Path) -> Store:
    """Return the dataset store of the task in ``folder``."""
    return Store(folder / "store")
