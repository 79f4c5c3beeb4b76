"""Travel laws fitted to a log of runs."""

from optimizer.calibration.calibrate import HOUR_BANDS, calibrate
from optimizer.calibration.runs import Columns, Runs, read_runs

__all__ = ["HOUR_BANDS", "Columns", "Runs", "calibrate", "read_runs"]
