"""One instance solved and judged: by seconds of the processor, with its peak of memory."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from models.run import RunLimits
from optimizer.algorithms.capacitated.instance import Located
from optimizer.algorithms.siting.instance import Found
from optimizer.control import RunControl

Solve = Callable[[RunControl], Found | Located]

_AGREEMENT = 1e-6  # relative
_TRACED = 100  # improvements of a run that are kept, the last ones
_LIMIT_S = 60.0
_STOPPING = 1.02  # times the limit
_WAIT = 20.0  # seconds of the clock to a processor second, at most
_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class Case:
    """One instance; ``known`` is the published value, ``within_s`` a target of its own.

    ``against`` measures the seconds of what the target is told in, where it is told so.
    """

    name: str
    make: Callable[[], Solve]
    known: float | None = None
    within_s: float | None = None
    against: Callable[[], float] | None = None


@dataclass(frozen=True)
class Aim:
    """What a family's instances are to reach: proofs, or a gap, within processor seconds."""

    gap: float = 0.0
    each_s: float | None = None
    total_s: float | None = None
    memory_mb: float | None = None

    def limit_s(self, within_s: float | None) -> float:
        """Return when to stop: a gap at its seconds, a proof later, to see by how much it is."""
        if within_s is None or self.gap:
            return within_s or _LIMIT_S
        return max(10.0, 2.0 * within_s)

    def short(self, told: "list[Measured]") -> list[str]:
        """Return in words what is short of the aim, and by how much; nothing where all is met.

        Examples
        --------
        >>> one = Measured("a", "feasible", 9.0, 8.0, None, None, 0.1, 5.0, 4.0, 100, 3.0)
        >>> Aim(gap=0.01, each_s=3.0).short([one])
        ['1 of 1 with a gap above 1 %: at worst 10 %', '1 of 1 later: at worst 4 s against 3 s']
        """
        found = []
        wide = [one for one in told if one.gap is None or one.gap > self.gap]
        if wide:
            worst = max(one.gap if one.gap is not None else 1.0 for one in wide)
            what = f"with a gap above {100 * self.gap:g} %" if self.gap else "not proved"
            found.append(f"{len(wide)} of {len(told)} {what}: at worst {100 * worst:.2g} %")
        # A gap is taken at its seconds, give or take what stopping takes.
        asked, stopping = (wide, _STOPPING) if self.gap else (told, 1.0)
        late = [
            one for one in asked if one.within_s is not None and one.cpu_s > stopping * one.within_s
        ]
        if late:
            worst_run = max(late, key=lambda one: one.cpu_s / (one.within_s or 1.0))
            found.append(
                f"{len(late)} of {len(told)} later: at worst {worst_run.cpu_s:g} s"
                f" against {worst_run.within_s:g} s"
            )
        total = sum(one.cpu_s for one in told)
        if self.total_s is not None and total > self.total_s:
            found.append(f"{total:.1f} s in all against {self.total_s:g} s")
        peak = max((one.peak_mb or 0 for one in told), default=0)
        if self.memory_mb is not None and peak > self.memory_mb:
            found.append(f"{peak} MB against {self.memory_mb:g} MB")
        return found


class _Processor:
    """A stop that is set once this process has used so many processor seconds more.

    It asks for them when as many of the clock may have passed: to ask is not free.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.process_time() + seconds
        self._ask = time.monotonic() + seconds

    def is_set(self) -> bool:
        now = time.monotonic()
        if now < self._ask:
            return False
        left = self._end - time.process_time()
        self._ask = now + max(left, 0.0)
        return left <= 0.0


@dataclass(frozen=True)
class Measured:
    """How one instance went; ``agrees`` None where nothing is published."""

    name: str
    status: str
    objective: float | None
    bound: float | None
    known: float | None
    agrees: bool | None
    gap: float | None
    wall_s: float
    cpu_s: float
    peak_mb: int | None = None
    within_s: float | None = None
    trace: tuple[tuple[float, float, float | None], ...] = ()  # seconds, objective, bound


def measure(case: Case, aim: Aim, limit_s: float | None) -> Measured:
    """Solve one instance within the limit and judge its value."""
    told = None if case.against is None else case.against()
    within = case.within_s or told or aim.each_s
    limit = limit_s or aim.limit_s(within)
    solve = case.make()
    if _CLEAR.exists():
        _CLEAR.write_text("5", encoding="ascii")  # begin the peak anew
    wall, cpu = time.monotonic(), time.process_time()
    limits = RunLimits(time_limit_s=_WAIT * limit)
    found = solve(RunControl(limits, cancel=_Processor(limit)))
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    agrees = None
    if case.known is not None and found.objective is not None:
        agrees = abs(found.objective - case.known) <= _AGREEMENT * max(1.0, abs(case.known))
    return Measured(
        case.name,
        found.status,
        found.objective,
        found.bound,
        case.known,
        agrees,
        found.gap,
        round(wall, 2),
        round(cpu, 2),
        _peak_mb(),
        within,
        tuple(
            (round(one.elapsed_s, 2), one.objective, one.bound)
            for one in found.incumbents[-_TRACED:]
        ),
    )


def _peak_mb() -> int | None:
    """Return the most memory this process held since the peak began anew, None if unknown."""
    if not _CLEAR.exists():
        return None
    told = re.search(r"VmHWM:\s*(\d+) kB", _STATUS.read_text(encoding="ascii"))
    return round(int(told[1]) * 1024 / 1e6) if told else None
