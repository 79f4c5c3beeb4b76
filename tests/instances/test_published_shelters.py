"""Published capacitated optima, reproduced and proved through ordinary shelter requests."""

import csv

import pytest

from instances import catalog
from instances.readers.capacitated import read_holmberg, read_lorena
from models.run import Status
from models.shelters import ShelterRequest
from optimizer.control import RunControl
from optimizer.shelters.solve import solve

FOLDER = catalog.data_folder()
needs_data = pytest.mark.skipif(
    FOLDER is None or not (FOLDER / "cflp_holmberg" / "p1").is_file(),
    reason="published data absent: set MUSTER_DATA to its folder",
)


def known(family: str, name: str, parameter: str) -> float:
    assert FOLDER is not None
    with (FOLDER / family / "best_known.csv").open(encoding="utf-8", newline="") as file:
        return next(
            float(row["optimum"])
            for row in csv.DictReader(file)
            if row["instance"] == name and row["parameter"].startswith(parameter)
        )


def assert_reproduced(request: ShelterRequest, value: float, seconds: float) -> None:
    limits = request.limits.model_copy(update={"time_limit_s": seconds})
    answer = solve(request, RunControl(limits))
    assert answer.verification is not None
    assert answer.verification.passed
    assert answer.run.objective == pytest.approx(value, abs=0.01)
    assert answer.run.status is Status.OPTIMAL


@needs_data
@pytest.mark.parametrize("name", ["p1", "p2", "p3", "p4"])
def test_a_single_source_optimum_of_holmberg_is_reproduced(name: str) -> None:
    assert FOLDER is not None
    request = read_holmberg(FOLDER / "cflp_holmberg" / name)
    assert_reproduced(request, known("cflp_holmberg", name, "SSCFLP"), 60.0)


@needs_data
@pytest.mark.slow
@pytest.mark.parametrize("number", range(5, 72))
def test_every_single_source_optimum_of_holmberg_is_reproduced(number: int) -> None:
    assert FOLDER is not None
    name = f"p{number}"
    request = read_holmberg(FOLDER / "cflp_holmberg" / name)
    assert_reproduced(request, known("cflp_holmberg", name, "SSCFLP"), 600.0)


@needs_data
@pytest.mark.slow
@pytest.mark.parametrize("name", ["SJC1", "SJC2", "SJC3a", "SJC3b", "SJC4a", "SJC4b"])
def test_a_capacitated_median_of_sao_jose_is_reproduced(name: str) -> None:
    assert FOLDER is not None
    request = read_lorena(FOLDER / "pmedcap" / "lorena_sjc" / f"{name}.dat")
    assert_reproduced(request, known("pmedcap", name, "CPMP"), 1800.0)
