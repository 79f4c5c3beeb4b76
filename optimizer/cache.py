"""Arrays that follow from others, kept beside the datasets by the hash of all they follow from.

What is kept can always be found anew, so nothing depends on the cache: an entry that is damaged,
or lies under a name that is not its own, is as good as none. Entries not used for longest go first
where all of them take more room than they may.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import models
from optimizer.datasets import DAMAGES, Store

Arrays = Mapping[str, NDArray[Any]]

_NAME = "entry"  # the array that tells which entry a file is
_SHARE = 0.5  # of the limit, at most, for one entry


@dataclass(frozen=True)
class Cache:
    """Entries below ``folder``, together at most ``limit_bytes``."""

    folder: Path
    limit_bytes: int

    @classmethod
    def of(cls, store: Store | None) -> "Cache | None":
        """Return the cache of a store, None where there is none or it is to be left alone."""
        if store is None or store.cache_bytes <= 0:
            return None
        return cls(store.root / "cache", store.cache_bytes)

    def load(self, name: str) -> Arrays | None:
        """Return an entry, None where there is none that is whole."""
        path = self._path(name)
        try:
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
                found = {one: arrays[one] for one in arrays.files}
            if str(found.pop(_NAME)) != name:
                return None
            _used(path)
        except DAMAGES:
            return None
        return found

    def keep_once(self, name: str, arrays: Arrays) -> None:
        """Keep an entry unless there is one of its name, be it damaged: for what is kept often."""
        path = self._path(name)
        try:
            _used(path)
        except OSError:
            self.keep(name, arrays)

    def keep(self, name: str, arrays: Arrays) -> None:
        """Keep an entry; where the folder cannot be written to, nothing is kept."""
        size = sum(one.nbytes for one in arrays.values())
        if size > _SHARE * self.limit_bytes:
            return
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as stream:
                np.savez(stream, **{_NAME: np.array(name)}, **arrays)  # type: ignore[arg-type]
            Path(stream.name).replace(path)
            self._trim()
        except OSError:
            return

    @property
    def size_bytes(self) -> int:
        """What all entries take."""
        return sum(size for _, size, _ in self._entries())

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.npz"

    def _entries(self) -> list[tuple[float, int, Path]]:
        """Return when each entry was used last, and what it takes."""
        found = []
        for path in self.folder.glob("*.npz"):
            try:
                about = path.stat()
            except OSError:  # another process was faster
                continue
            found.append((about.st_atime, about.st_size, path))
        return sorted(found)

    def _trim(self) -> None:
        entries = self._entries()
        excess = sum(size for _, size, _ in entries) - self.limit_bytes
        for _, size, path in entries:
            if excess <= 0:
                return
            path.unlink(missing_ok=True)
            excess -= size


def _used(path: Path) -> None:
    """Note that an entry was used now."""
    os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))


def name_of(what: str, *parts: str | bytes | NDArray[Any]) -> str:
    """Return the name of an entry: a SHA-256 of what it is, all it follows from, and the engine."""
    digest = hashlib.sha256(_engine().encode())
    for part in (what, *parts):
        if isinstance(part, np.ndarray):
            head = f"{part.dtype.str}{part.shape}".encode()
            content = np.ascontiguousarray(part).tobytes()
        else:
            head, content = b"", part.encode() if isinstance(part, str) else part
        digest.update(f"{len(head)},{len(content)};".encode() + head + content)
    return digest.hexdigest()


@cache
def _engine() -> str:
    """Return a digest of the engine's own files: another engine may come to something else."""
    digest = hashlib.sha256()
    assert models.__file__ is not None
    for package in (models.__file__, __file__):
        for path in sorted(Path(package).parent.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
