"""The content-addressed store: bulk data named by the SHA-256 of its bytes.

A file lies at ``root/ab/abcdef...``; it is written under another name first and renamed when
whole, so a reader never meets half a file, and adding the same bytes twice changes nothing.
"""

import hashlib
import io
import math
import tempfile
import tokenize
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Literal
from zipfile import BadZipFile, ZipFile, ZipInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.datasets import DatasetColumn, DatasetInfo
from models.faults import Fault
from models.text import Text
from optimizer.errors import InputError

_CHUNK_BYTES = 1 << 20
CACHE_BYTES = 1_000_000_000  # by default
_MEGABYTE = 1_000_000
_WORD_BYTES = 8  # what a value of a column takes at least, once it is no longer packed
_ROADS = {"node_lat", "node_lon", "edge_from", "edge_to", "shape_start"}
_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
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


class LargeDatasetError(Exception):
    """Datasets take more than may be loaded here: see `loading_at_most`."""


_room: ContextVar[list[int] | None] = ContextVar("_room", default=None)


@contextmanager
def loading_at_most(size_bytes: int) -> Iterator[None]:
    """Let this thread load datasets of so many bytes in memory together, and no more.

    Beyond it `Store.load` raises `LargeDatasetError`, before it has read more than the head: for
    processes in which others would have to wait.
    """
    token = _room.set([size_bytes])
    try:
        yield
    finally:
        _room.reset(token)


@dataclass(frozen=True)
class Store:
    """Datasets below ``root``; the folder is made when the first file is added.

    ``cache_bytes`` is what may be kept beside them of what follows from them; 0 is nothing, and
    what is there already is left alone.
    """

    root: Path
    cache_bytes: int = CACHE_BYTES

    @property
    def uncached(self) -> "Store":
        """The same datasets, without what was kept beside them."""
        return replace(self, cache_bytes=0)

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
        with self.incoming() as coming:
            while chunk := source.read(_CHUNK_BYTES):
                coming.write(chunk)
            return coming.keep()

    @contextmanager
    def incoming(self) -> Iterator["Incoming"]:
        """Take a file in piece by piece; what is not kept when the block ends is gone."""
        self.root.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.root, delete=False) as stream:
            try:
                yield Incoming(self, stream, Path(stream.name))
            finally:
                Path(stream.name).unlink(missing_ok=True)

    def info(self, sha256: str) -> DatasetInfo:
        """Return what a dataset is, by its head alone.

        Raises
        ------
        InputError
            There is no such dataset, or it is damaged, or neither Parquet nor NPZ.
        """
        path = self._present(sha256)
        kind, columns, _ = _head(path)
        size = path.stat().st_size
        return DatasetInfo(sha256=sha256, bytes=size, kind=kind, columns=columns)

    def _present(self, sha256: str) -> Path:
        path = self.path(sha256)
        if not path.exists():
            raise dataset_error(sha256, code="dataset.absent")
        return path

    def names(self) -> tuple[str, ...]:
        """Return the names of all datasets, sorted."""
        return tuple(sorted(path.name for path in self.root.glob("??/" + "?" * 64)))

    def load(self, sha256: str) -> dict[str, NDArray[np.generic]]:
        """Return the columns (Parquet) or arrays (NPZ) of a dataset by name.

        Raises
        ------
        InputError
            There is no such dataset, or it is damaged, or neither Parquet nor NPZ.
        LargeDatasetError
            It takes more than may be loaded here.
        """
        path = self._present(sha256)
        _take_room(path)
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


def _take_room(path: Path) -> None:
    room = _room.get()
    if room is None:
        return
    size = path.stat().st_size
    if size <= room[0]:
        try:
            size = max(size, _head(path)[2])
        except InputError:  # whoever loads it says what is wrong
            return
    if size > room[0]:
        raise LargeDatasetError
    room[0] -= size


