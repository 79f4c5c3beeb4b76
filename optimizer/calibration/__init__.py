"""Travel laws fitted to a log of runs."""

from optimizer.calibration.calibrate import HOUR_BANDS, calibrate
from optimizer.calibration.on_roads import calibrate_on_roads
from optimizer.calibration.runs import Columns, Runs, read_runs

__all__ = [
    "HOUR_BANDS",
    "Columns",
    "Runs",
    "calibrate",
    "calibrate_on_roads",
    "read_runs",
]
