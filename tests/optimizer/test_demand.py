from pathlib import Path

import numpy as np

from models.places import DemandTable
from optimizer.datasets import Store
from optimizer.demand import DemandArrays


def test_what_is_empty_in_a_table_is_no_risk_class(tmp_path: Path) -> None:
    store = Store(tmp_path)
    name = store.add_table(
        {
            "lat": np.array([22.7, 22.8]),
            "lon": np.array([114.3, 114.4]),
            "residents": np.array([5.0, 7.0]),
            "risk_class": np.array(["high", None], dtype=object),
        }
    )
    demand = DemandArrays.from_request(DemandTable(sha256=name), store)
    assert demand.risk_class is not None
    assert demand.risk_class.tolist() == ["high", None]
    assert demand.ids.tolist() == ["0", "1"]
