"""Names and times of a dispatch request in one language."""

import math
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from models.dispatch import RANKS, DispatchRequest, Incident, Need, Team, TeamNeed
from models.messages import message
from models.text import Label, Language


@dataclass(frozen=True)
class Words:
    """A request's names in a language."""

    request: DispatchRequest
    language: Language

    @cached_property
    def teams(self) -> dict[str, Team]:
        """Teams by id."""
        return {one.id: one for one in self.request.teams}

    @cached_property
    def incidents(self) -> dict[str, Incident]:
        """Incidents by id."""
        return {one.id: one for one in self.request.incidents}

    def say(self, code: str, **values: object) -> str:
        """Return the message of ``code``."""
        return message(code, self.language, **values)

    def team(self, team_id: str) -> str:
        """Return a team's name."""
        found = self.teams.get(team_id)
        return self._name(team_id, found.name if found else None)

    def incident(self, incident_id: str) -> str:
        """Return an incident's name."""
        found = self.incidents.get(incident_id)
        return self._name(incident_id, found.name if found else None)

    def skill(self, skill: str) -> str:
        """Return a skill's name."""
        return self._name(skill, self.request.skill_names.get(skill))

    def zone(self, zone: str) -> str:
        """Return what a zone is called: by the area of that id, where there is one."""
        return self._name(zone, self._areas.get(zone))

    @cached_property
    def _areas(self) -> dict[str, Label | None]:
        return {one.id: one.name for one in self.request.areas}

    def needs(self, incident_id: str) -> tuple[Need, ...]:
        """Return what an incident needs, as far as it or a response plan says."""
        incident = self.incidents[incident_id]
        if incident.needs is not None:
            return incident.needs
        plans = [p for p in self.request.response_plans if p.incident_kind == incident.kind]
        level = max((one.level for one in self._above(incident)), key=RANKS.__getitem__)
        exact = [p for p in plans if p.level == level]
        general = [p for p in plans if p.level is None]
        return next((p.needs for p in (*exact, *general)), ())

    def _above(self, incident: Incident) -> list[Incident]:
        """Return the incident and those above it."""
        line = [incident]
        while (above := self.incidents.get(line[-1].parent or "")) and above not in line:
            line.append(above)
        return line

    def need(self, incident_id: str, at: int | None) -> str:
        """Return what a need is called: its skill or its amount."""
        needs = self.needs(incident_id)
        if at is None or at >= len(needs):
            return self.say("dispatch.word.any")
        need = needs[at]
        if isinstance(need, TeamNeed):
            return self.skill(need.skill) if need.skill else self.say("dispatch.word.any")
        return self.skill(need.of)

    def minutes(self, clock_s: float) -> str:
        """Return a time of the clock as minutes and seconds from now."""
        left = max(0, round(clock_s - self.request.now_s))
        return f"{left // 60}:{left % 60:02d}"

    def clock(self, clock_s: float) -> str:
        """Return a time of the clock as hours and minutes from now."""
        left = max(0, round((clock_s - self.request.now_s) / 60))
        return f"{left // 60}:{left % 60:02d}"

    @staticmethod
    def people(team: Team) -> int:
        """Return how many of a team turn out."""
        return math.floor(Decimal(repr(team.turnout_share)) * team.people)

    def _name(self, key: str, label: Label | None) -> str:
        return key if label is None else label.text(self.language)
