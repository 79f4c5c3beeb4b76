"""A disaster-phase request as arrays: places, teams, visits, stops.

Places are the incidents, then the teams' positions, then the depots. A visit is one slot of a
need, or a break of a team. A stop is an incident with all its visits, one slot of a partial
incident, or a break. Times are seconds from now.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from models.dispatch.phase import Break, Crew, PhaseRequest, Work
from optimizer.algorithms.routes.problem import (
    Problem,
    Stops,
    Teams,
    Visits,
    problem,
    stops,
    teams,
    visits,
)
from optimizer.datasets import Store
from optimizer.demand import FloatArray
from optimizer.dispatch.crews import BoolArray, Crews, forbidden, released, tier_open
from optimizer.dispatch.groups import Groups
from optimizer.dispatch.needs import Asked, asked
from optimizer.dispatch.phase.checks import check, fault
from optimizer.dispatch.phase.ways import Ways
from optimizer.errors import InputError

_FAR_S = 1e8
_DAY_S = 86_400.0


class Slot(NamedTuple):
    """One visit: of an incident's need, or a team's break."""

    incident: int | None
    need: int  # its place in the incident's needs, or in the team's breaks
    group: int | None
    team: int | None  # whose break it is
    rest: Break | None
    first_due: bool = False


@dataclass(frozen=True)
class Instance:
    """The request as a problem of routes, and what its numbers stand for."""

    request: PhaseRequest
    asked: list[Asked]
    slots: tuple[Slot, ...]  # (visit,)
    able: BoolArray  # (team, visit), by skill, tier and owner
    ways: Ways
    problem: Problem
    too_long: BoolArray  # (team, visit): on foot there, back and at work no day is long enough

    @classmethod
    def from_request(cls, request: PhaseRequest, store: Store | None = None) -> "Instance":
        """Return the request as arrays.

        Raises
        ------
        InputError
            With every fault of the request.
        """
        wanted = asked(request.situation)
        faults = check(request, wanted)
        if faults:
            raise InputError(faults)
        groups = Groups.of(request.situation, wanted)
        slots = tuple(_slots(request, groups))
        ways = Ways.of(request, store)
        maker = _Maker(request, wanted, groups, slots, Crews.of(request.situation), ways)
        able = maker.able()
        made, too_long = maker.problem(able)
        return cls(request, wanted, slots, able, ways, made, too_long)


def handed_out(work: Work, part: float) -> dict[str, float]:
    """Return what a team hands out at a work that is done in so many equal parts."""
    found = dict(work.loads)
    if work.volume is not None:
        for name, each in work.volume.uses.items():
            found[name] = found.get(name, 0.0) + each * work.volume.amount / part
    return found


def _slots(request: PhaseRequest, groups: Groups) -> Iterator[Slot]:
    for group in range(len(groups)):
        for _ in range(int(groups.slots[group])):
            incident, need = int(groups.incident[group]), int(groups.need[group])
            first = bool(groups.first_due[group])
            yield Slot(incident, need, group, None, None, first)
    at = {one.id: t for t, one in enumerate(request.situation.teams)}
    for crew in request.crews:
        for k, rest in enumerate(crew.breaks):
            yield Slot(None, k, None, at[crew.team_id], rest)


@dataclass(frozen=True)
class _Maker:
    request: PhaseRequest
    asked: list[Asked]
    groups: Groups
    slots: tuple[Slot, ...]
    crews: Crews
    ways: Ways

    def problem(self, able: BoolArray) -> tuple[Problem, BoolArray]:
        """Return the problem of routes, and which visits the night alone keeps from whom."""
        visits, too_long = self._by_day(self._visits(able))
        made = problem(
            self.ways.travel_s,
            self._teams(able),
            visits,
            self._stops(),
            depots=len(self.asked) + len(self.crews.mode) + np.arange(len(self.request.depots)),
            fill=self._fill(),
            pairs=self._pairs(),
        )
        return made, too_long

    def _fill(self) -> FloatArray:
        """Return the seconds that a unit of each good takes at each depot (depot, commodity)."""
        depots, names = self.request.depots, self.names
        rows = [
            [3600.0 / one.per_hour[name] if name in one.per_hour else 0.0 for name in names]
            for one in depots
        ]
        return np.array(rows, dtype=np.float64).reshape(len(depots), len(names))

    def _by_day(self, made: Visits) -> tuple[Visits, BoolArray]:
        """Return the visits with the starts that a night shuts, and what no day is long enough for.

        Who starts at ``s`` is on the slope from ``s - up`` to ``s + service + home``, and none of
        that may lie in a night: ``s`` may not lie between its fall less service and way home, and
        its end and the way up.
        """
        night, now = self.request.no_foot_at_night, self.request.situation.now_s
        nobody = np.zeros(made.eligible.shape, dtype=np.bool_)
        if night is None or not self.asked:
            return made, nobody
        at = np.maximum(made.place, 0)
        up, home = (one[self.ways.profile][:, at] for one in (self.ways.up_s, self.ways.home_s))
        foot = (up + home > 0.0) & (made.place >= 0)[None]
        late = made.service + home
        long = np.where(foot, night.length_s + late + up, 0.0)
        too_long = (long > _DAY_S) & made.eligible
        shut = np.stack([(night.falls_s - now - late) % _DAY_S, np.minimum(long, _DAY_S)], axis=2)
        return made._replace(eligible=made.eligible & ~too_long, shut=shut), too_long

    @property
    def works(self) -> dict[str, Work]:
        return {one.incident_id: one for one in self.request.works}

    @property
    def stop(self) -> list[int]:
        """The stop of each visit: partial incidents have one for each slot."""
        found: list[int] = []
        last: int | None = None
        for slot in self.slots:
            incident = slot.incident
            whole = incident is not None and not self.request.situation.incidents[incident].partial
            same = whole and incident == last
            found.append(found[-1] if same else (found[-1] + 1 if found else 0))
            last = incident
        return found

    @property
    def names(self) -> list[str]:
        """What is carried."""
        return sorted({name for one in self.request.works for name in handed_out(one, 1.0)})

    def able(self) -> BoolArray:
        """Return who may fill which slot (team, visit), whatever the time."""
        situation = self.request.situation
        by_group = self.crews.able(self.groups)
        may = tier_open(situation, self.asked) & released(situation)[None]
        may &= np.isfinite(self.crews.leave_s)[None]
        may[forbidden(situation)] = False
        able = np.zeros((len(situation.teams), len(self.slots)), dtype=np.bool_)
        for v, slot in enumerate(self.slots):
            if slot.incident is not None:
                able[:, v] = by_group[slot.group] & may[slot.incident]
            else:
                able[slot.team, v] = True
        return able

    def _teams(self, able: BoolArray) -> Teams:
        situation = self.request.situation
        ends = [np.inf if one.shift_ends_s is None else one.shift_ends_s for one in situation.teams]
        by_id = {one.team_id: one for one in self.request.crews}
        crew = [by_id.get(one.id, Crew(team_id=one.id)) for one in situation.teams]
        leave = self.crews.leave_s
        return teams(
            self.ways.profile,
            len(self.asked) + np.arange(len(crew)),
            ready=np.where(np.isfinite(leave), leave, 0.0),
            off=np.array(ends) - situation.now_s,
            capacity=[[one.carries.get(name, 0.0) for name in self.names] for one in crew],
            reload=[one.reload_s for one in crew],
            roles=[one.roles_max for one in situation.teams],
            locked=self._locked(crew, able),
        )

    def _locked(self, crews: list[Crew], able: BoolArray) -> list[list[int]]:
        """Return the visits each team makes first: of each incident one that it can fill."""
        at = {one.id: i for i, one in enumerate(self.request.situation.incidents)}
        taken: set[int] = set()
        found: list[list[int]] = []
        for team, crew in enumerate(crews):
            found.append([])
            for name in crew.first:
                mine = [self.slots[v] for v in found[-1] if self.slots[v].incident == at[name]]
                fits = (
                    v
                    for v, slot in enumerate(self.slots)
                    if slot.incident == at[name] and able[team, v] and v not in taken
                    if self._once_more(team, slot, mine)
                )
                chosen = next(fits, None)
                if chosen is None:
                    path = f"crews[{self.request.crews.index(crew)}].first"
                    raise InputError((fault(path, "fault.phase.cannot_first", name),))
                taken.add(chosen)
                found[-1].append(chosen)
        return found

    def _once_more(self, team: int, slot: Slot, made: list[Slot]) -> bool:
        """Return whether a team may fill a slot beside those it fills of the incident."""
        situation = self.request.situation
        if made and not situation.incidents[slot.incident or 0].partial:
            return False
        other = all(one.need != slot.need for one in made)
        return other and len(made) < situation.teams[team].roles_max

    def _visits(self, able: BoolArray) -> Visits:
        situation = self.request.situation
        works = [self.works.get(one.id, Work(incident_id=one.id)) for one in situation.incidents]
        service = np.zeros(able.shape)
        parts = self.groups.parts(len(self.asked))
        names = self.names
        load = np.zeros((len(self.slots), len(names)))
        able = able.copy()
        for v, slot in enumerate(self.slots):
            if slot.incident is None:
                service[:, v] = slot.rest.length_s if slot.rest else 0.0
                continue
            work = works[slot.incident]
            service[:, v] = situation.incidents[slot.incident].on_scene_s
            part = 1.0 if work.volume is None or not work.volume.shared else parts[slot.incident]
            out = handed_out(work, part)
            load[v] = [out.get(name, 0.0) for name in names]
            if work.volume is not None:
                rate = self.crews.amounts.get(work.volume.of, np.zeros(len(able)))
                able[:, v] &= rate > 0.0
                hours = work.volume.amount / part / np.where(rate > 0.0, rate, 1.0)
                service[:, v] += 3600.0 * hours
        full = [[one.get(name, 0.0) for name in names] for one in self._carried()]
        able &= (load[None] <= np.array(full).reshape(len(able), 1, -1)).all(axis=2)
        place = [-1 if slot.incident is None else slot.incident for slot in self.slots]
        # A break is nobody else's, and a party of its own behind those of the incidents.
        party = [
            len(situation.incidents) + v if slot.incident is None else slot.incident
            for v, slot in enumerate(self.slots)
        ]
        return visits(
            place,
            service,
            able,
            stop=self.stop,
            party=party,
            role=[slot.need for slot in self.slots],
            load=load,
        )

    def _carried(self) -> list[dict[str, float]]:
        by_id = {one.team_id: one.carries for one in self.request.crews}
        return [by_id.get(one.id, {}) for one in self.request.situation.teams]

    def _stops(self) -> Stops:
        """Return what each stop is worth; a break costs nothing, and leaving it out everything."""
        request, now = self.request, self.request.situation.now_s
        stop = np.array(self.stop, dtype=np.int64)
        count = int(stop.max(initial=-1)) + 1
        weight, release, due = np.zeros(count), np.zeros(count), np.full(count, np.inf)
        latest = np.full(count, np.inf)
        parts = self.groups.parts(len(self.asked))
        for v, slot in enumerate(self.slots):
            at = stop[v]
            if slot.incident is None or slot.group is None:
                assert slot.rest is not None
                release[at] = max(0.0, slot.rest.from_s - now)
                latest[at] = slot.rest.until_s - now
                continue
            weight[at] += self.asked[slot.incident].severity / parts[slot.incident]
            due[at] = min(due[at], self.groups.deadline_s[slot.group])
        late = weight * request.late_factor
        penalty = weight * request.unserved_s
        rest = weight == 0.0
        penalty[rest] = 10.0 * (penalty.sum() + request.unserved_s)
        if request.hard_deadlines:
            latest = np.where(rest, latest, np.minimum(due, _FAR_S))
            due, late = np.full(count, np.inf), np.zeros(count)
        latest = np.minimum(latest, _FAR_S)
        return stops(weight, penalty, release=release, due=due, late=late, latest=latest)

    def _pairs(self) -> list[tuple[int, int]]:
        at = {one.id: i for i, one in enumerate(self.request.situation.incidents)}
        mine: dict[int, set[int]] = {i: set() for i in range(len(at))}
        for stop, slot in zip(self.stop, self.slots, strict=True):
            if slot.incident is not None:
                mine[slot.incident].add(stop)
        return [
            (first, second)
            for work in self.request.works
            for earlier in work.after
            for first in sorted(mine[at[earlier]])
            for second in sorted(mine[at[work.incident_id]])
        ]
