"""How kernels become machine code: by Numba, on the first call, kept on disk."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


@cache
def _stamp(room: Path) -> str:
    digest = hashlib.sha256()
    for source in sorted(room.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return ``function`` compiled; it holds no lock of the interpreter while it runs.

    The machine code is kept beside the source, else in the user's cache directory or in
    ``NUMBA_CACHE_DIR``. Where none of them can be written to, each process compiles anew.

    Numba takes kept code for current as long as the function's own file is the same, whatever
    became of the functions it calls and of the tuples it is given. So it is kept under a name
    that changes with any file of the function's room.
    """
    room = Path(function.__code__.co_filename).parent
    function.__qualname__ = f"{function.__qualname__}_{_stamp(room)}"
    try:
        made = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # there is nowhere to keep it
        made = numba.njit(nogil=True)(function)
    return cast("Callable[P, R]", made)
