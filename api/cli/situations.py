"""``muster situation``: what dispatchers know, kept in a database as the service keeps it."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.keys import operator
from api.cli.loading import load_request
from api.cli.options import Json, Lang, RequestFile
from api.cli.talk import OWN_FAULT, errors_told, say, tell
from api.jobs.database import open_database
from api.jobs.records import is_id
from api.jobs.situations import Kept, SituationStore
from api.output import to_json
from api.requests import Document, parse, read_file, read_model
from api.settings import Settings
from api.situations import begun, folded, orders, ranked, replayed, stepped, supposed
from models.dispatch import DispatchRequest
from models.dispatch.situation import (
    AnswerChange,
    NewEvents,
    Orders,
    ProposalChange,
    Supposition,
)
from models.faults import Fault
from models.messages import formats, message, render
from models.text import Language, Text
from optimizer.errors import InputError

_PAGE = 1000

app = typer.Typer(no_args_is_help=True, help="Keep a situation: events in, changed orders out.")

Database = Annotated[
    Path | None,
    typer.Option("--file", help="A file of SQLite; else the database of MUSTER_DATABASE_URL."),
]
Named = Annotated[str, typer.Argument(metavar="SITUATION", help="Its id, as `new` printed it.")]
Moment = Annotated[
    float | None, typer.Option("--at", min=0.0, help="At so many seconds on its clock; else now.")
]


@contextmanager
def _opened(file: Path | None) -> Iterator[tuple[SituationStore, Settings]]:
    settings = Settings()
    engine = open_database(f"sqlite:///{file}" if file is not None else settings.database_url)
    try:
        yield SituationStore(engine), settings
    finally:
        engine.dispose()


@app.command("new")
def new(request_file: RequestFile, *, file: Database = None, lang: Lang = "en") -> None:
    """Begin a situation with a dispatch request; print its id."""
    with errors_told(lang), _opened(file) as (situations, settings):
        request = load_request(request_file, settings)
        if not isinstance(request, DispatchRequest):
            need = Text(code="need.problem", values={"known": "dispatch_teams"})
            raise InputError((Fault(path="kind", value=f'"{request.kind}"', need=need),))
        first = begun(request, settings.store)
        say(situations.add(request.name, first, operator()).id)
        _tell_change(first.change, lang)


@app.command("event")
def event(
    situation: Named,
    event_file: Annotated[
        Path,
        typer.Argument(metavar="EVENT", help='An event, or {"events": [...]}; -: standard input.'),
    ],
    *,
    file: Database = None,
    as_json: Json = False,
    lang: Lang = "en",
) -> None:
    """Tell a situation what has happened; print what that changes."""
    with errors_told(lang), _opened(file) as (situations, settings):
        kept = _kept(situations, situation)
        document = parse(read_file(event_file, limit_bytes=settings.file_limit_bytes))
        content = document.content
        content = content if "events" in content else {"events": [content]}
        told = read_model(NewEvents, Document(content, document.faults))
        after = stepped(_state(situations, kept), told.events, settings.store)
        if situations.append(kept, told.events, after, operator()) is None:
            raise InputError((Fault(path="", need=Text(code="http.other_events")),))
        if as_json:
            say(after.change)
        else:
            _tell_change(after.change, lang)


@app.command("show")
def show(situation: Named, *, at: Moment = None, file: Database = None, lang: Lang = "en") -> None:
    """Print all that a situation holds (JSON), now or at a moment."""
    with errors_told(lang), _opened(file) as (situations, _):
        kept = _kept(situations, situation)
        say(json.dumps(json.loads(_state(situations, kept, at)), ensure_ascii=False, indent=2))


@app.command("orders")
def told_orders(
    situation: Named,
    *,
    at: Moment = None,
    file: Database = None,
    as_json: Json = False,
    lang: Lang = "en",
) -> None:
    """Print the orders, one line each for radio or chat."""
    with errors_told(lang), _opened(file) as (situations, _):
        found = orders(_state(situations, _kept(situations, situation), at))
        if as_json:
            say(to_json(found))
            return
        for line in _lines(found, lang):
            say(line)


@app.command("replay")
def replay(situation: Named, *, file: Database = None, lang: Lang = "en") -> None:
    """Take every event anew from the beginning; exit code 1 if another state comes out."""
    with errors_told(lang), _opened(file) as (situations, settings):
        kept = _kept(situations, situation)
        past = situations.past(kept.id, kept.now_s)
        assert past is not None
        same = replayed(past.beginning, _batches(situations, kept), settings.store)
        same = same and _state(situations, kept) == folded(
            past.beginning, past.events, past.proposed
        )
        tell(message("cli.same_situation" if same else "cli.other_situation", lang))
        if not same:
            raise typer.Exit(OWN_FAULT)


@app.command("rank")
def rank(
    situation: Named,
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help="Its id.")],
    *,
    most: Annotated[int, typer.Option("--most", min=1, max=100, help="So many teams.")] = 10,
    file: Database = None,
    as_json: Json = False,
    lang: Lang = "en",
) -> None:
    """Print which teams could take an incident now, best first, and what that does to the rest."""
    with errors_told(lang), _opened(file) as (situations, settings):
        state = _state(situations, _kept(situations, situation))
        found = ranked(state, incident, most, settings.store)
        if as_json:
            say(to_json(found))
            return
        for number, one in enumerate(found.candidates, 1):
            values: dict[str, Any] = {
                "place": number,
                "team": one.team_id,
                "arrive": formats.number(one.arrive_s, lang),
                "severity": formats.number(one.severity_change, lang),
                "reserve": one.reserve_change,
                "response": formats.number(one.response_change, lang),
            }
            chosen = message("cli.candidate_chosen", lang) if one.chosen else ""
            say(message("cli.candidate", lang, **values) + chosen)
        if not found.candidates:
            say(message("cli.no_candidate", lang))


@app.command("what-if")
def what_if(
    situation: Named,
    supposition_file: Annotated[
        Path,
        typer.Argument(
            metavar="SUPPOSITION",
            help='{"teams": [...], "closures": [...], "tiers": {...}}; -: standard input.',
        ),
    ],
    *,
    file: Database = None,
    as_json: Json = False,
    lang: Lang = "en",
) -> None:
    """Print what would change with more teams, roads shut or tiers opened; nothing is kept."""
    with errors_told(lang), _opened(file) as (situations, settings):
        state = _state(situations, _kept(situations, situation))
        document = parse(read_file(supposition_file, limit_bytes=settings.file_limit_bytes))
        found = supposed(state, read_model(Supposition, document), settings.store)
        if as_json:
            say(to_json(found))
            return
        _tell_changes(found.changes, found.unserved_if, lang)
        figures = {
            "severity": formats.number(found.severity_served, lang),
            "severity_if": formats.number(found.severity_if, lang),
            "response": formats.number(found.response, lang),
            "response_if": formats.number(found.response_if, lang),
        }
        say(message("cli.supposed", lang, **figures))


def _kept(situations: SituationStore, situation: str) -> Kept:
    found = situations.get(situation) if is_id(situation) else None
    if found is None:
        need = Text(code="http.no_situation")
        raise InputError((Fault(path="SITUATION", value=situation, need=need),))
    return found


def _state(situations: SituationStore, kept: Kept, at_s: float | None = None) -> bytes:
    if at_s is not None:
        past = situations.past(kept.id, at_s)
        assert past is not None
        return folded(past.beginning, past.events, past.proposed)
    opened = situations.opened(kept.id)
    assert opened is not None
    return opened[1]


def _batches(situations: SituationStore, kept: Kept) -> Iterator[tuple[list[str], str]]:
    """Give the events that came together, each time with what they changed."""
    batch: list[str] = []
    after = 0
    while found := situations.events(kept.id, after, _PAGE):
        for one in found:
            batch.append(one.event)
            if one.change is not None:
                yield batch, one.change
                batch = []
        after = found[-1].number


def _tell_change(change: str, language: Language) -> None:
    found = AnswerChange.model_validate_json(change)
    _tell_changes(found.changes, found.unserved, language)
    for one, other in found.duplicates:
        tell(message("cli.perhaps_the_same", language, one=one, other=other))
    for code, teams in (
        ("cli.stale_position", found.stale_teams),
        ("cli.stale_travel", found.stale_travel),
    ):
        if teams:
            tell(message(code, language, teams=", ".join(teams)))


def _tell_changes(
    changes: Iterable[ProposalChange], unserved: Iterable[str], language: Language
) -> None:
    changed = tuple(changes)
    for one in changed:
        values: dict[str, Any] = {
            "team": one.team_id,
            "was": "–" if one.was is None else one.was.incident_id,
            "now": "–" if one.now is None else one.now.incident_id,
            "why": render(one.why, language),
        }
        tell(message("cli.order_changed", language, **values))
    if not changed:
        tell(message("cli.no_order_changed", language))
    for incident in unserved:
        tell(message("cli.left_unserved", language, incident=incident))


def _lines(found: Orders, language: Language) -> Iterator[str]:
    for one in found.orders:
        if one.line is None:
            values = {"team": one.team_id, "incident": one.incident_id}
            yield message("cli.order_diverted", language, **values)
        else:
            status = message(f"cli.order_{one.status}", language)
            yield f"[{status}] {one.line.text(language)}"
