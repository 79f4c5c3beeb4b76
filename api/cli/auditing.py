"""``muster audit``: who did what, and whether the log still holds together."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from api.cli.keys import moment, opened
from api.cli.options import Json, Lang
from api.cli.talk import OWN_FAULT, errors_told, say, tell
from api.jobs.audit import AuditLog, Entry
from models.faults import Fault
from models.messages import message
from models.text import Language, Text
from optimizer.errors import InputError


def audit(
    since: Annotated[
        str | None, typer.Option(help="A day or a moment (ISO 8601; UTC where it has no zone).")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Check that no entry is missing or changed.")
    ] = False,
    head: Annotated[
        str | None,
        typer.Option(help="With --check: an earlier head, which must still be in the log."),
    ] = None,
    as_json: Json = False,
    lang: Lang = "en",
) -> None:
    """List the audit log, the oldest entry first, or check it (exit code 1: it is broken)."""
    with errors_told(lang), opened() as engine:
        log = AuditLog(engine)
        if check or head is not None:
            _check(log, head, lang)
            return
        found = log.all(_seconds(since))
        if as_json:
            said = [entry.model_dump(mode="json") for entry in found]
            say(json.dumps(said, ensure_ascii=False, indent=2))
            return
        for entry in found:
            say(_line(entry))


def _check(log: AuditLog, head: str | None, language: Language) -> None:
    chain = log.check(head) if head is not None else log.check()
    if chain.broken is not None:
        tell(message("audit.broken", language, number=chain.broken, whole=chain.count))
        raise typer.Exit(OWN_FAULT)
    if not chain.noted:
        tell(message("audit.cut", language, head=head))
        raise typer.Exit(OWN_FAULT)
    say(message("audit.whole", language, number=chain.count, head=chain.head))


def _seconds(since: str | None) -> float:
    if since is None:
        return 0.0
    try:
        found = datetime.fromisoformat(since)
    except ValueError:
        need = Text(code="need.moment")
        raise InputError((Fault(path="--since", value=since, need=need),)) from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _line(entry: Entry) -> str:
    """Return an entry in one line; what is not there is a dash."""
    hashes = [one[:12] if one else None for one in (entry.inputs, entry.result)]
    parts = (moment(entry.at), entry.who, entry.name, entry.what, entry.job_id, *hashes)
    said = [str(entry.number), *(part or "-" for part in parts)]
    return "  ".join([*said, entry.detail] if entry.detail else said)
