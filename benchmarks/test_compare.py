"""The comparison itself: what peers are given, how they are stopped, and how they are judged."""

import importlib
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from benchmarks.judging import judge
from benchmarks.peers import RefusedError, cp_sat, plain_highs
from benchmarks.programs import program_of
from benchmarks.task import Kind, Task, request_of, store_of, weights_and_distances
from benchmarks.tasks import PEERS, TASKS, write_plane, write_square, write_tiny

compare = pytest.importorskip("benchmarks.compare", reason="psutil absent", exc_type=ImportError)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    write_square(folder, 200, sites=20)
    return folder


@pytest.fixture(params=get_args(Kind))
def tiny(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    folder = tmp_path / "tiny"
    write_tiny(folder, request.param)
    return folder


def enumerated(folder: Path) -> float:
    """Return the best value of all choices of sites, counted from the definition of the kind."""
    task, (weight, distance_m) = Task.read(folder), weights_and_distances(folder)
    sites = range(distance_m.shape[1])
    best: list[float] = []
    for count in sites if task.count is None else [task.count]:
        for chosen in combinations(sites, count):
            nearest = distance_m[:, list(chosen)].min(axis=1, initial=np.inf)
            match task.kind:
                case "cover":
                    best.append(-float(weight[nearest <= task.reach_m].sum()))
                case "set-cover":
                    best += [float(count)] if (nearest <= task.reach_m).all() else []
                case "p-median":
                    best.append(float(weight @ nearest))
                case "p-center":
                    best.append(float(nearest.max()))
    return abs(min(best))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # spopt's way with PuLP is old
@pytest.mark.parametrize("peer", PEERS)
def test_every_peer_proves_the_best_of_all_choices(tiny: Path, peer: str) -> None:
    if peer.startswith("spopt"):
        pytest.importorskip("spopt")
    program = importlib.import_module(f"benchmarks.peers.{peer}")
    found = program.solve(Task.read(tiny), tiny, lambda: 60.0)
    assert found.proven
    verdict = judge(request_of(tiny), found.sites, store_of(tiny))
    assert verdict.valid
    assert verdict.value == pytest.approx(enumerated(tiny), rel=1e-9)


def test_a_peer_runs_in_a_process_of_its_own(small: Path) -> None:
    found = plain_highs.solve(Task.read(small), small, lambda: 60.0)
    assert found is not None
    expected = judge(request_of(small), found.sites, store_of(small))
    run = compare.run("muster", small, 600.0)
    assert (run.outcome, run.value) == ("proven", expected.value)
    assert (run.peer, run.kind, run.places) == ("Muster", "cover", 200)
    assert 0 < run.solve_s <= run.work_s <= run.wall_s
    assert run.peak_mb > 10


def test_a_peer_is_killed_at_the_limit(small: Path) -> None:
    run = compare.run("plain_pulp", small, 0.05)
    assert (run.outcome, run.value, run.work_s) == ("killed", None, None)


def test_an_answer_counts_that_was_written_before_the_process_was_killed(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "_watch", lambda process, _: (process.wait(), True))
    assert compare.run("plain_highs", small, 600.0).outcome == "proven"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("peer", ["spopt_cbc", "spopt_highs", "plain_pulp", "mathopt_highs"])
def test_a_solver_that_is_stopped_claims_no_proof(tmp_path: Path, peer: str) -> None:
    if peer.startswith("spopt"):
        pytest.importorskip("spopt")
    write_plane(tmp_path, "p-center", 60, count=6)
    program = importlib.import_module(f"benchmarks.peers.{peer}")
    found = program.solve(Task.read(tmp_path), tmp_path, lambda: 0.0)  # it is given one second
    assert found is None or not found.proven


def test_a_peer_without_time_claims_no_proof(small: Path) -> None:
    for peer in ("plain_highs", "cp_sat"):
        program = importlib.import_module(f"benchmarks.peers.{peer}")
        found = program.solve(Task.read(small), small, lambda: 0.0)
        assert found is None or not found.proven


def test_numbers_that_are_not_whole_are_refused_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "halves"
    task = Task("halves", "p-median", 1, None)
    task.write(folder, {"weight": np.ones(2), "distance_m": np.array([[0.0, 0.5], [0.5, 0.0]])})
    with pytest.raises(RefusedError, match="costs that are not whole"):
        cp_sat.solve(task, folder, lambda: 10.0)
    run = compare.run("cp_sat", folder, 600.0)
    assert (run.outcome, run.value, run.reason) == ("refused", None, "costs that are not whole")


def test_a_plan_with_too_many_sites_is_judged_wrong(small: Path) -> None:
    assert not judge(request_of(small), tuple(range(11)), store_of(small)).valid
    assert judge(request_of(small), tuple(range(10)), store_of(small)).valid


def test_a_point_is_covered_by_the_same_rule_for_peers_and_verifier(tmp_path: Path) -> None:
    folder = tmp_path / "edge"
    task = Task("edge", "cover", 1, 5.0)
    task.write(folder, {"weight": np.ones(2), "distance_m": np.array([[5.0 + 5e-7], [5.0 + 5e-6]])})
    assert program_of(task, folder).matrix[:2, [0]].toarray().ravel().tolist() == [-1.0, 0.0]
    assert judge(request_of(folder), (0,), store_of(folder)).value == 1.0


def test_every_task_names_peers_that_exist_and_muster_among_them() -> None:
    for listed in TASKS.values():
        assert set(listed.peers) <= set(PEERS)
        assert listed.peers[0] == "muster"


def test_proofs_of_different_values_are_a_contradiction() -> None:
    proof = compare.Run(
        task="square",
        kind="cover",
        places=2,
        peer="one",
        version=None,
        outcome="proven",
        value=10.0,
        best=None,
        limit_s=60.0,
        wall_s=1.0,
        work_s=1.0,
        solve_s=1.0,
        peak_mb=1.0,
    )
    assert compare.contradictions([proof]) == []
    assert len(compare.contradictions([proof, replace(proof, peer="other", value=11.0)])) == 1