class Incoming:
    """A file on its way into the store."""

    def __init__(self, store: Store, stream: Any, path: Path) -> None:
        self._store, self._stream, self._path = store, stream, path
        self._digest = hashlib.sha256()

    def write(self, chunk: bytes) -> None:
        """Add a piece."""
        self._digest.update(chunk)
        self._stream.write(chunk)

    @property
    def known(self) -> bool:
        """Whether the store holds these very bytes already."""
        return self._store.path(self._digest.hexdigest()).exists()

    def keep(self) -> str:
        """Put it in its place and return its name."""
        self._stream.flush()
        target = self._store.path(self._digest.hexdigest())
        target.parent.mkdir(exist_ok=True)
        self._path.replace(target)
        return target.name

    def check(self, unpacked_limit_bytes: int) -> None:
        """Read it to its end, a piece at a time, as `Store.load` will want to.

        Raises
        ------
        InputError
            It is neither Parquet nor NPZ, is damaged, holds pickled objects, or would take more
            than ``unpacked_limit_bytes`` in memory.
        """
        self._stream.flush()
        kind, _, unpacked = _head(self._path)
        if unpacked > unpacked_limit_bytes:
            raise _refused("need.dataset_unpacked", limit_mb=unpacked_limit_bytes // _MEGABYTE)
        try:
            _read_through(self._path, kind)
        except DAMAGES:
            raise _refused("need.dataset_whole") from None


_Kind = Literal["table", "arrays", "road_network"]
_Head = tuple[_Kind, tuple[DatasetColumn, ...], int]  # what it is, its columns, bytes unpacked


def _head(path: Path) -> _Head:
    with path.open("rb") as stream:
        magic = stream.read(4)
    try:
        if magic == _NPZ_MAGIC:
            return _head_of_arrays(path)
        if magic == _PARQUET_MAGIC:
            return _head_of_table(path)
    except InputError:  # it is a ValueError too
        raise
    except DAMAGES:
        raise _refused("need.dataset_whole") from None
    raise _refused("need.dataset")


def _head_of_table(path: Path) -> _Head:
    import pyarrow.parquet  # noqa: PLC0415  slow to import, and most requests need none

    with pyarrow.parquet.ParquetFile(path) as file:
        about, schema = file.metadata, file.schema_arrow
        rows = about.num_rows
        columns = tuple(
            DatasetColumn(name=one.name, type=str(one.type), shape=(rows,)) for one in schema
        )
        packed = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
    return "table", columns, max(packed, rows * len(columns) * _WORD_BYTES)


def _head_of_arrays(path: Path) -> _Head:
    with ZipFile(path) as archive:
        entries = archive.infolist()
        columns = tuple(_column(archive, entry) for entry in entries)
    roads = {one.name for one in columns} >= _ROADS
    return "road_network" if roads else "arrays", columns, sum(one.file_size for one in entries)


def _column(archive: ZipFile, entry: ZipInfo) -> DatasetColumn:
    with archive.open(entry) as stream:
        version = np.lib.format.read_magic(stream)
        read = _HEADERS.get(version)
        if read is None:
            raise _refused("need.dataset_whole")
        shape, _, dtype = read(stream)
    if dtype.hasobject:
        raise _refused("need.dataset_plain", name=entry.filename)
    if math.prod(shape) * dtype.itemsize > entry.file_size:
        raise _refused("need.dataset_whole")
    name = entry.filename.removesuffix(".npy")
    return DatasetColumn(name=name, type=str(dtype), shape=shape)


def _read_through(path: Path, kind: _Kind) -> None:
    if kind != "table":
        with ZipFile(path) as archive:
            if archive.testzip() is not None:
                raise BadZipFile
        return
    import pyarrow.parquet  # noqa: PLC0415  see above

    with pyarrow.parquet.ParquetFile(path) as file:
        for _ in file.iter_batches():
            pass


def _refused(code: str, **values: int | str) -> InputError:
    return InputError((Fault(path="", need=Text(code=code, values=dict(values))),))


def dataset_error(sha256: str, *, code: str, **values: str) -> InputError:
    """Return the error for a dataset that is not what the message ``code`` says it needs to be."""
    text = Text(code=code, values={**values})
    return InputError((Fault(path="sha256", value=f'"{sha256}"', need=text),))
