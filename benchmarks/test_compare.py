"""The comparison itself: what peers are given, how they are stopped, and how they are judged."""

import importlib
from pathlib import Path

import pytest

from benchmarks.judging import judge
from benchmarks.peers import plain_pulp
from benchmarks.task import Task, request_of, store_of
from benchmarks.tasks import write_square

compare = pytest.importorskip("benchmarks.compare", reason="psutil absent", exc_type=ImportError)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    folder.mkdir()
    write_square(folder, 200, sites=20)
    return folder


@pytest.mark.parametrize("peer", ["muster", "plain_pulp", "spopt_cbc", "spopt_highs"])
def test_every_peer_proves_the_same_cover(small: Path, peer: str) -> None:
    if peer.startswith("spopt"):
        pytest.importorskip("spopt")
    found = plain_pulp.solve(Task.read(small), small, lambda: 60.0)
    assert found is not None
    expected = judge(request_of(small), found.sites, store_of(small))
    run = compare.run(peer, small, 600.0)
    assert (run.outcome, run.value) == ("proven", expected.value)
    program = importlib.import_module(f"benchmarks.peers.{peer}")
    assert (run.peer, run.version) == (program.label, program.version)
    assert run.wall_s > 0
    assert run.peak_mb > 10


def test_a_peer_is_killed_at_the_limit(small: Path) -> None:
    run = compare.run("plain_pulp", small, 0.05)
    assert (run.outcome, run.value) == ("killed", None)


def test_a_plan_with_too_few_sites_is_judged_wrong(small: Path) -> None:
    assert not judge(request_of(small), (0, 1, 2), store_of(small)).valid
    assert judge(request_of(small), tuple(range(10)), store_of(small)).valid


def test_proofs_of_different_values_are_a_contradiction() -> None:
    proofs = [
        compare.Run("square", peer, None, "proven", value, None, 1.0, 1.0, 1.0)
        for peer, value in (("one", 10.0), ("other", 11.0))
    ]
    assert compare.contradictions(proofs[:1]) == []
    assert len(compare.contradictions(proofs)) == 1
