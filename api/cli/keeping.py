"""``muster backup`` and ``muster restore``: all that is kept, as one file, and back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError

from api.cli.keys import operator
from api.cli.options import Lang
from api.cli.talk import OWN_FAULT, errors_told, say, tell
from api.jobs.archive import Manifest
from api.jobs.backup import back_up, file_for
from api.jobs.restore import restore as put_back
from api.settings import Settings
from models.faults import Fault
from models.messages import message
from models.text import Language, Text
from optimizer.errors import InputError

_DAMAGED = "damaged"


def backup(
    target: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write, or a folder to put it in.")
    ],
    lang: Lang = "en",
) -> None:
    """Back up the database and the datasets to one file; the service may go on meanwhile.

    Exit code 1: a dataset is damaged; all else is in the backup.
    """
    with errors_told(lang), _troubles_told(target):
        settings = Settings()
        file = file_for(target, time.time())
        made = back_up(settings.database_url, settings.store, file)
        say(_told("backup.written", made, lang, path=str(file)))
        if made.left_out:
            tell(message("backup.left_out", lang, names=", ".join(made.left_out)))
        _tell_broken(made, lang)
        if any(name.startswith(_DAMAGED) for name in made.left_out):
            raise typer.Exit(OWN_FAULT)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What muster backup has written.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of what the database holds.")
    ] = False,
    lang: Lang = "en",
) -> None:
    """Put a backup back, into SQLite or PostgreSQL; all of it, or nothing changes.

    It is checked first. Jobs that were running wait again.
    """
    with errors_told(lang), _troubles_told(file):
        settings = Settings()
        if not file.is_file():
            raise InputError((Fault(path=str(file), need=Text(code="need.file")),))
        url, store = settings.database_url, settings.store
        say(
            _told(
                "backup.restored",
                put_back(file, url, store, replace=replace, by=operator()),
                lang,
            )
        )


def _told(code: str, made: Manifest, language: Language, **more: str) -> str:
    counts = {"jobs": made.rows("jobs"), "datasets": len(made.datasets)}
    return message(code, language, **counts, **more)


def _tell_broken(made: Manifest, language: Language) -> None:
    log = made.log
    if log is not None and log.broken is not None:
        tell(message("audit.broken", language, number=log.broken, whole=log.count))


@contextmanager
def _troubles_told(path: Path) -> Iterator[None]:
    """Turn what disks and databases refuse into a fault."""
    try:
        yield
    except (OSError, OperationalError) as error:
        own = isinstance(error, OperationalError)
        where = "MUSTER_DATABASE_URL" if own else getattr(error, "filename", None) or str(path)
        problem = str(error.orig if isinstance(error, OperationalError) else error.strerror)
        need = Text(code="need.works", values={"problem": problem.splitlines()[0]})
        raise InputError((Fault(path=str(where), need=need),)) from None
