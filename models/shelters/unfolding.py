"""A request in its plainest form: what every reader of it begins with.

Phases become scenarios of their own, classes of a site become sites of their own, and lists of
people to move become shares of their block.
"""

from collections.abc import Iterator

from models.places import Site
from models.shelters.places import ShelterClass, ShelterSite
from models.shelters.request import ShelterRequest
from models.shelters.scenarios import Phase, ShelterScenario
from models.text import Label


def unfolded(request: ShelterRequest) -> ShelterRequest:
    """Return the request with each phase as a scenario of its own, ``scenario/phase`` by id.

    A phase takes its part of the scenario's weight; of those who leave, the share that stays so
    long still needs a place; sites whose last phase lies before it are lost to it. A request
    without phases comes back as it is. Who is listed leaves in whole, or not at all. A class of a
    site is a site of its own, ``site/class`` by id, that knows what it is ``made_of``.
    """
    request = _listed(_classed(request))
    if not any(scenario.phases for scenario in request.scenarios):
        return request
    scenarios = tuple(one for scenario in request.scenarios for one in _phases(request, scenario))
    return request.model_copy(update={"scenarios": scenarios})


def grounds(request: ShelterRequest) -> tuple[tuple[Site, ...], list[int]]:
    """Return the places that ways lead to, and the place of each site of an unfolded request."""
    order: dict[str, int] = {}
    places = []
    for site in request.sites:
        if site.ground not in order:
            order[site.ground] = len(order)
            places.append(site.as_site())
    return tuple(places), [order[site.ground] for site in request.sites]


def doors(request: ShelterRequest) -> tuple[tuple[Site, ...], list[int]]:
    """Return the places that walks lead to, and where those of each ground begin.

    These are the entrances of each of ``grounds``, in its order, or the site itself without any.
    """
    first: dict[str, ShelterSite] = {}
    for site in request.sites:
        first.setdefault(site.ground, site)
    places: list[Site] = []
    begins = []
    for site in first.values():
        begins.append(len(places))
        places += [
            Site(id=f"{site.ground}@{n}", lat=one.lat, lon=one.lon, x_m=one.x_m, y_m=one.y_m)
            for n, one in enumerate(site.entrance_points, 1)
        ] or [site.as_site()]
    return tuple(places), begins


def _classed(request: ShelterRequest) -> ShelterRequest:
    """Return the request with a site for every class, and running counted as cost of opening."""
    if not any(site.classes or site.run_cost for site in request.sites):
        return request
    years = request.running_years
    made = {site.id: tuple(_variants(site, years)) for site in request.sites}
    scenarios = []
    for one in request.scenarios:
        shares = {
            variant.id: share
            for site, share in one.surviving_share.items()
            for variant in made.get(site, ())
        }
        named = {**shares, **one.surviving_share}
        scenarios.append(one.model_copy(update={"surviving_share": named}))
    sites = tuple(variant for variants in made.values() for variant in variants)
    return request.model_copy(update={"sites": sites, "scenarios": tuple(scenarios)})


def _variants(site: ShelterSite, years: float) -> Iterator[ShelterSite]:
    plain: dict[str, object] = {"classes": (), "run_cost": 0.0}
    if site.places is not None or site.effective_area_m2 is not None:
        cost = site.open_cost + years * site.run_cost
        yield site.model_copy(update={**plain, "open_cost": cost})
    for one in site.classes:
        yearly = one.run_cost - (site.run_cost if site.existing else 0.0)
        cost = one.cost + years * max(0.0, yearly) + (0.0 if site.existing else site.open_cost)
        given = {
            name: getattr(one, name)
            for name in ("gross_area_m2", "last_phase", "accessible", "suitability", "facilities")
            if getattr(one, name) is not None
        }
        yield site.model_copy(
            update={
                **plain,
                **given,
                "id": f"{site.id}/{one.id}",
                "name": _of_class(site, one),
                "places": one.places,
                "effective_area_m2": one.effective_area_m2,
                "existing": False,
                "open_cost": cost,
                "made_of": site.id,
            }
        )


def _of_class(site: ShelterSite, one: ShelterClass) -> Label:
    first = site.name or Label(en=site.id, zh=site.id)
    second = one.name or Label(en=one.id, zh=one.id)
    return Label(en=f"{first.en} ({second.en})", zh=f"{first.zh}（{second.zh}）")


def _listed(request: ShelterRequest) -> ShelterRequest:
    """Return the request with a share of its own for every listed place in every scenario."""
    listed = {block.id: block.listed for block in request.blocks if block.listed is not None}
    if not listed:
        return request
    scenarios = []
    for one in request.scenarios:
        shares = {
            block: float(place.scenarios is None or one.id in place.scenarios)
            for block, place in listed.items()
        }
        named = {**shares, **one.leave_share_by_block}
        scenarios.append(one.model_copy(update={"leave_share_by_block": named}))
    # The names of scenarios change with the phases; what they say is in the shares by now.
    blocks = tuple(
        block
        if block.listed is None
        else block.model_copy(update={"listed": block.listed.model_copy(update=_EVERYWHERE)})
        for block in request.blocks
    )
    return request.model_copy(update={"scenarios": tuple(scenarios), "blocks": blocks})


_EVERYWHERE: dict[str, None] = {"scenarios": None}


def _phases(request: ShelterRequest, scenario: ShelterScenario) -> tuple[ShelterScenario, ...]:
    if not scenario.phases:
        return (scenario,)
    whole = sum(phase.weight for phase in scenario.phases)
    order = [phase.id for phase in scenario.phases]
    return tuple(
        _phase(request, scenario, phase, order, share=phase.weight / whole)
        for phase in scenario.phases
    )


def _phase(
    request: ShelterRequest,
    scenario: ShelterScenario,
    phase: Phase,
    order: list[str],
    *,
    share: float,
) -> ShelterScenario:
    over = {
        site.id: 0.0
        for site in request.sites
        if (site.last_phase in order and order.index(site.last_phase) < order.index(phase.id))
        or not set(phase.needs_facilities) <= set(site.facilities)
    }
    stays = phase.stay_share
    return scenario.model_copy(
        update={
            "id": f"{scenario.id}/{phase.id}",
            "name": _named(scenario, phase),
            "weight": scenario.weight * share,
            "leave_share": scenario.leave_share * stays,
            "leave_share_by_area": {k: v * stays for k, v in scenario.leave_share_by_area.items()},
            "leave_share_by_block": {
                k: v * stays for k, v in scenario.leave_share_by_block.items()
            },
            "surviving_share": {**scenario.surviving_share, **over},
            "m2_per_person": phase.m2_per_person,
            "walk_limit_m": phase.walk_limit_m or scenario.walk_limit_m,
            "phases": (),
        }
    )


def _named(scenario: ShelterScenario, phase: Phase) -> Label:
    first = scenario.name or Label(en=scenario.id, zh=scenario.id)
    second = phase.name or Label(en=phase.id, zh=phase.id)
    return Label(en=f"{first.en}, {second.en}", zh=f"{first.zh}，{second.zh}")
