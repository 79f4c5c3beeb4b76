"""A plan made elsewhere: its figures, rule by rule, and how far from the best it is."""

import time

from models.answer import Verification
from models.run import LevelReport
from models.shelters import ShelterAnswer, ShelterPlan, ShelterRequest
from models.shelters.objectives import Combination
from models.shelters.plan import OpenShelter
from models.shelters.unfolding import doors, unfolded
from optimizer.datasets import Store
from optimizer.judging import bounds_of, held_against, run_of
from optimizer.shelters.assumptions import assumptions
from optimizer.shelters.figures import complete_plan
from optimizer.shelters.instance import Instance
from optimizer.shelters.solution import Solution
from optimizer.shelters.verify import counted_values, verify
from optimizer.travel.report import travel_report


def evaluate(
    request: ShelterRequest,
    plan: ShelterPlan,
    *,
    against: ShelterAnswer | None = None,
    store: Store | None = None,
) -> ShelterAnswer:
    """Return the figures of a plan, its checks, and its distance from a proven best.

    Shelters and assignments are taken from ``plan``, with what they claim of themselves; existing
    shelters are kept where it does not mention them. A rule it breaks is a failed check of the
    answer, and its status is then ``unknown``; a plan that keeps every rule is ``feasible``, and
    ``optimal`` where it attains every bound of ``against``. A plan that sends people where nobody
    may go has no fills and walks, only the values of the objectives.

    Raises
    ------
    InputError
        The request contradicts itself, or ``against`` answers another.
    """
    began = time.monotonic()
    instance = Instance.from_request(request, store)
    bounds = bounds_of(request, against)
    counted = _counted(instance, _with_existing(request, plan), store)
    verification = verify(request, counted, store)
    levels = _levels(request, counted, bounds, verification)
    places = doors(request)[0]
    travel = travel_report(request.travel, instance.travel, (instance.demand, places), store)
    return ShelterAnswer(
        plan=counted,
        run=run_of(levels, time.monotonic() - began),
        verification=verification,
        assumptions=assumptions(request),
        travel=travel,
        illustrative=request.illustrative or travel.illustrative,
    )


def _with_existing(request: ShelterRequest, plan: ShelterPlan) -> ShelterPlan:
    """Return shelters, assignments and shuttles alone, with every existing shelter."""
    sites = {site.id: site.ground for site in unfolded(request).sites}
    named = {sites.get(one.site_id) for one in plan.shelters}
    kept = tuple(
        OpenShelter(site_id=site.id)
        for site in request.sites
        if site.existing and site.id not in named
    )
    return ShelterPlan(
        shelters=(*plan.shelters, *kept),
        assignments=plan.assignments,
        shuttles=plan.shuttles,
        stages=plan.stages,
    )


def _counted(instance: Instance, plan: ShelterPlan, store: Store | None) -> ShelterPlan:
    solution = Solution.as_given(instance, plan)
    request = instance.request
    if solution is None:
        update = {"objective_values": counted_values(request, plan, store)}
        return plan.model_copy(update={**update, "illustrative": request.illustrative})
    whole = complete_plan(solution)
    given = {
        name: getattr(plan, name) for name in ("shelters", "assignments", "shuttles", "stages")
    }
    return whole.model_copy(update=given)


def _levels(
    request: ShelterRequest,
    plan: ShelterPlan,
    bounds: tuple[float | None, ...],
    verification: Verification,
) -> tuple[LevelReport, ...]:
    """Return one report a level: the plan's value against the proven bound."""
    kinds: tuple[str, ...] = tuple(one.kind for one in request.objectives)
    values = plan.objective_values
    if request.combination is Combination.WEIGHTED_SUM:
        kinds = ("weighted_sum",)
        if values is not None:
            weights = [one.weight for one in request.objectives]
            values = (sum(w * v for w, v in zip(weights, values, strict=True)),)
    return held_against(kinds, values, bounds, kept=verification.passed)
