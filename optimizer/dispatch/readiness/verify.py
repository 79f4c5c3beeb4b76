"""The moves against their request: every rule and figure, from the two alone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.answer import Check, Verification
from models.dispatch import Team, TeamStatus
from models.dispatch.readiness import Post, ReadinessPlan, ReadinessRequest
from models.places import Place
from optimizer.datasets import Store
from optimizer.travel.modes import mode_times
from optimizer.verification import Claim, claims_checked, finding, listing_checked, named


def verify(
    request: ReadinessRequest, plan: ReadinessPlan, store: Store | None = None
) -> Verification:
    """Return all checks of ``plan``."""
    question = _Question(request, plan, store)
    return Verification(checks=(*_rules(question), *_figures(question)))


@dataclass(frozen=True)
class _Question:
    request: ReadinessRequest
    plan: ReadinessPlan
    store: Store | None

    @property
    def ready(self) -> dict[str, Team]:
        teams = self.request.situation.teams
        return {one.id: one for one in teams if one.status is TeamStatus.READY}

    @property
    def posts(self) -> dict[str, Post]:
        return {one.id: one for one in self.request.posts}

    @property
    def busy(self) -> float:
        teams = self.request.situation.teams
        known = sum(one.status is not TeamStatus.LOST for one in teams)
        return 1.0 - len(self.ready) / max(1, known)

    def way_s(self, team: Team, begin: Place, ends: tuple[Place, ...]) -> list[float]:
        """Return the ways of one team from a place."""
        travel = next(one.travel for one in self.request.situation.modes if one.id == team.mode)
        times = mode_times([travel], np.zeros(1, dtype=np.intp), ends, [begin], self.store)
        found: list[float] = times[:, 0].tolist()
        return found

    def reached(self, places: dict[str, Place]) -> list[int]:
        """Return how many ready teams reach each zone, each from its place."""
        counts = [0] * len(self.request.zones)
        for name, team in self.ready.items():
            left_s = self.request.standard_s - team.turnout_s
            for z, way in enumerate(self.way_s(team, places[name], self.request.zones)):
                counts[z] += way <= left_s
        return counts

    def cover(self, counts: list[int]) -> float:
        """Return the expected cover as a share of all demand."""
        q, zones = self.request.busy_share, self.request.zones
        covered = sum(one.demand * (1.0 - q**k) for one, k in zip(zones, counts, strict=True))
        return covered / sum(one.demand for one in zones)


def _rules(question: _Question) -> Iterator[Check]:
    request, plan = question.request, question.plan
    moved = Counter(one.team_id for one in plan.moves)
    broken = [name for name, count in moved.items() if count > 1 or name not in question.ready]
    broken += [one.post_id for one in plan.moves if one.post_id not in question.posts]
    yield _check("moves", broken, "moves")
    over = [] if len(plan.moves) <= request.moves_max else [str(len(plan.moves))]
    yield _check("moves_max", over, "moves_max")
    gated = question.busy > request.move_up_below
    held = [one.team_id for one in plan.moves] if gated else []
    yield _check("gate", held, "move_up_below")
    at = Counter(one.post_id for one in plan.moves)
    full = [one.id for one in request.posts if one.teams_max and at[one.id] > one.teams_max]
    yield _check("room", full, "posts")


def _figures(question: _Question) -> Iterator[Check]:
    plan = question.plan
    here: dict[str, Place] = dict(question.ready)
    there = dict(here)
    ways: list[Claim] = []
    for k, one in enumerate(plan.moves):
        if one.team_id in question.ready and one.post_id in question.posts:
            post = question.posts[one.post_id]
            there[one.team_id] = post
            way = question.way_s(question.ready[one.team_id], here[one.team_id], (post,))[0]
            ways.append(Claim(f"moves[{k}].way_s", way, one.way_s))
    before, after = question.reached(here), question.reached(there)
    yield _claims("way", ways, "moves")
    yield _claims(
        "cover",
        [
            Claim("cover_before", question.cover(before), plan.cover_before),
            Claim("cover_after", question.cover(after), plan.cover_after),
            Claim("busy", question.busy, plan.busy),
        ],
        "cover_after",
    )
    said = {one.team_id: one.loss for one in plan.worth}
    yield listing_checked("figure.teams", list(question.ready), list(said), path="worth")
    yield _claims("worth", list(_worths(question, before, said)), "worth")
    bare = [
        one.id
        for one, count in zip(question.request.zones, after, strict=True)
        if count == 0 and one.demand > 0
    ]
    yield listing_checked("figure.bare", bare, plan.bare_zones, path="bare_zones")


def _worths(question: _Question, before: list[int], said: dict[str, float]) -> Iterator[Claim]:
    """Yield each team's worth: the cover as it is, less the cover without the team."""
    for name, team in question.ready.items():
        left_s = question.request.standard_s - team.turnout_s
        ways = question.way_s(team, team, question.request.zones)
        without = [count - (way <= left_s) for count, way in zip(before, ways, strict=True)]
        lost = question.cover(before) - question.cover(without)
        yield Claim(f"worth.{name}", lost, said.get(name))


def _check(rule: str, broken: list[str], path: str) -> Check:
    return finding(rule, passed=not broken, path=path, code="check.phase.rule", found=named(broken))


def _claims(name: str, claims: list[Claim], path: str) -> Check:
    return claims_checked(f"figure.{name}", claims, path=path, name=f"readiness_{name}")
