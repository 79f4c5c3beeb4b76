"""Edmonton's roads as published with JEMSS, brought into the arrays of a road network."""

import csv
import io
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from instances.catalog import data_folder
from tests.optimizer.travel.networks import Arrays

_DAY_S = 86_400.0


def edmonton() -> Arrays:
    """Return the network; its times, of lights and siren, come in days."""
    folder = data_folder()
    file = None if folder is None else folder / "edmonton" / "roads.zip"
    if file is None or not file.is_file():
        pytest.skip("the published roads of Edmonton are not there (set MUSTER_DATA)")
    nodes, arcs = _table(file, "nodes.csv", 1), _table(file, "arcs.csv", 4)
    count = len(arcs)
    return {
        "node_lat": nodes[:, 2],
        "node_lon": nodes[:, 1],
        "edge_from": arcs[:, 1].astype(np.int64) - 1,
        "edge_to": arcs[:, 2].astype(np.int64) - 1,
        "edge_length_m": arcs[:, 3] * 1000.0,
        "edge_class": np.zeros(count, dtype=np.int64),
        "class_names": np.array(["road"]),
        "edge_maxspeed_m_s": np.full(count, np.nan),
        "edge_time_s": arcs[:, 4] * _DAY_S,
        "edge_access": np.ones(count, dtype=np.uint8),
        "shape_start": np.zeros(count + 1, dtype=np.int64),
        "shape_lat": np.empty(0),
        "shape_lon": np.empty(0),
    }


def _table(file: Path, name: str, header: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    with ZipFile(file) as folder, folder.open(name) as stream:
        rows = list(csv.reader(io.TextIOWrapper(stream, encoding="utf-8")))
    while header and not rows[header - 1][0].startswith("index"):
        header += 1
    return np.array([[float(one) for one in row[:5] if one] for row in rows[header:] if row[0]])
