"""A request in its plainest form: what every reader of it begins with.

Phases become scenarios of their own, and lists of people to move become shares of their block.
"""

from models.shelters.request import ShelterRequest
from models.shelters.scenarios import Phase, ShelterScenario
from models.text import Label


def unfolded(request: ShelterRequest) -> ShelterRequest:
    """Return the request with each phase as a scenario of its own, ``scenario/phase`` by id.

    A phase takes its part of the scenario's weight; of those who leave, the share that stays so
    long still needs a place; sites whose last phase lies before it are lost to it. A request
    without phases comes back as it is. Who is listed leaves in whole, or not at all.
    """
    request = _listed(request)
    if not any(scenario.phases for scenario in request.scenarios):
        return request
    scenarios = tuple(one for scenario in request.scenarios for one in _phases(request, scenario))
    return request.model_copy(update={"scenarios": scenarios})


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
        if site.last_phase in order and order.index(site.last_phase) < order.index(phase.id)
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
