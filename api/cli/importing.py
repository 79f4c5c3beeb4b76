"""``muster import`` and ``muster template``: planners' files to requests."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.layers import csv_text
from api.cli.networks import roads_of
from api.cli.options import Lang
from api.cli.talk import errors_told, tell
from api.doubting import Doubt, Located, suspicions
from api.output import check_writable, request_json, write, write_bytes
from api.problems import AnyRequest
from api.render.preview import preview
from api.render.text import faults as faults_text
from api.requests import parse, read_request
from api.settings import Settings
from instances.coordinates import parse_crs, to_wgs84
from instances.generators.road_town import road_town
from instances.projects import Imported, import_project, on_network
from instances.projects.template import KINDS
from instances.projects.template import template as workbook_of
from instances.roads import Options
from instances.tables.files import MAPS
from models.faults import Fault
from models.messages import message, render
from models.text import Language, Text
from optimizer.errors import InputError

_FOLDERS = {"road-town": road_town}

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder, or one workbook.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="The file to write.")]
Crs = Annotated[
    str | None,
    typer.Option(help="What the coordinates are in: wgs84, cgcs2000, gcj02, bd09, EPSG:n."),
]
New = Annotated[int | None, typer.Option(min=0, help="How many stations of class city to build.")]
Rejects = Annotated[Path | None, typer.Option(help="A CSV of every faulty cell.")]
Contacts = Annotated[
    Path | None, typer.Option(help="A CSV of the personal cells, which enter nothing else.")
]
Mapping = Annotated[
    Path | None, typer.Option(help="TOML: which column holds which field; else FOLDER's own.")
]
SaveMapping = Annotated[
    Path | None, typer.Option(help="Write the columns that were read, to edit and give back.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Refuse all where one row is faulty.")]


def import_folder(
    folder: Folder,
    *,
    out: Out,
    crs: Crs = None,
    new_stations: New = None,
    rejects: Rejects = None,
    contacts: Contacts = None,
    mapping: Mapping = None,
    save_mapping: SaveMapping = None,
    strict: Strict = False,
    lang: Lang = "en",
) -> None:
    """Make a request of the good rows, and list the others; exit code 2 if none can be made."""
    with errors_told(lang):
        for path in (out, rejects, contacts, save_mapping):
            if path is not None:
                check_writable(path)
        imported = import_project(folder, crs=crs, new_stations=new_stations, mapping=mapping)
        tell_read(imported, lang)
        if rejects is not None:
            write(rejects, rejects_csv(imported.faults, lang))
        for path, text in ((contacts, contacts_csv(imported)), (save_mapping, imported.mapping)):
            if path is not None:
                write(path, text)
                tell(message("cli.written", lang, path=str(path)))
        if imported.request is None or (strict and imported.faults):
            raise InputError(imported.faults)
        request = request_of(imported, Settings(), lang, beside=out)
        write(out, request_json(request))
        tell_dropped(imported, lang)
        tell(message("cli.written", lang, path=str(out)))


def template(
    kind: Annotated[
        str,
        typer.Argument(
            help="fire-stations, facilities, shelters, dispatch, stockpiles: a workbook; "
            "road-town: a folder."
        ),
    ],
    *,
    out: Out,
    lang: Lang = "en",
) -> None:
    """Write a workbook to fill in, or an example of a folder; `muster run` answers both."""
    with errors_told(lang):
        if kind in KINDS:
            files = {out: workbook_of(kind)}
        elif kind in _FOLDERS:
            files = {out / name: text.encode() for name, text in _FOLDERS[kind]().items()}
        else:
            known = ", ".join((*KINDS, *_FOLDERS))
            need = Text(code="template.need.kind", values={"known": known})
            raise InputError((Fault(path="KIND", value=kind, need=need),))
        for path in files:
            check_writable(path)
        for path, content in files.items():
            write_bytes(path, content)
        tell(message("cli.written", lang, path=str(out)))


def request_of(
    imported: Imported, settings: Settings, language: Language, *, beside: Path
) -> AnyRequest:
    """Return the request of a project; its roads are read into the store first.

    A warning is told where its places fit those roads better under another reading, and a page
    that draws them under each is written beside the file ``beside``.

    Raises
    ------
    InputError
        With every fault of the roads or of the request.
    """
    content: dict[str, Any] = dict(imported.request or {})
    if imported.network is not None:
        sha256 = _kept_network(imported, settings, language)
        content = on_network(content, sha256)
    raw = json.dumps(content, ensure_ascii=False).encode()
    request = read_request(parse(raw), store=settings.store)
    if isinstance(request, Located):
        for doubt in suspicions(request, settings.store, imported.placed_in):
            _tell_doubt(doubt, beside, language)
    return request


def _tell_doubt(doubt: Doubt, beside: Path, language: Language) -> None:
    """Say which places are doubtful, and draw them."""
    path = beside.with_name(f"{beside.stem}-{doubt.places}-preview.html")
    write(path, preview(doubt.page, language))
    said = render(doubt.warning, language)
    code = "project.suspicion_drawn"
    tell(message(code, language, table=doubt.places, said=said, path=str(path)))


def _kept_network(imported: Imported, settings: Settings, language: Language) -> str:
    """Return the name of a project's roads in the store.

    What is said of the file itself counts; a project's shifted system is that of its lines too.
    """
    file = imported.network
    assert file is not None
    said = imported.network_crs or imported.crs
    system = None if said is None else parse_crs(said)
    options = Options(layer=imported.network_layer)
    asked = imported.network_crs is not None
    if system is not None and (asked or (system.shifted and file.suffix.lower() in MAPS)):
        options = replace(options, to_wgs84=lambda x, y: to_wgs84(x, y, system))
    network = roads_of(file, options)
    for text in network.notes:
        tell(render(text, language))
    return settings.store.add_arrays(network.columns)


def rejects_csv(faults: tuple[Fault, ...], language: Language) -> str:
    """Return faults as CSV; no cell is taken for a formula by a spreadsheet."""
    cells = ((one.path, one.value or "", render(one.need, language)) for one in faults)
    return csv_text(("path", "value", "need"), cells)


def contacts_csv(imported: Imported) -> str:
    """Return the personal cells of a project as CSV, to be laid beside a plan by hand."""
    cells = ((one.table, one.row, one.id or "", one.column, one.value) for one in imported.contacts)
    return csv_text(("table", "row", "id", "column", "value"), cells)


def tell_read(imported: Imported, language: Language) -> None:
    """Say which columns were read, and what was done with the files besides."""
    for table, columns in imported.columns:
        tell(f"{table}: " + ", ".join(f"{field} = {column}" for field, column in columns.items()))
    for text in imported.notes:
        tell(render(text, language))
    if imported.warnings:
        tell(message("project.warned", language))
        tell(faults_text(imported.warnings, language))


def tell_dropped(imported: Imported, language: Language) -> None:
    """Say what was left out."""
    if imported.faults:
        tell(faults_text(imported.faults, language))
        tell(message("project.dropped", language, count=imported.dropped))
    else:
        tell(message("project.all_good", language))
