"""Numbers as people write them, one by one."""

import datetime
import math

import pytest

from instances.tables.numbers import read_number
from instances.tables.units import Header, find_unit, header_fault, read_header
from models.messages import MESSAGES
from models.text import Text

READ = [
    ("3.2万", None, 32_000.0),
    ("1.5亿", None, 150_000_000.0),
    ("3千", None, 3000.0),
    ("2 million", None, 2_000_000.0),
    ("3.2", "万人", 32_000.0),
    ("3.2万", "人", 32_000.0),
    ("1,234", None, 1234.0),
    ("1\uff0c234", None, 1234.0),
    ("\uff15\uff10\uff10", None, 500.0),
    ("'300", None, 300.0),
    ("1.2E+05", None, 120_000.0),
    ("\u22125", None, -5.0),
    ("¥1,200.50", None, 1200.5),
    ("12亩", None, 8000.0),
    ("12", "亩", 8000.0),
    ("1.2万平方米", None, 12_000.0),
    ("5 公顷", "亩", 50_000.0),
    ("2平方公里", None, 2e6),
    ("3㎡", None, 3.0),
    ("3千米", None, 3000.0),
    ("36 km/h", None, 10.0),
    ("5分钟", None, 300.0),
    ("1小时20分", None, 4800.0),
    ("4分30秒", None, 270.0),
    ("0:04:30", None, 270.0),
    (datetime.time(0, 4, 30), None, 270.0),
    (datetime.timedelta(minutes=4), None, 240.0),
    ("45%", None, 0.45),
    ("45", "%", 0.45),
    ("0.45%", "%", 0.0045),
    (7, None, 7.0),
    (7, "min", 420.0),
]
REFUSED = [
    ("300-500", None, "one_value"),
    ("300人~500人", None, "one_value"),
    ("约300", None, "exact"),
    ("300余人", None, "exact"),
    ("300+", None, "exact"),
    ("三千", None, "digits"),
    ("1,5", None, "separator"),
    ("1.234,5", None, "separator"),
    ("1,2345", None, "separator"),
    ("1 234", None, "separator"),
    ("4:30", None, "clock"),
    ("114.35,22.69", None, "not_two"),
    ("3.2万", "万人", "one_multiple"),
    ("0.45", "%", "percent"),
    ("3 furlongs", None, "unit"),
    ("3", "顷", "unit"),
    ("5公顷", "人", "people"),
    ("无", None, "number"),
    ("1e999", None, "number"),
    (True, None, "number"),
]


@pytest.mark.parametrize(("text", "header", "value"), READ)
def test_a_number_is_read_in_the_programs_unit(
    text: object, header: str | None, value: float
) -> None:
    assert read_number(text, unit_from_header=header) == pytest.approx(value)


@pytest.mark.parametrize(("text", "header", "reason"), REFUSED)
def test_what_could_mean_two_things_is_refused_with_its_reason(
    text: object, header: str | None, reason: str
) -> None:
    found = read_number(text, unit_from_header=header)
    assert isinstance(found, Text)
    assert found.code == f"number.need.{reason}"
    assert found.code in MESSAGES


@pytest.mark.parametrize("blank", ["", "  ", "-", "—", "N/A", None, math.nan])
def test_a_blank_is_no_number_and_no_zero(blank: object) -> None:
    assert read_number(blank) is None


@pytest.mark.parametrize(
    ("text", "dimension"), [("5m", "time"), ("12户", "people"), ("3 km", "area"), ("5分", "money")]
)
def test_a_unit_of_another_kind_is_refused(text: str, dimension: str) -> None:
    found = read_number(text, dimension=dimension)  # type: ignore[arg-type]
    assert isinstance(found, Text)
    assert found.code == f"number.need.{dimension}"


@pytest.mark.parametrize(
    ("heading", "header"),
    [
        ("面积(亩)", Header("面积", "亩")),
        ("面积\uff08亩\uff09", Header("面积", "亩")),
        ("residents (万人)", Header("residents", "万人")),
        ("耗时 单位：分钟", Header("耗时", "分钟")),
        ("耗时(单位:分钟)", Header("耗时", "分钟")),
        ("travel_time_s", Header("travel_time", "s")),
        ("area_m2", Header("area", "m2")),
        ("站点 名称", Header("站点 名称")),
        ("site_name", Header("site_name")),
        ("名称(中文)", Header("名称", None, "中文")),
    ],
)
def test_a_heading_gives_its_name_and_unit(heading: str, header: Header) -> None:
    assert read_header(heading) == header


def test_an_unknown_unit_in_a_heading_is_a_fault_of_a_column_of_numbers() -> None:
    fault = header_fault(read_header("面积(顷)"), path="sites.csv", dimension="area")
    assert fault is not None
    assert fault.value == "顷"
    assert header_fault(read_header("面积(亩)"), path="sites.csv", dimension="area") is None
    other = header_fault(read_header("面积(公里)"), path="sites.csv", dimension="area")
    assert other is not None
    assert other.need.code == "number.need.area"


def test_every_kind_of_unit_has_its_message() -> None:
    for name in ("s", "m", "亩", "km/h", "人", "座", "%", "元", "吨", "人/平方公里"):
        unit = find_unit(name)
        assert unit is not None
        assert f"number.need.{unit.dimension}" in MESSAGES
