"""The request and its rounds as the verifier reads them: by names, one call at a time."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.dispatch import DispatchPlan, Incident, Need, Team, TeamNeed, TeamStatus
from models.dispatch.phase import Call, Crew, PhasePlan, PhaseRequest, Round, Work
from optimizer.datasets import Store
from optimizer.dispatch.verify.question import Question
from optimizer.travel.modes import mode_times

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

    @cached_property
    def _ways(self) -> dict[str, np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
        situation = self.request.situation
        places = (*situation.incidents, *situation.teams, *self.request.depots)
        one_way = np.zeros(len(places), dtype=np.intp)
        return {
            mode.id: mode_times([mode.travel], one_way, places, places, self.store)
            for mode in situation.modes
        }

    def way_s(self, team: Team, begin: tuple[str, str], end: tuple[str, str]) -> float:
        """Return the time of a way; infinite to or from a place that there is not."""
        if begin not in self._places or end not in self._places:
            return math.inf
        return float(self._ways[team.mode][self._places[end], self._places[begin]])

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
        return made.incident.on_scene_s + 3600.0 * volume.amount / rate

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
