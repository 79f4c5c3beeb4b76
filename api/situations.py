"""The kept situation as JSON: what the processes that stand ready and the command line do."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from api.payloads import Payload
from api.problems import Touched, touched, with_ancestors
from api.render.dispatch.lines import proposed_line
from models.dispatch import DispatchRequest
from models.dispatch.situation import (
    AnswerChange,
    ClockAdvanced,
    Event,
    Orders,
    Ranking,
    Situation,
    Supposed,
    Supposition,
)
from models.text import LANGUAGES, Label
from optimizer.datasets import Store
from optimizer.dispatch import questions
from optimizer.dispatch.closing import doubtful
from optimizer.dispatch.situation import advance, changes, fold, orders_of

_EVENTS: TypeAdapter[Event] = TypeAdapter(Event)
_PROPOSED = {"proposed", "reasons", "stale_travel", "known_modes"}


@dataclass(frozen=True)
class Stepped:
    """A situation as it is kept, what was proposed in it, and what has changed; all as JSON."""

    state: bytes
    proposed: bytes
    change: str
    touched: Touched
    event_count: int
    now_s: float
    inexact: bool = False  # travel times are from before a closure


def begun(request: DispatchRequest, store: Store) -> Stepped:
    """Return the situation that begins with a request, with its first proposals."""
    return _stepped(*advance(Situation(request=request), (), store), store)


def stepped(state: bytes, events: Sequence[Event], store: Store) -> Stepped:
    """Return the situation after events that count together."""
    return _stepped(*advance(Situation.model_validate_json(state), events, store), store)


def exactly(state: bytes, by: str, store: Store) -> tuple[Sequence[Event], Stepped] | None:
    """Return the event that lets the answer be exact, and what it brings; nothing if it is."""
    situation = Situation.model_validate_json(state)
    if not situation.known_modes:
        return None
    events = (ClockAdvanced(at_s=situation.request.now_s, by=by),)
    return events, _stepped(*advance(situation, events, store), store)


def ranked(state: bytes, incident_id: str, most: int, store: Store) -> Ranking:
    """Return which teams could take an incident now."""
    situation = Situation.model_validate_json(state)
    request = situation.answered
    found = questions.rank(request, incident_id, store=store, most=most)
    pairs = [(one.team_id, incident_id) for one in found] if situation.known_modes else []
    stale = doubtful(request, situation.request.modes, pairs, store)
    return Ranking(incident_id=incident_id, candidates=found, stale_travel=stale)


def supposed(state: bytes, supposition: Supposition, store: Store) -> Supposed:
    """Return what a supposition would change."""
    request = Situation.model_validate_json(state).request
    change = questions.WhatIf(supposition.teams, supposition.closures, supposition.tiers)
    now, then = questions.what_if(request, change, store=store)
    assert now.plan is not None
    assert then.plan is not None
    return Supposed(
        changes=tuple(changes(now.plan.orders, then.plan.orders, then)),
        severity_served=now.plan.severity_served,
        severity_if=then.plan.severity_served,
        unserved=tuple(sorted({one.incident_id for one in now.plan.unserved})),
        unserved_if=tuple(sorted({one.incident_id for one in then.plan.unserved})),
        response=now.plan.response,
        response_if=then.plan.response,
        quality=then.quality,
    )


def folded(beginning: bytes, events: Sequence[str], proposed: bytes) -> bytes:
    """Return the situation after all of ``events``, with what was proposed then."""
    told = (_EVENTS.validate_json(one) for one in events)
    after = fold(Situation.model_validate_json(beginning), told)
    then = json.loads(proposed)
    # Read anew, as what is kept was: equal situations are then equal bytes.
    whole = json.loads(after.model_dump_json()) | {
        name: then[name] for name in _PROPOSED & then.keys()
    }
    return Situation.model_validate_json(json.dumps(whole)).model_dump_json().encode()


def packed_then(beginning: bytes, events: Sequence[str], proposed: bytes) -> tuple[float, Payload]:
    """Return the clock of what `folded` returns, and that as it goes out."""
    state = folded(beginning, events, proposed)
    return json.loads(state)["request"]["now_s"], Payload.of(state)


def replayed(beginning: bytes, batches: Iterable[tuple[Sequence[str], str]], store: Store) -> bool:
    """Return whether the events, answered anew, change the same as they did."""
    situation = Situation.model_validate_json(beginning)
    for events, before in batches:
        told = [_EVENTS.validate_json(one) for one in events]
        situation, change = advance(situation, told, store)
        if change != AnswerChange.model_validate_json(before):
            return False
    return True


def orders(state: bytes) -> Orders:
    """Return the orders of a situation, each as a line in every language too."""
    situation = Situation.model_validate_json(state)
    request = situation.request
    proposed = {(one.team_id, one.incident_id): one for one in situation.proposed}
    found = []
    for one in orders_of(situation):
        order = proposed.get((one.team_id, one.incident_id))
        line = None
        if order is not None:
            why = situation.reasons.get(one.team_id)
            said = {to: proposed_line(request, order, why, to) for to in LANGUAGES}
            line = Label(**said)
        found.append(one.model_copy(update={"line": line}))
    return Orders(event_count=situation.event_count, now_s=request.now_s, orders=tuple(found))


def _stepped(situation: Situation, change: AnswerChange, store: Store) -> Stepped:
    return Stepped(
        state=situation.model_dump_json().encode(),
        proposed=situation.model_dump_json(include=_PROPOSED).encode(),
        change=change.model_dump_json(),
        touched=_areas(situation.request, store),
        event_count=situation.event_count,
        now_s=situation.request.now_s,
        inexact=bool(situation.known_modes),
    )


def _areas(request: DispatchRequest, store: Store) -> Touched:
    """Return the zones of the incidents; those of the teams as long as there is none."""
    if request.incidents:
        return touched(request, store)
    return with_ancestors(request, {one.zone or "" for one in request.teams})
