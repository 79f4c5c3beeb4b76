"""Why an incident stays unserved: the limit which, relaxed, lets it be served, tried each time.

A trial keeps every other incident served: only the slots that the incident misses are filled, by
alternating paths through the plan's own matching. So a limit is named only where a plan without
it was found.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from models.dispatch import Reason, Shortage, TeamNeed, UnservedReason
from models.text import Label, Text
from optimizer.algorithms.filling import Filling, Short, as_bits
from optimizer.algorithms.slots import NONE, IntArray
from optimizer.control import RunControl
from optimizer.dispatch.limits import Rules, relaxed_reach
from optimizer.dispatch.solution import Solution
from optimizer.verification import named

_MOST_NAMED = 5  # incidents by their names; of more, the first ids
_SINGLES = 4  # incidents that are tried as the only one to give way, the lightest first

Limits = frozenset[Reason]
NO_LIMITS: Limits = frozenset()


@dataclass(frozen=True)
class _Missing:
    """What one incident still wants: slots by group, amounts by group."""

    incident: int
    groups: IntArray
    slots: list[int]
    amounts: dict[int, float]
    reached: dict[Limits, list[int]] = field(default_factory=dict)  # by its groups, as bits

    def nothing(self, plan: Filling) -> "_Tried":
        """Return the beginning of a trial: nothing filled."""
        wanted = zip(self.groups.tolist(), self.slots, strict=True)
        return _Tried(plan, [(group, count) for group, count in wanted if count], sum(self.slots))


@dataclass(frozen=True)
class _Tried:
    """A plan with some of what is missing filled; ``open`` are slots that are not, by group.

    ``lacking`` counts the teams that are still wanted, as far as was tried.
    """

    plan: Filling
    open: list[tuple[int, int]]
    lacking: int

    @property
    def short(self) -> Short | None:
        """Who wants the same teams as the first slot that stays open."""
        return self.plan.shortage(*self.open[0]) if self.open else None


class Doubts:
    """Trials of one plan with limits of its request relaxed."""

    def __init__(self, solution: Solution) -> None:
        self.solution = solution
        self.instance = solution.instance
        self.rules = Rules.of(self.instance)
        self.limits = self.rules.felt
        groups = self.instance.groups.incident.tolist()
        self.groups_of: list[list[int]] = [[] for _ in self.instance.asked]
        for group, incident in enumerate(groups):
            self.groups_of[incident].append(group)
        self.filled = solution.filled.tolist()
        self.ids = [one.id for one in self.instance.request.incidents]
        team_group = np.full(len(self.instance.request.teams), NONE, dtype=np.intp)
        blocked = np.zeros(len(team_group), dtype=np.bool_)
        reach = self.instance.reach
        if self.instance.slots_only:
            team_group[solution.team] = solution.group
        else:  # Teams that bring amounts or fill several roles stay where they are.
            blocked[solution.team] = True
        self.plan = Filling.of(reach, team_group, blocked)
        _ = self.plan.freeable  # found once for all trials

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
        tried = self._tried(missing, NO_LIMITS, missing.nothing(self.plan), whole=True)
        if not tried.lacking:
            code = Reason.TIME_RAN_OUT if self._keeps(tried.plan) else Reason.RESERVE_HELD
            return self._said(incident, (code,)), None
        short, lacking = tried.short, tried.lacking
        if missing.amounts:  # What was brought so far cannot be added to.
            tried = missing.nothing(self.plan)
        _ = tried.plan.freeable  # found once for all limits
        changed = [one for one in self.limits if self._changes(missing, frozenset({one}))]
        ways = tuple(one for one in changed if self._serves(missing, frozenset({one}), tried))
        by = self._outcompeted(missing, NO_LIMITS, tried)
        if by:
            return self._said(incident, (Reason.OUTCOMPETED,), by=by, ways=ways), short
        if ways:
            return self._said(incident, ways[:1], ways=ways), short
        joint = self._joint(missing, changed, tried)
        # With so many more teams that can fill it, it is served; with fewer it is not.
        return joint or self._said(incident, (Reason.CAPACITY,), short=lacking), short

    def _joint(
        self, missing: _Missing, changed: list[Reason], tried: _Tried
    ) -> UnservedReason | None:
        """Return the reason of an incident that no single limit would serve, None without one."""
        incident = missing.incident
        for one in changed:
            limits = frozenset({one})
            most = tried
            if not missing.amounts:
                most = self._tried(missing, limits, tried, whole=True)
            by = self._outcompeted(missing, limits, most)
            if by:
                return self._said(incident, (one, Reason.OUTCOMPETED), by=by)
        for pair in combinations(self.limits, 2):
            limits = frozenset(pair)
            if self._changes(missing, limits) and self._serves(missing, limits, tried):
                return self._said(incident, pair)
        return None

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
        return _Missing(incident, own, slots.tolist(), amounts)

    def _reach(self, missing: _Missing, limits: Limits) -> list[int]:
        """Return who may fill each of its groups without these limits, as bits."""
        known = missing.reached.get(limits)
        if known is None:
            rows = self.instance.reach[missing.groups]
            if limits:
                rows = relaxed_reach(self.rules, missing.incident, limits)
            known = missing.reached[limits] = as_bits(rows)
        return known

    def _tried(
        self, missing: _Missing, limits: Limits, start: _Tried, *, whole: bool = False
    ) -> _Tried:
        """Return the plan with what can be filled besides without these limits.

        It ends with the first slot that cannot be, unless ``whole``.
        """
        own = missing.groups.tolist()
        grown = start.plan.with_rows(own, self._reach(missing, limits))
        still: list[tuple[int, int]] = []
        for group, count in start.open:
            grown, left = grown.filled(group, count)
            if left:
                still.append((group, left))
                if not whole:
                    return _Tried(grown, still, left)
        lacking = sum(left for _, left in still)
        for group, gone in missing.amounts.items():
            grown, enough = self._brought(grown, group, gone)
            lacking += not enough
        return _Tried(grown, still, lacking)

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

    def _changes(self, missing: _Missing, limits: Limits) -> bool:
        return self._reach(missing, limits) != self._reach(missing, NO_LIMITS)

    def _serves(self, missing: _Missing, limits: Limits, start: _Tried) -> bool:
        """Return whether it is served without these limits, the hard reserve kept."""
        tried = self._tried(missing, limits, start)
        return not tried.lacking and self._keeps(tried.plan)

    def _keeps(self, plan: Filling) -> bool:
        """Return whether a plan keeps the hard reserve."""
        if not self.instance.reserve.hard.any():
            return True
        chosen = np.array(plan.holder) != NONE
        # Whoever takes no part in the matching does what it did; whoever gave way stays.
        stay = np.array([not plan.usable >> team & 1 for team in range(len(chosen))])
        chosen |= stay & (self.solution.going >= 0)
        chosen[self.instance.fixed.team] = False
        return not self.instance.reserve.breaks(chosen)

    def _outcompeted(self, missing: _Missing, limits: Limits, most: _Tried) -> tuple[str, ...]:
        """Return the incidents that would have to give way, as few as found; none: in vain.

        ``most`` has as many slots filled as can be: whoever gives way frees one slot a team, so
        that one with fewer useful teams than are lacking cannot do it alone.
        """
        severity = self.instance.severity
        held, useful = self._rivals(missing, most)
        alone = held if useful is None else held[useful >= most.lacking]
        for other in alone[np.argsort(severity[alone], kind="stable")][:_SINGLES].tolist():
            if self._serves(missing, limits, self._without([other], most)):
                return (self.ids[other],)
        tried = self._tried(missing, limits, self._without(held.tolist(), most))
        if tried.lacking or not self._keeps(tried.plan):
            return ()
        grown, gone = tried.plan, []
        for other in held[np.argsort(-severity[held], kind="stable")].tolist():
            back = self._restored(grown, other, most.plan)
            if back is None or not self._keeps(back):
                gone.append(self.ids[other])
            else:
                grown = back
        return tuple(gone)

    def _rivals(self, missing: _Missing, most: _Tried) -> tuple[IntArray, IntArray | None]:
        """Return the incidents with teams that this one could use, over any exchange.

        And how many such teams each has; None where that is not known.
        """
        groups = self.instance.groups
        if missing.amounts or not self.instance.slots_only:
            held = np.unique(groups.incident[self.solution.group])
            return held[held != missing.incident], None
        reached, teams = most.plan.region(list(dict.fromkeys(group for group, _ in most.open)))
        held = np.unique(groups.incident[reached])
        rivals: IntArray = held[held != missing.incident]
        useful = [
            sum((most.plan.held[group] & teams).bit_count() for group in self.groups_of[one])
            for one in rivals.tolist()
        ]
        return rivals, np.array(useful, dtype=np.intp)

    def _without(self, incidents: list[int], most: _Tried) -> _Tried:
        """Return the plan without these incidents' teams."""
        own = [group for one in incidents for group in self.groups_of[one]]
        plan = most.plan.without(own)
        if not self.instance.slots_only:
            plan = plan.unblocked(self.solution.team[np.isin(self.solution.group, own)].tolist())
        return _Tried(plan, most.open, most.lacking)

    def _restored(self, plan: Filling, incident: int, before: Filling) -> Filling | None:
        """Return the plan with all that an incident had, None if that cannot be."""
        own = self.groups_of[incident]
        if not self.instance.slots_only:
            teams = self.solution.team[np.isin(self.solution.group, own)]
            if any(plan.holder[team] != NONE for team in teams.tolist()):
                return None
            return plan.taking(teams.tolist(), own[0])
        for group in own:
            # Which teams fill the rest decides nothing, so it takes its own where they are free.
            same = plan.back(group, before.held[group])
            plan, left = (same, 0) if same else plan.filled(group, self.filled[group])
            if left:
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
        name, others = self._name(self.ids[incident]), named(list(by))
        if 0 < len(by) <= _MOST_NAMED:
            names = [self._name(one) for one in by]
            others = Label(
                en=", ".join(one.en for one in names), zh="、".join(one.zh for one in names)
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
                values={"incident": name, "by": others, "short": short},
            ),
        )

    def _name(self, incident_id: str) -> Label:
        incident = self.instance.request.incidents[self.ids.index(incident_id)]
        return incident.name or Label(en=incident_id, zh=incident_id)

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
