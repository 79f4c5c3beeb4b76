"""Kept situations over HTTP: events in, what they change out; orders proposed and confirmed.

Whatever is searched is searched by the processes that stand ready, never in this one.
"""

from contextlib import suppress
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

from api.carried import SMALL_BYTES
from api.errors import DoorError, language_of, too_many
from api.jobs.audit import Act
from api.jobs.records import is_id
from api.jobs.situations import Kept, Logged, Telling
from api.output import plain_json, to_json
from api.payloads import Payload
from api.processes import PROCESSES
from api.requests.parts import out_of
from api.routes.asking import LONGEST_DEADLINE_S, ask_lane, read_in
from api.routes.bodies import check_disk, idempotency_key, key_kept, read_body
from api.routes.guard import caller_of, check_within
from api.routes.links import link, moment, page
from api.routes.replies import JSON, spliced_response, whole_response
from api.routes.schemas import answers, asks
from api.services import services_of
from api.situations import exactly, orders, packed_then, ranked, stepped, supposed
from api.telling import begun_by, events_in, supposition_in
from models.base import Model
from models.dispatch.situation import OrderConfirmed, OrderOverridden

router = APIRouter(prefix="/v1/situations", tags=["situations"])

_MOST_LISTED = 1000
_SERVICE = "muster"  # who tells what the service tells itself
_TRIES = 8  # of an event that others come before again and again
_DEADLINE_MS = int(1000 * LONGEST_DEADLINE_S)

Limit = Annotated[int, Query(ge=1, le=_MOST_LISTED)]
Number = Annotated[int, Query(ge=0, le=1_000_000_000)]
Moment = Annotated[float, Query(ge=0, allow_inf_nan=False, description="seconds on its clock")]

_EXAMPLE = PROCESSES["dispatch-teams"].example()["request"]
_EVENT = {"kind": "clock_advanced", "at_s": 60.0, "by": "watch"}
_ANOTHER = _EXAMPLE["teams"][0] | {"id": "another"}
_EVENTS = {"events": [_EVENT, _EVENT | {"at_s": 120.0}]}


@router.post(
    "",
    status_code=201,
    responses=answers("KeptSituation"),
    openapi_extra=asks("DispatchRequest", {"minimal": _EXAMPLE}),
)
async def add(http: Request) -> Response:
    """Keep a situation that begins with a dispatch request; ``change`` holds its first orders."""
    services = services_of(http)
    check_disk(services.settings)
    body = await read_body(http, services.settings.body_limit_bytes)
    question = partial(begun_by, body, services.settings.store, _DEADLINE_MS)
    name, first = await ask_lane(services, question, LONGEST_DEADLINE_S)
    check_within(first.touched, http)
    made = await run_sync(services.situations.add, name, first, caller_of(http))
    place = {"location": link(http, f"/v1/situations/{made.id}", "self")["href"]}
    change = {"change": Payload.of(first.change.encode("utf-8"))}
    headers = place | _tagged(made.event_count)
    return spliced_response(_about(made, http), change, HTTPStatus.CREATED, headers)


@router.get("")
async def listing(http: Request, limit: Limit = 100, offset: Number = 0) -> Response:
    """List the situations, the newest first."""
    situations, areas = services_of(http).situations, caller_of(http).areas
    found = await run_sync(situations.listing, limit + 1, offset, areas)
    links = page(http, limit, offset, more=len(found) > limit)
    said = [_about(one, http) for one in found[:limit]]
    return JSONResponse({"situations": said, "links": links})


@router.get("/{situation_id}", responses=answers("KeptSituation"))
async def get(situation_id: str, http: Request, at: Moment | None = None) -> Response:
    """Return all that a situation holds, now or ``at`` so many seconds on its clock.

    With ``If-None-Match`` there is nothing to read (304) until there are other events.
    """
    services = services_of(http)
    kept = await _found(situation_id, http)
    if at is None and http.headers.get("if-none-match") == _tag(kept.event_count):
        return Response(status_code=304, headers=_tagged(kept.event_count))
    if at is None:
        found = await run_sync(services.situations.packed, situation_id)
        if found is None:
            raise _missing()
        count, now_s, state = found
    else:
        past = await run_sync(services.situations.past, situation_id, at)
        if past is None:
            raise _missing()
        question = partial(packed_then, past.beginning, past.events, past.proposed)
        now_s, state = await ask_lane(services, question, LONGEST_DEADLINE_S)
        count = len(past.events)
    await _written_down(http, kept, count)
    said = _about(kept, http) | {"event_count": count, "now_s": now_s}
    headers = _tagged(count) if at is None else None
    return spliced_response(said, {"situation": state}, headers=headers)


