"""``muster dataset``: bulk data, kept by the SHA-256 of its bytes."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import Lang
from api.cli.talk import errors_told, say
from api.settings import Settings
from models.faults import Fault
from models.text import Text
from optimizer.datasets import Store
from optimizer.errors import InputError

app = typer.Typer(no_args_is_help=True, help="Keep bulk data (Parquet, NPZ) and name it.")


@app.command("add")
def add(
    file: Annotated[Path, typer.Argument(help="A Parquet or NPZ file.")], lang: Lang = "en"
) -> None:
    """Put a file into the store and print the name that requests give it."""
    with errors_told(lang):
        if not file.is_file():
            code = "need.file_not_folder" if file.is_dir() else "need.file"
            raise InputError((Fault(path=str(file), need=Text(code=code)),))
        say(added(file, Settings().store))


def added(file: Path, store: Store) -> str:
    """Add ``file`` to ``store`` and return its name; what cannot be read again does not stay."""
    before = store.names()
    name = store.add(file)
    try:
        store.load(name)
    except InputError:
        if name not in before:
            store.path(name).unlink()
        raise
    return name


@app.command("list")
def list_names(lang: Lang = "en") -> None:
    """List the names of all datasets in the store."""
    with errors_told(lang):
        for name in Settings().store.names():
            say(name)
