"""The option of a background map for reports, off unless asked for."""

from typing import Annotated

import typer

from api.cli.talk import tell
from models.faults import Fault
from models.messages import message
from models.text import Language, Text
from models.tiles import TileService, url_fault
from optimizer.errors import InputError

Tiles = Annotated[
    str | None,
    typer.Option(
        "--tiles",
        metavar="URL",
        help="A background map for the HTML map, as https://.../{z}/{x}/{y}.png; default: none.",
    ),
]
Attribution = Annotated[
    str | None,
    typer.Option("--tiles-attribution", help="Whom to thank for the background map."),
]


def tile_service(
    url: str | None, attribution: str | None, language: Language
) -> TileService | None:
    """Return the background map asked for, and say what it means; nothing is fetched here.

    Raises
    ------
    InputError
        The URL cannot be one of tiles, or one of the two is missing.
    """
    if url is None and attribution is None:
        return None
    faults = []
    need = "tiles.need_http" if url is None else url_fault(url)
    if need is not None:
        shown = None if url is None else f'"{url}"'
        faults.append(Fault(path="--tiles", value=shown, need=Text(code=need)))
    if not (attribution or "").strip():
        need = "tiles.need_attribution"
        faults.append(Fault(path="--tiles-attribution", need=Text(code=need)))
    if faults or url is None or attribution is None:
        raise InputError(tuple(faults))
    service = TileService(url=url, attribution=attribution)
    tell(message("tiles.online", language, host=service.host))
    if service.shifted:
        tell(message("tiles.shifted", language, host=service.host))
    return service
