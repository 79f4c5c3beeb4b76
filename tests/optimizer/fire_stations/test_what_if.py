"""One site changed in a solved city: the answer from the earlier plan is that from nothing."""

from collections.abc import Callable
from functools import cache

import pytest

from instances.generators.city import city
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.fire_stations.rules import SiteChoice
from models.places import Site
from models.run import Status
from optimizer import Extras, solve

SEEDS = range(2)
Change = Callable[[FireStationRequest, str, str], FireStationRequest]


def with_rules(request: FireStationRequest, **rules: object) -> FireStationRequest:
    return request.model_copy(update={"rules": request.rules.model_copy(update=rules)})


def shifted(site: Site) -> dict[str, float]:
    if site.lat is not None:
        return {"lat": site.lat + 0.004}
    assert site.x_m is not None
    return {"x_m": site.x_m + 400.0}


def locked(request: FireStationRequest, used: str, unused: str) -> FireStationRequest:
    del used
    return with_rules(request, open_sites=(SiteChoice(site_id=unused),))


def forbidden(request: FireStationRequest, used: str, unused: str) -> FireStationRequest:
    del unused
    return with_rules(request, forbidden_sites=(used,))


def added(request: FireStationRequest, used: str, unused: str) -> FireStationRequest:
    del unused
    near = next(site for site in request.sites if site.id == used)
    new = near.model_copy(update={"id": "new-site", **shifted(near)})
    return request.model_copy(update={"sites": (*request.sites, new)})


def moved(request: FireStationRequest, used: str, unused: str) -> FireStationRequest:
    del unused
    sites = tuple(
        site.model_copy(update=shifted(site)) if site.id == used else site for site in request.sites
    )
    return request.model_copy(update={"sites": sites})


@cache
def solved(seed: int) -> tuple[FireStationRequest, FireStationAnswer]:
    request = city(60, 16, new_stations={"city": 2, "small": 1}, seed=seed)
    return request, solve(request, extras=Extras(explain=False))


@pytest.mark.parametrize("change", [locked, forbidden, added, moved])
@pytest.mark.parametrize("seed", SEEDS)
def test_an_answer_from_the_earlier_plan_is_worth_that_from_nothing(
    seed: int, change: Change
) -> None:
    request, earlier = solved(seed)
    assert earlier.plan is not None
    opened = {one.site_id for one in earlier.plan.stations}
    candidates = [site.id for site in request.sites if site.station is None]
    used = next(one for one in candidates if one in opened)
    unused = next(one for one in candidates if one not in opened)
    changed = change(request, used, unused)
    warm = solve(changed, start=earlier.plan, extras=Extras(explain=False))
    cold = solve(changed, extras=Extras(explain=False))
    assert warm.run.status is cold.run.status is Status.OPTIMAL
    values = [level.objective for level in cold.run.levels]
    assert [level.objective for level in warm.run.levels] == pytest.approx(values, rel=1e-6)
