"""The opening order of the day: from what is known now, the next site again and again.

One linear program says who goes where with the sites now open. The duals of its rows tell what
opening each closed site would bring at most; the most promising are tried, and the best opens. Each
step starts from the basis of the one before, so that a district is answered within a second.
"""

from dataclasses import replace

import numpy as np

from models.faults import Fault
from models.run import Status
from models.shelters import ShelterRequest
from models.shelters.opening import OpeningOrder, OpeningStep, Situation
from models.shelters.places import ShelterSite
from models.shelters.unfolding import unfolded
from models.text import Label
from optimizer.backends import highs
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.demand import FloatArray
from optimizer.errors import InputError
from optimizer.listing import member, unknown_references
from optimizer.quiet import quiet
from optimizer.shelters.figures import without_place
from optimizer.shelters.formulation import Formulation
from optimizer.shelters.instance import Instance
from optimizer.shelters.solution import Solution

_TRIED = 5  # sites tried for each step
_HELPS = 0.5  # people: a site that houses fewer more is not opened
_FAR = 1e-6  # what a metre weighs against a person without a place, over the longest walk


def opening_order(
    request: ShelterRequest,
    situation: Situation,
    control: RunControl,
    *,
    store: Store | None = None,
) -> OpeningOrder:
    """Return which sites open next and where everybody goes, given what is known now.

    Raises
    ------
    InputError
        The request or the situation names what does not exist.
    """
    return ordered(instance_now(request, situation, store), situation, control)


def instance_now(request: ShelterRequest, situation: Situation, store: Store | None) -> Instance:
    """Return the instance of the one scenario that came, with those who are counted already.

    Raises
    ------
    InputError
        The request or the situation names what does not exist.
    """
    request = unfolded(request)
    found = faults(request, situation)
    if found:
        raise InputError(found)
    known = [one for one in request.scenarios if one.id == situation.scenario_id]
    now = request.model_copy(
        update={"scenarios": tuple(known), "sites": _sites(request, situation)}
    )
    return _counted(Instance.from_request(_reduced(now, situation), store), situation)


def ordered(instance: Instance, situation: Situation, control: RunControl) -> OpeningOrder:
    """Return which sites of an instance open next; see `opening_order`."""
    return _Order(instance, situation, quiet(control)).found()


class _Order:
    """Opens one site after the other."""

    def __init__(self, instance: Instance, situation: Situation, control: RunControl) -> None:
        self._instance, self._situation, self._control = instance, situation, control
        formulation = Formulation(instance)
        self._formulation = formulation
        walk_m = instance.arcs.walk_m
        program = formulation.assigning(
            {
                "unmet": np.ones(len(formulation.waiting)),
                "go": _FAR * walk_m / max(1.0, float(walk_m.max(initial=0.0))),
            }
        )
        self._session = LpSession(program, control.limits)
        self._unmet = program.columns["unmet"]
        self._program = program
        self._chosen = instance.existing.astype(np.float64)

    def found(self) -> OpeningOrder:
        """Return the order."""
        before = self._left(self._chosen)
        steps: list[OpeningStep] = []
        left, complete = before, before is not None
        while left is not None and left > _HELPS and len(steps) < self._situation.steps_max:
            best, least = self._best()
            if best is None or least > left - _HELPS:
                break
            self._chosen[best] = 1.0
            site = self._instance.request.sites[best].id
            steps.append(OpeningStep(site_id=site, gains=left - least, unmet=least))
            left = least
        left = self._left(self._chosen)
        complete &= left is not None
        solution = None if left is None else self._solution()
        complete &= solution is not None
        plan = None if solution is None else solution.bare_plan()
        most = self._left(np.ones(len(self._chosen)))
        return OpeningOrder(
            scenario_id=self._situation.scenario_id,
            unmet_before=before or 0.0,
            steps=tuple(steps),
            assignments=() if plan is None else plan.assignments,
            shuttles=() if plan is None else plan.shuttles,
            without_place=() if solution is None else tuple(without_place(solution)),
            unmet_if_all_open=most,
            complete=complete,
        )

    def _best(self) -> tuple[int | None, float]:
        """Return the site that leaves the fewest without a place, and how many it leaves."""
        self._left(self._chosen)
        promise = self._session.reduced_cost[: len(self._chosen)]
        closed = np.flatnonzero(self._chosen == 0.0)
        helping = [int(j) for j in closed[np.argsort(promise[closed])][:_TRIED] if promise[j] < 0]
        best, least = None, np.inf
        for j in helping:
            trial = self._chosen.copy()
            trial[j] = 1.0
            left = self._left(trial)
            if left is not None and left < least:
                best, least = j, left
        return best, least

    def _left(self, chosen: FloatArray) -> float | None:
        self._session.change_bounds(np.arange(len(chosen)), chosen, chosen)
        if self._session.solve(self._control) is not Status.OPTIMAL:
            return None
        return max(0.0, float(self._session.primal[self._unmet].sum()))

    def _solution(self) -> Solution | None:
        """Return where everybody goes, vehicles whole; None where time ran out for those."""
        if not len(self._instance.shuttles):
            return self._formulation.solution(self._session.primal)
        program = self._program
        lower, upper, whole = program.lower.copy(), program.upper.copy(), program.integer.copy()
        sites = program.columns["open"]
        lower[sites] = upper[sites] = self._chosen
        whole[program.columns["shuttles"]] = True
        posed = replace(program, lower=lower, upper=upper, integer=whole)
        values = highs.solve(posed, self._control).values
        return None if values is None else self._formulation.solution(values)


