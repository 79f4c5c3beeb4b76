"""The catalog of published instances, and its readers on the real files."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from instances import catalog
from models.fire_stations import FireStationRequest
from models.travel import ByMatrix

PRESENT = bool(catalog.entries())
needs_data = pytest.mark.skipif(
    not PRESENT, reason="published data absent: set MUSTER_DATA to its folder"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one tiny set-covering file and one that is listed but absent."""
    (tmp_path / "scp").mkdir()
    (tmp_path / "scp" / "tiny.txt").write_text("1 2\n5 3\n2 1 2\n")
    (tmp_path / "scp" / "best_known.csv").write_text(
        "instance,parameter,optimum,status,source\n"
        "tiny,SCP;sets=1;elements=2,3,optimal,by hand\n"
        "absent,SCP;sets=1;elements=2,3,optimal,by hand\n"
    )
    monkeypatch.setenv("MUSTER_DATA", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_an_instance_comes_with_what_is_known_of_it() -> None:
    request, best_known = catalog.load("tiny")
    assert len(request.sites) == 2
    assert best_known == catalog.BestKnown(3.0, "optimal", "by hand")


@pytest.mark.usefixtures("folder")
def test_only_instances_whose_file_is_there_are_available() -> None:
    assert catalog.available() == ("tiny",)


@pytest.mark.usefixtures("folder")
def test_an_instance_that_is_not_there_is_named() -> None:
    with pytest.raises(catalog.NoDataError, match="absent"):
        catalog.load("absent")


def test_a_data_folder_that_does_not_exist_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSTER_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(catalog.NoDataError, match="MUSTER_DATA"):
        catalog.data_folder()


def test_data_in_the_working_directory_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.delenv("MUSTER_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    assert catalog.data_folder() == Path("data")


@needs_data
def test_the_catalog_lists_every_published_value() -> None:
    count = Counter(entry.family for entry in catalog.entries())
    assert (count["mclp"], count["pmed"], count["pmed-center"]) == (81, 40, 40)
    assert count["scp"] == 45
    assert len(set(catalog.available())) == count.total()


@needs_data
@pytest.mark.parametrize(
    "entry",
    [
        entry
        for entry in (catalog.entries("mclp") if PRESENT else ())
        if entry.parameters["p"] == "1"
    ],
    ids=lambda entry: entry.name,
)
def test_the_best_single_site_covers_what_is_published(entry: catalog.Entry) -> None:
    request, best_known = catalog.load(entry.name)
    assert isinstance(request.demand_points, tuple)
    assert not isinstance(request.standard, str)
    at = np.array([(site.x_m, site.y_m) for site in request.sites], dtype=np.float64)
    weight = np.array([point.weights["residents"] for point in request.demand_points])
    near = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) <= request.standard.within_s
    assert (near @ weight).max() == best_known.value


@needs_data
@pytest.mark.parametrize("name", ["pmed1", "pmed5", "pmed6"])
def test_exchanging_sites_finds_the_published_median(name: str) -> None:
    request, best_known = catalog.load(name)
    distance = _matrix(request)
    chosen = _exchange(distance, request.new_stations["station"].min)
    mean = float(distance[:, chosen].min(axis=1).mean())
    assert mean * best_known.scale == pytest.approx(best_known.value)


@needs_data
@pytest.mark.parametrize(("name", "rows", "columns"), [("scp41", 200, 1000), ("scpd5", 400, 4000)])
def test_set_covering_files_read_to_the_last_row(name: str, rows: int, columns: int) -> None:
    request, _ = catalog.load(name)
    covered = ~np.isnan(_matrix(request))
    assert covered.shape == (rows, columns)
    assert covered.any(axis=1).all()


def _matrix(request: FireStationRequest) -> np.ndarray:
    assert isinstance(request.travel, ByMatrix)
    return np.array(request.travel.scenarios[0].travel_time_s, dtype=np.float64)


def _exchange(distance: np.ndarray, count: int) -> list[int]:
    """Swap one site for another while that helps: a local optimum, here the best of 20 starts."""
    rng = np.random.default_rng(0)
    starts = [
        _descend(distance, rng.permutation(len(distance))[:count].tolist()) for _ in range(20)
    ]
    return min(starts, key=lambda chosen: float(distance[:, chosen].min(axis=1).sum()))


def _descend(distance: np.ndarray, chosen: list[int]) -> list[int]:
    best = distance[:, chosen].min(axis=1).sum()
    while True:
        totals = []
        for position in range(len(chosen)):
            rest = distance[:, chosen[:position] + chosen[position + 1 :]].min(axis=1)
            totals.append(np.minimum(rest[:, None], distance).sum(axis=0))
        out, into = np.unravel_index(np.argmin(totals), (len(chosen), len(distance)))
        if totals[out][into] >= best:
            return chosen
        best, chosen[out] = totals[out][into], int(into)
