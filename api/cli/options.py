"""The arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from models.text import Language

RequestFile = Annotated[
    Path, typer.Argument(metavar="REQUEST", help="The request (JSON); - is standard input.")
]
PlanFile = Annotated[
    Path, typer.Argument(metavar="PLAN", help="The answer, or a bare plan (JSON).")
]
OutFile = Annotated[Path | None, typer.Option("--out", "-o", help="The file to write.")]
Lang = Annotated[
    Language,
    typer.Option("--lang", envvar="MUSTER_LANGUAGE", help="The language of what people read."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON, and nothing else.")]
