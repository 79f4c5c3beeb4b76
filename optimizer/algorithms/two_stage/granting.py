"""What a bounded process passes on of its bounds to the processes that work for it.

A limit on address space, processor time or urgency holds for one process alone, and those started
by a server inherit none of it. So whoever starts them divides its own: what they may take is taken
from it until they have ended, and together they never exceed what it was granted.
"""

import os
import resource
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_LEAST_BYTES = 3 * 2**29  # 1.5 GB: libraries alone take up half of that in addresses
_SPARE = 1.25  # times what it takes itself: what whoever divides keeps at least


@dataclass(frozen=True)
class Grant:
    """What a process that works for another may take; None: whatever there is."""

    memory_bytes: int | None
    cpu_s: int | None
    niceness: int
    group: int  # of processes: whoever kills it kills all

    @classmethod
    def of_this(cls, memory_bytes: int | None) -> "Grant":
        """Return a grant of so much memory, and otherwise of what this process has."""
        cpu_s = resource.getrlimit(resource.RLIMIT_CPU)[0]
        return cls(
            memory_bytes,
            None if cpu_s == resource.RLIM_INFINITY else cpu_s,
            os.getpriority(os.PRIO_PROCESS, 0),
            os.getpgrp(),
        )

    def take(self) -> None:
        """Bound this process so."""
        with suppress(ProcessLookupError, PermissionError):  # the group may have ended meanwhile
            os.setpgid(0, self.group)
        if self.memory_bytes is not None:
            resource.setrlimit(resource.RLIMIT_AS, (self.memory_bytes, self.memory_bytes))
        if self.cpu_s is not None:
            resource.setrlimit(resource.RLIMIT_CPU, (self.cpu_s, self.cpu_s))
        os.nice(max(0, self.niceness - os.getpriority(os.PRIO_PROCESS, 0)))


def affordable(places: int) -> int:
    """Return how many processes, up to ``places``, this one can grant enough memory to work."""
    return divided(_limit(), _used(), places)[0]


def grant(places: int) -> Grant:
    """Return what each of ``places`` processes gets, and go without it."""
    limit = _limit()
    count, each = divided(limit, _used(), places)
    if limit is None:
        return Grant.of_this(None)
    if count < places:
        raise MemoryError("too little memory is granted to divide it")
    _change(-places * each)
    return Grant.of_this(each)


def take_back(granted: Grant, places: int) -> None:
    """Take again what each of ``places`` processes that have ended had got."""
    if granted.memory_bytes is not None:
        _change(places * granted.memory_bytes)


def divided(limit: int | None, used: int, places: int) -> tuple[int, int]:
    """Return how many processes can be granted memory, and how much each.

    Everybody gets as much, but for whoever has more already. Processes that would get too little
    to work are not started.

    Examples
    --------
    >>> divided(None, 10**9, 2)
    (2, 0)
    >>> divided(9 * 10**9, 10**9, 2)
    (2, 3000000000)
    >>> divided(4 * 10**9, 2 * 10**9, 2)
    (0, 0)
    """
    if limit is None:
        return places, 0
    for count in range(places, 0, -1):
        own = max(limit // (count + 1), int(_SPARE * used))
        each = (limit - own) // count
        if each >= _LEAST_BYTES:
            return count, each
    return 0, 0


def _limit() -> int | None:
    soft = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if soft == resource.RLIM_INFINITY else soft


def _change(by: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (soft + by, hard))


def _used() -> int:
    """Return the addresses in use; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()