def _sites(request: ShelterRequest, situation: Situation) -> tuple[ShelterSite, ...]:
    opened, closed = set(situation.open_sites), set(situation.closed_sites)
    return tuple(
        site.model_copy(update={"existing": site.id in opened and site.id not in closed})
        for site in request.sites
        if site.id in _standing(request, opened)
    )


def _standing(request: ShelterRequest, opened: set[str]) -> set[str]:
    """Return the sites there are on the day: nothing is built, and a class stands alone."""
    classes = [site for site in request.sites if site.made_of is not None]
    made = {site.id for site in classes if site.id in opened}
    replaced = {site.ground for site in classes if site.id in made}
    plain = {site.id for site in request.sites if site.made_of is None} - replaced
    return made | plain


def _reduced(request: ShelterRequest, situation: Situation) -> ShelterRequest:
    """Return the request with closed sites lost, and forbidden ones that are not open."""
    (scenario,) = request.scenarios
    forbidden = set(request.rules.forbidden_sites) - set(situation.open_sites)
    lost = dict.fromkeys((*situation.closed_sites, *forbidden), 0.0)
    shares = {**scenario.surviving_share, **lost}
    rules = request.rules.model_copy(update={"open_sites": (), "forbidden_sites": ()})
    now = scenario.model_copy(update={"surviving_share": shares})
    return request.model_copy(update={"scenarios": (now,), "rules": rules})


def _counted(instance: Instance, situation: Situation) -> Instance:
    """Return the instance with the heads counted, and the space of those inside taken."""
    request = instance.request
    groups = [group.id for group in instance.groups]
    leaving = instance.leaving.copy()
    for unit in range(leaving.shape[1]):
        block = request.blocks[instance.unit_block[unit]].id
        if block in situation.heads:
            heads = situation.heads[block]
            leaving[0, unit] = heads.get(groups[instance.unit_group[unit]], 0.0)
    each = request.scenarios[0].m2_per_person
    taken = np.array([situation.inside.get(site.id, 0.0) * each for site in request.sites])
    capacity = np.maximum(0.0, instance.capacity_m2 - taken)
    arcs = instance.arcs
    usable = (leaving[0, arcs.unit] > 0) & (capacity[0, arcs.site] > 0)
    shuttles = replace(
        instance.shuttles,
        pair_of_arc=instance.shuttles.pair_of_arc[usable],
        arc_seats=instance.shuttles.arc_seats[usable],
    )
    return replace(
        instance,
        leaving=leaving,
        capacity_m2=capacity,
        arcs=arcs.taken(usable),
        shuttles=shuttles,
    )


def faults(request: ShelterRequest, situation: Situation) -> tuple[Fault, ...]:
    """Return every fault of a situation in an unfolded request."""
    sites = [site.id for site in request.sites]
    blocks = {block.id: block for block in request.blocks}
    scenarios = [one.id for one in request.scenarios]
    named = [
        (f"{field}[{n}]", site)
        for field in ("open_sites", "closed_sites")
        for n, site in enumerate(getattr(situation, field))
    ]
    named += [(member("inside", site), site) for site in situation.inside]
    counted = [(member("heads", block), block) for block in situation.heads]
    what = Label(en="sites", zh="场所")
    return (
        *unknown_references("sites", named, sites, what),
        *unknown_references("heads", counted, list(blocks), what),
        *unknown_references(
            "scenario_id", [("scenario_id", situation.scenario_id)], scenarios, what
        ),
    )
