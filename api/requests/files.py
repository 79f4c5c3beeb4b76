"""Files to bytes, no more of them than allowed."""

import sys
from pathlib import Path

from models.faults import Fault
from models.text import Text
from optimizer.errors import InputError

STANDARD_INPUT = Path("-")
MEGABYTE = 1_000_000


def read_file(path: Path, *, limit_bytes: int) -> bytes:
    """Return the bytes of ``path``, or of standard input where it is ``-``.

    Raises
    ------
    InputError
        There is no such file, it cannot be read, or it is larger than ``limit_bytes``.
    """
    try:
        if path == STANDARD_INPUT:
            raw = sys.stdin.buffer.read(limit_bytes + 1)
        else:
            with path.open("rb") as stream:
                raw = stream.read(limit_bytes + 1)
    except FileNotFoundError:
        raise _fault(path, "need.file") from None
    except IsADirectoryError:
        raise _fault(path, "need.file_not_folder") from None
    except OSError:
        raise _fault(path, "need.file_readable") from None
    if len(raw) > limit_bytes:
        raise _fault(path, "need.smaller", limit_mb=limit_bytes // MEGABYTE)
    return raw


def _fault(path: Path, code: str, **values: int) -> InputError:
    need = Text(code=code, values=dict(values))
    return InputError((Fault(path=str(path), need=need),))
