"""One matrix of travel times as a file: CSV to look at, Parquet and NPZ to go on with."""

import io
from pathlib import Path

import numpy as np
import pandas as pd

from api.cli.layers import csv_text
from models.faults import Fault
from models.places import Site
from models.text import Text
from optimizer.demand import DemandArrays, FloatArray
from optimizer.errors import InputError

REQUEST_SUFFIX = ".json"
_SUFFIXES = (REQUEST_SUFFIX, ".csv", ".parquet", ".npz")


def check_suffix(path: Path) -> None:
    """Raise unless a file to write is a request or a matrix by its name."""
    if path.suffix.lower() not in _SUFFIXES:
        need = Text(code="matrix.need.out")
        raise InputError((Fault(path="--out", value=str(path), need=need),))


def matrix_bytes(
    path: Path, times_s: FloatArray, demand: DemandArrays, sites: tuple[Site, ...]
) -> bytes:
    """Return times (demand, site) as the content of ``path``; what is ``inf`` is left empty.

    Parquet has a column per site, NPZ the array ``travel_time_s``: both may be added to the store
    and named by requests as they are.
    """
    known = np.where(np.isfinite(times_s), times_s, np.nan)
    names = [site.id for site in sites]
    if path.suffix.lower() == ".csv":
        rows = (
            [name, *("" if np.isnan(one) else round(one, 3) for one in row)]
            for name, row in zip(demand.ids.tolist(), known.tolist(), strict=True)
        )
        return csv_text(["demand_point", *names], rows).encode()
    buffer = io.BytesIO()
    if path.suffix.lower() == ".parquet":
        pd.DataFrame(known, columns=names).to_parquet(buffer, index=False)
    else:
        point_ids, site_ids = demand.ids.astype(np.str_), np.array(names)
        np.savez_compressed(buffer, travel_time_s=known, demand_ids=point_ids, site_ids=site_ids)
    return buffer.getvalue()
