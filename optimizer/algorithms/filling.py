"""One more slot in a matching, by an alternating path; or the teams that are short."""

from dataclasses import dataclass, replace

import numpy as np

from optimizer.algorithms.slots import NONE, BoolArray, IntArray


@dataclass(frozen=True)
class Filling:
    """A matching that grows: ``team_group`` says which group each team fills, ``NONE`` if free.

    ``blocked`` teams are out of it.
    """

    reach: BoolArray  # (group, team)
    team_group: IntArray  # (team,)
    blocked: BoolArray  # (team,)

    def with_rows(self, groups: IntArray, rows: BoolArray) -> "Filling":
        """Return the same matching where ``groups`` reach other teams."""
        reach = self.reach.copy()
        reach[groups] = rows
        return replace(self, reach=reach)

    def without(self, groups: IntArray) -> "Filling":
        """Return the matching without the teams of ``groups``."""
        gone = np.isin(self.team_group, groups)
        return replace(self, team_group=np.where(gone, NONE, self.team_group))

    def filled(self, group: int, count: int) -> "tuple[Filling, Short | None]":
        """Return the matching with ``count`` more teams in ``group``, or what is short."""
        grown = self
        for done in range(count):
            team_group, short = grown._one_more(group)
            if team_group is None:
                assert short is not None
                return grown, replace(short, missing=count - done)
            grown = replace(grown, team_group=team_group)
        return grown, None

    def wanting(self, group: int) -> IntArray:
        """Return the groups whose teams ``group`` could take over any exchange, its own too."""
        seen = self.reach[group] & ~self.blocked
        groups = np.array([group], dtype=np.intp)
        while True:
            filled = self.team_group[seen]
            more = np.union1d(groups, filled[filled != NONE])
            if len(more) == len(groups):
                return more
            groups = more
            seen = self.reach[groups].any(axis=0) & ~self.blocked

    def _one_more(self, group: int) -> "tuple[IntArray | None, Short | None]":
        """Return the matching with one more team in ``group``, by breadth-first search."""
        seen = self.blocked.copy()
        seen_groups = [group]
        taken_from: dict[int, tuple[int, int]] = {}  # group -> (who takes, which team)
        for at in seen_groups:
            new = np.flatnonzero(self.reach[at] & ~seen)
            seen[new] = True
            holders = self.team_group[new]
            free = new[holders == NONE]
            if len(free):
                return self._shifted(at, int(free[0]), taken_from), None
            for team, holder in zip(new.tolist(), holders.tolist(), strict=True):
                if holder != group and holder not in taken_from:
                    taken_from[holder] = (at, team)
                    seen_groups.append(holder)
        return None, Short(np.array(seen_groups, dtype=np.intp), seen & ~self.blocked)

    def _shifted(self, at: int, team: int, taken_from: dict[int, tuple[int, int]]) -> IntArray:
        changed = self.team_group.copy()
        changed[team] = at
        while at in taken_from:
            at, team = taken_from[at]
            changed[team] = at
        return changed


@dataclass(frozen=True)
class Short:
    """Groups that want nobody but ``teams``, and more of them than there are."""

    groups: IntArray
    teams: BoolArray  # (team,)
    missing: int = 1
