"""Inputs, results and requests as they are kept: packed, under the hash of their bytes."""

import hashlib
import zlib
from dataclasses import dataclass

from api.carried import SMALL_BYTES


@dataclass(frozen=True)
class Payload:
    """Bytes and the name they are kept under.

    Large ones are packed where they are made, so that whoever keeps them need not.
    """

    sha256: str
    content: bytes
    is_packed: bool

    @classmethod
    def of(cls, content: bytes) -> "Payload":
        """Return bytes as they are kept."""
        large = len(content) > SMALL_BYTES
        name = hashlib.sha256(content).hexdigest()
        return cls(name, zlib.compress(content, level=1) if large else content, large)

    @property
    def packed(self) -> bytes:
        """What is kept."""
        return self.content if self.is_packed else zlib.compress(self.content, level=1)

    def read(self) -> bytes:
        """Return the bytes."""
        return zlib.decompress(self.content) if self.is_packed else self.content
