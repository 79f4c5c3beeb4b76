"""Why an incident stays unserved: the limit which, relaxed, lets it be served, tried each time.

A trial keeps every other incident served: only the slots that the incident misses are filled, by
alternating paths through the plan's own matching. So a limit is named only where a plan without
it was found.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from models.dispatch import Reason, Shortage, TeamNeed, UnservedReason
from models.text import Label, Text
from optimizer.algorithms.filling import Filling, Short
from optimizer.algorithms.slots import NONE, BoolArray, IntArray
from optimizer.control import RunControl
from optimizer.dispatch.limits import LIMITS, Rules, relaxed_reach
from optimizer.dispatch.solution import Solution
from optimizer.verification import named

_SINGLES = 4  # incidents that are tried as the only one to give way, the lightest first


@dataclass(frozen=True)
class _Missing:
    """What one incident still wants: slots by group, amounts by group."""

    incident: int
    groups: IntArray
    slots: IntArray
    amounts: dict[int, float]


class Doubts:
    """Trials of one plan with limits of its request relaxed."""

    def __init__(self, solution: Solution) -> None:
        self.solution = solution
        self.instance = solution.instance
        self.rules = Rules.of(self.instance)
        self.ids = [one.id for one in self.instance.request.incidents]
        team_group = np.full(len(self.instance.request.teams), NONE, dtype=np.intp)
        blocked = np.zeros(len(team_group), dtype=np.bool_)
        reach = self.instance.reach
        if self.instance.slots_only:
            team_group[solution.team] = solution.group
        else:  # Teams that bring amounts or fill several roles stay where they are.
            blocked[solution.team] = True
        self.plan = Filling.of(reach, team_group, blocked)

    def reasons(
        self, control: RunControl
    ) -> tuple[list[UnservedReason], list[Shortage], list[str]]:
        """Return reasons and shortages by incident, and whom the time left out."""
        reasons, shortages, left_out = [], [], []
        for incident in np.flatnonzero(self.solution.share < 1.0 - 1e-9).tolist():
            if control.stop is not None:
                left_out.append(self.ids[incident])
                continue
            reason, short = self._reason(incident)
            reasons.append(reason)
            if short is not None:
                shortages.append(self._shortage(incident, short))
        return reasons, shortages, left_out

    def _reason(self, incident: int) -> tuple[UnservedReason, Short | None]:
        missing = self._missing(incident)
        before = self.instance.reach[missing.groups]
        _, short, lacking = self._tried(missing, before, self.plan)
        if not lacking:
            code = Reason.TIME_RAN_OUT if self._keeps(missing, before) else Reason.RESERVE_HELD
            return self._said(incident, (code,)), None
        changed = [one for one in LIMITS if self._changes(incident, before, {one})]
        ways = tuple(one for one in changed if self._serves(missing, {one}))
        by = self._outcompeted(missing, frozenset())
        if by:
            return self._said(incident, (Reason.OUTCOMPETED,), by=by, ways=ways), short
        if ways:
            return self._said(incident, ways[:1], ways=ways), short
        return self._joint(missing, changed, (short, lacking))

    def _joint(
        self, missing: _Missing, changed: list[Reason], known: tuple[Short | None, int]
    ) -> tuple[UnservedReason, Short | None]:
        """Return the reason of an incident that no single limit would serve."""
        incident, (short, lacking) = missing.incident, known
        before = self.instance.reach[missing.groups]
        for one in changed:
            by = self._outcompeted(missing, frozenset({one}))
            if by:
                return self._said(incident, (one, Reason.OUTCOMPETED), by=by), short
        for pair in combinations(LIMITS, 2):
            if self._changes(incident, before, set(pair)) and self._serves(missing, set(pair)):
                return self._said(incident, pair), short
        # With so many more teams that can fill it, it is served; with fewer it is not.
        return self._said(incident, (Reason.CAPACITY,), short=lacking), short

    def _missing(self, incident: int) -> _Missing:
        groups = self.instance.groups
        own = np.flatnonzero(groups.incident == incident)
        slots = np.maximum(groups.slots[own] - self.solution.filled[own], 0)
        short = groups.amount[own] - self.solution.brought[own]
        amounts = {
            int(g): float(gone)
            for g, gone in zip(own, short, strict=True)
            if groups.is_amount[g] and gone > 1e-9 * groups.asked_amount[g]
        }
        return _Missing(incident, own, slots, amounts)

    def _tried(
        self, missing: _Missing, rows: BoolArray, plan: Filling
    ) -> tuple[Filling, Short | None, int]:
        """Return the plan with as much as can be filled, what is short, and how many teams."""
        grown = plan.with_rows(missing.groups, rows)
        first: Short | None = None
        lacking = 0
        for group, count in zip(missing.groups.tolist(), missing.slots.tolist(), strict=True):
            grown, short = grown.filled(group, count)
            if short is not None:
                first = first or short
                lacking += short.missing
        for group, gone in missing.amounts.items():
            grown, enough = self._brought(grown, group, gone)
            lacking += not enough
        return grown, first, lacking

    def _brought(self, plan: Filling, group: int, wanted: float) -> tuple[Filling, bool]:
        """Return the plan with free teams that bring an amount, the largest first."""
        need = self.instance.groups.needs[group]
        assert not isinstance(need, TeamNeed)
        own = self.instance.crews.amounts.get(need.of)
        if own is None:
            return plan, False
        free = sorted(plan.candidates(group), key=lambda team: -own[team])
        count = int(np.searchsorted(np.cumsum(own[free]), wanted * (1.0 - 1e-9))) + 1
        return plan.taking(free[:count], group), count <= len(free)

    def _changes(self, incident: int, before: BoolArray, limits: set[Reason]) -> bool:
        rows = relaxed_reach(self.rules, incident, frozenset(limits))
        return bool((rows != before).any())

    def _serves(self, missing: _Missing, limits: set[Reason]) -> bool:
        rows = relaxed_reach(self.rules, missing.incident, frozenset(limits))
        return self._tried(missing, rows, self.plan)[2] == 0 and self._keeps(missing, rows)

    def _keeps(self, missing: _Missing, rows: BoolArray, plan: Filling | None = None) -> bool:
        """Return whether the plan that serves it keeps the hard reserve."""
        if not self.instance.reserve.hard.any():
            return True
        grown, _, _ = self._tried(missing, rows, plan or self.plan)
        chosen = np.array(grown.holder) != NONE
        chosen |= self.solution.going >= 0
        chosen[self.instance.fixed.team] = False
        return not self.instance.reserve.breaks(chosen)

    def _outcompeted(self, missing: _Missing, limits: frozenset[Reason]) -> tuple[str, ...]:
        """Return the incidents that would have to give way, as few as found; none: in vain."""
        rows = relaxed_reach(self.rules, missing.incident, limits)
        severity = self.instance.severity
        held = self._rivals(missing, rows)
        held = held[held != missing.incident]
        for other in held[np.argsort(severity[held], kind="stable")][:_SINGLES].tolist():
            alone = self._without(np.array([other]))
            if not self._tried(missing, rows, alone)[2] and self._keeps(missing, rows, alone):
                return (self.ids[other],)
        alone = self._without(held)
        grown, _, lacking = self._tried(missing, rows, alone)
        if lacking or not self._keeps(missing, rows, alone):
            return ()
        gone = []
        for other in held[np.argsort(-severity[held], kind="stable")].tolist():
            back = self._restored(grown, other)
            if back is None:
                gone.append(self.ids[other])
            else:
                grown = back
        return tuple(gone)

    def _rivals(self, missing: _Missing, rows: BoolArray) -> IntArray:
        """Return the incidents with teams that this one could use, over any exchange."""
        groups = self.instance.groups
        _, short, _ = self._tried(missing, rows, self.plan)
        if short is None or missing.amounts or not self.instance.slots_only:
            return np.unique(groups.incident[self.solution.group])
        # The shortage of one need may hide that of another: all needs are asked.
        plan = self.plan.with_rows(missing.groups, rows)
        wanting = [plan.wanting(group) for group in missing.groups[missing.slots > 0].tolist()]
        return np.unique(groups.incident[np.concatenate([short.groups, *wanting]).astype(np.intp)])

    def _without(self, incidents: IntArray) -> Filling:
        """Return the plan without these incidents' teams."""
        own = np.flatnonzero(np.isin(self.instance.groups.incident, incidents))
        plan = self.plan.without(frozenset(own.tolist()))
        if self.instance.slots_only:
            return plan
        return plan.unblocked(self.solution.team[np.isin(self.solution.group, own)].tolist())

    def _restored(self, plan: Filling, incident: int) -> Filling | None:
        """Return the plan with all that an incident had, None if that cannot be."""
        groups = self.instance.groups
        own = np.flatnonzero(groups.incident == incident)
        if not self.instance.slots_only:
            teams = self.solution.team[np.isin(self.solution.group, own)]
            if any(plan.holder[team] != NONE for team in teams.tolist()):
                return None
            return plan.taking(teams.tolist(), int(own[0]))
        for group in own.tolist():
            plan, short = plan.filled(group, int(self.solution.filled[group]))
            if short is not None:
                return None
        return plan

    def _said(
        self,
        incident: int,
        limits: tuple[Reason, ...],
        *,
        by: tuple[str, ...] = (),
        ways: Iterable[Reason] = (),
        short: int = 0,
    ) -> UnservedReason:
        name = self.instance.request.incidents[incident].name or Label(
            en=self.ids[incident], zh=self.ids[incident]
        )
        return UnservedReason(
            incident_id=self.ids[incident],
            limits=limits,
            by=by,
            short=short,
            ways=tuple(ways),
            verified=True,
            text=Text(
                code=f"dispatch.reason.{limits[0].value}",
                values={"incident": name, "by": named(list(by)), "short": short},
            ),
        )

    def _shortage(self, incident: int, short: Short) -> Shortage:
        groups, teams = self.instance.groups, self.instance.request.teams
        own = groups.incident[short.groups] == incident
        count = len(short.teams)
        wanted = count + short.missing
        skills = sorted(
            {
                need.skill
                for g in short.groups.tolist()
                if isinstance(need := groups.needs[g], TeamNeed) and need.skill is not None
            }
        )
        ids = [self.ids[i] for i in np.unique(groups.incident[short.groups]).tolist()]
        assert own.any(), "the shortage starts from the incident itself"
        return Shortage(
            incident_ids=tuple(ids),
            skills=tuple(skills),
            asked=wanted,
            teams=count,
            team_ids=tuple(teams[t].id for t in short.teams.tolist()),
            text=Text(
                code="dispatch.shortage",
                values={"asked": wanted, "teams": count, "skills": named(skills)},
            ),
        )
