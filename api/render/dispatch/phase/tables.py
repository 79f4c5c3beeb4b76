"""The tables of a disaster phase: calls by team, incidents, what time goes into, what is left."""

from collections import Counter

from api.render.dispatch.phase.lines import depot_names
from api.render.dispatch.tables import unserved
from api.render.dispatch.words import Words
from api.render.tables import Row, Table, build, columns, without_empty
from models.dispatch.phase import PhaseAnswer, PhasePlan, PhaseRequest
from models.text import Language


def all_tables(request: PhaseRequest, answer: PhaseAnswer, language: Language) -> tuple[Table, ...]:
    """Return every table that has something to say, in the order of a report."""
    plan = answer.plan
    if plan is None:
        return ()
    words = Words(request.situation, language)
    told = () if answer.explanation is None else answer.explanation.unserved
    made = (
        unserved(words, "phase_unserved", told),
        calls(request, plan, language),
        _incidents(words, plan),
        _teams(words, answer, plan),
        _depots(words, request, plan),
    )
    return tuple(one for one in made if one is not None)


def calls(request: PhaseRequest, plan: PhasePlan, language: Language) -> Table | None:
    """Return every stop of every team, in order."""
    words, depots = Words(request.situation, language), depot_names(request, language)
    titles = columns(
        language,
        "team",
        "order:count",
        "incident",
        "role",
        "by_depot",
        "on_foot:minutes",
        "for_day:flag",
        "arrives",
        "begins",
        "finishes",
    )
    rows = []
    for one in plan.rounds:
        invented = words.teams[one.team_id].illustrative
        for number, call in enumerate(one.calls, 1):
            goes = call.incident_id
            what = (
                words.say("rounds.rest") if goes is None else words.incident(goes),
                None if goes is None else words.need(goes, call.need),
                None if call.by_depot is None else depots[call.by_depot],
                call.walk_s or None,
                call.waits_for_day or None,
            )
            times = (call.arrive_s, call.start_s, call.finish_s)
            cells = (words.team(one.team_id), number, *what, *map(words.clock, times))
            rows.append(Row(cells, illustrative=invented))
    made = build("phase_calls", language, titles, rows)
    return None if made is None else without_empty(made, "on_foot", "for_day")


def done_s(plan: PhasePlan) -> dict[str, float]:
    """Return when the last call at each wholly served incident ends."""
    found: dict[str, float] = {}
    for one in plan.rounds:
        for call in one.calls:
            if call.incident_id is not None:
                found[call.incident_id] = max(found.get(call.incident_id, 0.0), call.finish_s)
    return {name: at for name, at in found.items() if name not in plan.unserved}


def _incidents(words: Words, plan: PhasePlan) -> Table | None:
    titles = columns(words.language, "incident", "severity:number", "finishes")
    done = done_s(plan)
    ordered = sorted(words.request.incidents, key=lambda one: done.get(one.id, float("inf")))
    rows = (
        Row(
            (
                words.incident(one.id),
                one.severity,
                words.clock(done[one.id]) if one.id in done else None,
            ),
            illustrative=one.illustrative,
        )
        for one in ordered
    )
    return build("phase_incidents", words.language, titles, rows)


def _teams(words: Words, answer: PhaseAnswer, plan: PhasePlan) -> Table | None:
    titles = columns(
        words.language,
        "team",
        "leaves",
        "calls:count",
        "on_way:minutes",
        "at_work:minutes",
        "waiting:minutes",
    )
    busy = {} if answer.explanation is None else answer.explanation.busy
    rows = (
        Row(
            (
                words.team(one.team_id),
                words.clock(one.leave_s),
                len(one.calls),
                *busy.get(one.team_id, (None, None, None)),
            ),
            illustrative=words.teams[one.team_id].illustrative,
        )
        for one in plan.rounds
    )
    return build("phase_teams", words.language, titles, rows)


def _depots(words: Words, request: PhaseRequest, plan: PhasePlan) -> Table | None:
    """Return how often teams fill up where; nothing where nobody does."""
    names = depot_names(request, words.language)
    fills = Counter(call.by_depot for one in plan.rounds for call in one.calls if call.by_depot)
    titles = columns(words.language, "by_depot", "depot_kind", "fills:count")
    rows = (
        Row(
            (names[one.id], words.say(f"depot.{one.kind}"), fills[one.id]),
            illustrative=request.situation.illustrative,
        )
        for one in (request.depots if fills else ())
    )
    return build("phase_depots", words.language, titles, rows)
