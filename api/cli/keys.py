"""``muster keys``: who may use the service, in the database that MUSTER_DATABASE_URL names."""

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy import Engine

from api.cli.options import Json, Lang
from api.cli.talk import errors_told, say, tell
from api.jobs.callers import Caller, Role
from api.jobs.database import open_database
from api.jobs.keys import Key, KeyNameTakenError, KeyStore
from api.settings import Settings
from models.faults import Fault
from models.messages import message
from models.text import Language, Text
from optimizer.errors import InputError

_DAY_S, _HOUR_S = 86_400.0, 3600.0
_LONGEST_NAME = 200

app = typer.Typer(no_args_is_help=True, help="Make, list, renew and end keys of the service.")

Name = Annotated[str, typer.Argument(help="The name or id of a key.")]


@contextmanager
def opened() -> Iterator[Engine]:
    """Open the database of the settings."""
    engine = open_database(Settings().database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def operator() -> Caller:
    """Return who types commands on this machine, for the log."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container without a name for its user
        name = "-"
    return Caller("cli", name[:_LONGEST_NAME], Role.ADMIN)


def moment(seconds: float) -> str:
    """Return a time in seconds since 1970 as people of this machine read it, with its zone."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().isoformat(" ", "seconds")


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="Who holds it, or what for.")],
    *,
    role: Annotated[Role, typer.Option(help="What it may do.")],
    areas: Annotated[
        list[str] | None,
        typer.Option("--area", help="An area it is limited to, by its id; again for more."),
    ] = None,
    days: Annotated[
        float | None, typer.Option(min=0.0, help="How long it is valid; else until revoked.")
    ] = None,
    lang: Lang = "en",
) -> None:
    """Make a key and print it, this once."""
    with errors_told(lang), opened() as engine:
        faults = _faults(name, role, areas)
        valid_s = None if days is None else days * _DAY_S
        taken = Fault(path="NAME", value=name, need=Text(code="need.key_name_new"))
        if any(key.name == name for key in KeyStore(engine).listing()):
            faults.append(taken)
        if faults:
            raise InputError(tuple(faults))
        try:
            shown = KeyStore(engine).create(
                name, role, by=operator(), areas=areas or None, valid_s=valid_s
            )
        except KeyNameTakenError:  # by another, just now
            raise InputError((taken,)) from None
        say(shown)
        tell(message("keys.shown_once", lang, name=name))


@app.command("list")
def list_keys(as_json: Json = False, lang: Lang = "en") -> None:
    """List all keys, the oldest first; secrets are not kept and cannot be shown."""
    with errors_told(lang), opened() as engine:
        found = KeyStore(engine).listing()
        if as_json:
            said = [key.model_dump(mode="json") for key in found]
            say(json.dumps(said, ensure_ascii=False, indent=2))
            return
        for key in found:
            say(_line(key, lang))
        if not found:
            tell(message("keys.none", lang))


@app.command("rotate")
def rotate(
    name: Name,
    grace_hours: Annotated[
        float, typer.Option(min=0.0, help="How long the old one stays valid.")
    ] = 24.0,
    lang: Lang = "en",
) -> None:
    """Give a key a new secret and print it, this once; id, role, areas and expiry stay."""
    with errors_told(lang), opened() as engine:
        keys = KeyStore(engine)
        key = _named(keys, name)
        shown = keys.rotate(key.id, by=operator(), grace_s=grace_hours * _HOUR_S)
        if shown is None:
            raise InputError((Fault(path="NAME", value=name, need=Text(code="need.key_valid")),))
        say(shown)
        tell(message("keys.shown_once", lang, name=key.name))
        until = datetime.now(UTC).timestamp() + grace_hours * _HOUR_S
        tell(message("keys.grace", lang, until=moment(until)))


@app.command("revoke")
def revoke(name: Name, lang: Lang = "en") -> None:
    """End a key at once."""
    with errors_told(lang), opened() as engine:
        keys = KeyStore(engine)
        key = _named(keys, name)
        if not keys.revoke(key.id, by=operator()):
            need = Text(code="need.key_not_revoked")
            raise InputError((Fault(path="NAME", value=name, need=need),))
        tell(message("keys.revoked", lang, name=key.name))


def _faults(name: str, role: Role, areas: list[str] | None) -> list[Fault]:
    found = []
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable() or name != name.strip():
        found.append(Fault(path="NAME", value=name, need=Text(code="need.key_name")))
    if areas and role is Role.ADMIN:
        need = Text(code="need.no_areas")
        found.append(Fault(path="--area", value=", ".join(areas), need=need))
    return found


def _named(keys: KeyStore, name: str) -> Key:
    found = next((key for key in keys.listing() if name in (key.name, key.id)), None)
    if found is None:
        raise InputError((Fault(path="NAME", value=name, need=Text(code="need.key")),))
    return found


def _line(key: Key, language: Language) -> str:
    state = "valid" if key.valid else "expired" if key.revoked is None else "revoked"
    areas = ", ".join(key.areas or ()) or message("keys.everywhere", language)
    expires = message("keys.never", language) if key.expires is None else moment(key.expires)
    return message(
        "keys.line",
        language,
        name=key.name,
        role=key.role.value,
        areas=areas,
        state=message(f"keys.state.{state}", language),
        created=moment(key.created),
        expires=expires,
        prefixes=", ".join(key.prefixes),
    )
