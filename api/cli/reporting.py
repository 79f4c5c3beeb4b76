"""``muster report`` and ``muster compare``: answers as people read them."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table as Grid

from api.cli.loading import asked, load_answer, load_request
from api.cli.options import Lang, OutFile, PlanFile, RequestFile
from api.cli.talk import errors_told, say, tell
from api.cli.tiles import Attribution, Tiles, tile_service
from api.output import write_bytes
from api.render.compare import compare as compare_sides
from api.render.tables import Table, formatted
from api.reports import PLACED, Format, Look, made, side_of
from api.settings import Settings
from api.targets import named_for, target_of
from models.faults import Fault
from models.messages import message
from models.text import Language, Text
from optimizer.errors import InputError

_WIDTH_WHERE_PIPED = 200


_BY_SUFFIX = {".txt": Format.TEXT} | {f".{one.value}": one for one in Format}

AsFormat = Annotated[
    Format | None,
    typer.Option("--format", help="Default: what the name of --out ends with, else html."),
]


def report(
    request_file: RequestFile,
    plan_file: PlanFile,
    *,
    out: OutFile = None,
    as_format: AsFormat = None,
    crs: Annotated[
        str | None,
        typer.Option(help="Of files with coordinates; default: the one the user's files came in."),
    ] = None,
    tiles: Tiles = None,
    tiles_attribution: Attribution = None,
    lang: Lang = "en",
) -> None:
    """Write the report (HTML, PDF, DOCX, text), its map (PNG, GeoJSON, GPKG) or tables."""
    with errors_told(lang):
        settings, request = asked(request_file, out)
        answer = load_answer(plan_file, settings, request)
        chosen = _format(as_format, out)
        target = target_of(crs, request)
        if tiles is not None and chosen is not Format.HTML:
            raise InputError((Fault(path="--tiles", need=Text(code="tiles.need_html")),))
        service = None
        if chosen is Format.HTML:
            service = tile_service(tiles, tiles_attribution, lang)
        written = made(request, answer, chosen, Look(lang, target, service))
        if out is not None:
            out = named_for(out, target) if chosen in PLACED else out
            write_bytes(out, written if isinstance(written, bytes) else written.encode("utf-8"))
            tell(message("cli.written", lang, path=str(out)))
        elif isinstance(written, str):
            say(written)
        else:
            raise InputError((Fault(path="--out", need=Text(code="file.needs_out")),))


def compare(
    plan_files: Annotated[
        list[Path], typer.Argument(metavar="PLAN...", help="Two or more answers (JSON).")
    ],
    *,
    request_file: Annotated[
        Path | None,
        typer.Option(
            "--request",
            help="Their request, for names; needed for plans of other things than fire stations.",
        ),
    ] = None,
    lang: Lang = "en",
) -> None:
    """Show several answers side by side; the first is what others are held against."""
    with errors_told(lang):
        settings = Settings()
        request = None if request_file is None else load_request(request_file, settings)
        answers = {str(path): load_answer(path, settings, request) for path in plan_files}
        sides = {path: side_of(request, one, lang) for path, one in answers.items()}
        print_table(compare_sides(sides, lang), lang)


def _format(asked: Format | None, out: Path | None) -> Format:
    if asked is not None:
        return asked
    return Format.HTML if out is None else _BY_SUFFIX.get(out.suffix.lower(), Format.HTML)


def print_table(table: Table, language: Language) -> None:
    """Print ``table``, as wide as the terminal, or wide where there is none."""
    titles, rows = formatted(table, language)
    grid = Grid(title=table.title)
    for index, title in enumerate(titles):
        grid.add_column(title, justify="left" if index == 0 else "right", overflow="fold")
    for row in rows:
        grid.add_row(*row)
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console = Console(markup=False, highlight=False, width=_WIDTH_WHERE_PIPED)
    console.print(grid)
