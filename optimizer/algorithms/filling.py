"""One more slot in a matching, by an alternating path; or the teams that are short.

Sets of teams are whole numbers with a bit for each team: hundreds of small searches a plan cost
a fraction of what arrays would. Which teams an exchange can set free is found once a matching, so
a slot that cannot be filled costs no search at all.
"""

from dataclasses import dataclass
from functools import cached_property

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
    held: list[int]  # (group,), the teams that fill it, as bits
    free: int  # the teams that may be taken, as bits
    usable: int  # the teams that may be taken or moved, as bits

    @classmethod
    def of(cls, reach: BoolArray, team_group: IntArray, blocked: BoolArray) -> "Filling":
        """Return the matching of ``team_group`` (team,); ``blocked`` teams are out of it."""
        return cls.among(as_bits(reach), team_group, as_bits(~blocked[None])[0])

    @classmethod
    def among(cls, rows: list[int], team_group: IntArray, usable: int) -> "Filling":
        """Return the matching of ``team_group`` (team,) among ``usable`` teams, all as bits."""
        free = as_bits((team_group == NONE)[None])[0] & usable
        holder, held = team_group.tolist(), [0] * len(rows)
        for team, group in enumerate(holder):
            if group != NONE:
                held[group] |= 1 << team
        return cls(rows, holder, held, free, usable)

    @cached_property
    def freeable(self) -> int:
        """The usable teams that are free, or that an exchange sets free, as bits."""
        found = self.free
        waiting = [g for g, held in enumerate(self.held) if held]
        while True:
            before = found
            still = []
            for group in waiting:
                if self.rows[group] & found:
                    found |= self.held[group] & self.usable
                else:
                    still.append(group)
            if found == before:
                return found
            waiting = still

    def with_rows(self, groups: list[int], reach: list[int]) -> "Filling":
        """Return the same matching where ``groups`` reach other teams, as bits."""
        rows = self.rows.copy()
        for group, row in zip(groups, reach, strict=True):
            rows[group] = row
        changed = Filling(rows, self.holder, self.held, self.free, self.usable)
        if "freeable" in self.__dict__ and not any(self.held[group] for group in groups):
            changed.__dict__["freeable"] = self.freeable  # nobody passes through an empty group
        return changed

    def without(self, groups: list[int]) -> "Filling":
        """Return the matching without the teams of ``groups``."""
        holder, held, freed = self.holder.copy(), self.held.copy(), 0
        for group in groups:
            freed |= held[group]
            held[group] = 0
        for team in as_teams(freed):
            holder[team] = NONE
        return Filling(self.rows, holder, held, (self.free | freed) & self.usable, self.usable)

    def taking(self, teams: list[int], group: int) -> "Filling":
        """Return the matching with free teams in ``group``, whatever they were."""
        holder, held, taken = self.holder.copy(), self.held.copy(), 0
        for team in teams:
            holder[team] = group
            taken |= 1 << team
        held[group] |= taken
        return Filling(self.rows, holder, held, self.free & ~taken, self.usable)

    def unblocked(self, teams: list[int]) -> "Filling":
        """Return the matching where blocked teams may be taken."""
        more = sum(1 << team for team in teams)
        free, usable = self.free | more, self.usable | more
        return Filling(self.rows, self.holder, self.held, free, usable)

    def candidates(self, group: int) -> list[int]:
        """Return the free teams that ``group`` reaches."""
        return as_teams(self.rows[group] & self.free)

    def filled(self, group: int, count: int) -> tuple["Filling", int]:
        """Return the matching with up to ``count`` more teams in ``group``, and how many lack."""
        grown = self
        for done in range(count):
            more = grown._one_more(group)
            if more is None:
                return grown, count - done
            grown = more
        return grown, 0

    def back(self, group: int, teams: int) -> "Filling | None":
        """Return the matching with these teams in ``group``, None where one is not free."""
        if teams & ~self.free:
            return None
        return self.taking(as_teams(teams), group) if teams else self

    def shortage(self, group: int, missing: int) -> Short:
        """Return who is wanted by too many, where ``group`` cannot be filled any more."""
        groups, teams = self.region([group])
        return Short(
            np.array(groups, dtype=np.intp), np.array(as_teams(teams), dtype=np.intp), missing
        )

    def region(self, wanting: list[int]) -> tuple[list[int], int]:
        """Return the groups that exchanges from ``wanting`` reach, and their teams as bits.

        However teams are exchanged, ``wanting`` cannot be filled by any but these.
        """
        groups, left = wanting.copy(), self.usable & ~self.free
        for group in wanting:
            left &= ~self.held[group]
        for at in groups:
            new = self.rows[at] & left
            while new:
                holder = self.holder[(new & -new).bit_length() - 1]
                new &= ~self.held[holder]
                left &= ~self.held[holder]
                groups.append(holder)
        seen = 0
        for at in groups:
            seen |= self.rows[at]
        return groups, seen & self.usable

    def _one_more(self, group: int) -> "Filling | None":
        """Return the matching with one more team in ``group``, by breadth-first search."""
        row, free = self.rows[group], self.free
        if row & free:
            return self._shifted(group, row & free, {})
        # Where it is known who can be set free, nobody else is asked.
        left = self.__dict__.get("freeable", self.usable) & ~self.held[group]
        groups = [group]
        taken_from: dict[int, tuple[int, int]] = {}  # group -> (who takes, which team)
        for at in groups:
            new = self.rows[at] & left
            if new & free:
                return self._shifted(at, new & free, taken_from)
            while new:
                team = (new & -new).bit_length() - 1
                holder = self.holder[team]
                new &= ~self.held[holder]
                left &= ~self.held[holder]
                taken_from[holder] = (at, team)
                groups.append(holder)
        return None

    def _shifted(self, at: int, free: int, taken_from: dict[int, tuple[int, int]]) -> "Filling":
        """Return the matching with the first of ``free`` in ``at``, its teams passed on."""
        holder, held = self.holder.copy(), self.held.copy()
        bit = free & -free
        holder[bit.bit_length() - 1] = at
        held[at] |= bit
        while at in taken_from:
            by, team = taken_from[at]
            holder[team] = by
            held[at] &= ~(1 << team)
            held[by] |= 1 << team
            at = by
        return Filling(self.rows, holder, held, self.free & ~bit, self.usable)


def as_bits(rows: BoolArray) -> list[int]:
    """Return each row of a table as a whole number with a bit for each column.

    Examples
    --------
    >>> as_bits(np.array([[True, False, True], [False, False, True]]))
    [5, 4]
    """
    return [
        int.from_bytes(row.tobytes(), "little")
        for row in np.packbits(rows, axis=1, bitorder="little")
    ]


def as_row(bits: int, count: int) -> BoolArray:
    """Return a set of teams as an array (team,).

    Examples
    --------
    >>> as_row(0b101, 4).tolist()
    [True, False, True, False]
    """
    packed = np.frombuffer(bits.to_bytes(-(-count // 8), "little"), dtype=np.uint8)
    return np.unpackbits(packed, count=count, bitorder="little").astype(np.bool_)


def as_teams(bits: int) -> list[int]:
    """Return the teams of a set.

    Examples
    --------
    >>> as_teams(0b1010)
    [1, 3]
    """
    teams = []
    while bits:
        low = bits & -bits
        teams.append(low.bit_length() - 1)
        bits ^= low
    return teams
