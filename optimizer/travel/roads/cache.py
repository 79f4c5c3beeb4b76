"""Times kept beside the datasets, by the hash of everything they follow from.

A file that cannot be read, or holds what no search could have found, is as good as none.
"""

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.roads import ByRoads
from optimizer.datasets import DAMAGES, Store
from optimizer.travel.roads.closures import holding_up
from optimizer.travel.roads.plane import FloatArray

# To be raised whenever the same roads and places come to other times.
_VERSION = 1


def key(travel: ByRoads, demand_deg: FloatArray, sites_deg: FloatArray) -> str:
    """Return the name of the times: a SHA-256 of network, profile, scenarios and places.

    Names, weights and closures that nobody is held up by leave it as it is.
    """
    scenarios = [
        {
            "time_factor": one.time_factor,
            "class_time_factors": one.factors(),
            "closures": [
                closure.model_dump(mode="json", exclude={"id", "name", "illustrative"})
                for closure in holding_up(travel, one)
            ],
        }
        for one in travel.scenarios
    ]
    said = {
        "version": _VERSION,
        "network": travel.network.sha256,
        "profile": travel.profile.model_dump(mode="json", exclude={"passes"}),
        "scenarios": scenarios,
        "cutoff_s": travel.cutoff_s,
        "shape": [len(demand_deg), len(sites_deg)],
    }
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    digest.update(np.ascontiguousarray(demand_deg).tobytes())
    digest.update(np.ascontiguousarray(sites_deg).tobytes())
    return digest.hexdigest()


def kept(
    store: Store, name: str, *, shape: tuple[int, int], count: int
) -> tuple[csr_array, ...] | None:
    """Return the matrices (demand, site) of every scenario, None where none are kept."""
    try:
        with _path(store, name).open("rb") as stream, np.load(stream) as arrays:
            found = tuple(
                csr_array(
                    tuple(arrays[f"{part}_{k}"] for part in ("data", "indices", "indptr")),
                    shape=shape,
                )
                for k in range(count)
            )
        for one in found:
            one.check_format(full_check=True)
    except DAMAGES:
        return None
    return found if all(_sound(one) for one in found) else None


def keep(store: Store, name: str, matrices: tuple[csr_array, ...]) -> None:
    """Keep the matrices; where the folder cannot be written to, nothing is kept."""
    arrays = _named(matrices)
    path = _path(store, name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as stream:
            np.savez(stream, **arrays)  # type: ignore[arg-type]
        Path(stream.name).replace(path)
    except OSError:
        return


def _named(matrices: tuple[csr_array, ...]) -> dict[str, NDArray[Any]]:
    """Return the arrays of all matrices, by names that carry the scenario's number."""
    return {
        f"{part}_{k}": getattr(one, part)
        for k, one in enumerate(matrices)
        for part in ("data", "indices", "indptr")
    }


def _path(store: Store, name: str) -> Path:
    return store.root / "cache" / f"{name}.npz"


def _sound(matrix: csr_array) -> bool:
    return bool(matrix.data.dtype == np.float64 and (matrix.data >= 0).all())
