"""A plan of where to wait against its request: every rule and figure, from the two alone."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.answer import Check, Verification
from models.dispatch import (
    RANKS,
    DispatchPlan,
    DispatchRequest,
    Incident,
    Team,
    TeamNeed,
    TeamStatus,
)
from models.dispatch.positioning import (
    PositioningPlan,
    PositioningRequest,
    ScenarioOutcome,
    WarningScenario,
)
from models.places import Place
from optimizer.datasets import Store
from optimizer.dispatch.verify.question import Question
from optimizer.travel.modes import mode_times
from optimizer.verification import (
    Claim,
    at_least,
    at_most,
    claims_checked,
    finding,
    listing_checked,
    named,
)

_NOBODY = DispatchPlan(orders=())


def verify(
    request: PositioningRequest, plan: PositioningPlan, store: Store | None = None
) -> Verification:
    """Return all checks of ``plan``; one that someone wrote by hand is as welcome."""
    question = _Question(request, plan, store)
    checks = [*_moves(question)]
    for name, outcomes, places in (
        ("outcomes", plan.outcomes, question.waiting),
        ("staying", plan.staying, question.ready),
    ):
        checks += _listed(question, name, outcomes)
        checks += _kept(question, name, outcomes, places)
    return Verification(checks=(*checks, *_expected(question)))


@dataclass(frozen=True)
class _Question:
    request: PositioningRequest
    plan: PositioningPlan
    store: Store | None

    @property
    def ready(self) -> dict[str, Place]:
        """Where each ready team is."""
        teams = self.request.situation.teams
        return {one.id: one for one in teams if one.status is TeamStatus.READY}

    @property
    def waiting(self) -> dict[str, Place]:
        """Where each ready team waits with the moves of the plan."""
        posts = {one.id: one for one in self.request.posts}
        moved = {m.team_id: posts[m.post_id] for m in self.plan.moves if m.post_id in posts}
        return self.ready | {name: at for name, at in moved.items() if name in self.ready}

    def way_s(self, team: Team, begin: Place, end: Place) -> float:
        """Return how long a team takes between two places."""
        travel = next(one.travel for one in self.request.situation.modes if one.id == team.mode)
        times = mode_times([travel], np.zeros(1, dtype=np.intp), [end], [begin], self.store)
        return float(times[0, 0])

    def of(self, scenario: WarningScenario) -> Question:
        """Return the situation in which a scenario has just come true."""
        now = self.request.situation.now_s
        incidents = tuple(one.model_copy(update={"reported_s": now}) for one in scenario.incidents)
        situation: DispatchRequest = self.request.situation.model_copy(
            update={"incidents": incidents, "orders": ()}
        )
        return Question(situation, _NOBODY, self.store)


def _moves(question: _Question) -> Iterator[Check]:
    request, plan = question.request, question.plan
    posts = {one.id: one for one in request.posts}
    teams = {one.id: one for one in request.situation.teams}
    moved = Counter(one.team_id for one in plan.moves)
    broken = [name for name, count in moved.items() if count > 1 or name not in question.ready]
    broken += [one.post_id for one in plan.moves if one.post_id not in posts]
    yield _check("moves", broken, "moves")
    over = [] if len(plan.moves) <= request.moves_max else [str(len(plan.moves))]
    yield _check("moves_max", over, "moves_max")
    at = Counter(one.post_id for one in plan.moves)
    full = [one.id for one in request.posts if one.teams_max and at[one.id] > one.teams_max]
    yield _check("room", full, "posts")
    claims = [
        Claim(
            f"moves[{k}].way_s", question.way_s(teams[m.team_id], teams[m.team_id], post), m.way_s
        )
        for k, m in enumerate(plan.moves)
        if m.team_id in teams and (post := posts.get(m.post_id)) is not None
    ]
    yield _claims("way", claims, "moves")


def _listed(
    question: _Question, name: str, outcomes: tuple[ScenarioOutcome, ...]
) -> Iterator[Check]:
    wanted = [one.id for one in question.request.scenarios]
    listed = [one.scenario_id for one in outcomes]
    yield listing_checked(f"figure.{name}", wanted, listed, path=name)


def _kept(
    question: _Question,
    name: str,
    outcomes: tuple[ScenarioOutcome, ...],
    places: dict[str, Place],
) -> Iterator[Check]:
    """Yield whether the orders of each scenario can be kept, and what they come to."""
    by_id = {one.id: one for one in question.request.scenarios}
    broken: list[str] = []
    claims: list[Claim] = []
    unserved, said = [], []
    for outcome in outcomes:
        scenario = by_id.get(outcome.scenario_id)
        if scenario is None:
            continue
        basis = question.of(scenario)
        broken += _broken(question, basis, outcome, places)
        served = [one for one in basis.incidents.values() if _whole(basis, outcome, one)]
        done = {one.id for one in served}
        unserved += [f"{scenario.id}/{i}" for i in basis.incidents if i not in done]
        said += [f"{scenario.id}/{i}" for i in outcome.unserved]
        total = float(sum(basis.severity(one) for one in basis.incidents.values()))
        gained = float(sum(basis.severity(one) for one in served))
        path = f"{name}.{scenario.id}"
        claims.append(Claim(f"{path}.severity_served", gained, outcome.severity_served))
        claims.append(Claim(f"{path}.severity_total", total, outcome.severity_total))
    yield _check(f"{name}_orders", broken, name)
    yield listing_checked(f"figure.{name}_unserved", unserved, said, path=name)
    yield _claims(f"{name}_severity", claims, name)


def _broken(
    question: _Question, basis: Question, outcome: ScenarioOutcome, places: dict[str, Place]
) -> list[str]:
    """Return the orders of a scenario that cannot be."""
    count = Counter(one.team_id for one in outcome.orders)
    broken = [name for name, times in count.items() if times > 1]
    firsts = Counter((one.incident_id, one.need) for one in outcome.orders if one.first_due)
    broken += [name for (name, _), times in firsts.items() if times > 1]
    for one in outcome.orders:
        incident, begin = basis.incidents.get(one.incident_id), places.get(one.team_id)
        if incident is None or begin is None or one.need >= len(basis.needs(incident)):
            broken.append(one.team_id)
            continue
        team, need = basis.teams[one.team_id], basis.needs(incident)[one.need]
        owner, tier = basis.owners.get(team.owner or ""), basis.tiers.get(team.tier or "")
        delay = 0.0 if owner is None else owner.release_delay_s
        arrive = basis.request.now_s + team.turnout_s + delay
        arrive += question.way_s(team, begin, incident)
        kept = (
            basis.fits(team, need)
            and math.isfinite(arrive)
            and at_most(arrive, basis.deadline(incident, need, first=one.first_due))
            and not (owner is not None and owner.needs_permission and not owner.granted)
            and (tier is None or RANKS[tier.opens_at] <= basis.rank(incident))
            and (team.id, incident.id) not in basis.forbidden
        )
        if not kept:
            broken.append(f"{one.team_id} → {one.incident_id}")
    return broken


def _whole(basis: Question, outcome: ScenarioOutcome, incident: Incident) -> bool:
    """Return whether an incident has its standard response: every slot, the first-due one too."""
    own = [one for one in outcome.orders if one.incident_id == incident.id]
    for k, need in enumerate(basis.needs(incident)):
        mine = [one for one in own if one.need == k]
        if not isinstance(need, TeamNeed):
            brought = sum(basis.teams[one.team_id].amounts.get(need.of, 0.0) for one in mine)
            if not at_least(brought, need.amount):
                return False
            continue
        if len(mine) != need.teams:
            return False
        if need.first_due and not any(one.first_due for one in mine):
            return False
    return True


def _expected(question: _Question) -> Iterator[Check]:
    plan = question.plan
    chance = {one.id: one.probability for one in question.request.scenarios}

    def mean(values: dict[str, float]) -> float:
        return sum(chance.get(name, 0.0) * value for name, value in values.items())

    after = {one.scenario_id: one.severity_served for one in plan.outcomes}
    before = {one.scenario_id: one.severity_served for one in plan.staying}
    total = {one.scenario_id: one.severity_total for one in plan.outcomes}
    claims = [
        Claim("expected_after", mean(after), plan.expected_after),
        Claim("expected_before", mean(before), plan.expected_before),
        Claim("expected_total", mean(total), plan.expected_total),
    ]
    yield _claims("expected", claims, "expected_after")


def _check(rule: str, broken: list[str], path: str) -> Check:
    return finding(rule, passed=not broken, path=path, code="check.phase.rule", found=named(broken))


def _claims(name: str, claims: list[Claim], path: str) -> Check:
    return claims_checked(f"figure.{name}", claims, path=path, name=f"positioning_{name}")
