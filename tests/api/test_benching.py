"""`muster bench` on a data folder of its own."""

import csv
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli.bench_page import Score, page, table
from api.cli.commands import app
from models.run import Status, StopReason


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one set-covering file whose least cost, 3, is published as such."""
    publish(tmp_path, value=3)
    monkeypatch.setenv("MUSTER_DATA", str(tmp_path))
    return tmp_path


def publish(folder: Path, *, value: float, text: str = "1 2\n5 3\n2 1 2\n") -> None:
    (folder / "scp").mkdir(exist_ok=True)
    (folder / "scp" / "tiny.txt").write_text(text, encoding="utf-8")
    (folder / "scp" / "best_known.csv").write_text(
        f"instance,parameter,optimum,status,source\ntiny,SCP;sets=1,{value},optimal,by hand\n",
        encoding="utf-8",
    )


def bench(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["bench", "scp", "--time-limit", "20", *arguments])


def test_a_set_is_solved_and_held_against_what_is_published(folder: Path) -> None:
    result = bench("--out", str(folder / "out.html"))
    assert result.exit_code == 0, result.output
    with (folder / "out.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["instance"], float(row["objective"]), float(row["published"])) == ("tiny", 3.0, 3.0)
    assert (row["status"], float(row["gap"])) == ("proven best", 0.0)
    written = (folder / "out.html").read_text(encoding="utf-8")
    assert "Plotly.newPlot" in written
    assert "default-src 'none'" in written
    assert "tiny" in result.stdout


def test_a_proof_that_contradicts_the_publication_is_our_fault(folder: Path) -> None:
    publish(folder, value=4)
    result = bench()
    assert result.exit_code == 1
    assert "contradicts the published 4" in result.stderr


@pytest.mark.parametrize("language", ["en", "zh"])
def test_absent_data_is_bad_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("MUSTER_DATA", str(tmp_path))
    result = bench("--lang", language)
    assert result.exit_code == 2
    assert "MUSTER_DATA" in result.stderr


@pytest.mark.usefixtures("folder")
def test_an_unknown_instance_is_bad_input() -> None:
    result = bench("--only", "nowhere")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr


def test_a_broken_file_is_bad_input_and_nothing_is_written(folder: Path) -> None:
    publish(folder, value=3, text="1 2\n5\n")
    result = bench("--out", str(folder / "out.html"))
    assert result.exit_code == 2
    assert "tiny.txt" in result.stderr
    assert not (folder / "out.html").exists()


def test_a_set_of_another_name_is_bad_input() -> None:
    result = CliRunner().invoke(app, ["bench", "cups"])
    assert result.exit_code == 2


def test_what_stands_on_the_page_is_escaped() -> None:
    score = Score(
        instance="<b>bold</b>",
        objective=None,
        published=1.0,
        optimum=True,
        status=Status.UNKNOWN,
        stop=StopReason.TIME,
        gap=None,
        wall_s=1.0,
    )
    assert not score.reached
    assert not score.contradicts
    shown = table("scp", [score], "zh", time_limit_s=1.0)
    assert "<b>bold" not in page(shown, [score], "zh", time_limit_s=1.0)
