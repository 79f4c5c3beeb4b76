"""The examples as the command line hands them out."""

import json
import re
from functools import cache
from typing import get_type_hints

import pytest

from instances.examples import EXAMPLES, AnyRequest
from instances.examples import example as build
from models.fire_stations import FireStationRequest

# By what they are said to build: building them all takes seconds in every process that collects.
STATIONS = [
    name
    for name, one in EXAMPLES.items()
    if get_type_hints(one.build)["return"] is FireStationRequest
]


@cache
def example(name: str) -> AnyRequest:
    return build(name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_reads_back_from_its_json(name: str) -> None:
    request = example(name)
    text = request.model_dump_json(exclude_none=True)
    assert type(request).model_validate_json(text) == request


@pytest.mark.parametrize("name", STATIONS)
def test_an_example_refers_only_to_what_it_has(name: str) -> None:
    request = example(name)
    assert isinstance(request, FireStationRequest)
    assert isinstance(request.demand_points, tuple)
    areas, risks = {a.id for a in request.areas}, {r.id for r in request.risk_classes}
    assert {point.area for point in request.demand_points} <= areas | {None}
    assert {point.risk_class for point in request.demand_points} <= risks | {None}
    assert {area.parent for area in request.areas} <= areas | {None}
    assert len({site.id for site in request.sites}) == len(request.sites)
    assert len({point.id for point in request.demand_points}) == len(request.demand_points)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_described_in_english_and_in_chinese(name: str) -> None:
    description = EXAMPLES[name].description
    assert re.search("[a-z]", description.en)
    assert re.search("[\u4e00-\u9fff]", description.zh)


def test_the_promised_names_are_there() -> None:
    promised = {
        "pingshan-fire-stations",
        "pingshan-idle-first",
        "pingshan-typhoon-shelters",
        "pingshan-earthquake-shelters",
        "pingshan-typhoon-dispatch",
        "relief-run",
        "city-100k",
        "minimal",
    }
    assert promised <= set(EXAMPLES)


def test_the_smallest_request_fits_on_a_page() -> None:
    text = example("minimal").model_dump_json(exclude_defaults=True)
    assert set(json.loads(text)) == {"demand_points", "sites", "new_stations"}
    assert len(text) < 500


def test_the_city_of_100k_has_that_many_points() -> None:
    request = example("city-100k")
    assert isinstance(request, FireStationRequest)
    assert (len(request.demand_points), len(request.sites)) == (100_000, 300)  # type: ignore[arg-type]
