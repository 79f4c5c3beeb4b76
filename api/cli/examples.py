"""``muster examples`` and ``muster example NAME``."""

from typing import Annotated

import typer

from api.cli.options import Lang, OutFile
from api.cli.talk import errors_told, say
from api.output import check_writable, request_json, write
from instances.examples import EXAMPLES
from models.faults import Fault
from models.text import Text
from optimizer.errors import InputError


def list_examples(lang: Lang = "en") -> None:
    """List the examples: a name per line, then what it asks."""
    width = max(map(len, EXAMPLES))
    for name, example in EXAMPLES.items():
        say(f"{name:{width}}  {example.description.text(lang)}")


def print_example(
    name: Annotated[str, typer.Argument(help="A name that `muster examples` lists.")],
    out: OutFile = None,
    lang: Lang = "en",
) -> None:
    """Print an example's request as JSON."""
    with errors_told(lang):
        if name not in EXAMPLES:
            need = Text(code="cli.no_example", values={"known": ", ".join(EXAMPLES)})
            raise InputError((Fault(path="NAME", value=f'"{name}"', need=need),))
        if out is not None:
            check_writable(out)
        text = request_json(EXAMPLES[name].build())
        if out is None:
            say(text)
        else:
            write(out, text)
