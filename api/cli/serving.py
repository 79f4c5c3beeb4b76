"""``muster serve``: the HTTP door."""

from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from api.cli.options import Lang
from api.cli.talk import errors_told

_GRACE_S = 3  # what calls under way may take once the service is asked to end


def serve(
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at.")] = 8000,
    lang: Lang = "en",
) -> None:
    """Answer over HTTP; the page at / says how."""
    with errors_told(lang):
        uvicorn.run(create_app(), host=host, port=port, timeout_graceful_shutdown=_GRACE_S)
