"""Each file of a project in the reference system that is said of it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.cli.importing import request_of
from api.settings import Settings
from instances.coordinates import from_wgs84
from instances.projects import Imported, import_project
from models.faults import Fault

LON, LAT = np.array([114.30, 114.32]), np.array([22.70, 22.71])


def _write(folder: Path, name: str, crs: str, **columns: list[Any]) -> None:
    """Write the two places as a table whose numbers are in ``crs``."""
    x, y = from_wgs84(LON, LAT, crs)
    heads = ",".join(["id", "lon", "lat", *columns])
    rows = [
        ",".join(map(str, [name[0] + str(i), *xy, *(some[i] for some in columns.values())]))
        for i, xy in enumerate(zip(x, y, strict=True))
    ]
    (folder / name).write_text("\n".join([heads, *rows]), encoding="utf-8")


def _settings(folder: Path, **crs_of: str) -> None:
    project = crs_of.pop("project", None)
    lines = ["new_stations = 1"] + ([] if project is None else [f'crs = "{project}"'])
    for name, crs in crs_of.items():
        lines += [f'[files."{name}.csv"]', f'crs = "{crs}"']
    (folder / "project.toml").write_text("\n".join(lines), encoding="utf-8")


def _positions(imported: Imported, part: str) -> list[float]:
    assert imported.request is not None, imported.faults
    places = [one for one in imported.request[part] if one["id"][0] != "f"]
    return [one[axis] for axis in ("lon", "lat") for one in places]


def _codes(imported: Imported) -> list[str]:
    return [note.code for note in imported.notes]


@pytest.mark.parametrize("where", ["project.toml", "mapping.toml"])
def test_a_file_is_read_in_its_own_system_and_the_others_in_the_projects(
    folder: Path, where: str
) -> None:
    _write(folder, "demand.csv", "wgs84", residents=[5, 6])
    _write(folder, "sites.csv", "gcj02")
    said = '[files."sites.csv"]\ncrs = "高德"\n'
    settings = 'crs = "wgs84"\nnew_stations = 1\n'
    (folder / "project.toml").write_text(settings, encoding="utf-8")
    with (folder / where).open("a", encoding="utf-8") as file:
        file.write(said)

    imported = import_project(folder)

    true = pytest.approx([*LON, *LAT], abs=2e-7)
    assert _positions(imported, "demand_points") == true
    assert _positions(imported, "sites") == true
    told = next(note for note in imported.notes if note.code == "project.systems")
    assert told.values["files"] == "demand.csv = wgs84, sites.csv = gcj02"


def test_results_leave_in_the_one_system_that_all_places_came_in(folder: Path) -> None:
    _write(folder, "demand.csv", "bd09", residents=[5, 6])
    _write(folder, "sites.csv", "bd09")
    _settings(folder, project="wgs84", demand="bd09", sites="bd09")

    imported = import_project(folder)

    assert imported.request is not None
    assert imported.request["source_crs"] == "bd09"
    assert not [code for code in _codes(imported) if "several" in code]


@pytest.mark.parametrize(
    ("project", "leaving", "said"),
    [
        ("gcj02", "gcj02", "project.several_systems"),
        (None, None, "project.several_systems_bare"),
    ],
)
def test_results_of_mixed_systems_leave_in_the_projects_else_in_wgs_84(
    folder: Path, project: str | None, leaving: str | None, said: str
) -> None:
    _write(folder, "demand.csv", "gcj02", residents=[5, 6])
    _write(folder, "sites.csv", "bd09")
    _settings(folder, demand="gcj02", sites="bd09", **({"project": project} if project else {}))

    imported = import_project(folder)

    assert imported.request is not None
    assert imported.request.get("source_crs") == leaving
    assert said in _codes(imported)
    assert _positions(imported, "sites") == pytest.approx([*LON, *LAT], abs=2e-7)


def test_what_is_said_of_a_file_stands_above_its_own_word_and_that_of_the_command_line(
    folder: Path,
) -> None:
    x, y = from_wgs84(LON, LAT, "gcj02")
    ring = [*zip(x.tolist(), y.tolist(), strict=True), (x[0] + 0.01, y[0]), (x[0], y[0])]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    content = {"type": "FeatureCollection", "features": [feature]}
    (folder / "outline.geojson").write_text(json.dumps(content), encoding="utf-8")
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        file.write('[files."outline.geojson"]\ncrs = "gcj02"\n')

    imported = import_project(folder, crs="wgs84")

    assert imported.request is not None
    (outline,) = imported.request["backdrop"]
    assert outline["geometry"]["coordinates"][0][0] == pytest.approx((LON[0], LAT[0]), abs=2e-7)


@pytest.mark.parametrize(
    ("said", "path", "code"),
    [
        ('[files."sitez.csv"]\ncrs = "gcj02"', "files:sitez.csv", "project.need.listed"),
        (
            '[files."sites.csv"]\ncrs = "moon"',
            "project.toml:files:sites.csv:crs",
            "coordinates.need.crs",
        ),
        (
            '[files."sites.csv"]\nsystem = "gcj02"',
            "project.toml:files:sites.csv",
            "project.need.files",
        ),
        ('[files]\n"sites.csv" = "gcj02"', "project.toml:files:sites.csv", "project.need.files"),
        ('[files."town.osm"]\ncrs = "gcj02"', "files:town.osm:crs", "project.need.osm_system"),
    ],
)
def test_a_system_that_cannot_be_used_is_a_fault(
    folder: Path, said: str, path: str, code: str
) -> None:
    (folder / "town.osm").write_text("<osm/>", encoding="utf-8")
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        file.write(said)

    imported = import_project(folder)

    found = [fault for fault in imported.faults if isinstance(fault, Fault) and fault.path == path]
    assert [fault.need.code for fault in found] == [code]
    assert imported.request is None


def test_shifted_stations_among_plain_sites_are_doubted_alone(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(1)
    ring = [(114.3, 22.66), (114.4, 22.66), (114.4, 22.76), (114.3, 22.76), (114.3, 22.66)]
    feature = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    content = {"type": "FeatureCollection", "features": [feature]}
    (folder / "outline.geojson").write_text(json.dumps(content), encoding="utf-8")
    true = rng.uniform((114.3, 22.66), (114.4, 22.76), (120, 2)).T
    for name, crs in {"demand": "gcj02", "sites": "gcj02", "stations": "gcj02"}.items():
        xy = np.column_stack(from_wgs84(*true, crs))
        rows = [f"{name}{i},{x:.7f},{y:.7f},5,city" for i, (x, y) in enumerate(xy)]
        text = "\n".join(["id,lon,lat,residents,class", *rows])
        if name == "sites":
            text = text.replace(",city", "")
            text = text.replace(",class", "")
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    _settings(folder, project="gcj02", stations="wgs84")
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        file.write('\n[files."outline.geojson"]\ncrs = "wgs84"\n')
    settings = Settings(store_folder=tmp_path / "store")

    request_of(import_project(folder), settings, "en", beside=tmp_path / "request.json")

    said = capfd.readouterr().err
    assert "WARNING: stations" in said
    assert "WARNING: sites" not in said
    assert "WARNING: demand" not in said
    assert [one.name for one in tmp_path.glob("*.html")] == ["request-stations-preview.html"]
