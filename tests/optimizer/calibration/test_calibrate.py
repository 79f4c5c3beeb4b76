"""A log of runs to a travel law: planted laws come back, and errors are those of runs held out."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm
from typer.testing import CliRunner

from api.cli.commands import app
from instances.catalog import data_folder
from optimizer.calibration import Columns, Runs, calibrate, read_runs
from optimizer.errors import InputError


def _log(count: int = 4000, sigma: float = 0.3, peak: float = 1.5) -> list[str]:
    """Return runs of a start of 60 s and 10 m/s, half of them at eight in the morning."""
    rng = np.random.default_rng(7)
    distance_m = rng.uniform(200, 6000, count)
    hour = rng.choice([8, 12], count)
    observed_s = (60 + distance_m / 10) * np.where(hour == 8, peak, 1.0)
    observed_s *= np.exp(rng.normal(0, sigma, count))
    rows = zip(distance_m.tolist(), observed_s.tolist(), hour.tolist(), strict=True)
    return ["distance_m,observed_s,hour", *(f"{d:.1f},{t:.1f},{h}" for d, t, h in rows)]


def _runs(lines: list[str]) -> Runs:
    return read_runs(lines, "runs.csv", Columns())


def test_a_planted_law_comes_back_with_its_scatter_and_its_hours() -> None:
    found = calibrate(_runs(_log()), source="runs.csv")

    off_peak, peak = (
        next(one.time_factor for one in found.hour_factors if one.band.id == name)
        for name in ("off_peak", "peak")
    )
    assert peak / off_peak == pytest.approx(1.5, rel=0.05)
    assert found.after.median_ratio == pytest.approx(1.0, abs=0.05)
    assert found.fitted_count + found.held_out_count == 4000


def test_scatter_is_that_of_the_runs() -> None:
    found = calibrate(_runs(_log(peak=1.0)), source="runs.csv")

    assert found.time_sigma == pytest.approx(0.3, abs=0.03)
    assert found.p90_factor == pytest.approx(float(np.exp(0.3 * norm.ppf(0.9))), rel=0.05)
    assert found.law.cruise_speed_m_s == pytest.approx(10.0, rel=0.08)


def test_a_tenth_of_nonsense_hardly_moves_the_law() -> None:
    clean = _log(peak=1.0)
    spoilt = [
        line if i % 10 or i == 0 else line.split(",")[0] + ",7000,12"
        for i, line in enumerate(clean)
    ]

    found = calibrate(_runs(spoilt), source="runs.csv")

    assert found.law.cruise_speed_m_s == pytest.approx(10.0, rel=0.2)


def test_runs_that_cannot_be_true_are_left_out_and_counted() -> None:
    lines = [*_log(100), "5000,0,12", "500,8000,12", "9000,60,12"]

    outliers = _runs(lines).outliers

    assert (outliers.no_time, outliers.too_long, outliers.too_fast) == (1, 1, 1)


def test_every_bad_cell_is_named() -> None:
    lines = [*_log(60), "many,300,12", "500,soon,25"]

    with pytest.raises(InputError) as caught:
        _runs(lines)

    assert [fault.path for fault in caught.value.faults] == [
        "runs.csv: 62, distance_m",
        "runs.csv: 63, observed_s",
        "runs.csv: 63, hour",
    ]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (_log(20), "calibration.need_runs"),
        (["distance_m,observed_s"] + ["500,90"] * 60, "calibration.need_varied_distance"),
    ],
)
def test_a_log_that_shows_no_law_is_refused(lines: list[str], code: str) -> None:
    with pytest.raises(InputError) as caught:
        calibrate(_runs(lines), source="runs.csv")
    assert code in {fault.need.code for fault in caught.value.faults}


def test_the_command_line_writes_a_request_that_travels_by_the_law(tmp_path: Path) -> None:
    (tmp_path / "runs.csv").write_text("\n".join(_log(500)), encoding="utf-8")
    request = {
        "demand_points": [{"id": "p", "lat": 22.7, "lon": 114.3}],
        "sites": [{"id": "s", "lat": 22.71, "lon": 114.3}],
        "new_stations": 1,
    }
    (tmp_path / "request.json").write_text(json.dumps(request), encoding="utf-8")
    out = tmp_path / "fitted.json"
    arguments = ["calibrate", str(tmp_path / "runs.csv"), "--out", str(out), "--lang", "zh"]

    done = CliRunner().invoke(app, [*arguments, "--request", str(tmp_path / "request.json")])

    assert done.exit_code == 0
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["time_sigma"] > 0
    assert {one["id"] for one in written["travel"]["scenarios"]} == {"peak", "off_peak"}
    assert CliRunner().invoke(app, ["solve", str(out), "--no-explain"]).exit_code == 0


def test_london_is_described_within_a_few_hundredths() -> None:
    folder = data_folder()
    path = None if folder is None else folder / "lfb" / "prediction_results.csv"
    if path is None or not path.is_file():
        pytest.skip("no London runs; set MUSTER_DATA to the folder of published data")
    with path.open(encoding="utf-8") as lines:
        runs = read_runs(lines, path.name, Columns("Distance", "Real", "Time"))

    found = calibrate(runs, source=path.name, standard_s=300.0)

    assert len(runs) == 58_453
    middle = [one for one in found.after.bands if 1000 <= one.from_m <= 2000]
    assert len(middle) == 3
    for band in middle:
        assert band.predicted_within == pytest.approx(band.observed_within, abs=0.04)
    assert found.after.right_verdicts > found.before.right_verdicts
