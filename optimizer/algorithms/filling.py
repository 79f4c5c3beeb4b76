"""One more slot in a matching, by an alternating path; or the teams that are short.

Sets of teams are whole numbers with a bit for each team: hundreds of small searches a plan cost
a fraction of what arrays would.
"""

from dataclasses import dataclass, replace

import numpy as np

from optimizer.algorithms.slots import NONE, BoolArray, IntArray


@dataclass(frozen=True)
class Short:
    """Groups that want nobody but ``teams``, and more of them than there are."""

    groups: IntArray
    teams: IntArray
    missing: int = 1


@dataclass(frozen=True)
class Filling:
    """A matching that grows: ``holder`` says which group each team fills, ``NONE`` if free."""

    rows: list[int]  # (group,), the teams each reaches, as bits
    holder: list[int]  # (team,)
    free: int  # the teams that may be taken, as bits
    usable: int  # the teams that may be taken or moved, as bits

    @classmethod
    def of(cls, reach: BoolArray, team_group: IntArray, blocked: BoolArray) -> "Filling":
        """Return the matching of ``team_group`` (team,); ``blocked`` teams are out of it."""
        usable = _bits(~blocked)
        free = _bits(team_group == NONE) & usable
        return cls([_bits(row) for row in reach], team_group.tolist(), free, usable)

    def with_rows(self, groups: IntArray, reach: BoolArray) -> "Filling":
        """Return the same matching where ``groups`` reach other teams."""
        rows = self.rows.copy()
        for group, row in zip(groups.tolist(), reach, strict=True):
            rows[group] = _bits(row)
        return replace(self, rows=rows)

    def without(self, groups: frozenset[int]) -> "Filling":
        """Return the matching without the teams of ``groups``."""
        free, holder = self.free, self.holder.copy()
        for team, group in enumerate(holder):
            if group in groups:
                holder[team] = NONE
                free |= 1 << team
        return replace(self, holder=holder, free=free & self.usable)

    def taking(self, teams: list[int], group: int) -> "Filling":
        """Return the matching with free teams in ``group``, whatever they were."""
        free, holder = self.free, self.holder.copy()
        for team in teams:
            holder[team] = group
            free &= ~(1 << team)
        return replace(self, holder=holder, free=free)

    def unblocked(self, teams: list[int]) -> "Filling":
        """Return the matching where blocked teams may be taken."""
        more = sum(1 << team for team in teams)
        return replace(self, free=self.free | more, usable=self.usable | more)

    def candidates(self, group: int) -> list[int]:
        """Return the free teams that ``group`` reaches."""
        return _teams(self.rows[group] & self.free)

    def filled(self, group: int, count: int) -> tuple["Filling", Short | None]:
        """Return the matching with ``count`` more teams in ``group``, or what is short."""
        grown = self
        for done in range(count):
            more, short = grown._one_more(group)
            if more is None:
                assert short is not None
                return grown, replace(short, missing=count - done)
            grown = more
        return grown, None

    def wanting(self, group: int) -> list[int]:
        """Return the groups whose teams ``group`` could take over any exchange, its own too."""
        groups, seen = [group], 0
        known = {group}
        for at in groups:
            new = self.rows[at] & self.usable & ~seen
            seen |= new
            for team in _teams(new & ~self.free):
                holder = self.holder[team]
                if holder not in known:
                    known.add(holder)
                    groups.append(holder)
        return groups

    def _one_more(self, group: int) -> tuple["Filling | None", Short | None]:
        """Return the matching with one more team in ``group``, by breadth-first search."""
        left = self.usable
        groups = [group]
        taken_from: dict[int, tuple[int, int]] = {}  # group -> (who takes, which team)
        for at in groups:
            new = self.rows[at] & left
            free = new & self.free
            if free:
                return self._shifted(at, (free & -free).bit_length() - 1, taken_from), None
            left &= ~new
            for team in _teams(new):
                holder = self.holder[team]
                if holder != group and holder not in taken_from:
                    taken_from[holder] = (at, team)
                    groups.append(holder)
        teams = np.array(_teams(self.usable & ~left), dtype=np.intp)
        return None, Short(np.array(groups, dtype=np.intp), teams)

    def _shifted(self, at: int, team: int, taken_from: dict[int, tuple[int, int]]) -> "Filling":
        holder = self.holder.copy()
        free = self.free & ~(1 << team)
        holder[team] = at
        while at in taken_from:
            at, team = taken_from[at]
            holder[team] = at
        return replace(self, holder=holder, free=free)


def _bits(row: BoolArray) -> int:
    return int.from_bytes(np.packbits(row, bitorder="little").tobytes(), "little")


def _teams(bits: int) -> list[int]:
    """Return the teams of a set.

    Examples
    --------
    >>> _teams(0b1010)
    [1, 3]
    """
    teams = []
    while bits:
        low = bits & -bits
        teams.append(low.bit_length() - 1)
        bits ^= low
    return teams
