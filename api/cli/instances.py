"""``muster instances``: published instances, what is known of them, and where they come from."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import Lang
from api.cli.talk import errors_told, say, tell
from api.clients import FetchError, Line, base_address, take
from api.output import check_writable, write_bytes
from api.settings import Settings
from instances.catalog import NoDataError, data_folder
from instances.published import FAMILIES, Published, content_sha256, published
from models.faults import Fault
from models.messages import message
from models.text import Language, Text
from optimizer.errors import InputError

app = typer.Typer(no_args_is_help=True, help="Published instances: list, show, fetch.")
_LARGEST_BYTES = 50_000_000

Name = Annotated[str, typer.Argument(help="An instance, or a family of them.")]
To = Annotated[
    Path | None, typer.Option("--to", help="The data folder; else MUSTER_DATA, else ./data.")
]
FamilyOnly = Annotated[str | None, typer.Option("--family", help="Of one family alone.")]
Timeout = Annotated[float, typer.Option(min=0.1, max=3600, help="Seconds for each file.")]


@app.command("list")
def list_instances(family: FamilyOnly = None, lang: Lang = "en") -> None:
    """List the instances: name, family, problems with a known value, whether it is here."""
    with errors_told(lang):
        asked = [*published().values()] if family is None else _named(family)
        folder = _folder_there()
        width = max(len(one.name) for one in asked)
        for one in asked:
            problems = ", ".join(dict.fromkeys(value.problem for value in one.values))
            state = message(f"published.state.{_state(one, folder)}", lang)
            say(f"{one.name:{width}}  {one.family.name:15}  {state:8}  {problems}")


@app.command("show")
def show(name: Name, lang: Lang = "en") -> None:
    """Say what is known of an instance or of a family, and where it comes from."""
    with errors_told(lang):
        for one in _named(name):
            for line in _lines(one, _folder_there(), lang):
                say(line)


@app.command("fetch")
def fetch(name: Name, to: To = None, timeout: Timeout = 60.0, lang: Lang = "en") -> None:
    """Take an instance or a family from its home into the data folder, checked by its checksum.

    Only the addresses of the catalog are asked (or MUSTER_INSTANCE_MIRROR), no redirect is
    followed, and a file that is not the published one is not kept.
    """
    with errors_told(lang):
        asked, mirror = _named(name), Settings().instance_mirror
        folder = _folder_there() or Path("data") if to is None else to
        if not mirror and any(one.address is None for one in asked):
            home = asked[0].family.home
            need = Text(code="published.need.file", values={"home": home})
            raise InputError((Fault(path="NAME", value=name, need=need),))
        for one in asked:
            check_writable(folder / one.place)
        for one in asked:
            tell(_fetched(one, folder, mirror, timeout, lang))


def _fetched(one: Published, folder: Path, mirror: str, timeout_s: float, lang: Language) -> str:
    """Take one file unless it is here, and say what became of it."""
    path = folder / one.place
    told = {"name": one.name, "path": str(path)}
    state = _state(one, folder)
    if state != "absent":
        return message(f"published.{'there' if state == 'here' else 'changed'}", lang, **told)
    base, file = (mirror, f"/{one.place}") if mirror else (one.family.files or "", f"/{one.file}")
    address = base_address(base, "MUSTER_INSTANCE_MIRROR")
    raw = take(Line(address, timeout_s, _LARGEST_BYTES), file)
    found = content_sha256(raw)
    if found != one.content_sha256:
        values = {"url": f"{address}{file}", "found": found, "wanted": one.content_sha256}
        raise FetchError(Text(code="published.differs", values={**values}))
    write_bytes(path, raw)
    return message("published.fetched", lang, **told)


def _named(name: str) -> list[Published]:
    """Return the instance called ``name``, or all of the family called so."""
    known = published()
    if name in known:
        return [known[name]]
    if name in FAMILIES:
        return [one for one in known.values() if one.family.name == name]
    need = Text(code="published.need.name")
    raise InputError((Fault(path="NAME", value=name, need=need),))


def _folder_there() -> Path | None:
    try:
        return data_folder()
    except NoDataError:
        return None


def _state(one: Published, folder: Path | None) -> str:
    """Return whether a file is in the data folder, and as it was published."""
    path = None if folder is None else folder / one.place
    if path is None or not path.is_file():
        return "absent"
    same = content_sha256(path.read_bytes()) == one.content_sha256
    return "here" if same else "differs"


def _lines(one: Published, folder: Path | None, lang: Language) -> Iterator[str]:
    yield f"{one.name} ({one.family.name})"
    told = {
        "format": one.family.format,
        "distance": one.family.distance,
        "source": one.family.source,
        "home": one.family.home,
        "address": one.address or message("published.by_hand", lang),
        "checksum": one.content_sha256,
    }
    for key, said in told.items():
        yield "  " + message(f"published.{key}", lang, said=said)
    state = message(f"published.state.{_state(one, folder)}", lang)
    yield "  " + message("published.place", lang, path=one.place, state=state)
    for value in one.values:
        yield "  " + message(
            "published.value",
            lang,
            problem=value.problem,
            parameters=value.parameters,
            value=f"{value.value:.12g}",
            status=value.status,
            citation=value.citation,
        )
