"""Degrees, minutes and seconds, and two numbers in one cell."""

import pytest

from instances.tables.positions import read_angle, read_pair
from models.messages import MESSAGES
from models.text import Text


@pytest.mark.parametrize(
    "text",
    [
        "114.35",
        "114°21'00\"E",
        "114°21\u203200\u2033",
        "114º21'",
        "E114°21'",
        "东经114度21分",
        "东经 114度21分0秒",
        "114 度 21 分",
        "114.35°E",
        114.35,
    ],
)
def test_an_angle_is_read(text: object) -> None:
    assert read_angle(text, axis="lon") == pytest.approx(114.35)


def test_south_and_west_count_down() -> None:
    assert read_angle("33°30'S") == read_angle("南纬33.5") == read_angle("-33.5") == -33.5
    assert read_angle("") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("114°75'", "angle"),
        ("22.5N", "lon"),
        ("2 min", "angle"),
        ("0:22:41", "angle"),
        ("22m", "angle"),
        ("190", "lon"),
        ("east", "angle"),
        ("114,35", None),
    ],
)
def test_what_is_no_longitude_is_refused(text: str, reason: str | None) -> None:
    found = read_angle(text, axis="lon")
    assert isinstance(found, Text)
    assert found.code == f"number.need.{reason or 'separator'}"
    assert found.code in MESSAGES


@pytest.mark.parametrize(
    "text",
    [
        "114.35,22.69",
        "114.35\uff0c22.69",
        "(114.35, 22.69)",
        "114.35 22.69",
        "22.69,114.35",
        "22.69N, 114.35E",
        "东经114.35 北纬22.69",
        "114°21'00\"E 22°41'24\"N",
        "北纬22度41分24秒、东经114度21分",
    ],
)
def test_two_numbers_in_a_cell_are_a_position(text: str) -> None:
    assert read_pair(text) == pytest.approx((114.35, 22.69))


def test_which_is_which_must_be_known() -> None:
    unknown = read_pair("50.2, 40.1")
    assert isinstance(unknown, Text)
    assert unknown.code == "number.need.order"
    assert read_pair("40.1, 50.2", order="lat_lon") == (50.2, 40.1)
    assert read_pair("87.6, 43.8") == (87.6, 43.8)
    assert read_pair(None) is None


@pytest.mark.parametrize("text", ["114.35", "1,2,3", "114.35E 22.69E", "114.35, 95N", "here"])
def test_what_is_no_pair_is_refused(text: str) -> None:
    found = read_pair(text)
    assert isinstance(found, Text)
    assert found.code == "number.need.pair"
