"""The process a peer runs in: ``python -m benchmarks.peer_process PEER FOLDER SECONDS``.

It writes into the folder ``peer.json``, who the peer is, and, when it is done, ``found.json``.
"""

import importlib
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.task import Task

# What is left for reading a solution back before the process is killed.
_SPARE_S = 3.0


def main(peer: str, folder: Path, seconds: float, start_s: float) -> None:
    """Solve the task in ``folder`` with ``peer``, which began at ``start_s`` of the wall clock."""
    program = importlib.import_module(f"benchmarks.peers.{peer}")
    named = {"label": program.label, "version": program.version}
    (folder / "peer.json").write_text(json.dumps(named), encoding="utf-8")

    def seconds_left() -> float:
        return seconds - _SPARE_S - (time.time() - start_s)

    found = program.solve(Task.read(folder), folder, seconds_left)
    told = None if found is None else asdict(found)
    (folder / "found.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]))
