"""``muster serve``: the HTTP door."""

from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from api.cli.options import Lang
from api.cli.talk import errors_told, tell
from models.messages import message


def serve(
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at.")] = 8000,
    lang: Lang = "en",
) -> None:
    """Answer over HTTP; the page at / says how."""
    with errors_told(lang):
        tell(message("cli.serving", lang, address=f"http://{host}:{port}/"))
        uvicorn.run(create_app(), host=host, port=port, log_level="info")
