"""Times by roads in the cache; what no search could have found is as good as none."""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.roads import ByRoads
from optimizer.cache import Cache, name_of
from optimizer.datasets import DAMAGES
from optimizer.travel.roads.closures import holding_up
from optimizer.travel.roads.plane import FloatArray


def key(travel: ByRoads, demand_deg: FloatArray, sites_deg: FloatArray) -> str:
    """Return the name of the times: a SHA-256 of network, profile, scenarios and places.

    Names, weights and closures that nobody is held up by leave it as it is.
    """
    shape = f"{len(demand_deg)} {len(sites_deg)}"
    return name_of("roads", _roads_of(travel), shape, demand_deg, sites_deg)


def key_of_known(travel: ByRoads) -> str:
    """Return the name of what was last known on these roads, whatever the places."""
    return name_of("known on roads", _roads_of(travel))


def _roads_of(travel: ByRoads) -> str:
    """Return what the times follow from beside the places."""
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
        "network": travel.network.sha256,
        "profile": travel.profile.model_dump(mode="json", exclude={"passes"}),
        "scenarios": scenarios,
        "cutoff_s": travel.cutoff_s,
    }
    return json.dumps(said, sort_keys=True)


def kept(
    cache: Cache, name: str, *, shape: tuple[int, int], count: int
) -> tuple[csr_array, ...] | None:
    """Return the matrices (demand, site) of every scenario, None where none are kept."""
    arrays = cache.load(name)
    if arrays is None:
        return None
    try:
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


def keep(cache: Cache, name: str, matrices: tuple[csr_array, ...]) -> None:
    """Keep the matrices."""
    cache.keep(name, _named(matrices))


def _named(matrices: tuple[csr_array, ...]) -> dict[str, NDArray[Any]]:
    """Return the arrays of all matrices, by names that carry the scenario's number."""
    return {
        f"{part}_{k}": getattr(one, part)
        for k, one in enumerate(matrices)
        for part in ("data", "indices", "indptr")
    }


def _sound(matrix: csr_array) -> bool:
    return bool(matrix.data.dtype == np.float64 and (matrix.data >= 0).all())
