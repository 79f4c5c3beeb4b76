"""The first objective alone, solved again under changed conditions."""

from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from scipy.sparse import csr_array, lil_array

from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import Combination
from models.run import Status, relative_gap
from optimizer.backends import highs
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.arrivals import Arrivals
from optimizer.fire_stations.districts import DistrictCuts
from optimizer.fire_stations.formulation.parts import Part
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray
from optimizer.fire_stations.scaling import scaling, tidy_bound
from optimizer.fire_stations.searching import Scale, searched
from optimizer.fire_stations.values import Counter, level_value, level_values
from optimizer.judging import PROVEN_GAP
from optimizer.linear import LinearProgram


def first_only(instance: Instance) -> Instance:
    """Return the instance with its first objective alone (all of them in a weighted sum)."""
    request = instance.request
    if request.combination is Combination.WEIGHTED_SUM:
        return instance
    return replace(instance, request=with_first_objective(request))


def with_first_objective(request: FireStationRequest) -> FireStationRequest:
    """Return the request with its first objective alone."""
    return request.model_copy(update={"objectives": request.objectives[:1]})


@dataclass(frozen=True)
class Resolved:
    """What came of one solve; ``chosen`` (option,) None where no plan was found."""

    status: Status
    objective: float | None = None
    bound: float | None = None
    chosen: BoolArray | None = None


@dataclass(frozen=True)
class FirstLevel:
    """The part of the first objective of one instance, and the district cuts found so far."""

    instance: Instance
    part: Part
    cuts: DistrictCuts
    scale: float
    step: float | None = field(repr=False)

    @classmethod
    def of(cls, instance: Instance, part: Part) -> Self:
        """Return the first level of ``instance``."""
        scale, step = scaling(part)
        return cls(instance, part, DistrictCuts(instance), scale, step)

    @property
    def sign(self) -> float:
        """1 where more is better, else -1: ``sign * (new - old)`` is an improvement."""
        return 1.0 if self.part.sense == "max" else -1.0

    def value(self, chosen: BoolArray) -> float:
        """Return the worth of chosen options, counted from who arrives when."""
        request = self.instance.request
        if request.combination is Combination.WEIGHTED_SUM:
            return level_value(self.instance, level_values(self.instance, chosen), 0)
        arrivals = Arrivals.of(self.instance, chosen)
        return Counter(self.instance, chosen, arrivals).value(request.objectives[0])

    def solve(
        self,
        program: LinearProgram,
        control: RunControl,
        *,
        start: FloatArray | None = None,
        enforced: bool = True,
    ) -> Resolved:
        """Solve ``program``; ``enforced`` False leaves nominal areas out even where a rule."""
        scale = Scale(self.scale, self.step)
        while control.stop is None:
            cuts = self.cuts.rows() if enforced else None
            cut = program if cuts is None else with_cuts(program, cuts)
            outcome = searched(cut, start, control, scale=scale, solve=highs.solve)
            if outcome.values is None:
                return Resolved(outcome.status)
            chosen: BoolArray = outcome.values[program.columns["option"]] > 0.5
            if not enforced or not self.cuts.separate(chosen):
                return self._resolved(chosen, outcome.bound)
        return Resolved(Status.UNKNOWN)

    def _resolved(self, chosen: BoolArray, bound: float | None) -> Resolved:
        value = self.value(chosen)
        bound = None if bound is None else tidy_bound(self.part, bound, value)
        gap = relative_gap(value, bound)
        proven = gap is not None and gap <= PROVEN_GAP
        return Resolved(Status.OPTIMAL if proven else Status.FEASIBLE, value, bound, chosen)


def with_cuts(program: LinearProgram, cuts: dict[str, csr_array]) -> LinearProgram:
    """Return the program with cuts, given over blocks of columns, as rows ``<= 0``."""
    height = next(iter(cuts.values())).shape[0]
    matrix = lil_array((height, len(program.cost)))
    for block, part in cuts.items():
        matrix[:, program.columns[block]] = part.toarray()
    return program.with_rows("districts", csr_array(matrix), -np.inf, 0.0)
