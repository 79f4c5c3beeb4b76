"""The opening order of the day, by hand and in time."""

import time

import pytest

from instances.generators.pingshan import shelters
from models.shelters.opening import OpeningOrder, Situation
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.shelters.opening import opening_order
from tests.optimizer.shelters.village import village


def order(**known: object) -> OpeningOrder:
    request = village()
    situation = Situation.model_validate({"scenario_id": "dry", **known})
    return opening_order(request, situation, RunControl(request.limits))


def test_the_site_that_houses_most_opens_first() -> None:
    # The school takes 60 of the west; the hall then takes 70 of the east, the park 40 of the west.
    found = order(open_sites=["school"])
    assert found.unmet_before == pytest.approx(115)
    assert [(one.site_id, round(one.gains)) for one in found.steps] == [("hall", 70), ("park", 40)]
    assert [one.block_id for one in found.without_place] == ["far"]


def test_people_already_inside_take_their_space() -> None:
    found = order(open_sites=["school"], inside={"school": 50})
    assert found.unmet_before == pytest.approx(165)


def test_heads_counted_replace_those_expected() -> None:
    found = order(open_sites=["school"], heads={"west": {"residents": 20}, "far": {}})
    assert found.unmet_before == pytest.approx(70)
    assert [one.site_id for one in found.steps] == ["hall"]


def test_a_site_that_cannot_be_used_is_not_opened() -> None:
    found = order(open_sites=["school"], closed_sites=["hall"])
    assert "hall" not in [one.site_id for one in found.steps]
    assert "hall" not in [one.site_id for one in found.assignments]


def test_names_that_do_not_exist_are_faults() -> None:
    with pytest.raises(InputError) as caught:
        order(open_sites=["x"], heads={"moon": {}})
    assert [one.path for one in caught.value.faults] == ["open_sites[0]", "heads.moon"]


@pytest.mark.slow
def test_pingshan_is_answered_within_a_second_of_work() -> None:
    request = shelters.typhoon()
    opened = [site.id for site in request.sites if site.existing]
    situation = Situation.model_validate(
        {"scenario_id": "flood_east", "open_sites": opened, "closed_sites": opened[:5]}
    )
    began = time.process_time()
    found = opening_order(request, situation, RunControl(request.limits))
    assert time.process_time() - began <= 1.0
    assert found.complete
    assert found.steps


def test_a_forbidden_site_is_not_opened() -> None:
    rules = village().rules.model_copy(update={"forbidden_sites": ("hall",)})
    request = village(rules=rules)
    situation = Situation(scenario_id="dry", open_sites=("school",))
    found = opening_order(request, situation, RunControl(request.limits))
    assert "hall" not in [one.site_id for one in found.steps]