@router.delete("/{situation_id}", status_code=204)
async def remove(situation_id: str, http: Request) -> Response:
    """Forget a situation with its log; ``If-Match`` says which state of it was read."""
    kept = await _found(situation_id, http)
    _match(http, kept, needed=True)
    situations, by = services_of(http).situations, caller_of(http)
    if not await run_sync(situations.remove, situation_id, kept.event_count, by):
        raise _stale()
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post(
    "/{situation_id}/events",
    responses=answers("AnswerChange"),
    openapi_extra=asks("Telling", {"one": _EVENT, "several": _EVENTS}),
)
async def tell(situation_id: str, http: Request) -> Response:
    """Tell an event, or ``{"events": [...]}`` that count together; the answer is what changes.

    ``by`` is whoever says so, the name of the key where there is one. ``If-Match`` names the
    state decided on by its ETag: needed to confirm or override an order, and refused with 412
    where others have told of something since. What is told again with its ``Idempotency-Key`` is
    answered as before and counts once. After a road is shut with ``soon`` the answer may rest on
    times from before (``stale_travel``); the service tells one more event, whose answer is exact.
    """
    services = services_of(http)
    kept = await _found(situation_id, http)
    body = await read_body(http, services.settings.body_limit_bytes)
    read = partial(events_in, body, caller_of(http))
    place, events, sent = await read_in(services, body, read, urgent=True)
    key = idempotency_key(http)
    telling = None if key is None else Telling(key, sent)
    deciding = any(isinstance(one, (OrderConfirmed, OrderOverridden)) for one in events)
    for _ in range(_TRIES):
        again = await _told_before(situation_id, telling, http)
        if again is not None:
            return again
        count, state = await _opened(situation_id, http)
        kept = kept.model_copy(update={"event_count": count})
        _match(http, kept, needed=deciding)
        with out_of(place):
            question = partial(stepped, state, events, services.settings.store)
            after = await ask_lane(services, question, LONGEST_DEADLINE_S)
        check_within(after.touched, http)
        append = partial(services.situations.append, kept, events, after, caller_of(http), telling)
        if await run_sync(append) is not None:
            headers = _tagged(after.event_count)
            follow_up = BackgroundTask(_made_exact, kept, http) if after.inexact else None
            return Response(after.change, 200, headers, "application/json", follow_up)
        kept = await _found(situation_id, http)
    raise too_many("http.busy", services.settings.dispatch_processes)


@router.get("/{situation_id}/events", responses=answers("EventLog"))
async def log(situation_id: str, http: Request, after: Number = 0, limit: Limit = 100) -> Response:
    """List the events ``after`` a number, the oldest first: who told them, when, what changed."""
    kept = await _found(situation_id, http)
    found = await run_sync(services_of(http).situations.events, situation_id, after, limit + 1)
    await _written_down(http, kept, kept.event_count, "events")
    links = [link(http, http.url.path, "self")]
    if len(found) > limit:
        following = http.url.include_query_params(after=found[limit - 1].number, limit=limit)
        links.append({"href": str(following), "rel": "next", "type": "application/json"})
    logged = ",".join(_logged(one) for one in found[:limit])
    said = f'{{"events":[{logged}],"links":{plain_json(links).decode("utf-8")}}}'
    return whole_response(said.encode("utf-8"), JSON, {})


@router.get("/{situation_id}/orders", responses=answers("Orders"))
async def told_orders(situation_id: str, http: Request) -> Response:
    """Return the orders, proposed and confirmed; as ``text/plain`` one line each, for radio.

    With ``If-None-Match`` there is nothing to read (304) until there are other events.
    """
    kept = await _found(situation_id, http)
    if http.headers.get("if-none-match") == _tag(kept.event_count):
        return Response(status_code=304, headers=_tagged(kept.event_count))
    count, state = await _opened(situation_id, http)
    if len(state) > SMALL_BYTES:
        found = await ask_lane(services_of(http), partial(orders, state), LONGEST_DEADLINE_S)
    else:
        found = await run_sync(orders, state)
    await _written_down(http, kept, count, "orders")
    if "text/plain" in http.headers.get("accept", ""):
        language = language_of(http)
        lines = [one.line.text(language) for one in found.orders if one.line is not None]
        text = "".join(f"{line}\n" for line in lines)
        return Response(text, 200, _tagged(count), "text/plain")
    return _told(found, count)


@router.get("/{situation_id}/rank", responses=answers("Ranking"))
async def rank(
    situation_id: str,
    http: Request,
    incident: Annotated[str, Query(max_length=200, description="its id")],
    most: Annotated[int, Query(ge=1, le=100)] = 10,
) -> Response:
    """Return which teams could take an incident now, best first, and what that does to the rest."""
    services = services_of(http)
    kept = await _found(situation_id, http)
    count, state = await _opened(situation_id, http)
    question = partial(ranked, state, incident, most, services.settings.store)
    found = await ask_lane(services, question, LONGEST_DEADLINE_S)
    await _written_down(http, kept, count, "rank", result=to_json(found))
    return _told(found, count)


