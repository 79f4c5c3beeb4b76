"""The reserve: which teams count for which rule, and how many may be sent from each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.dispatch import DispatchRequest
from optimizer.dispatch.crews import NOBODY, Crews
from optimizer.dispatch.fixing import Fixed

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]


@dataclass(frozen=True)
class Reserve:
    """Reserve rules as arrays: a member is a ready team of the rule's zone and skill."""

    members: BoolArray  # (rule, team)
    wanted: IntArray  # (rule,)
    hard: BoolArray  # (rule,)
    before: IntArray  # (rule,), members without an order in force
    spare: IntArray  # (rule,), members that may be sent without breaking it; below 0 if short

    @classmethod
    def of(cls, request: DispatchRequest, crews: Crews, fixed: Fixed) -> "Reserve":
        """Return the rules of a request."""
        rules = request.policy.reserve
        members = np.tile(crews.ready, (len(rules), 1))
        zone_at = {rule.zone: place for place, rule in enumerate(rules)}
        zone = np.array([zone_at.get(one.zone, NOBODY) for one in request.teams]) if rules else ()
        for r, rule in enumerate(rules):
            if rule.zone is not None:
                members[r] &= zone == zone_at[rule.zone]
            if rule.skill is not None:
                members[r] &= np.array([bool(one.skills.get(rule.skill)) for one in request.teams])
        wanted = np.array([rule.teams for rule in rules], dtype=np.intp)
        free = members.copy()
        free[:, fixed.team] = False
        return cls(
            members=members,
            wanted=wanted,
            hard=np.array([rule.hard for rule in rules], dtype=np.bool_),
            before=members[:, crews.going < 0].sum(axis=1),
            spare=free.sum(axis=1) - wanted,
        )

    def __len__(self) -> int:
        """Return the number of rules."""
        return len(self.wanted)

    def after(self, sent: BoolArray) -> IntArray:
        """Return how many members stay where the teams ``sent`` (team,) go."""
        left: IntArray = (self.members & ~sent).sum(axis=1)
        return left

    def shortfall(self, sent: BoolArray) -> int:
        """Return by how many teams all rules together fall short."""
        return int(np.maximum(self.wanted - self.after(sent), 0).sum())

    def breaks(self, chosen: BoolArray) -> bool:
        """Return whether the teams ``chosen`` (team,), beside the fixed, draw a hard rule down."""
        used = (self.members & chosen).sum(axis=1)
        return bool((self.hard & (used > np.maximum(self.spare, 0))).any())
