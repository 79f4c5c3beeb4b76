"""``muster rotation``: the storekeeper's workbook, its way back, and the pick list of the day."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.layers import csv_text
from api.cli.loading import load_answer, load_request
from api.cli.options import Lang, PlanFile, RequestFile
from api.cli.talk import errors_told, say, tell
from api.output import check_writable, request_json, write, write_bytes
from api.problems import AnyRequest, problem_of, unable
from api.render.files.errors import FileError
from api.render.rotation.workbook import pick_workbook, storekeepers_workbook
from api.render.text import faults as faults_text
from api.settings import Settings
from instances.projects.comments import commented
from instances.projects.storekeeping import Returned, read_orders, read_return
from models.messages import message
from models.rotation import RotationAnswer, RotationRequest
from models.text import Language
from optimizer.errors import InputError
from optimizer.rotation.instance import Instance
from optimizer.rotation.picking import pick as pick_lots

app = typer.Typer(no_args_is_help=True, help="Stock rotation: workbooks out and back.")

Out = Annotated[Path, typer.Option("--out", "-o", help="The file to write.")]
Book = Annotated[Path, typer.Argument(metavar="WORKBOOK", help="The workbook that came back.")]
Differences = Annotated[
    Path | None, typer.Option(help="A CSV of what differs from the book: path, book, found.")
]
Marked = Annotated[
    Path | None, typer.Option(help="The workbook with a comment on each faulty cell.")
]
From = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="Where the next plan begins."),
]
Orders = Annotated[
    Path,
    typer.Argument(
        metavar="ORDERS",
        help="A table: vehicle, depot, item, quantity, to, perhaps unit and load_kg.",
    ),
]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; else the plan's first.")
]


@app.command("workbook")
def workbook(
    request_file: RequestFile, answer_file: PlanFile, *, out: Out, lang: Lang = "en"
) -> None:
    """Write the storekeeper's workbook of a plan: the book, and what to do month by month."""
    with errors_told(lang):
        check_writable(out)
        settings = Settings()
        request = _rotation(load_request(request_file, settings))
        answer = load_answer(answer_file, settings, request)
        assert isinstance(answer, RotationAnswer)  # as its request is
        try:
            write_bytes(out, storekeepers_workbook(request, answer, lang))
        except FileError as error:
            raise InputError((error.fault,)) from error
        tell(message("cli.written", lang, path=str(out)))


@app.command("return")
def take_back(
    request_file: RequestFile,
    workbook_file: Book,
    *,
    out: Out,
    differences: Differences = None,
    marked: Marked = None,
    start: From = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse all where one cell is faulty.")
    ] = False,
    lang: Lang = "en",
) -> None:
    """Bring the book up to date from a workbook that came back; the next plan starts from it."""
    with errors_told(lang):
        for path in (out, differences, marked):
            if path is not None:
                check_writable(path)
        request = _rotation(load_request(request_file, Settings()))
        day = None if start is None else start.date()
        returned = read_return(workbook_file, request, day)
        if returned.faults:
            tell(faults_text(returned.faults, lang))
            if marked is not None and workbook_file.suffix.lower() == ".xlsx":
                raw = workbook_file.read_bytes()
                write_bytes(marked, commented(raw, returned.faults, lang))
                tell(message("cli.written", lang, path=str(marked)))
        if returned.faults and (strict or not returned.lines):
            raise InputError(returned.faults)
        Instance.from_request(returned.request)
        write(out, request_json(returned.request))
        _tell_differences(returned, lang)
        if differences is not None:
            write(differences, _differences_csv(returned))
            tell(message("cli.written", lang, path=str(differences)))
        tell(message("cli.written", lang, path=str(out)))


@app.command("pick")
def pick(
    request_file: RequestFile, orders_file: Orders, *, out: Out, day: Day = None, lang: Lang = "en"
) -> None:
    """Write a pick list for each vehicle: lots, packs, weight, destination; oldest first."""
    with errors_told(lang):
        check_writable(out)
        request = _rotation(load_request(request_file, Settings()))
        orders, faults = read_orders(orders_file, request)
        if faults:
            raise InputError(faults)
        when: date = request.start if day is None else day.date()
        picks = pick_lots(request, orders, when)
        try:
            write_bytes(out, pick_workbook(request, picks, lang))
        except FileError as error:
            raise InputError((error.fault,)) from error
        for one in picks.missing:
            code = f"rotation.missing.{one.reason}"
            tell(message(code, lang, number=one.order, quantity=one.quantity))
        tell(message("cli.written", lang, path=str(out)))


def _rotation(request: AnyRequest) -> RotationRequest:
    if isinstance(request, RotationRequest):
        return request
    raise unable(problem_of(request), lambda one: one.kind == "stock_rotation")


def _tell_differences(returned: Returned, language: Language) -> None:
    counts = {"lines": returned.lines, "differences": len(returned.differences)}
    say(message("rotation.returned", language, **counts))
    for one in returned.differences:
        said = {"cell": one.cell, "lot": one.lot_id, "depot": one.depot_id}
        line = message("rotation.differs", language, book=one.book, found=one.found, **said)
        say("  " + line)


def _differences_csv(returned: Returned) -> str:
    cells = (
        (one.path, one.lot_id, one.depot_id, one.item_id, one.book or "", one.found or "", one.cell)
        for one in returned.differences
    )
    return csv_text(("path", "lot", "depot", "item", "book", "found", "cell"), cells)
