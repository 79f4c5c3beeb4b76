from pathlib import Path
from threading import Event, Timer

import pytest

from models.run import RunLimits, Status, StopReason
from optimizer.backends import pulp
from optimizer.control import RunControl
from optimizer.errors import BackendError
from tests.optimizer.backends.programs import knapsack, mixed


def cbc_processes() -> set[str]:
    """Return the ids of this process's children that run CBC."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            status = (entry / "status").read_text()
            command = (entry / "cmdline").read_text()
        except OSError:
            continue
        if f"PPid:\t{Path('/proc/self').resolve().name}" in status and "cbc" in command:
            found.add(entry.name)
    return found


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc to see processes")
def test_cancelling_leaves_no_process_and_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    seen: list[set[str]] = []
    flag = Event()

    def cancel() -> None:
        seen.append(cbc_processes())
        flag.set()

    Timer(0.4, cancel).start()
    outcome = pulp.solve(knapsack(200, 60), RunControl(RunLimits(), cancel=flag))
    assert outcome.stop is StopReason.CANCELLED
    assert len(seen[0]) == 1
    assert cbc_processes() == set()
    assert list(tmp_path.iterdir()) == []


def test_another_of_pulps_solvers_gives_the_same_optimum() -> None:
    outcome = pulp.solve(mixed(), RunControl(RunLimits()), solver="HiGHS")
    assert outcome.status is Status.OPTIMAL
    assert outcome.values == pytest.approx([2.0, 1.5])
    assert outcome.backend.endswith("HiGHS")


@pytest.mark.parametrize(
    ("solver", "fault"),
    [("NOBODY", "knows no solver 'NOBODY'"), ("MIPCL_CMD", "not installed or not licensed")],
)
def test_a_solver_that_is_not_there_is_an_error(solver: str, fault: str) -> None:
    with pytest.raises(BackendError, match=fault):
        pulp.solve(mixed(), RunControl(RunLimits()), solver=solver)


def test_another_solver_refuses_a_node_limit() -> None:
    with pytest.raises(BackendError, match="does not take a node limit"):
        pulp.solve(mixed(), RunControl(RunLimits(node_limit=1)), solver="HiGHS")
