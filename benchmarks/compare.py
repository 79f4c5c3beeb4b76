"""Muster beside its peers: ``python -m benchmarks.compare``.

Each peer runs in a process of its own on the same files, with the same wall-clock limit and one
thread; at the limit it is killed with all it started. What it answers is judged by our verifier.
Without arguments every task is run by the peers that are worth running at its size, each within
the task's own limit; ``--every-peer`` leaves nobody out.
"""

import argparse
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

import psutil

from benchmarks.judging import judge
from benchmarks.machine import machine
from benchmarks.report import RESULTS, merge, write_report
from benchmarks.task import Kind, Task, places_of, request_of, store_of
from benchmarks.tasks import PEERS, SEED, TASKS, write_tiny
from instances.catalog import NoDataError

ROOT = Path(__file__).parents[1]
_BEAT_S = 0.02
_AGREEMENT = 1e-9  # relative
_COMPILING_S = 900.0
_ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Run:
    """One peer on one task; ``value`` is our verifier's.

    ``outcome`` is ``proven``, ``found`` (a plan, no proof), ``none`` (it ended with nothing),
    ``refused`` (it cannot take the task as it is, for ``reason``), ``killed`` (at the limit, with
    no answer written), ``failed`` (its process broke) or ``wrong`` (our verifier says so).
    ``wall_s`` is the whole process, ``work_s`` its part from when Python and the libraries were
    loaded to the answer, ``solve_s`` the solver's own part.
    """

    task: str
    kind: Kind
    places: int
    peer: str
    version: str | None
    outcome: str
    value: float | None
    best: float | None
    limit_s: float
    wall_s: float
    work_s: float | None
    solve_s: float | None
    peak_mb: float
    reason: str | None = None


@dataclass(frozen=True)
class _Ended:
    """How a process ended; times are of the wall clock."""

    killed: bool
    wall_s: float
    ended_s: float
    peak_bytes: int


def run(peer: str, folder: Path, limit_s: float) -> Run:
    """Run ``peer`` on the task in ``folder`` and return how it went."""
    for written in ("peer.json", "found.json"):
        (folder / written).unlink(missing_ok=True)
    return _judged(peer, folder, limit_s, _ended(peer, folder, limit_s))


def _ended(peer: str, folder: Path, limit_s: float) -> _Ended:
    start = time.monotonic()
    command = [sys.executable, "-m", "benchmarks.peer_process", peer, str(folder)]
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  our own module
            [*command, str(limit_s), str(time.time())],
            cwd=ROOT,
            stdout=log,
            stderr=log,
            env=os.environ | _ALONE | {"TMPDIR": str(folder)},
            start_new_session=True,
        )
        peak_bytes, killed = _watch(process, start + limit_s)
    wall_s = time.monotonic() - start
    return _Ended(killed, wall_s, time.time(), peak_bytes)


def _watch(process: "subprocess.Popen[bytes]", deadline: float) -> tuple[int, bool]:
    """Wait for the end, kill at the deadline; return the peak memory of all its processes.

    Beside it stands whether they had to be killed.
    """
    tree = psutil.Process(process.pid)
    peak_bytes = 0
    while process.poll() is None:
        peak_bytes = max(peak_bytes, _resident_bytes(tree))
        if time.monotonic() >= deadline:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return peak_bytes, True
        time.sleep(_BEAT_S)
    return peak_bytes, False


def _resident_bytes(tree: psutil.Process) -> int:
    total = 0
    try:
        for one in (tree, *tree.children(recursive=True)):
            total += one.memory_info().rss
    except psutil.NoSuchProcess:  # it ended between two looks
        return total
    return total


