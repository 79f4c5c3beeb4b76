"""Better starts by exchange: the glue between a level's program and the search.

The search needs measures that add up over sets of posts or groups of options. A level whose
objective, floors or rules use anything else (a worst case, busy units) is left to the solver.
"""

from dataclasses import dataclass, replace

import numpy as np

from optimizer.algorithms.exchange import Exchange, exchange
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.districts import DistrictCuts
from optimizer.fire_stations.formulation import Floor, Formulation
from optimizer.fire_stations.formulation.expression import Expression
from optimizer.fire_stations.formulation.force import Force
from optimizer.fire_stations.formulation.parts import Part
from optimizer.fire_stations.formulation.rules import Rule
from optimizer.fire_stations.formulation.sets import MissedSets
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray, IndexArray

KICKS = 60  # where a relaxation is loose, and a search does what a tree cannot
FEW_KICKS = 4
_MOST_TAKEN = 150  # options of a plan: the search is for some of many, not for nearly all
_MOST_MEASURES = 12  # floors asked of every exchange; with more the solver alone is faster


@dataclass(frozen=True)
class Additive:
    """``sign * (expression - shift)``, judged for every insertion at once."""

    instance: Instance
    expression: Expression
    columns: dict[str, MissedSets | Force]
    sign: float
    shift: float

    @property
    def costly(self) -> bool:
        """Whether groups of options have to be compared one by one."""
        return any(isinstance(self.columns.get(block), Force) for block in self.expression.terms)

    def insertions(self, chosen: BoolArray, options: IndexArray) -> FloatArray:
        """Return the value (options,) when each of ``options`` is added to ``chosen``."""
        posts = self.instance.posts
        open_posts = (posts.options @ chosen.astype(np.float64)) > 0
        worth = np.full(len(options), self.expression.constant - self.shift)
        for block, coefficients in self.expression.terms.items():
            if block == "option":
                worth += float(coefficients @ chosen) + coefficients[options]
                continue
            columns = self.columns[block]
            if isinstance(columns, Force):
                worth += columns.insertions(coefficients, chosen, options)
            else:
                of_post = columns.insertions(coefficients, open_posts)
                worth += of_post[posts.of_option[options]]
        return self.sign * worth


def improve(
    formulation: Formulation,
    part: Part,
    floors: tuple[Floor, ...],
    start: BoolArray,
    *,
    districts: DistrictCuts,
    control: RunControl,
) -> BoolArray:
    """Return a choice at least as good as ``start`` for ``part``, every floor and rule kept."""
    problem = exchange_problem(formulation, part, floors)
    if problem is None or not _searchable(problem, start):
        return start
    if districts.enforced:
        excess = districts.excess
        if excess is None:
            return start
        problem = replace(problem, floors=(*problem.floors, excess.as_floor()))

    loose = any(measure.costly for measure in (problem.objective, *problem.floors))

    def improved(chosen: BoolArray) -> None:
        control.improved(formulation.value(part, chosen), None, chosen.astype(np.float64))

    return exchange(
        problem,
        start,
        seed=control.limits.seed,
        kicks=KICKS if loose else FEW_KICKS,
        stop=lambda: control.halted is not None,
        improved=improved,
    )


def repair(
    formulation: Formulation, districts: DistrictCuts, start: BoolArray, *, control: RunControl
) -> BoolArray:
    """Return a choice whose districts exceed their nominal areas less, at best not at all."""
    problem = exchange_problem(formulation, Part("min", (), Expression()), ())
    excess = districts.excess
    if problem is None or excess is None or not _searchable(problem, start):
        return start
    lawful = False

    def improved(chosen: BoolArray) -> None:
        nonlocal lawful
        lawful = not districts.broken(chosen)

    return exchange(
        replace(problem, objective=excess),
        start,
        seed=control.limits.seed,
        kicks=FEW_KICKS,
        stop=lambda: lawful or control.halted is not None,
        improved=improved,
    )


def _searchable(problem: Exchange, start: BoolArray) -> bool:
    return 0 < int((start & problem.movable).sum()) <= _MOST_TAKEN


def exchange_problem(
    formulation: Formulation, part: Part, floors: tuple[Floor, ...]
) -> Exchange | None:
    """Return a level as the search sees it, None where it has measures the search does not."""
    instance = formulation.instance
    plain = [rule for rule in formulation.rules if set(rule.terms) == {"option"}]
    mixed = [rule for rule in formulation.rules if set(rule.terms) != {"option"}]
    columns = _columns(formulation, (part, *(floor.part for floor in floors)))
    measures = [_of_floor(floor) for floor in floors]
    measures += [measure for rule in mixed for measure in _of_rule(rule)]
    objective = (part.expression, -1.0 if part.sense == "max" else 1.0, 0.0)
    used = {name for expression, _, _ in (*measures, objective) for name in expression.terms}
    if not used <= columns.keys() | {"option"} or len(measures) > _MOST_MEASURES:
        return None

    def additive(expression: Expression, sign: float, shift: float) -> Additive:
        return Additive(instance, expression, columns, sign, shift)

    rows = [rule.terms["option"].toarray() for rule in plain]
    return Exchange(
        objective=additive(*objective),
        floors=tuple(additive(*one) for one in measures),
        rules=np.vstack([np.zeros((0, len(instance.options))), *rows]),
        lower=np.concatenate([np.zeros(0), *(rule.lower for rule in plain)]),
        upper=np.concatenate([np.zeros(0), *(rule.upper for rule in plain)]),
        movable=~instance.forced & ~instance.excluded,
        possible=~instance.excluded,
        place=instance.options.site,
    )


def _columns(formulation: Formulation, parts: tuple[Part, ...]) -> dict[str, MissedSets | Force]:
    found: dict[str, MissedSets | Force] = {
        cover.name: cover for cover in formulation.parts.covers()
    }
    for part in parts:
        for block in part.blocks:
            if isinstance(block, MissedSets | Force):
                found[block.name] = block
    return found


def _of_floor(floor: Floor) -> tuple[Expression, float, float]:
    """Return a floor as (expression, sign, shift): at least 0 where it is kept."""
    expression = floor.part.expression
    scale = 1.0 / expression.largest
    sign = 1.0 if floor.part.sense == "max" else -1.0
    return expression * scale, sign, floor.limit * scale


def _of_rule(rule: Rule) -> list[tuple[Expression, float, float]]:
    measures = []
    for row, (lower, upper) in enumerate(zip(rule.lower, rule.upper, strict=True)):
        terms = {block: matrix[[row]].toarray()[0] for block, matrix in rule.terms.items()}
        expression = Expression(terms)
        if np.isfinite(lower):
            measures.append((expression, 1.0, float(lower)))
        if np.isfinite(upper):
            measures.append((expression, -1.0, float(upper)))
    return measures
