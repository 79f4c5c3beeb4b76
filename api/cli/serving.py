"""``muster serve``: the HTTP door."""

from typing import Annotated

import typer
import uvicorn
from uvicorn.config import LOGGING_CONFIG

from api.app import create_app
from api.cli.options import Lang
from api.cli.talk import errors_told
from api.logs import json_lines
from api.settings import Settings

_GRACE_S = 3  # what calls under way may take once the service is asked to end


def serve(
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at.")] = 8000,
    root_path: Annotated[
        str,
        typer.Option(envvar="MUSTER_ROOT_PATH", help="The path a proxy serves this at, /muster."),
    ] = "",
    lang: Lang = "en",
) -> None:
    """Answer over HTTP; the page at / says how."""
    with errors_told(lang):
        settings = Settings()
        lines = settings.log_format == "json"
        uvicorn.run(
            create_app(settings),
            host=host,
            port=port,
            timeout_graceful_shutdown=_GRACE_S,
            root_path=root_path.rstrip("/"),
            proxy_headers=True,
            forwarded_allow_ips=settings.proxies,
            access_log=not lines,  # each request has a line of its own, with its id
            log_config=json_lines() if lines else LOGGING_CONFIG,
        )