@router.post(
    "/{situation_id}/what-if",
    responses=answers("Supposed"),
    openapi_extra=asks(
        "Supposition", {"more": {"teams": [_EXAMPLE["teams"][0] | {"id": "another"}]}}
    ),
)
async def what_if(situation_id: str, http: Request) -> Response:
    """Return what would change with more teams, roads shut, tiers opened; nothing is kept."""
    services = services_of(http)
    kept = await _found(situation_id, http)
    body = await read_body(http, services.settings.body_limit_bytes)
    read = partial(supposition_in, body)
    supposition, sent = await read_in(services, body, read, urgent=True)
    count, state = await _opened(situation_id, http)
    question = partial(supposed, state, supposition, services.settings.store)
    found = await ask_lane(services, question, 2 * LONGEST_DEADLINE_S)
    await _written_down(http, kept, count, "what-if", inputs=sent, result=to_json(found))
    return _told(found, count)


async def _made_exact(kept: Kept, http: Request) -> None:
    """Answer anew what rests on old travel times; once at a time, however many events come.

    What is told meanwhile is answered by old times too, and this begins again from there: by then
    the exact ones are known.
    """
    services = services_of(http)
    if kept.id in services.exacting:
        return
    services.exacting.add(kept.id)
    try:
        # Where nobody is free to answer the mark stays, and the next event is followed up again.
        with suppress(DoorError):
            for _ in range(_TRIES):
                count, state = await _opened(kept.id, http)
                question = partial(exactly, state, _SERVICE, services.settings.store)
                told = await ask_lane(services, question, LONGEST_DEADLINE_S)
                if told is None:
                    return
                events, exact = told
                now = kept.model_copy(update={"event_count": count})
                append = partial(services.situations.append, now, events, exact, caller_of(http))
                if await run_sync(append, None) is not None:
                    return
    finally:
        services.exacting.discard(kept.id)


async def _told_before(
    situation_id: str, telling: Telling | None, http: Request
) -> Response | None:
    """Return the answer to what was told with the same key already."""
    if telling is None:
        return None
    situations = services_of(http).situations
    with key_kept():
        found = await run_sync(situations.told, situation_id, telling, caller_of(http))
    if found is None:
        return None
    count, change = found
    return Response(change, 200, _tagged(count), "application/json")


async def _found(situation_id: str, http: Request) -> Kept:
    situations, areas = services_of(http).situations, caller_of(http).areas
    found = None
    if is_id(situation_id):
        found = await run_sync(situations.get, situation_id, areas)
    if found is None:
        raise _missing()
    return found


async def _opened(situation_id: str, http: Request) -> tuple[int, bytes]:
    found = await run_sync(services_of(http).situations.opened, situation_id)
    if found is None:
        raise _missing()
    return found


async def _written_down(
    http: Request,
    kept: Kept,
    count: int,
    part: str = "",
    *,
    inputs: str | None = None,
    result: str | None = None,
) -> None:
    """Add to the log that a situation was read: in which state, which part, what it was asked.

    ``inputs`` is the hash of what was asked, ``result`` what was said.
    """
    detail = f"{kept.id} {count} {part}".rstrip()
    hashes = {"inputs": inputs, "result": result and sha256(result.encode()).hexdigest()}
    add = services_of(http).audit.add
    await run_sync(partial(add, caller_of(http), Act.READ_SITUATION, detail=detail, **hashes))


def _match(http: Request, kept: Kept, *, needed: bool) -> None:
    known = http.headers.get("if-match")
    if known is None and needed:
        raise DoorError(HTTPStatus.PRECONDITION_REQUIRED, "http.if_match_event")
    if known is not None and known.strip() != _tag(kept.event_count):
        raise _stale()


def _missing() -> DoorError:
    return DoorError(HTTPStatus.NOT_FOUND, "http.no_situation")


def _stale() -> DoorError:
    return DoorError(HTTPStatus.PRECONDITION_FAILED, "http.other_events")


def _tag(event_count: int) -> str:
    return f'"{event_count}"'


def _tagged(event_count: int) -> dict[str, str]:
    return {"etag": _tag(event_count)}


def _told(content: Model, event_count: int) -> Response:
    return Response(to_json(content), 200, _tagged(event_count), "application/json")


def _logged(one: Logged) -> str:
    """Return an event as JSON, what was kept as JSON as it is."""
    about = plain_json({"number": one.number, "told": moment(one.told), "who": one.who})
    return f'{about.decode("utf-8")[:-1]},"event":{one.event},"change":{one.change or "null"}}}'


def _about(kept: Kept, http: Request) -> dict[str, Any]:
    place = f"/v1/situations/{kept.id}"
    return {
        "id": kept.id,
        "name": kept.name.model_dump(),
        "created": moment(kept.created),
        "event_count": kept.event_count,
        "now_s": kept.now_s,
        "links": [
            link(http, place, "self"),
            link(http, f"{place}/events", "events"),
            link(http, f"{place}/orders", "orders"),
        ],
    }
