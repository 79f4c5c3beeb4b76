"""Requests and surroundings that the tests of the doors share."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parent.parent.parent
COMMAND = [sys.executable, "-m", "api.cli"]

Muster = Callable[..., subprocess.CompletedProcess[bytes]]


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which a process finds the packages and no setting of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    return kept | {"PYTHONPATH": str(ROOT)} | more


def tiny() -> dict[str, Any]:
    """Return a request of six points and three sites, two of them to be chosen."""
    return {
        "demand_points": [
            {"id": f"p{i}", "x_m": 900.0 * i, "y_m": 0.0, "weights": {"residents": 100 + 7 * i}}
            for i in range(6)
        ],
        "sites": [{"id": f"s{j}", "x_m": 2000.0 * j, "y_m": 300.0} for j in range(3)],
        "new_stations": {"city": 2},
        "limits": {"time_limit_s": 20},
    }


def long() -> dict[str, Any]:
    """Return a request with a plan at once, and a proof that takes far longer than any test."""
    rng = np.random.default_rng(1)
    points, sites = rng.uniform(0, 30_000, (1500, 2)), rng.uniform(0, 30_000, (300, 2))
    weights = rng.integers(1, 100, len(points)).tolist()
    return {
        "demand_points": [
            {"id": f"p{i}", "x_m": x, "y_m": y, "weights": {"residents": weight}}
            for i, ((x, y), weight) in enumerate(zip(points.tolist(), weights, strict=True))
        ],
        "sites": [{"id": f"s{j}", "x_m": x, "y_m": y} for j, (x, y) in enumerate(sites.tolist())],
        "new_stations": {"city": 40},
        "objectives": [{"kind": "backup"}],
        "limits": {"time_limit_s": 300},
    }


def timeless(value: Any) -> Any:
    """Return an answer without what differs from run to run: the clock's readings."""
    if isinstance(value, dict):
        return {key: timeless(inner) for key, inner in value.items() if key not in _TIMES}
    return [timeless(inner) for inner in value] if isinstance(value, list) else value


_TIMES = {"wall_s", "elapsed_s"}
