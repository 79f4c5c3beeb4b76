"""The tables of immediate dispatch: what stays open, orders, the best other teams, reserve."""

from collections.abc import Iterable

from api.render.dispatch.words import Words
from api.render.tables import Row, Table, build, columns
from models.dispatch import DispatchAnswer, DispatchPlan, DispatchRequest, UnservedReason
from models.dispatch.phase import PhaseReason
from models.messages import render
from models.text import Language


def all_tables(
    request: DispatchRequest, answer: DispatchAnswer, language: Language
) -> tuple[Table, ...]:
    """Return every table that has something to say, in the order of a report."""
    if answer.plan is None:
        return ()
    words = Words(request, language)
    told = () if answer.explanation is None else answer.explanation.unserved
    made = (
        unserved(words, "dispatch_unserved", told),
        orders(request, answer.plan, language),
        _runners_up(words, answer),
        _reserve(words, answer.plan),
    )
    return tuple(one for one in made if one is not None)


def orders(request: DispatchRequest, plan: DispatchPlan, language: Language) -> Table | None:
    """Return every order, the first to arrive first."""
    words = Words(request, language)
    titles = columns(
        language,
        "team",
        "contact",
        "people:count",
        "incident",
        "role",
        "first_due:flag",
        "leaves",
        "arrives",
    )
    rows = []
    for one in sorted(plan.orders, key=lambda order: (order.arrive_s, order.team_id)):
        team = words.teams[one.team_id]
        rows.append(
            Row(
                (
                    words.team(team.id),
                    team.contact.text(language) if team.contact else None,
                    words.people(team),
                    words.incident(one.incident_id),
                    words.need(one.incident_id, one.need),
                    one.first_due,
                    words.clock(one.leave_s),
                    words.clock(one.arrive_s),
                ),
                illustrative=team.illustrative or words.incidents[one.incident_id].illustrative,
            )
        )
    return build("dispatch_orders", language, titles, rows)


def unserved(words: Words, key: str, told: Iterable[UnservedReason | PhaseReason]) -> Table | None:
    """Return what stays open, each with its reason; None where nothing does."""
    titles = columns(words.language, "incident", "severity:number", "reason")
    rows = (
        Row(
            (
                words.incident(one.incident_id),
                words.incidents[one.incident_id].severity,
                render(one.text, words.language),
            ),
            illustrative=words.incidents[one.incident_id].illustrative,
        )
        for one in told
    )
    return build(key, words.language, titles, rows)


def _runners_up(words: Words, answer: DispatchAnswer) -> Table | None:
    titles = columns(words.language, "incident", "team", "instead", "response_loss:number")
    found = () if answer.explanation is None else answer.explanation.runners_up
    rows = (
        Row(
            (
                words.incident(one.incident_id),
                words.team(one.instead_of),
                None if one.team_id is None else words.team(one.team_id),
                one.loss,
            )
        )
        for one in found
    )
    return build("dispatch_runners_up", words.language, titles, rows)


def _reserve(words: Words, plan: DispatchPlan) -> Table | None:
    titles = columns(
        words.language,
        "zone",
        "skill",
        "before_orders:count",
        "after_orders:count",
        "wanted:count",
    )
    every = words.say("dispatch.word.all")
    rows = []
    for one in plan.reserve:
        rule = words.request.policy.reserve[one.rule]
        where = every if rule.zone is None else words.zone(rule.zone)
        what = every if rule.skill is None else words.skill(rule.skill)
        rows.append(Row((where, what, one.before, one.after, one.wanted)))
    return build("dispatch_reserve", words.language, titles, rows)
