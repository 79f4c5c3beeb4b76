"""A request's programs as files: read again, each has the optimum its level reports."""

from pathlib import Path

import pytest

from models.run import LevelReport, RunLimits
from optimizer.control import RunControl
from optimizer.fire_stations.export import Format, export
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.levels import Levels
from tests.optimizer.backends.test_export import optimum_of_file
from tests.optimizer.fire_stations.town import request_of

LOSS = {"loss": {"absolute": 400}}
OBJECTIVES = [{"kind": "cover", "within_s": 300} | LOSS, {"kind": "cost"}, {"kind": "mean_time"}]


def solved() -> tuple[Formulation, tuple[LevelReport, ...]]:
    formulation = Formulation(Instance.from_request(request_of(objectives=OBJECTIVES)))
    return formulation, Levels(formulation, RunControl(RunLimits())).climb().reports


@pytest.mark.parametrize("form", ["mps", "lp"])
def test_each_level_is_a_file_with_the_optimum_of_its_report(tmp_path: Path, form: Format) -> None:
    formulation, reports = solved()
    files = export(formulation, reports, tmp_path, stem="town", form=form)
    assert [file.name for file in files] == [f"town-level-{k}.{form}" for k in (1, 2, 3)]
    for file, report in zip(files, reports, strict=True):
        assert optimum_of_file(file) == pytest.approx(report.objective, rel=1e-5)


def test_a_later_file_holds_the_levels_before_it_at_what_they_won(tmp_path: Path) -> None:
    formulation, reports = solved()
    dear = reports[0].model_copy(update={"allowed_loss": 0.0})
    _, second = export(formulation, (dear, reports[1]), tmp_path, stem="town")
    assert optimum_of_file(second) > reports[1].objective + 1.0


def test_levels_without_a_report_are_left_out(tmp_path: Path) -> None:
    formulation, reports = solved()
    assert len(export(formulation, reports[:2], tmp_path, stem="town")) == 2
    assert len(list(tmp_path.iterdir())) == 2


def test_columns_carry_the_names_of_their_blocks(tmp_path: Path) -> None:
    formulation, reports = solved()
    _, second, _ = export(formulation, reports, tmp_path, stem="town")
    words = set(second.read_text().split())
    assert {"option_0", "post_0", "missed_300_s_0", "level_0_0"} <= words
