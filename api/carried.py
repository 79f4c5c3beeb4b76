"""What a call carries: small bodies in memory, large ones in files that other processes read."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SMALL_BYTES = 256_000
"""What is read beside other calls: a few thousandths of a second in which no other runs."""

_PREFIX = "muster-calls-"


@dataclass(frozen=True)
class Body:
    """The bytes that a call came with, here or in a file."""

    content: bytes | Path

    @property
    def large(self) -> bool:
        """Whether reading it would hold up other calls."""
        return isinstance(self.content, Path)

    @property
    def size(self) -> int:
        """How many bytes it is."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size

    def read(self) -> bytes:
        """Return the bytes."""
        return self.content if isinstance(self.content, bytes) else self.content.read_bytes()


class Folder:
    """Where the large bodies of one service lie, each until its call has been answered.

    What a service left behind that was killed is removed by the next one.
    """

    def __init__(self) -> None:
        self._path: Path | None = None

    def new(self) -> Path:
        """Return the path of a new, empty file."""
        if self._path is None:
            for one in _left_behind():
                shutil.rmtree(one, ignore_errors=True)
            self._path = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        descriptor, name = tempfile.mkstemp(dir=self._path)
        os.close(descriptor)
        return Path(name)

    def close(self) -> None:
        """Remove it with all that it holds."""
        if self._path is not None:
            shutil.rmtree(self._path, ignore_errors=True)
            self._path = None


def _left_behind() -> Iterator[Path]:
    for one in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        number = one.name.removeprefix(_PREFIX).partition("-")[0]
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            yield one
        except (PermissionError, ValueError, OverflowError):
            continue  # of somebody else who runs
