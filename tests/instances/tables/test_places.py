"""Rows joined to places by name: as written, normalised, and never by likeness."""

import pytest

from instances.tables.places import NamedPlace, join, normalised
from models.messages import render

PLACES = (
    NamedPlace(("坪山社区", "PS-01"), 114.35, 22.69, "building"),
    NamedPlace(("沙壆社区",), 114.33, 22.70, "middle of the community"),
    NamedPlace(("East Hill Community",), 114.36, 22.71),
)


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("坪山社区", "exact"),
        (" PS-01 ", "exact"),
        ("坪山社区居委会", "normalised"),
        ("坪山", "normalised"),
        ("坪山 社区\uff08居委会\uff09", "normalised"),
        ("\uff30\uff33\uff0d\uff10\uff11", "normalised"),
    ],
)
def test_a_name_is_found_and_says_how(name: str, how: str) -> None:
    found = join([name], PLACES)
    assert found.faults == ()
    match = found.matches[0]
    assert match is not None
    assert (match.place, match.how, match.place.precision) == (PLACES[0], how, "building")


def test_a_name_that_is_only_alike_is_refused_and_names_the_nearest() -> None:
    found = join(["坪山社区", "沙博社区", "坪山区政府大楼", None], PLACES, path="people.csv")
    assert [match is None for match in found.matches] == [False, True, True, True]
    assert found.counts == {"exact": 1, "normalised": 0, "unmatched": 3}
    assert found.faults[0].path == "people.csv[1].name"
    assert found.faults[0].value == "沙博社区"
    assert "沙壆社区" in render(found.faults[0].need, "zh")
    assert found.faults[2].need.code == "place.need.name"


def test_a_name_of_two_places_is_refused() -> None:
    twice = (NamedPlace(("新村社区",), 114.0, 22.5), NamedPlace(("新村居委会",), 114.2, 22.6))
    found = join(["新村", "新村社区"], twice)
    assert found.matches[0] is None
    assert found.faults[0].need.code == "place.need.one"
    match = found.matches[1]
    assert match is not None
    assert match.place is twice[0]


def test_a_community_and_a_subdistrict_of_one_name_are_two_places() -> None:
    found = join(["坪山街道", "坪山街道办"], PLACES)
    assert found.matches == (None, None)
    both = (*PLACES, NamedPlace(("坪山街道",), 114.34, 22.70))
    found = join(["坪山街道办", "坪山居委会", "坪山"], both)
    first, second, third = found.matches
    assert first is not None
    assert second is not None
    assert (first.place, second.place, third) == (both[-1], PLACES[0], None)
    assert found.faults[0].need.code == "place.need.one"


def test_a_name_is_normalised_to_what_decides() -> None:
    assert normalised("East Hill Community")[0] == normalised("EAST-HILL")[0] == "easthill"
    assert normalised("社区") == ("社区", None)
