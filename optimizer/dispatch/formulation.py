r"""The whole question as one program, for amounts, several roles and reserves that bind.

.. math::

    \sum_t x_{gt} = d_g\, y_u \text{ (slots)}, \quad
    \sum_t a_{gt} x_{gt} \ge A_g\, y_u \text{ (amounts)}, \quad
    x_{gt} \le z_{t i(g)}, \quad \sum_i z_{ti} \le 1, \quad
    \sum_{g \in i} x_{gt} \le r_t z_{ti}, \quad
    \sum_{t \in R} \sum_i z_{ti} \le c_R + s_R

``x`` are pairs (group, team), ``z`` pairs (incident, team), ``y`` the copies of a unit served (a
share for the amount of a partial incident), ``s`` the shortfall of a reserve rule (0 where hard).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.dispatch import TeamNeed
from optimizer.demand import FloatArray
from optimizer.dispatch.instance import Instance
from optimizer.dispatch.slot_search import slots_of, units_of
from optimizer.dispatch.solution import Solution
from optimizer.linear import Builder, LinearProgram

IntArray = NDArray[np.intp]


@dataclass(frozen=True)
class Formulation:
    """The program's constraints, and the costs of its levels."""

    instance: Instance
    program: LinearProgram
    group: IntArray  # (x,)
    team: IntArray  # (x,)
    pair_incident: IntArray  # (z,)
    pair_team: IntArray  # (z,)
    weight: FloatArray  # (unit,)

    @classmethod
    def of(cls, instance: Instance) -> "Formulation":
        """Return the formulation of an instance."""
        groups, slots = instance.groups, slots_of(instance)
        group, team = np.nonzero(instance.reach)
        teams = instance.reach.shape[1]
        key = groups.incident[group] * teams + team
        pairs, at = np.unique(key, return_inverse=True)
        amount_unit = np.zeros(len(slots.copies), dtype=np.bool_)
        amount_unit[groups.unit[groups.is_amount]] = True
        share = amount_unit & groups.partial
        copies = np.where(share, 1, slots.copies).astype(np.float64)
        builder = Builder("max")
        builder.add_columns("x", np.zeros(len(group)))
        builder.add_columns("z", np.zeros(len(pairs)))
        builder.add_columns("y", np.zeros(len(copies)), upper=copies, integer=~share)
        made = cls(
            instance=instance,
            program=builder.build(),
            group=group,
            team=team,
            pair_incident=(pairs // teams).astype(np.intp),
            pair_team=(pairs % teams).astype(np.intp),
            weight=slots.weight,
        )
        made._need_rows(builder, slots.need)
        made._team_rows(builder, at)
        made._reserve_rows(builder)
        return cls(**{**made.__dict__, "program": builder.build()})

    def severity_cost(self) -> FloatArray:
        """Return the costs of level 1, to maximise."""
        cost = np.zeros(len(self.program.cost))
        cost[self.program.columns["y"]] = self.weight
        return cost

    def reserve_cost(self) -> FloatArray:
        """Return the costs of level 2, to minimise."""
        cost = np.zeros(len(self.program.cost))
        if "short" in self.program.columns:
            cost[self.program.columns["short"]] = 1.0
        return cost

    def response_cost(self) -> FloatArray:
        """Return the costs of level 3, to minimise; what is fixed is left out."""
        instance = self.instance
        i, t = self.pair_incident, self.pair_team
        seconds = instance.delay_s[i, t] + instance.surcharge_s[t]
        cost = np.zeros(len(self.program.cost))
        diverted = instance.diversion_cost * (instance.crews.going[t] == i)
        cost[self.program.columns["z"]] = instance.severity[i] * seconds - diverted
        return cost

    def solution(self, values: FloatArray) -> Solution:
        """Return the pairs that the values choose."""
        chosen = values[self.program.columns["x"]] > 0.5
        return Solution.of(self.instance, self.group[chosen], self.team[chosen])

    def start(self, solution: Solution) -> FloatArray:
        """Return the values of a solution."""
        values = np.zeros(len(self.program.cost))
        chosen = np.zeros(self.instance.reach.shape, dtype=np.bool_)
        chosen[solution.group, solution.team] = True
        values[self.program.columns["x"]] = chosen[self.group, self.team]
        going = np.zeros(self.instance.delay_s.shape, dtype=np.bool_)
        going[self.instance.groups.incident[solution.group], solution.team] = True
        values[self.program.columns["z"]] = going[self.pair_incident, self.pair_team]
        groups = self.instance.groups
        served = units_of(self.instance, solution).astype(np.float64)
        for g in np.flatnonzero(groups.is_amount & groups.partial[groups.unit]):
            wanted = groups.amount[g]
            had = min(1.0, solution.brought[g] / wanted) if wanted > 0.0 else 1.0
            served[groups.unit[g]] = had
        values[self.program.columns["y"]] = served
        if "short" in self.program.columns:
            reserve, soft = self.instance.reserve, ~self.instance.reserve.hard
            used = (reserve.members & going.any(axis=0)).sum(axis=1)
            values[self.program.columns["short"]] = np.maximum(used - reserve.spare, 0)[soft]
        return values

    def _need_rows(self, builder: Builder, need: IntArray) -> None:
        """Fill slots exactly and amounts at least, as far as their unit is served."""
        groups, instance = self.instance.groups, self.instance
        amounts = np.flatnonzero(groups.is_amount)
        brings = np.ones(len(self.group))
        for g in amounts:
            wants = groups.needs[g]
            assert not isinstance(wants, TeamNeed)
            own = instance.crews.amounts.get(wants.of)
            if own is not None:
                at = self.group == g
                brings[at] = own[self.team[at]]
        every = np.arange(len(groups))
        asked = np.where(groups.is_amount, groups.amount, need).astype(np.float64)
        shape = (len(groups), len(self.group))
        x = csr_array((brings, (self.group, np.arange(len(self.group)))), shape=shape)
        y = csr_array((-asked, (every, groups.unit)), shape=(len(groups), len(self.weight)))
        # A slot too many is no gain and one team less; an amount too much cannot be helped.
        upper = np.where(groups.is_amount, np.inf, 0.0)
        builder.add_rows("needs", {"x": x, "y": y}, lower=0.0, upper=upper)

    def _team_rows(self, builder: Builder, at: IntArray) -> None:
        """Send each team to one incident, where it fills as many roles as it may."""
        pairs, columns = len(self.pair_team), np.arange(len(self.group))
        ones = np.ones(len(self.group))
        roles = np.array([one.roles_max for one in self.instance.request.teams], dtype=np.float64)
        if len(columns):
            x = csr_array((ones, (columns, columns)), shape=(len(columns), len(columns)))
            z = csr_array((-ones, (columns, at)), shape=(len(columns), pairs))
            builder.add_rows("goes", {"x": x, "z": z}, lower=-np.inf, upper=0.0)
            x = csr_array((ones, (at, columns)), shape=(pairs, len(columns)))
            each = np.arange(pairs)
            z = csr_array((-roles[self.pair_team], (each, each)), shape=(pairs, pairs))
            builder.add_rows("roles", {"x": x, "z": z}, lower=-np.inf, upper=0.0)
            teams = len(roles)
            one_place = csr_array((np.ones(pairs), (self.pair_team, each)), shape=(teams, pairs))
            if (roles > 1).any():
                self._once_rows(builder)
            builder.add_rows("one_place", {"z": one_place}, lower=-np.inf, upper=1.0)

    def _once_rows(self, builder: Builder) -> None:
        """Let each team count once for a need whose first-due slot is a group of its own."""
        groups, columns = self.instance.groups, np.arange(len(self.group))
        starts = np.r_[True, (np.diff(groups.incident) != 0) | (np.diff(groups.need) != 0)]
        need = np.cumsum(starts)[self.group]
        _, at = np.unique(need * self.instance.reach.shape[1] + self.team, return_inverse=True)
        x = csr_array((np.ones(len(columns)), (at, columns)), shape=(at.max() + 1, len(columns)))
        builder.add_rows("once", {"x": x}, lower=-np.inf, upper=1.0)

    def _reserve_rows(self, builder: Builder) -> None:
        """Keep the teams of hard rules, and count how many soft ones are short of."""
        reserve, pairs = self.instance.reserve, len(self.pair_team)
        used = csr_array(reserve.members[:, self.pair_team].astype(np.float64))
        hard, soft = np.flatnonzero(reserve.hard), np.flatnonzero(~reserve.hard)
        if len(hard) and pairs:
            upper = np.maximum(reserve.spare[hard], 0).astype(np.float64)
            builder.add_rows("reserve", {"z": used[hard]}, lower=-np.inf, upper=upper)
        if len(soft):
            most = float(reserve.members.shape[1] + reserve.wanted.max())
            builder.add_columns("short", np.zeros(len(soft)), upper=most, integer=False)
            each = np.arange(len(soft))
            short = csr_array((-np.ones(len(soft)), (each, each)), shape=(len(soft), len(soft)))
            upper = reserve.spare[soft].astype(np.float64)
            terms = {"z": used[soft], "short": short}
            builder.add_rows("short_of", terms, lower=-np.inf, upper=upper)
