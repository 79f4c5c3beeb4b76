"""Bulk data named by its content."""

from typing import Literal

from models.base import Model
from models.quantities import Count, Sha256


class DatasetReference(Model):
    """A file in the content-addressed store, named by the SHA-256 of its bytes.

    ``muster dataset add FILE`` puts a file there and prints this name. Formats: Parquet and NPZ.
    """

    sha256: Sha256


class DatasetColumn(Model):
    """One column of a table, or one array: its name, its type, how long it is each way."""

    name: str
    type: str
    shape: tuple[Count, ...]


class DatasetInfo(DatasetReference):
    """What a dataset is: a table (Parquet), arrays (NPZ), or the arrays of a road network."""

    bytes: Count
    kind: Literal["table", "arrays", "road_network"]
    columns: tuple[DatasetColumn, ...]
