"""The store of bulk data: names by content, and what it says of data it cannot use."""

import io
from pathlib import Path

import numpy as np
import pytest

from optimizer.datasets import Store
from optimizer.errors import InputError

COLUMNS = {"time_s": np.arange(500.0), "site": np.arange(500)}
UNKNOWN = "0" * 64


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def problem(store: Store, name: str) -> str:
    """Return what loading a dataset is refused for."""
    with pytest.raises(InputError) as refused:
        store.load(name)
    (fault,) = refused.value.faults
    assert fault.value == f'"{name}"'
    return fault.need.code


def compressed() -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **COLUMNS)  # type: ignore[arg-type]
    return buffer.getvalue()


def test_the_same_bytes_added_twice_are_one_dataset_of_one_name(store: Store) -> None:
    names = {store.add_bytes(b"one"), store.add_bytes(b"one")}
    assert store.names() == tuple(names)


def test_a_file_has_the_name_of_its_bytes(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"one" * 500_000)
    assert store.add(source) == store.add_bytes(source.read_bytes())
    assert store.path(store.names()[0]).read_bytes() == source.read_bytes()


def test_other_bytes_have_another_name(store: Store) -> None:
    assert store.add_bytes(b"one") != store.add_bytes(b"two")
    assert len(store.names()) == 2


def test_nothing_but_whole_datasets_lies_in_the_store(store: Store) -> None:
    name = store.add_bytes(b"one")
    assert [path for path in store.root.rglob("*") if path.is_file()] == [store.path(name)]


@pytest.mark.parametrize("kind", ["add_arrays", "add_table"])
def test_columns_come_back_as_they_were_kept(store: Store, kind: str) -> None:
    found = store.load(getattr(store, kind)(COLUMNS))
    assert found.keys() == COLUMNS.keys()
    for name, values in COLUMNS.items():
        np.testing.assert_array_equal(found[name], values)


def test_a_name_nobody_added_is_not_in_the_store(store: Store) -> None:
    assert problem(store, UNKNOWN) == "dataset.absent"


def test_bytes_of_another_format_are_refused(store: Store) -> None:
    assert problem(store, store.add_bytes(b"time_s\n1\n")) == "dataset.format"
    assert problem(store, store.add_bytes(b"")) == "dataset.format"


@pytest.mark.parametrize("kind", ["add_arrays", "add_table"])
def test_a_file_cut_short_is_damaged(store: Store, kind: str) -> None:
    whole = store.path(getattr(store, kind)(COLUMNS)).read_bytes()
    for share in (0.01, 0.5, 0.99):
        assert (
            problem(store, store.add_bytes(whole[: int(share * len(whole))])) == "dataset.damaged"
        )


def test_arrays_of_objects_are_not_unpacked(store: Store) -> None:
    unsafe = {"site": np.array([{"a": 1}], dtype=object)}
    assert problem(store, store.add_arrays(unsafe)) == "dataset.damaged"


def with_wrong_byte(place: int) -> bytes:
    content = bytearray(compressed())
    content[place] ^= 0xFF
    return bytes(content)


@pytest.mark.parametrize("place", [200, 400])
def test_a_compressed_array_with_a_wrong_checksum_is_damaged(store: Store, place: int) -> None:
    assert problem(store, store.add_bytes(with_wrong_byte(place))) == "dataset.damaged"


@pytest.mark.parametrize("place", [60, 100])
def test_a_compressed_array_that_cannot_be_unpacked_is_damaged(store: Store, place: int) -> None:
    assert problem(store, store.add_bytes(with_wrong_byte(place))) == "dataset.damaged"
