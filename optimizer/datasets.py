"""The content-addressed store: bulk data named by the SHA-256 of its bytes.

A file lies at ``root/ab/abcdef...``; it is written under another name first and renamed when
whole, so a reader never meets half a file, and adding the same bytes twice changes nothing.
"""

import hashlib
import io
import tempfile
import tokenize
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.faults import Fault
from models.text import Text
from optimizer.errors import InputError

_CHUNK_BYTES = 1 << 20
_NPZ_MAGIC = b"PK\x03\x04"
_PARQUET_MAGIC = b"PAR1"
# What readers raise on bytes that are not what they seem, one by one: NumPy parses headers as
# Python, zlib and zipfile have errors of their own, and Arrow misses keys of its metadata.
DAMAGES = (
    ValueError,
    OSError,
    EOFError,
    KeyError,
    RuntimeError,
    BadZipFile,
    zlib.error,
    tokenize.TokenError,
)


@dataclass(frozen=True)
class Store:
    """Datasets below ``root``; the folder is made when the first file is added."""

    root: Path

    def path(self, sha256: str) -> Path:
        """Return where the dataset of this name lies, or would lie."""
        return self.root / sha256[:2] / sha256

    def add(self, source: Path) -> str:
        """Copy ``source`` into the store and return its name."""
        with source.open("rb") as stream:
            return self._keep(stream)

    def add_arrays(self, columns: dict[str, NDArray[np.generic]]) -> str:
        """Keep ``columns`` as an NPZ and return its name."""
        buffer = io.BytesIO()
        np.savez(buffer, **columns)  # type: ignore[arg-type]
        return self.add_bytes(buffer.getvalue())

    def add_table(self, columns: Mapping[str, NDArray[Any]]) -> str:
        """Keep ``columns`` as Parquet and return its name."""
        buffer = io.BytesIO()
        pd.DataFrame(dict(columns)).to_parquet(buffer, index=False)
        return self.add_bytes(buffer.getvalue())

    def add_bytes(self, content: bytes) -> str:
        """Keep ``content`` and return its name."""
        return self._keep(io.BytesIO(content))

    def _keep(self, source: BinaryIO) -> str:
        """Write what ``source`` holds under the hash of the very bytes written."""
        digest = hashlib.sha256()
        self.root.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.root, delete=False) as stream:
            while chunk := source.read(_CHUNK_BYTES):
                digest.update(chunk)
                stream.write(chunk)
        target = self.path(digest.hexdigest())
        target.parent.mkdir(exist_ok=True)
        Path(stream.name).replace(target)
        return target.name

    def names(self) -> tuple[str, ...]:
        """Return the names of all datasets, sorted."""
        return tuple(sorted(path.name for path in self.root.glob("??/" + "?" * 64)))

    def load(self, sha256: str) -> dict[str, NDArray[np.generic]]:
        """Return the columns (Parquet) or arrays (NPZ) of a dataset by name.

        Raises
        ------
        InputError
            There is no such dataset, or it is damaged, or neither Parquet nor NPZ.
        """
        path = self.path(sha256)
        if not path.exists():
            raise dataset_error(sha256, code="dataset.absent")
        with path.open("rb") as stream:
            magic = stream.read(4)
        try:
            if magic == _NPZ_MAGIC:
                with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
                    return {name: arrays[name] for name in arrays.files}
            if magic == _PARQUET_MAGIC:
                frame = pd.read_parquet(path)
                return {str(name): frame[name].to_numpy() for name in frame.columns}
        except DAMAGES:
            raise dataset_error(sha256, code="dataset.damaged") from None
        raise dataset_error(sha256, code="dataset.format")


def dataset_error(sha256: str, *, code: str, **values: str) -> InputError:
    """Return the error for a dataset that is not what the message ``code`` says it needs to be."""
    text = Text(code=code, values={**values})
    return InputError((Fault(path="sha256", value=f'"{sha256}"', need=text),))
