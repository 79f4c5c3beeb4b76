"""The kept situation: events in, changes out, and the same state whenever it is replayed."""

import random

import pytest

from instances.generators.incidents import Dispatching, dispatching
from models.dispatch import Incident, Team, TeamNeed, TeamStatus
from models.dispatch.situation import (
    ClockAdvanced,
    IncidentClosed,
    IncidentReported,
    OrderConfirmed,
    OrderOverridden,
    Situation,
    TeamJoined,
    TeamMoved,
    TeamReported,
)
from models.places import Place
from models.text import Label
from optimizer.dispatch.situation import apply, fold, step
from optimizer.errors import InputError
from tests.strategies.dispatch import team, town


def begun(*incidents) -> Situation:
    return Situation(request=town([team("a", 0), team("b", 500)], list(incidents)))


def new(name: str, x_m: float, at_s: float, severity: int = 1) -> IncidentReported:
    told = Incident(
        id=name,
        x_m=x_m,
        y_m=0.0,
        severity=severity,
        needs=(TeamNeed(skill="pump"),),
        reported_s=at_s,
        partial=False,
    )
    return IncidentReported(at_s=at_s, by="119", incident=told)


def test_only_what_changes_comes_back() -> None:
    situation, change = step(begun(), new("x", 10, 5))
    assert [(one.team_id, one.now.incident_id) for one in change.changes] == [("a", "x")]
    situation, change = step(situation, new("y", 510, 9))
    assert [(one.team_id, one.now.incident_id) for one in change.changes] == [("b", "y")]
    _, change = step(situation, ClockAdvanced(at_s=10, by="clock"))
    assert change.changes == ()


def test_a_confirmed_order_is_in_force_and_an_override_is_a_pin() -> None:
    situation, _ = step(begun(), new("x", 10, 5))
    confirmed = apply(situation, OrderConfirmed(at_s=6, by="Li", team_id="a", incident_id="x"))
    assert confirmed.request.orders[0].confirmed_by == "Li"
    word = OrderOverridden(
        at_s=7, by="Wang", team_id="b", incident_id="x", reason=Label(en="knows it", zh="熟悉")
    )
    after, change = step(confirmed, word)
    assert after.request.policy.pinned[0].by == "Wang"
    assert {one.team_id: one.now and one.now.incident_id for one in change.changes} == {
        "a": None,
        "b": "x",
    }


def test_a_refused_proposal_is_not_made_again() -> None:
    situation, _ = step(begun(), new("x", 10, 5))
    refused = OrderOverridden(
        at_s=6, by="Li", team_id="a", was="x", reason=Label(en="broken pump", zh="泵损坏")
    )
    after, _ = step(situation, refused)
    assert [(one.team_id, one.incident_id) for one in after.proposed] == [("b", "x")]


def test_a_lost_team_is_replaced() -> None:
    situation, _ = step(begun(), new("x", 10, 5))
    lost = TeamReported(at_s=8, by="radio", team_id="a", status=TeamStatus.LOST)
    _, change = step(situation, lost)
    assert {one.team_id for one in change.changes} == {"a", "b"}


def test_likely_duplicates_and_stale_positions_are_marked() -> None:
    situation, _ = step(begun(), new("x", 10, 5))
    moved = TeamMoved(at_s=6, by="gps", team_id="a", place=Place(x_m=1, y_m=0))
    situation = apply(situation, moved)
    _, change = step(situation, new("x2", 30, 2_000))
    assert change.stale_teams == ("a",)
    assert change.duplicates == ()
    _, change = step(situation, new("x2", 30, 60))
    assert change.duplicates == (("x", "x2"),)


def test_time_does_not_run_backwards() -> None:
    situation = apply(begun(), ClockAdvanced(at_s=100, by="clock"))
    with pytest.raises(InputError) as caught:
        apply(situation, new("x", 0, 50))
    assert caught.value.faults[0].need.code == "fault.dispatch.backwards"


def test_what_is_left_of_a_time_grows_less() -> None:
    rolling = TeamReported(at_s=0, by="radio", team_id="a", status="en_route", free_in_s=90)
    later = fold(begun(), [rolling, ClockAdvanced(at_s=60, by="clock")])
    assert later.request.teams[0].free_in_s == 30.0


def events(count: int):
    """Return a log of events that fit each other, the same every time."""
    rng = random.Random(7)  # noqa: S311 - a log for a test
    teams = [f"t{n}" for n in range(40)]
    open_incidents: list[str] = [f"i{n}" for n in range(5)]
    for n in range(count):
        at_s = float(n)
        chance = rng.random()
        if chance < 0.2 or not open_incidents:
            name = f"new{n}"
            open_incidents.append(name)
            yield new(name, rng.random() * 30_000, at_s, rng.randint(1, 9))
        elif chance < 0.4 and len(open_incidents) > 3:
            gone = open_incidents.pop(rng.randrange(len(open_incidents)))
            yield IncidentClosed(at_s=at_s, by="Li", incident_id=gone)
        elif chance < 0.6:
            place = Place(x_m=rng.random() * 30_000, y_m=rng.random() * 30_000)
            yield TeamMoved(at_s=at_s, by="gps", team_id=rng.choice(teams), place=place)
        elif chance < 0.8:
            status = rng.choice([TeamStatus.READY, TeamStatus.RESTING, TeamStatus.ON_SCENE])
            yield TeamReported(
                at_s=at_s, by="radio", team_id=rng.choice(teams), status=status, free_in_s=500.0
            )
        else:
            yield OrderConfirmed(
                at_s=at_s,
                by="Li",
                team_id=rng.choice(teams),
                incident_id=rng.choice(open_incidents),
            )


def test_ten_thousand_events_replayed_give_the_same_situation() -> None:
    start = Situation(request=dispatching(Dispatching(40, 5), 1))
    log = list(events(10_000))
    whole = fold(start, log)
    assert whole.event_count == 10_000
    half = fold(start, log, until_s=4_999.0)
    assert half.event_count == 5_000
    again = fold(Situation.model_validate_json(half.model_dump_json()), log[5_000:])
    assert again.model_dump_json() == whole.model_dump_json()


def test_a_team_told_anew_takes_its_own_place() -> None:
    joined = TeamJoined(at_s=1, by="Li", team=Team(id="a", x_m=5.0, y_m=0.0))
    after = apply(begun(), joined)
    assert [one.id for one in after.request.teams] == ["a", "b"]
    assert after.request.teams[0].x_m == 5.0
