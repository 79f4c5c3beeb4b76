"""CBC in a process of its own, over files that PuLP writes and reads."""

import re
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cbcbox
import pulp

from models.run import Status, StopReason
from optimizer.backends import Outcome
from optimizer.backends.checking import PROOFS
from optimizer.control import RunControl
from optimizer.errors import BackendError

_STATUSES = {  # `status` alone says "Optimal" for a search that its limit ended
    pulp.LpSolutionOptimal: Status.OPTIMAL,
    pulp.LpSolutionIntegerFeasible: Status.FEASIBLE,
    pulp.LpSolutionInfeasible: Status.INFEASIBLE,
    pulp.LpSolutionNoSolutionFound: Status.UNKNOWN,
}
_POLL_S = 0.02
_GRACE_S = 1.0
_SPENT_SHARE = 0.95


@dataclass
class Cbc:
    """One run of CBC in a process of its own, over files in a directory of its own.

    PuLP writes the files and reads the solution, but its own run cannot be stopped.
    """

    problem: pulp.LpProblem
    control: RunControl
    absolute_gap: float
    warm: bool
    stop: StopReason | None = None

    def outcome(self, name: str) -> Outcome:
        """Run, assign the values to the problem's columns, and return the ending."""
        seconds = self.control.remaining_s
        if self.control.stop is not None:
            return Outcome(Status.UNKNOWN, self.control.stop, None, None, name)
        with tempfile.TemporaryDirectory(prefix="muster-cbc-") as folder:
            nodes = self._run(Path(folder), seconds)
        status = status_of(self.problem)
        if status is Status.INFEASIBLE and (
            self.stop is not None or self.control.remaining_s < (1 - _SPENT_SHARE) * seconds
        ):
            # CBC calls infeasible what it had no time to preprocess; believe it only with time.
            status = Status.UNKNOWN
        ended = self.stop or self._limit_reached()
        stop = StopReason.PROOF if status in PROOFS else ended
        return Outcome(status, stop, None, None, name, node_count=nodes)

    def _limit_reached(self) -> StopReason:
        limited = self.control.limits.node_limit is not None
        return StopReason.WORK if limited and self.control.stop is None else StopReason.TIME

    def _run(self, folder: Path, seconds: float) -> int | None:
        names = self._write(folder)
        log = folder / "log"
        with log.open("wb") as sink:
            process = subprocess.Popen(  # noqa: S603 - our own words, no shell
                self._command(folder, seconds),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
            )
            try:
                self._attend(process)
            finally:
                if process.poll() is None:
                    process.kill()
                process.wait()
        self._read(folder / "out.sol", names, process.returncode)
        found = re.search(r"Enumerated nodes:\s+(\d+)", log.read_text(errors="replace"))
        return int(found.group(1)) if found else None

    def _write(self, folder: Path) -> tuple[Any, Any, Any]:
        # Always a minimum: this CBC finds the option `-max` that PuLP would pass ambiguous.
        columns, names, rows, _ = self.problem.writeMPS(
            str(folder / "in.mps"), mpsSense=pulp.LpMinimize, rename=True
        )
        if self.warm:
            pulp.COIN_CMD().writesol(str(folder / "in.mst"), self.problem, columns, names, rows)
        return columns, names, rows

    def _command(self, folder: Path, seconds: float) -> list[str]:
        limits = self.control.limits
        options: dict[str, object] = {
            "sec": seconds,
            "timeMode": "elapsed",
            "ratio": 0.0,
            "allow": self.absolute_gap,
            "randomSeed": limits.seed,
            "randomCbcSeed": limits.seed,
        }
        if self.warm:
            options["mips"] = folder / "in.mst"
        if limits.node_limit is not None:
            options["maxNodes"] = limits.node_limit
        if limits.threads > 1:
            options["threads"] = limits.threads
        words = [word for key, value in options.items() for word in (f"-{key}", str(value))]
        ending = ["-solve", "-printingOptions", "all", "-solution", str(folder / "out.sol")]
        return [cbcbox.cbc_bin_path(), str(folder / "in.mps"), *words, *ending]

    def _attend(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for CBC; when the control says stop, ask it to end with what it has."""
        while self.stop is None:
            if _ends(process, _POLL_S):
                return
            self.stop = self.control.stop
        # At the end of its time CBC stops by itself and may be writing its solution.
        if self.stop is StopReason.CANCELLED or not _ends(process, _GRACE_S):
            process.send_signal(signal.SIGINT)
            _ends(process, _GRACE_S)

    def _read(self, path: Path, names: tuple[Any, Any, Any], code: int) -> None:
        columns, column_names, row_names = names
        if not path.exists():
            if self.stop is None:
                raise BackendError(f"CBC ended with code {code} and wrote no solution")
            self.problem.assignStatus(pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound)
            return
        status, values, reduced, prices, slacks, solution_status = pulp.COIN_CMD().readsol_MPS(
            str(path), self.problem, columns, column_names, row_names
        )
        self.problem.assignVarsVals(values)
        self.problem.assignVarsDj(reduced)
        self.problem.assignConsPi(prices)
        self.problem.assignConsSlack(slacks, activity=True)
        self.problem.assignStatus(status, solution_status)


def _ends(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def status_of(problem: pulp.LpProblem) -> Status:
    """Return what a solved problem says, in our words."""
    if problem.status == pulp.LpStatusInfeasible:  # CBC says so here, not in `sol_status`
        return Status.INFEASIBLE
    if problem.sol_status not in _STATUSES:
        raise BackendError(f"the solver ended with {pulp.LpSolution[problem.sol_status]}")
    return _STATUSES[problem.sol_status]
