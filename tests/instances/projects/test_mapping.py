"""A mapping of columns: guessed, shown, edited, and given back."""

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from instances.projects import import_project

DEMAND = (
    "编号,经度,纬度,常住人口,60岁以上,备注\na,114.30,22.70,12000,300,\nb,114.31,22.71,30000,500,x\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a project whose elders nothing names as a weight."""
    made = tmp_path / "project"
    made.mkdir()
    _write(made, "demand.csv", DEMAND)
    _write(made, "sites.csv", "id,lon,lat\ns,114.30,22.70\n")
    _write(made, "project.toml", 'crs = "wgs84"\nnew_stations = 1\n')
    return made


def _write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_the_columns_guessed_are_written_and_read_the_same_again(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    saved, out = tmp_path / "mapping.toml", tmp_path / "request.json"
    command = ["import", str(folder), "--out", str(out)]
    assert CliRunner().invoke(app, [*command, "--save-mapping", str(saved)]).exit_code == 0
    first, text = out.read_text(encoding="utf-8"), saved.read_text(encoding="utf-8")
    assert tomllib.loads(text)["demand"]["residents"] == "常住人口"
    assert "60岁以上, 备注" in text

    again = CliRunner().invoke(
        app, [*command, "--mapping", str(saved), "--save-mapping", str(tmp_path / "again.toml")]
    )

    assert again.exit_code == 0, capfd.readouterr().err
    assert out.read_text(encoding="utf-8") == first
    assert (tmp_path / "again.toml").read_text(encoding="utf-8") == text


def test_an_edited_mapping_counts_and_is_found_in_the_folder(folder: Path) -> None:
    text = import_project(folder).mapping
    edited = text.replace("[demand]", '[demand]\nweights.elderly = "60岁以上"')
    _write(folder, "mapping.toml", edited)

    imported = import_project(folder)

    assert imported.faults == ()
    assert imported.request is not None
    weights = [one["weights"] for one in imported.request["demand_points"]]
    assert weights[0] == {"residents": 12000, "elderly": 300}
    assert imported.request["weight_names"] == {"elderly": "60岁以上"}


def test_a_role_that_is_listed_is_read_by_the_list_alone(folder: Path) -> None:
    _write(folder, "demand.csv", DEMAND.replace("备注", "风险等级"))
    _write(
        folder,
        "mapping.toml",
        '[demand]\nid = "编号"\nlon = "经度"\nlat = "纬度"\nresidents = "60岁以上"\n',
    )
    imported = import_project(folder)
    assert imported.faults == ()
    assert imported.request is not None
    assert imported.request["demand_points"][1]["weights"] == {"residents": 500}
    assert "risk_class" not in imported.request["demand_points"][1]


def test_columns_of_the_settings_stand_above_guesses_in_every_table(folder: Path) -> None:
    settings = 'crs = "wgs84"\nnew_stations = 1\n[columns]\nresidents = "60岁以上"\n'
    _write(folder, "project.toml", settings)
    imported = import_project(folder)
    assert imported.faults == ()
    assert imported.request is not None
    assert imported.request["demand_points"][0]["weights"] == {"residents": 300}


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ('[demand]\nid = "Nr."\n', "mapping.toml:demand.id", "project.need.heading"),
        ('residents = "Nr."\n', "mapping.toml:residents", "project.need.heading"),
        ('[demand]\nclass = "备注"\n', "mapping.toml:demand.class", "project.need.field"),
        ("[demand]\nid = 5\n", "mapping.toml:demand.id", "project.need.type"),
        ('[roads]\nid = "x"\n', "mapping.toml:roads", "project.need.field"),
        ("id = \n", "mapping.toml", "project.need.toml"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(
    folder: Path, text: str, path: str, code: str
) -> None:
    _write(folder, "mapping.toml", text)
    imported = import_project(folder)
    assert imported.request is None
    assert (path, code) in {(fault.path, fault.need.code) for fault in imported.faults}


def test_a_mapping_that_is_asked_for_must_be_there(folder: Path) -> None:
    imported = import_project(folder, mapping=folder / "none.toml")
    assert [(one.path, one.need.code) for one in imported.faults] == [
        ("none.toml", "table.need.file")
    ]


def test_headings_of_every_kind_survive_the_mapping(folder: Path) -> None:
    odd = 'say "人口"\\ #1'
    head = 'id,lon,lat,residents,"say ""人口""\\ #1"\n'
    _write(folder, "demand.csv", head + "a,114.3,22.7,5,7\n")
    text = import_project(folder).mapping
    quoted = odd.replace("\\", "\\\\").replace('"', '\\"')
    _write(
        folder, "mapping.toml", text.replace('residents = "residents"', f'residents = "{quoted}"')
    )
    again = import_project(folder)
    assert again.faults == ()
    assert again.request is not None
    assert again.request["demand_points"][0]["weights"] == {"residents": 7}
    (role,) = [text for text in again.mapping.split("[") if text.startswith("demand]")]
    assert tomllib.loads(f"[{role}")["demand"]["residents"] == odd
