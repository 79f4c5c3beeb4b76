"""The process a peer runs in: ``python -m benchmarks.peer_process PEER FOLDER SECONDS START``.

It writes into the folder ``peer.json``, who the peer is and when it had loaded its libraries, and,
when it is done, ``found.json``.
"""

import importlib
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.peers import RefusedError
from benchmarks.task import Task

# What is left for reading a solution back before the process is killed.
_SPARE_S = 3.0


def main(peer: str, folder: Path, seconds: float, start_s: float) -> None:
    """Solve the task in ``folder`` with ``peer``, which began at ``start_s`` of the wall clock."""
    program = importlib.import_module(f"benchmarks.peers.{peer}")
    loaded_s = time.time()
    named = {"label": program.label, "version": program.version, "loaded_s": loaded_s}
    _write(folder / "peer.json", named)

    def seconds_left() -> float:
        return seconds - _SPARE_S - (time.time() - start_s)

    found, refused = None, None
    try:
        found = program.solve(Task.read(folder), folder, seconds_left)
    except RefusedError as reason:
        refused = str(reason)
    told = {
        "found": None if found is None else asdict(found),
        "refused": refused,
        "ended_s": time.time(),
    }
    _write(folder / "found.json", told)


def _write(path: Path, told: dict[str, Any]) -> None:
    """Write a file that is there whole or not at all, whenever this process is killed."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(told), encoding="utf-8")
    part.replace(path)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]))
