"""``muster shelters``: what a plan hands to dispatch."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import Lang, PlanFile, RequestFile
from api.cli.stockpiles import Out, handed
from api.cli.talk import errors_told

app = typer.Typer(no_args_is_help=True, help="Shelters: the rounds that fetch people.")


@app.callback()
def _shelters() -> None:
    """Shelters: the rounds that fetch people."""


@app.command("hand-over")
def hand_over(
    request_file: RequestFile,
    answer_file: PlanFile,
    *,
    out: Out,
    case: Annotated[str | None, typer.Option(help="The case of the plan.")] = None,
    site: Annotated[str | None, typer.Option(help="The site that people are brought to.")] = None,
    lang: Lang = "en",
) -> None:
    """Write the request to dispatch for the rounds that bring people to a site."""
    with errors_told(lang):
        handed((request_file, answer_file), Path(out), lang, case=case, site=site)
