"""``muster calibrate`` writes a calibration, or a request that travels by it."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from api.cli import app
from api.cli.calibrating import hour_bands
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import ProbabilisticCover
from optimizer.errors import InputError


@pytest.fixture
def log(tmp_path: Path) -> Path:
    rng = np.random.default_rng(3)
    far_m = rng.uniform(200, 4000, 300)
    times = (40 + far_m / 9) * np.exp(0.2 * rng.standard_normal(300))
    rows = [f"{a:.0f},{b:.0f},{k % 24}" for k, (a, b) in enumerate(zip(far_m, times, strict=True))]
    path = tmp_path / "runs.csv"
    path.write_text("\n".join(["distance_m,observed_s,hour", *rows]), encoding="utf-8")
    return path


@pytest.fixture
def request_file(tmp_path: Path) -> Path:
    asked = {
        "demand_points": [{"id": "a", "lat": 22.7, "lon": 114.3, "weights": {"residents": 10}}],
        "sites": [{"id": "s", "lat": 22.71, "lon": 114.3}],
        "new_stations": 1,
    }
    path = tmp_path / "request.json"
    path.write_text(json.dumps(asked), encoding="utf-8")
    return path


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_calibration_is_written_and_said(log: Path, tmp_path: Path, lang: str) -> None:
    out = tmp_path / "calibration.json"
    said = CliRunner().invoke(app, ["calibrate", str(log), "--out", str(out), "--lang", lang])
    assert said.exit_code == 0, said.output
    assert json.loads(out.read_text(encoding="utf-8"))["held_out_count"] == 90
    assert ("held out" if lang == "en" else "检验") in said.output


def _fitted(log: Path, request_file: Path, **fields: object) -> FireStationRequest:
    """Return the request that the command writes for the given one with ``fields``."""
    asked = json.loads(request_file.read_text(encoding="utf-8")) | fields
    request_file.write_text(json.dumps(asked), encoding="utf-8")
    out = request_file.with_name("fitted.json")
    given = ["calibrate", str(log), "--request", str(request_file), "--out", str(out)]
    said = CliRunner().invoke(app, given)
    assert said.exit_code == 0, said.output
    return FireStationRequest.model_validate_json(out.read_text(encoding="utf-8"))


def _sigmas(request: FireStationRequest) -> list[float]:
    return [one.sigma for one in request.objectives if isinstance(one, ProbabilisticCover)]


def test_probabilistic_cover_goes_by_the_fitted_scatter(log: Path, request_file: Path) -> None:
    written = _fitted(log, request_file, objectives=[{"kind": "probabilistic_cover"}])
    assert written.time_sigma == pytest.approx(0.2, rel=0.25)
    assert _sigmas(written) == [written.time_sigma]


def test_the_fitted_scatter_replaces_an_earlier_one_but_not_a_named_one(
    log: Path, request_file: Path
) -> None:
    kind = {"kind": "probabilistic_cover"}
    objectives = [kind, kind | {"sigma": 0.5}]
    written = _fitted(log, request_file, time_sigma=0.9, objectives=objectives)
    assert _sigmas(written) == [written.time_sigma, 0.5]


def test_defaults_of_the_request_stay_defaults(log: Path, request_file: Path) -> None:
    written = _fitted(log, request_file)
    assert {"travel", "time_sigma"} <= written.model_fields_set
    assert not {"objectives", "rules", "standard", "limits"} & written.model_fields_set


@pytest.mark.parametrize("text", ["night", "night=25-3", "a=1-5,b=5-8", "=1-2", "a=1-2,a=3-4"])
def test_bands_of_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        hour_bands(text)


def test_a_file_that_is_no_utf8_is_refused_without_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    path.write_bytes("距离".encode("gbk"))
    said = CliRunner().invoke(app, ["calibrate", str(path)])
    assert said.exit_code == 2
