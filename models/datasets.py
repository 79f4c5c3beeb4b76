"""Bulk data named by its content."""

from models.base import Model
from models.quantities import Sha256


class DatasetReference(Model):
    """A file in the content-addressed store, named by the SHA-256 of its bytes.

    ``muster dataset add FILE`` puts a file there and prints this name. Formats: Parquet and NPZ.
    """

    sha256: Sha256
