"""Muster beside its peers: ``python -m benchmarks.compare``.

Each peer runs in a process of its own on the same files, with the same wall-clock limit and one
thread; at the limit it is killed with all it started. What it answers is judged by our verifier.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.judging import judge
from benchmarks.machine import machine
from benchmarks.report import RESULTS, merge, write_report
from benchmarks.task import Task, request_of, store_of
from benchmarks.tasks import TASKS
from instances.catalog import NoDataError

ROOT = Path(__file__).parents[1]
PEERS = ("muster", "spopt_cbc", "spopt_highs", "plain_pulp")
_BEAT_S = 0.02
_AGREEMENT = 1e-9  # relative


@dataclass(frozen=True)
class Run:
    """One peer on one task; ``value`` is our verifier's, in the unit of the publication.

    ``outcome`` is ``proven``, ``found`` (a plan, no proof), ``none`` (it ended with nothing),
    ``killed`` (at the limit), ``failed`` (its process broke) or ``wrong`` (our verifier says so).
    """

    task: str
    peer: str
    version: str | None
    outcome: str
    value: float | None
    best: float | None
    wall_s: float
    solve_s: float | None
    peak_mb: float


def run(peer: str, folder: Path, limit_s: float) -> Run:
    """Run ``peer`` on the task in ``folder`` and return how it went."""
    for written in ("peer.json", "found.json"):
        (folder / written).unlink(missing_ok=True)
    start = time.monotonic()
    command = [sys.executable, "-m", "benchmarks.peer_process", peer, str(folder)]
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  our own module
            [*command, str(limit_s), str(time.time())],
            cwd=ROOT,
            stdout=log,
            stderr=log,
            env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            start_new_session=True,
        )
        peak_bytes = _watch(process, start + limit_s)
    wall_s = time.monotonic() - start
    return _judged(peer, folder, process.returncode, wall_s=wall_s, peak_mb=peak_bytes / 1e6)


def _watch(process: "subprocess.Popen[bytes]", deadline: float) -> int:
    """Wait for the end, kill at the deadline, and return the peak memory of all its processes."""
    tree = psutil.Process(process.pid)
    peak_bytes = 0
    while process.poll() is None:
        peak_bytes = max(peak_bytes, _resident_bytes(tree))
        if time.monotonic() >= deadline:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            break
        time.sleep(_BEAT_S)
    return peak_bytes


def _resident_bytes(tree: psutil.Process) -> int:
    total = 0
    try:
        for one in (tree, *tree.children(recursive=True)):
            total += one.memory_info().rss
    except psutil.NoSuchProcess:  # it ended between two looks
        return total
    return total


def _judged(peer: str, folder: Path, exit_code: int, *, wall_s: float, peak_mb: float) -> Run:
    task = Task.read(folder)
    named, found = _written(folder / "peer.json") or {}, _written(folder / "found.json")
    value = None
    if exit_code != 0:
        outcome = "killed" if exit_code == -signal.SIGKILL else "failed"
    elif found is None:
        outcome = "none"
    else:
        value, valid = _value(folder, tuple(found["sites"]))
        outcome = "wrong" if not valid else "proven" if found["proven"] else "found"
    return Run(
        task=task.name,
        peer=named.get("label", peer),
        version=named.get("version"),
        outcome=outcome,
        value=value,
        best=task.best,
        wall_s=round(wall_s, 2),
        solve_s=None if found is None or found["solve_s"] is None else round(found["solve_s"], 2),
        peak_mb=round(peak_mb),
    )


def _written(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _value(folder: Path, sites: tuple[int, ...]) -> tuple[float, bool]:
    request = request_of(folder)
    verdict = judge(request, sites, store_of(folder))
    points = len(request.demand_points) if isinstance(request.demand_points, tuple) else 1
    # The p-median is published as a sum, our objective is the mean; its weights are all 1.
    scale = points if Task.read(folder).kind == "p-median" else 1
    return verdict.value * scale, verdict.valid


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


def compare(tasks: Iterable[str], peers: tuple[str, ...], limit_s: float) -> list[Run]:
    """Run every peer on every task, one after the other, and return how each went."""
    runs = []
    with tempfile.TemporaryDirectory() as parent:
        for name in tasks:
            folder = Path(parent) / name
            folder.mkdir()
            try:
                TASKS[name](folder)
            except NoDataError as absent:
                print(f"{name}: left out, {absent}", flush=True)  # noqa: T201  a command's output
                continue
            for peer in peers:
                runs.append(run(peer, folder, limit_s))
                print(json.dumps(asdict(runs[-1])), flush=True)  # noqa: T201  a command's output
    return runs


def main() -> int:
    """Compare as the command line asks, write the results, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS))
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--limit", type=float, default=110.0, help="wall-clock seconds a run")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    asked = parser.parse_args()
    load_before = round(os.getloadavg()[0], 1)
    runs = compare(asked.tasks, tuple(asked.peers), asked.limit)
    here = machine()
    told = {
        "limit_s": asked.limit,
        "threads": 1,
        "load_before": load_before,
        "runs": [asdict(one) for one in runs],
    }
    write_report(merge(asked.out, here, "peers", told), asked.out)
    wrong = contradictions(runs)
    for line in wrong:
        print(line, file=sys.stderr)  # noqa: T201  a command's output
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
