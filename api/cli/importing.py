"""``muster import``: a planner's folder or workbook to a request."""

import csv
import io
import json
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import Lang
from api.cli.talk import errors_told, tell
from api.output import check_writable, request_json, write
from api.render.text import faults as faults_text
from api.requests import Document, parse, read_request
from api.settings import Settings
from instances.projects import Imported, import_project
from models.faults import Fault
from models.messages import message, render
from models.text import Language
from optimizer.errors import InputError

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder, or one workbook.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="The request to write.")]
Crs = Annotated[str | None, typer.Option(help="The coordinates of files that name none.")]
New = Annotated[int | None, typer.Option(min=0, help="How many stations of class city to build.")]
Rejects = Annotated[Path | None, typer.Option(help="A CSV of every faulty cell.")]
Strict = Annotated[bool, typer.Option("--strict", help="Refuse all where one row is faulty.")]


def import_folder(
    folder: Folder,
    *,
    out: Out,
    crs: Crs = None,
    new_stations: New = None,
    rejects: Rejects = None,
    strict: Strict = False,
    lang: Lang = "en",
) -> None:
    """Make a request of the good rows, and list the others; exit code 2 if none can be made."""
    with errors_told(lang):
        for path in (out, rejects):
            if path is not None:
                check_writable(path)
        imported = import_project(folder, crs=crs, new_stations=new_stations)
        if rejects is not None:
            write(rejects, rejects_csv(imported.faults, lang))
        if imported.request is None or (strict and imported.faults):
            raise InputError(imported.faults)
        content = json.dumps(imported.request, ensure_ascii=False).encode()
        request = read_request(_document(content), store=Settings().store)
        write(out, request_json(request))
        _tell_all(imported, lang)
        tell(message("cli.written", lang, path=str(out)))


def rejects_csv(faults: tuple[Fault, ...], language: Language) -> str:
    """Return faults as CSV; no cell is taken for a formula by a spreadsheet."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("path", "value", "need"))
    for fault in faults:
        cells = (fault.path, fault.value or "", render(fault.need, language))
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return "\ufeff" + stream.getvalue()


def _document(content: bytes) -> Document:
    return parse(content)


def _tell_all(imported: Imported, language: Language) -> None:
    for table, columns in imported.columns:
        tell(f"{table}: " + ", ".join(f"{field} = {column}" for field, column in columns.items()))
    for table in imported.unused:
        tell(message("project.unused", language, table=table))
    if imported.faults:
        tell(faults_text(imported.faults, language))
        tell(message("project.dropped", language, count=imported.dropped))
    else:
        tell(message("project.all_good", language))
