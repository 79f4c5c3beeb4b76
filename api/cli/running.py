"""``muster run``: a workbook or folder to its answer, in one step."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from api.cli.importing import Crs, Mapping, New, request_of, tell_dropped, tell_read
from api.cli.options import Lang
from api.cli.progress import watched
from api.cli.solving import TimeLimit, limited
from api.cli.talk import errors_told, say, tell
from api.cli.tiles import Attribution, Tiles, tile_service
from api.output import check_writable, request_json, to_json, write, write_bytes
from api.problems import AnyAnswer, AnyRequest
from api.reports import Format, Look, formats_of, made, summary_of, workbook_answered
from api.settings import Settings
from api.solving import Task
from api.targets import named_for, target_of
from instances.projects import Imported, import_project
from instances.projects.comments import commented
from instances.projects.copies import clean_copy
from instances.tables.workbooks import DamagedError, TooLargeError
from models.messages import message
from models.text import LANGUAGES, Language
from optimizer.errors import InputError

WithContacts = Annotated[
    bool, typer.Option("--with-contacts", help="Leave personal columns in the workbook returned.")
]


def run(
    questions: Annotated[
        Path, typer.Argument(metavar="QUESTIONS", help="A filled-in workbook, or a folder.")
    ],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder for the results.")],
    crs: Crs = None,
    new_stations: New = None,
    mapping: Mapping = None,
    time_limit: TimeLimit = None,
    with_contacts: WithContacts = False,
    tiles: Tiles = None,
    tiles_attribution: Attribution = None,
    lang: Lang = "en",
) -> None:
    """Import, solve, verify and report; a workbook comes back with the answers.

    Where it cannot be used it comes back with a comment on each faulty cell.
    """
    with errors_told(lang):
        check_writable(out / "request.json")
        service = tile_service(tiles, tiles_attribution, lang)
        imported = import_project(questions, crs=crs, new_stations=new_stations, mapping=mapping)
        tell_read(imported, lang)
        asked = _asked(questions, with_contacts=with_contacts)
        if imported.faults and asked is not None:
            _mark(asked, imported, out / f"{questions.stem}-faults.xlsx", lang)
        if imported.request is None:
            raise InputError(imported.faults)
        settings = Settings()
        request = request_of(imported, settings, lang, beside=out / "request.json")
        request = limited(request, time_limit_s=time_limit)
        tell_dropped(imported, lang)
        answer = watched(Task(request, settings.store), lang)
        say(summary_of(request, answer, lang))
        look = Look(lang, target_of(None, request), service)
        for path in _written(asked, request, answer, out / questions.stem, look):
            tell(message("cli.written", lang, path=str(path)))


def _asked(questions: Path, *, with_contacts: bool) -> bytes | None:
    """Return the workbook that asks, None where it is none, clean to be handed back."""
    if questions.suffix.lower() != ".xlsx" or not questions.is_file():
        return None
    return clean_copy(questions.read_bytes(), with_contacts=with_contacts)


def _mark(asked: bytes, imported: Imported, path: Path, language: Language) -> None:
    """Write the workbook with its faulty cells marked; a file that is none is left alone."""
    try:
        marked = commented(asked, imported.faults, language)
    except (TooLargeError, DamagedError):
        return  # not a workbook at all, as the faults say
    write_bytes(path, marked)
    tell(message("project.faults_written", language, path=str(path)))


def _written(
    asked: bytes | None, request: AnyRequest, answer: AnyAnswer, stem: Path, look: Look
) -> list[Path]:
    """Write the answer in every form that a planner is given, and return the files."""
    out = stem.parent
    files: dict[str, str | bytes] = {
        "request.json": request_json(request),
        "plan.json": to_json(answer),
        "map.geojson": made(request, answer, Format.GEOJSON, look),
    }
    for one in LANGUAGES:
        files[f"report-{one}.html"] = made(
            request, answer, Format.HTML, replace(look, language=one)
        )
    files[f"{stem.name}-answers.xlsx"] = (
        made(request, answer, Format.XLSX, look)
        if asked is None
        else workbook_answered(asked, request, answer, look)
    )
    if answer.plan is not None and Format.GPKG in formats_of(request):
        name = named_for(Path("map.gpkg"), look.target).name
        files[name] = made(request, answer, Format.GPKG, look)
    for name, content in files.items():
        if isinstance(content, str):
            write(out / name, content)
        else:
            write_bytes(out / name, content)
    return [out / name for name in files]
