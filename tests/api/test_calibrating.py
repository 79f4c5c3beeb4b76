"""``muster calibrate`` writes a calibration, or a request that travels by it."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli.calibrating import hour_bands
from api.cli.commands import app
from instances.coordinates import from_wgs84
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import ProbabilisticCover
from optimizer.errors import InputError
from tests.optimizer.calibration.runs_in_town import Town


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


@pytest.fixture
def roads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A request over the roads of a town, with a log of runs beside it."""
    town = Town.at(tmp_path)
    monkeypatch.setenv("MUSTER_STORE_FOLDER", str(town.store.root))
    (tmp_path / "runs.csv").write_text("\n".join(town.log(1500)), encoding="utf-8")
    asked = {
        "demand_points": [{"id": "a", "lat": 30.02, "lon": 112.02, "weights": {"residents": 10}}],
        "sites": [{"id": "s", "lat": 30.03, "lon": 112.03}],
        "new_stations": 1,
        "travel": town.travel().model_dump(mode="json"),
    }
    (tmp_path / "request.json").write_text(json.dumps(asked), encoding="utf-8")
    return tmp_path


def _over_roads(folder: Path, *more: str) -> Result:
    given = [str(folder / "runs.csv"), "--request", str(folder / "request.json"), *more]
    return CliRunner().invoke(app, ["calibrate", *given])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_request_over_roads_is_written_with_fitted_speeds_and_solved(
    roads: Path, lang: str
) -> None:
    out = roads / "fitted.json"
    said = _over_roads(roads, "--crs", "wgs84", "--out", str(out), "--lang", lang)
    assert said.exit_code == 0, said.output
    assert "motorway_link" in said.output
    assert ("settled after" if lang == "en" else "收敛") in said.output
    travel = json.loads(out.read_text(encoding="utf-8"))["travel"]
    assert travel["profile"]["speeds_m_s"]["primary"] == pytest.approx(14.0, rel=0.05)
    assert travel["profile"]["start_s"] == pytest.approx(45.0, abs=8)
    assert CliRunner().invoke(app, ["solve", str(out), "--no-explain"]).exit_code == 0


def test_a_log_in_mainland_china_must_name_its_coordinate_system(roads: Path) -> None:
    said = _over_roads(roads)
    assert said.exit_code == 2
    assert "--crs" in said.output


def test_a_log_in_shifted_coordinates_is_moved_back_first(roads: Path) -> None:
    head, *rows = (roads / "runs.csv").read_text(encoding="utf-8").split("\n")
    ends = np.array([row.split(",")[:4] for row in rows], dtype=np.float64).reshape(-1, 2)
    lon, lat = from_wgs84(ends[:, 1], ends[:, 0], "gcj02")
    moved = np.column_stack([lat, lon]).reshape(-1, 4)
    lines = [
        ",".join([*(f"{one:.7f}" for one in at), *row.split(",")[4:]])
        for at, row in zip(moved.tolist(), rows, strict=True)
    ]
    (roads / "runs.csv").write_text("\n".join([head, *lines]), encoding="utf-8")
    out = roads / "fitted.json"
    assert _over_roads(roads, "--crs", "gcj02", "--out", str(out)).exit_code == 0
    speeds = json.loads(out.read_text(encoding="utf-8"))["travel"]["profile"]["speeds_m_s"]
    assert speeds["primary"] == pytest.approx(14.0, rel=0.05)


def test_a_matrix_is_refused_with_the_reason(log: Path, request_file: Path) -> None:
    asked = json.loads(request_file.read_text(encoding="utf-8"))
    asked["travel"] = {"kind": "matrix", "scenarios": [{"travel_time_s": [[60]]}]}
    request_file.write_text(json.dumps(asked), encoding="utf-8")
    said = CliRunner().invoke(app, ["calibrate", str(log), "--request", str(request_file)])
    assert said.exit_code == 2
    assert "a matrix says only how long" in said.output
