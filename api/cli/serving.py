"""``muster serve``: the HTTP door."""

import logging.config
from typing import Annotated

import typer
import uvicorn
from uvicorn.config import LOGGING_CONFIG

from api.app import create_app
from api.cli.options import Lang
from api.cli.talk import errors_told, tell
from api.jobs.database import open_database
from api.jobs.keys import KeyStore
from api.logs import json_lines
from api.services import is_loopback
from api.settings import Settings
from models.faults import Fault
from models.messages import message
from models.text import Language, Text
from optimizer.errors import InputError

_logger = logging.getLogger(__name__)

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
    """Answer over HTTP; the page at / says how.

    As long as there are no keys (`muster keys`) it listens to this machine only.
    """
    with errors_told(lang):
        settings = Settings()
        if settings.log_format == "json":
            logging.config.dictConfig(json_lines())
        _check_keys(host, settings, lang)
        _run(settings, host, port, root_path)


def _run(settings: Settings, host: str, port: int, root_path: str) -> None:
    lines = settings.log_format == "json"
    uvicorn.run(
        create_app(settings, loopback=is_loopback(host)),
        host=host,
        port=port,
        timeout_graceful_shutdown=_GRACE_S,
        root_path=root_path.rstrip("/"),
        proxy_headers=True,
        forwarded_allow_ips=settings.proxies,
        access_log=not lines,  # each request has a line of its own, with its id
        log_config=json_lines() if lines else LOGGING_CONFIG,
    )


def _check_keys(host: str, settings: Settings, language: Language) -> None:
    """Say that no key is needed, or raise where one would be and there is none."""
    engine = open_database(settings.database_url)
    try:
        if KeyStore(engine).any():
            return
    finally:
        engine.dispose()
    faults = []
    if not is_loopback(host):
        faults.append(Fault(path="--host", value=host, need=Text(code="need.keys_for_host")))
    if settings.keys == "required":
        faults.append(Fault(path="MUSTER_KEYS", value="required", need=Text(code="need.keys")))
    if faults:
        raise InputError(tuple(faults))
    if settings.log_format == "json":
        _logger.warning(message("cli.open", "en"))
    else:
        tell(message("cli.open", language))