def _judged(peer: str, folder: Path, limit_s: float, ended: _Ended) -> Run:
    task = Task.read(folder)
    named, told = _written(folder / "peer.json"), _written(folder / "found.json")
    found, value = told.get("found"), None
    if not told:
        outcome = "killed" if ended.killed else "failed"
    elif found is None:
        outcome = "refused" if told["refused"] else "none"
    else:
        verdict = judge(request_of(folder), tuple(found["sites"]), store_of(folder))
        value = verdict.value if math.isfinite(verdict.value) else None
        outcome = "wrong" if not verdict.valid else "proven" if found["proven"] else "found"
    solve_s = None if found is None else found["solve_s"]
    loaded_s = named.get("loaded_s")
    work_s = None if loaded_s is None else told.get("ended_s", ended.ended_s) - loaded_s
    return Run(
        task=task.name,
        kind=task.kind,
        places=places_of(folder),
        peer=named.get("label", peer),
        version=named.get("version"),
        outcome=outcome,
        value=value,
        best=task.best,
        limit_s=limit_s,
        wall_s=round(ended.wall_s, 2),
        work_s=None if work_s is None else round(work_s, 3),
        solve_s=None if solve_s is None else round(solve_s, 3),
        peak_mb=round(ended.peak_bytes / 1e6),
        reason=told.get("refused"),
    )


def _written(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def contradictions(runs: Iterable[Run]) -> list[str]:
    """Return what cannot be: wrong plans, and proofs of different values for one task."""
    told = list(runs)
    wrong = [f"{one.task}: {one.peer} breaks a rule" for one in told if one.outcome == "wrong"]
    for task in {one.task for one in told}:
        proven = {one.peer: one.value for one in told if one.task == task and _is_proof(one)}
        published = {one.best for one in told if one.task == task and one.best is not None}
        values = [value for value in (*proven.values(), *published) if value is not None]
        if values and max(values) - min(values) > _AGREEMENT * max(1.0, abs(max(values))):
            wrong.append(f"{task}: proofs of different values: {proven}, published {published}")
    return wrong


def _is_proof(one: Run) -> bool:
    return one.outcome == "proven"


def compare(
    tasks: Iterable[str], peers: Iterable[str] | None = None, limit_s: float | None = None
) -> Iterator[Run]:
    """Run peers on every task, one after the other, and yield how each went.

    Without ``peers`` and ``limit_s`` those of the task hold.
    """
    with tempfile.TemporaryDirectory() as parent:
        _compile(Path(parent))
        for name in tasks:
            listed, folder = TASKS[name], Path(parent) / name
            folder.mkdir()
            try:
                listed.write(folder)
            except NoDataError as absent:
                print(f"{name}: left out, {absent}", flush=True)  # noqa: T201  a command's output
                continue
            for peer in listed.peers if peers is None else peers:
                yield run(peer, folder, listed.limit_s if limit_s is None else limit_s)


def _compile(parent: Path) -> None:
    """Have Muster's searches compiled: once for each installation, so none of a run's time."""
    for kind in get_args(Kind):
        folder = parent / f"tiny-{kind}"
        write_tiny(folder, kind)
        run("muster", folder, _COMPILING_S)


def main() -> int:
    """Compare as the command line asks, write the results, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS))
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--peers", nargs="+", choices=PEERS, help="those of each task by default")
    chosen.add_argument("--every-peer", dest="peers", action="store_const", const=list(PEERS))
    parser.add_argument("--limit", type=float, help="wall-clock seconds a run, for all tasks")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    asked = parser.parse_args()
    load_before = round(os.getloadavg()[0], 1)
    runs, here = [], machine()
    for one in compare(asked.tasks, asked.peers, asked.limit):
        runs.append(one)
        print(json.dumps(asdict(one)), flush=True)  # noqa: T201  a command's output
        told = {
            "threads": 1,
            "seed": SEED,
            "load_before": load_before,
            "runs": [asdict(each) for each in runs],
        }
        whole = merge(asked.out, here, "peers", told)
    if runs:
        write_report(whole, asked.out)
    wrong = contradictions(runs)
    for line in wrong:
        print(line, file=sys.stderr)  # noqa: T201  a command's output
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
