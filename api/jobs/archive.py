"""A backup as one file: a ZIP of tables and datasets, with a manifest that names every part.

``manifest.json`` holds the versions, the counts, and the SHA-256 of every part. A table is a part
``tables/NAME.jsonl``, one row a line, its values in the order of the manifest's columns; bytes
are written ``{"base64": ...}``. A dataset is a part ``datasets/SHA256``, as it lies in the store.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Literal
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from models.base import Model
from models.faults import Fault
from models.quantities import Count
from models.text import Text
from optimizer.errors import InputError

_MANIFEST = "manifest.json"
_MANIFEST_LIMIT_BYTES = 100_000_000
_CHUNK_BYTES = 1 << 20
# What is raised on bytes that are not what they were; a model of pydantic raises ValueError.
_DAMAGES = (BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotImplementedError)


class TablePart(Model):
    """A table: which columns, how many rows, and the hash of its lines."""

    name: str
    columns: tuple[str, ...]
    rows: Count
    sha256: str

    @property
    def path(self) -> str:
        """Where it lies in the archive."""
        return f"tables/{self.name}.jsonl"


class DatasetPart(Model):
    """A dataset, named by the hash of its bytes."""

    sha256: str
    bytes: Count

    @property
    def path(self) -> str:
        """Where it lies in the archive."""
        return f"datasets/{self.sha256}"


class LogHead(Model):
    """How the audit log held together: entries, the last hash, the first that did not."""

    count: Count
    head: str
    broken: Count | None = None


class Manifest(Model):
    """What a backup holds, and what it leaves out."""

    format: Literal[1] = 1
    muster: str
    made: float  # seconds since 1970
    database: str  # the kind it came from; it can go back into another
    revision: str
    log: LogHead | None  # None: a revision without a log
    tables: tuple[TablePart, ...]
    datasets: tuple[DatasetPart, ...]
    left_out: tuple[str, ...]  # tables and files of others, caches, damaged datasets

    def rows(self, table: str) -> int:
        """Return how many rows a table has."""
        return sum(part.rows for part in self.tables if part.name == table)


class Writer:
    """A backup that is being written."""

    def __init__(self, stream: BinaryIO) -> None:
        self._zip = ZipFile(stream, "w", allowZip64=True)

    def table(self, name: str, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> TablePart:
        """Add a table."""
        digest, count = hashlib.sha256(), 0
        info = ZipInfo(f"tables/{name}.jsonl")
        info.compress_type = ZIP_DEFLATED
        with self._zip.open(info, "w", force_zip64=True) as part:
            for row in rows:
                line = json.dumps([_packed(value) for value in row], ensure_ascii=False) + "\n"
                content = line.encode("utf-8", "surrogatepass")
                part.write(content)
                digest.update(content)
                count += 1
        return TablePart(name=name, columns=tuple(columns), rows=count, sha256=digest.hexdigest())

    def dataset(self, name: str, source: BinaryIO) -> DatasetPart:
        """Add a dataset under the hash of the bytes written, whatever it was called."""
        digest, size = hashlib.sha256(), 0
        info = ZipInfo(f"datasets/{name}")
        info.compress_type = ZIP_STORED  # Parquet and NPZ gain little
        with self._zip.open(info, "w", force_zip64=True) as part:
            while chunk := source.read(_CHUNK_BYTES):
                part.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        return DatasetPart(sha256=digest.hexdigest(), bytes=size)

    def close(self, manifest: Manifest) -> None:
        """Write the manifest, which makes it whole."""
        self._zip.writestr(_MANIFEST, manifest.model_dump_json(indent=1))
        self._zip.close()


class Reader:
    """A backup that has been written; raises `InputError` where it is not one, or not whole."""

    def __init__(self, stream: BinaryIO) -> None:
        try:
            self._zip = ZipFile(stream)
            info = self._zip.getinfo(_MANIFEST)
            if info.file_size > _MANIFEST_LIMIT_BYTES:
                raise damaged(_MANIFEST)
            self.manifest = Manifest.model_validate_json(self._zip.read(info))
        except _DAMAGES:
            raise damaged(_MANIFEST) from None

    def check(self) -> None:
        """Raise, with every part that is missing or changed or was added, unless all is whole."""
        manifest = self.manifest
        parts: list[TablePart | DatasetPart] = [*manifest.tables, *manifest.datasets]
        expected = {part.path for part in parts} | {_MANIFEST}
        faults = [damaged(part.path).faults[0] for part in parts if not self._whole(part)]
        strange = sorted(set(self._zip.namelist()) ^ expected)
        faults += [damaged(path).faults[0] for path in strange if path not in expected]
        if faults or len(self._zip.namelist()) != len(expected):
            raise InputError(tuple(faults) or damaged(_MANIFEST).faults)

    def _whole(self, part: TablePart | DatasetPart) -> bool:
        digest = hashlib.sha256()
        try:
            with self._zip.open(part.path) as stream:
                while chunk := stream.read(_CHUNK_BYTES):
                    digest.update(chunk)
        except _DAMAGES:
            return False
        return digest.hexdigest() == part.sha256

    def rows(self, part: TablePart) -> Iterator[dict[str, Any]]:
        """Give the rows of a table, by column."""
        with self._zip.open(part.path) as stream:
            for line in stream:
                values = json.loads(line.decode("utf-8", "surrogatepass"))
                yield dict(zip(part.columns, map(_unpacked, values), strict=True))

    def dataset(self, part: DatasetPart) -> Any:
        """Return the bytes of a dataset as a stream, to be closed."""
        return self._zip.open(part.path)


def damaged(path: str) -> InputError:
    """Return the error for a part that is not as it was written."""
    return InputError((Fault(path=path, need=Text(code="need.backup")),))


def _packed(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(value).decode("ascii")}
    return value


def _unpacked(value: Any) -> Any:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value
