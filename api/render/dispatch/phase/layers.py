"""Map layers of a disaster phase: incidents, teams, depots, and each round as a line."""

from typing import TYPE_CHECKING, Any

from api.render.dispatch.phase.lines import depot_names
from api.render.dispatch.phase.tables import done_s
from api.render.dispatch.spots import Feature, Spot, collection, line, point, spot
from api.render.dispatch.words import Words
from models.dispatch.phase import Depot, PhaseAnswer, PhasePlan, PhaseRequest, Round
from models.text import Language

if TYPE_CHECKING:
    from models.dispatch import Incident, Team


def layers(
    request: PhaseRequest, answer: PhaseAnswer, language: Language, *, plane: bool = False
) -> dict[str, dict[str, Any]]:
    """Return the layers ``rounds``, ``incidents``, ``depots`` and ``teams``; none without a plan.

    Places without ``lat`` and ``lon`` are left out; with ``plane`` those without ``x_m`` and
    ``y_m``, and coordinates are metres.
    """
    if answer.plan is None:
        return {}
    maker = _Maker(request, answer.plan, language, plane=plane)
    return {
        "rounds": collection(maker.rounds()),
        "incidents": collection(maker.incidents()),
        "depots": collection(maker.depots()),
        "teams": collection(maker.teams()),
    }


class _Maker:
    def __init__(
        self, request: PhaseRequest, plan: PhasePlan, language: Language, *, plane: bool
    ) -> None:
        self._request, self._plan, self._plane = request, plan, plane
        self._words = Words(request.situation, language)
        self._names = depot_names(request, language)
        places: tuple[tuple[str, tuple[Incident | Team | Depot, ...]], ...] = (
            ("incident", request.situation.incidents),
            ("team", request.situation.teams),
            ("depot", request.depots),
        )
        self._at: dict[tuple[str, str], Spot] = {
            (kind, one.id): at
            for kind, several in places
            for one in several
            if (at := spot(one, plane=plane)) is not None
        }

    def rounds(self) -> list[Feature]:
        """Return each round as a line from the team through depots and incidents."""
        made = []
        for one in self._plan.rounds:
            way = [at for key in self._stops(one) if (at := self._at.get(key)) is not None]
            if len(way) < 2:
                continue
            made.append(
                line(
                    way,
                    team=self._words.team(one.team_id),
                    leaves=self._words.clock(one.leave_s),
                    calls=len(one.calls),
                    done=self._words.clock(one.calls[-1].finish_s),
                    illustrative=self._words.teams[one.team_id].illustrative,
                )
            )
        return made

    def _stops(self, one: Round) -> list[tuple[str, str]]:
        found = [("team", one.team_id)]
        for call in one.calls:
            if call.by_depot is not None:
                found.append(("depot", call.by_depot))
            if call.incident_id is not None:
                found.append(("incident", call.incident_id))
        return found

    def incidents(self) -> list[Feature]:
        """Return the incidents with when they are done."""
        done, undone = done_s(self._plan), set(self._plan.unserved)
        return [
            point(
                at,
                id=one.id,
                name=self._words.incident(one.id),
                kind=one.kind,
                severity=one.severity,
                served=one.id not in undone,
                done=self._words.clock(done[one.id]) if one.id in done else None,
                illustrative=one.illustrative,
            )
            for one in self._request.situation.incidents
            if (at := self._at.get(("incident", one.id))) is not None
        ]

    def depots(self) -> list[Feature]:
        """Return the places where teams fill up."""
        return [
            point(
                at,
                id=one.id,
                name=self._names[one.id],
                kind=one.kind,
                illustrative=self._request.situation.illustrative,
            )
            for one in self._request.depots
            if (at := self._at.get(("depot", one.id))) is not None
        ]

    def teams(self) -> list[Feature]:
        """Return the teams with how many calls they make."""
        made = {one.team_id: len(one.calls) for one in self._plan.rounds}
        return [
            point(
                at,
                id=one.id,
                name=self._words.team(one.id),
                kind=one.kind,
                status=one.status.value,
                calls=made.get(one.id, 0),
                illustrative=one.illustrative,
            )
            for one in self._request.situation.teams
            if (at := self._at.get(("team", one.id))) is not None
        ]
