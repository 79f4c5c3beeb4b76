"""The request and its rounds as the verifier reads them: by names, one call at a time."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from models.dispatch import DispatchPlan, Incident, Need, Team, TeamNeed, TeamStatus
from models.dispatch.phase import Call, Crew, PhasePlan, PhaseRequest, Round, Work
from optimizer.datasets import Store
from optimizer.dispatch.phase.verify.walking import walk_s
from optimizer.dispatch.verify.question import Question
from optimizer.travel.modes import mode_times

if TYPE_CHECKING:
    from models.places import Place

_NOTHING = DispatchPlan(orders=(), severity_served=0.0, severity_total=0.0)


@dataclass(frozen=True)
class Made:
    """A call of a known incident, and whose it is."""

    team: Team
    incident: Incident
    call: Call


@dataclass(frozen=True)
class PhaseQuestion:
    """What a plan of rounds is held against."""

    request: PhaseRequest
    plan: PhasePlan
    store: Store | None = None

    @cached_property
    def basis(self) -> Question:
        """The situation: needs, severities, deadlines and what teams can do."""
        return Question(self.request.situation, _NOTHING, self.store)

    @cached_property
    def works(self) -> dict[str, Work]:
        """What is said of each incident's work."""
        given = {one.incident_id: one for one in self.request.works}
        return {name: given.get(name, Work(incident_id=name)) for name in self.basis.incidents}

    @cached_property
    def crews(self) -> dict[str, Crew]:
        """What is said of each team."""
        given = {one.team_id: one for one in self.request.crews}
        return {name: given.get(name, Crew(team_id=name)) for name in self.basis.teams}

    @cached_property
    def rounds(self) -> tuple[Round, ...]:
        """The rounds of known teams."""
        return tuple(one for one in self.plan.rounds if one.team_id in self.basis.teams)

    @cached_property
    def made(self) -> dict[str, list[Made]]:
        """The calls at each incident."""
        found: dict[str, list[Made]] = {one: [] for one in self.basis.incidents}
        for one in self.rounds:
            for call in one.calls:
                if call.incident_id in self.basis.incidents:
                    incident = self.basis.incidents[call.incident_id]
                    found[incident.id].append(Made(self.basis.teams[one.team_id], incident, call))
        return found

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        situation = self.request.situation
        ids = [("incident", one.id) for one in situation.incidents]
        ids += [("team", one.id) for one in situation.teams]
        ids += [("depot", one.id) for one in self.request.depots]
        return {one: index for index, one in enumerate(ids)}

    def spot(self, team: Team) -> bool:
        """Return whether a team is set down at the work itself."""
        return any(one.to_the_spot for one in self.request.situation.modes if one.id == team.mode)

    def up_s(self, team: Team, incident_id: str) -> float:
        """Return how long a team walks to a work from the road's end."""
        return self._on_foot(team, incident_id, down=False)

    def back_s(self, team: Team, incident_id: str) -> float:
        """Return how long a team walks from a work down to the road, as far as that is said."""
        return self._on_foot(team, incident_id, down=True)

    def home_s(self, team: Team, incident_id: str) -> float:
        """Return the same for the night: as long as the way up where only that is said."""
        known = self.works[incident_id].walk is not None
        return self._on_foot(team, incident_id, down=known)

    def _on_foot(self, team: Team, incident_id: str, *, down: bool) -> float:
        if self.spot(team):
            return 0.0
        pace = self.crews[team.id].pace or self.request.pace
        return walk_s(self.works[incident_id], pace, down=down)

    @cached_property
    def _ways(self) -> dict[str, np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
        situation = self.request.situation
        found = {}
        for mode in situation.modes:
            ends: list[Place] = []
            for incident in situation.incidents:
                walk = self.works[incident.id].walk
                by_car = walk is not None and walk.line and not mode.to_the_spot
                ends.append(walk.line[0] if walk is not None and by_car else incident)
            places = (*ends, *situation.teams, *self.request.depots)
            one_way = np.zeros(len(places), dtype=np.intp)
            found[mode.id] = mode_times([mode.travel], one_way, places, places, self.store)
        return found

    def way_s(self, team: Team, begin: tuple[str, str], end: tuple[str, str]) -> float:
        """Return the time of a way, on foot at its ends; infinite where a place is not."""
        drive = self.drive_s(team, begin, end)
        if begin == end or math.isinf(drive):
            return drive
        down = self.back_s(team, begin[1]) if begin[0] == "incident" else 0.0
        return down + drive + (self.up_s(team, end[1]) if end[0] == "incident" else 0.0)

    def drive_s(self, team: Team, begin: tuple[str, str], end: tuple[str, str]) -> float:
        """Return the time of a way by the team's mode alone."""
        if begin not in self._places or end not in self._places:
            return math.inf
        return float(self._ways[team.mode][self._places[end], self._places[begin]])

    def fills_s(self, team: Team, depot_id: str, missing: dict[str, float]) -> float:
        """Return how long filling up takes at a depot; infinite where a team may not."""
        depot = next((one for one in self.request.depots if one.id == depot_id), None)
        if depot is None or (depot.modes and team.mode not in depot.modes):
            return math.inf
        wanted = set(depot.vehicles)
        if wanted and not wanted & {name for name, count in team.vehicles.items() if count > 0}:
            return math.inf
        if depot.kinds and team.kind not in depot.kinds:
            return math.inf
        flows = sum(
            3600.0 * amount / depot.per_hour[name]
            for name, amount in missing.items()
            if name in depot.per_hour
        )
        return self.crews[team.id].reload_s + flows

    def part(self, incident: Incident) -> float:
        """Return what share of an incident's work each of its teams has."""
        volume = self.works[incident.id].volume
        return 1.0 / self.slots(incident) if volume is not None and volume.shared else 1.0

    def hands_out(self, incident_id: str) -> dict[str, float]:
        """Return what a team hands out at an incident."""
        work = self.works[incident_id]
        found = dict(work.loads)
        if work.volume is not None:
            part = work.volume.amount * self.part(self.basis.incidents[incident_id])
            for name, each in work.volume.uses.items():
                found[name] = found.get(name, 0.0) + part * each
        return found

    def leaves_s(self, team: Team) -> float:
        """Return when a team can leave, on the clock."""
        owner = self.basis.owners.get(team.owner or "")
        turnout = team.turnout_s + (0.0 if owner is None else owner.release_delay_s)
        left = math.inf if team.free_in_s is None else team.free_in_s
        wait = {
            TeamStatus.READY: turnout,
            TeamStatus.EN_ROUTE: 0.0,
            TeamStatus.ON_SCENE: left,
            TeamStatus.RESTING: left + turnout,
        }.get(team.status, math.inf)
        return self.request.situation.now_s + wait

    def work_s(self, made: Made) -> float:
        """Return how long a team works at an incident; infinite where it brings nothing for it."""
        volume = self.works[made.incident.id].volume
        if volume is None:
            return made.incident.on_scene_s
        rate = made.team.amounts.get(volume.of, 0.0)
        if rate <= 0.0:
            return math.inf
        part = volume.amount * self.part(made.incident)
        return made.incident.on_scene_s + 3600.0 * part / rate

    def need(self, made: Made) -> Need | None:
        """Return the need that a call fills; None where there is none."""
        needs = self.basis.needs(made.incident)
        return needs[made.call.need] if made.call.need < len(needs) else None

    def slots(self, incident: Incident) -> int:
        """Return how many teams an incident wants in all."""
        needs = self.basis.needs(incident)
        return sum(need.teams for need in needs if isinstance(need, TeamNeed))

    def due_s(self, made: Made) -> float:
        """Return the deadline of a call: its own of a partial incident, else the earliest."""
        needs = self.basis.needs(made.incident)
        if made.incident.partial:
            need = self.need(made)
            first = made.call.first_due
            return math.inf if need is None else self._deadline(made.incident, need, first=first)
        return min(
            (
                self._deadline(made.incident, need, first=getattr(need, "first_due", False))
                for need in needs
            ),
            default=math.inf,
        )

    def _deadline(self, incident: Incident, need: Need, *, first: bool) -> float:
        return self.basis.deadline(incident, need, first=first)

    def stops(self) -> list[tuple[float, list[Made], bool]]:
        """Return each stop: its severity, its calls, and whether they are all there."""
        found: list[tuple[float, list[Made], bool]] = []
        for incident in self.basis.incidents.values():
            severity, slots = float(self.basis.severity(incident)), self.slots(incident)
            calls = self.made[incident.id]
            if incident.partial:
                found += [(severity / slots, [one], True) for one in calls[:slots]]
                found += [(severity / slots, [], False)] * (slots - len(calls))
            else:
                found.append((severity, calls, len(calls) == slots))
        return found
