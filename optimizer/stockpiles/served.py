r"""Rules and objectives on who is served: fairness between areas, and the chance target.

With :math:`c_a` an area's expected cover, the largest share is at least :math:`1 - c_a`, a least
cover at most :math:`c_a`, and the Gini limit :math:`\sum_{a<b} 2 |c_a - c_b| \le 2 n \gamma
\sum_a c_a`, each difference a column.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array, eye_array

from models.stockpiles.objectives import LargestShare
from models.text import Text
from optimizer.demand import FloatArray
from optimizer.linear import Builder
from optimizer.ruling import Rule
from optimizer.stockpiles.instance import IndexArray, Instance, areas_at
from optimizer.stockpiles.recourse import Response


@dataclass(frozen=True, eq=False)
class Served:
    """The rows of one formulation that look into its scenarios."""

    instance: Instance
    responses: tuple[Response, ...]
    probability: FloatArray  # (scenario,)
    columns: tuple[slice, ...]  # each scenario's of recourse, among those of all
    _missing: dict[str, tuple[csr_array, FloatArray]] = field(default_factory=dict, repr=False)

    def add_to(self, builder: Builder) -> None:
        """Add the columns that rules and objectives need, and what ties them."""
        request = self.instance.request
        for n, objective in enumerate(request.objectives):
            if isinstance(objective, LargestShare):
                share, _ = self.shares(objective.level)
                builder.add_columns(f"largest[{n}]", np.zeros(1), integer=False)
                terms = {
                    "recourse": csr_array(-share),
                    f"largest[{n}]": csr_array(np.ones((share.shape[0], 1))),
                }
                builder.add_rows(f"largest[{n}]", terms, lower=0.0, upper=np.inf)
        if request.rules.chance is not None:
            builder.add_columns("late", np.zeros(len(self.responses)))
            terms, lower, upper = self._late()
            builder.add_rows("late", terms, lower=lower, upper=upper)
        if request.rules.gini is not None:
            share, _ = self.shares(request.rules.gini.level)
            first, second = np.triu_indices(share.shape[0], 1)
            builder.add_columns("apart", np.zeros(len(first)), upper=np.inf, integer=False)
            apart = csr_array(share[first] - share[second])
            for name, sign in (("more", 1.0), ("less", -1.0)):
                terms = {
                    "recourse": csr_array(sign * apart),
                    "apart": csr_array(eye_array(len(first))),
                }
                builder.add_rows(f"apart.{name}", terms, lower=0.0, upper=np.inf)

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules that look into scenarios."""
        return tuple(self._rules())

    def _rules(self) -> Iterator[Rule]:
        rules = self.instance.request.rules
        for n, floor in enumerate(rules.least_cover):
            share, _ = self.shares(floor.level)
            height = share.shape[0]
            yield Rule(
                path=f"rules.least_cover[{n}]",
                text=Text(
                    code="rule.stockpiles.least_cover",
                    values={"share": floor.share, "level": floor.level},
                ),
                terms={"recourse": share},
                lower=np.full(height, -np.inf),
                upper=np.full(height, 1.0 - floor.share),
                number=floor.share,
                step=-np.ones(height),
            )
        if rules.gini is not None:
            yield self._gini(rules.gini.most, rules.gini.level)
        if rules.chance is not None:
            yield Rule(
                path="rules.chance",
                text=Text(
                    code="rule.stockpiles.chance",
                    values={"share": rules.chance.share, "risk": rules.chance.risk},
                ),
                terms={"late": csr_array(self.probability[None])},
                lower=np.array([-np.inf]),
                upper=np.array([rules.chance.risk]),
                number=rules.chance.risk,
                step=np.ones(1),
            )

    def shares(self, level: str) -> tuple[csr_array, FloatArray]:
        """Return each area's expected share without, (area, recourse column), and its need.

        Areas that need nothing are left out. Cover is measured at the deadline's band.
        """
        if level not in self._missing:
            names, area_of = areas_at(self.instance.request, level)
            missing, need = self._by_area(area_of, len(names))
            kept = np.flatnonzero(need > 0)
            scaled = csr_array(missing[kept].multiply(1.0 / need[kept][:, None]))
            self._missing[level] = scaled, need[kept]
        return self._missing[level]

    def _by_area(self, area_of: IndexArray, count: int) -> tuple[csr_array, FloatArray]:
        need = np.zeros(count)
        rows, columns, values = [], [], []
        band = self.instance.deadline_band
        weight = self.instance.weight
        for p, one, where in zip(self.probability, self.responses, self.columns, strict=True):
            group, item, due = one.missing
            counts = np.flatnonzero(due == band)
            area = _group_area(one, area_of)[group[counts]]
            counts, area = counts[area >= 0], area[area >= 0]
            rows.append(area)
            columns.append(where.stop - len(group) + counts)
            values.append(p * weight[item[counts]])
            np.add.at(
                need,
                area,
                p * weight[item[counts]] * one.groups.need[group[counts], item[counts], band],
            )
        where_ = (np.concatenate(rows), np.concatenate(columns))
        shape = (count, self.columns[-1].stop)
        return csr_array((np.concatenate(values), where_), shape=shape), need

    def _late(self) -> tuple[dict[str, csr_array], FloatArray, FloatArray]:
        """Return the rows that let a scenario miss its share only where it counts as late."""
        chance = self.instance.request.rules.chance
        assert chance is not None
        band, weight = self.instance.deadline_band, self.instance.weight
        count = len(self.responses)
        rows, columns, values, need = [], [], [], np.zeros(count)
        for s, (one, where) in enumerate(zip(self.responses, self.columns, strict=True)):
            group, item, due = one.missing
            counts = np.flatnonzero(due == band)
            rows.append(np.full(len(counts), s))
            columns.append(where.stop - len(group) + counts)
            values.append(weight[item[counts]])
            need[s] = float((one.groups.need[:, :, band] @ weight).sum())
        shape = (count, self.columns[-1].stop)
        at = (np.concatenate(rows), np.concatenate(columns))
        missing = csr_array((np.concatenate(values), at), shape=shape)
        late = csr_array((-chance.share * need, (np.arange(count), np.arange(count))))
        upper = (1.0 - chance.share) * need
        return {"recourse": missing, "late": late}, np.full(count, -np.inf), upper

    def _gini(self, most: float, level: str) -> Rule:
        share, _ = self.shares(level)
        areas = share.shape[0]
        without: FloatArray = np.asarray(share.sum(axis=0), dtype=np.float64).reshape(1, -1)
        pairs = areas * (areas - 1) // 2
        return Rule(
            path="rules.gini",
            text=Text(code="rule.stockpiles.gini", values={"most": most, "level": level}),
            terms={
                "apart": csr_array(2.0 * np.ones((1, pairs))),
                "recourse": csr_array(2.0 * areas * most * without),
            },
            lower=np.array([-np.inf]),
            upper=np.array([2.0 * areas * areas * most]),
        )


def _group_area(response: Response, area_of: IndexArray) -> IndexArray:
    """Return each group's area: its blocks have the same."""
    found = np.full(len(response.groups), -1, dtype=np.int64)
    member = response.groups.of_block
    found[member[member >= 0]] = area_of[member >= 0]
    return found
