"""Reading input: one error that lists every fault by path, value and need."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.problems import PROBLEMS
from api.requests import Document, parse, read_file, read_plan, read_request
from api.requests.documents import MAX_DEPTH, nesting_depth
from models.faults import Fault
from models.messages import MESSAGES, render
from models.text import Text
from optimizer.errors import InputError

FIRE = PROBLEMS["fire_stations"]


def tiny() -> dict[str, Any]:
    return {
        "demand_points": [{"id": "p", "lat": 22.7, "lon": 114.3}],
        "sites": [{"id": "s", "lat": 22.7, "lon": 114.31}],
        "new_stations": 1,
    }


def faults_of(content: object) -> tuple[Fault, ...]:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    with pytest.raises(InputError) as caught:
        read_request(parse(raw))
    return caught.value.faults


def said(content: object) -> list[tuple[str, str | None, str]]:
    return [(fault.path, fault.value, fault.need.code) for fault in faults_of(content)]


def test_three_fields_are_enough() -> None:
    request = read_request(parse(json.dumps(tiny()).encode()))
    assert request.new_stations["city"].max == 1


@pytest.mark.parametrize("name", ["坪山", "Orléans", "Иркутск", "Đà Nẵng", "București"])
def test_names_in_any_script_are_read(name: str) -> None:
    assert parse(json.dumps({"name": name}, ensure_ascii=False).encode()).content["name"] == name


def test_a_byte_order_mark_is_let_through() -> None:
    assert parse(b"\xef\xbb\xbf{}").content == {}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "need.not_empty"),
        (b" \n", "need.not_empty"),
        (b"\xef\xbb\xbf", "need.not_empty"),
        (b"{", "need.json"),
        (b"[" * 100_000, "need.shallow"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "need.shallow"),
        ('{"name": "坪山"}'.encode("gbk"), "need.utf8_not_gbk"),
        ('{"name": "消防站选址"}'.encode("gbk"), "need.utf8_not_gbk"),
        ('{"name": "坪山"}'.encode("utf-16"), "need.utf8_not_utf16"),
        ('{"name": "a"}'.encode("utf-16-le"), "need.utf8_not_utf16"),
        (b'{"a": "\xff\xfe"}', "need.utf8"),
        (b'{"a": ' + b"9" * 5000 + b"}", "need.short_numbers"),
        (b"[1, 2]", "need.object"),
        (b'"text"', "need.object"),
    ],
)
def test_what_is_no_json_object_in_utf8_is_refused_as_a_whole(raw: bytes, code: str) -> None:
    assert [(path, need) for path, _, need in said(raw)] == [("", code)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"bogus": 1}, ("bogus", "1", "need.absent")),
        ({"new_stations": -3}, ("new_stations", "-3", "need.at_least")),
        ({"new_stations": {"city": 1.5}}, ("new_stations.city", "1.5", "need.forms")),
        ({"standard": 5}, ("standard", "5", "need.forms")),
        ({"name": 5}, ("name", "5", "need.forms")),
        ({"demand_points": []}, ("demand_points", "[]", "need.items_min")),
        ({"demand_points": {"sha256": 5}}, ("demand_points.sha256", "5", "need.text")),
        ({"demand_points": 5}, ("demand_points", "5", "need.forms")),
        ({"travel": {"kind": "fly"}}, ("travel", "{...}", "need.kind_of")),
        ({"objectives": [{}]}, ("objectives[0]", "{}", "need.kind")),
        ({"sites": None}, ("sites", "null", "need.list")),
        ({"schema_version": "9"}, ("schema_version", '"9"', "need.one_of")),
        ({"limits": {"seed": 1e30}}, ("limits.seed", "1e+30", "need.whole_in_range")),
    ],
)
def test_a_fault_names_its_path_value_and_need(
    change: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert said(tiny() | change) == [expected]


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"limits": {"time_limit_s": True}}, "limits.time_limit_s", "need.number"),
        ({"limits": {"time_limit_s": "5"}}, "limits.time_limit_s", "need.number"),
        ({"limits": {"seed": False}}, "limits.seed", "need.whole"),
        ({"limits": {"seed": "5"}}, "limits.seed", "need.whole"),
        ({"limits": {"seed": 5.5}}, "limits.seed", "need.whole"),
        (
            {"sites": [{"id": "s", "lat": True, "lon": 114.3}]},
            "sites[0].lat",
            "need.number",
        ),
    ],
)
def test_truth_and_text_are_no_numbers(change: dict[str, Any], path: str, code: str) -> None:
    assert [(place, need) for place, _, need in said(tiny() | change)] == [(path, code)]


def test_whole_numbers_are_read_with_and_without_a_point() -> None:
    limits = {"time_limit_s": 5, "seed": 7.0}
    request = read_request(parse(json.dumps(tiny() | {"limits": limits}).encode()))
    assert (request.limits.time_limit_s, request.limits.seed) == (5.0, 7)


def test_a_matrix_with_a_word_in_it_is_not_asked_to_be_a_dataset() -> None:
    travel = {"kind": "matrix", "scenarios": [{"travel_time_s": [["far"]]}]}
    assert said(tiny() | {"travel": travel}) == [
        ("travel.scenarios[0].travel_time_s[0][0]", '"far"', "need.number")
    ]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_not_finite_are_refused_where_they_stand(number: str) -> None:
    raw = json.dumps(tiny()).replace("22.7,", f"{number},", 1).encode()
    assert [(path, code) for path, _, code in said(raw)] == [
        ("demand_points[0].lat", "need.finite")
    ]


def test_names_that_stand_twice_are_refused_where_they_stand() -> None:
    raw = json.dumps(tiny()).replace('"id": "s"', '"id": "s", "id": "t"').encode()
    assert said(raw) == [("sites[0].id", '"t"', "need.once")]


def test_faults_of_single_fields_and_across_fields_are_listed_together() -> None:
    request = tiny()
    request["sites"].append({"id": "s", "lat": 22.7, "lon": 114.3, "bogus": True})
    paths = {path for path, _, _ in said(request)}
    assert {"sites[1].bogus", "sites[1].id"} <= paths


def test_a_missing_field_has_no_value() -> None:
    request = tiny()
    del request["sites"][0]["id"]
    assert said(request) == [("sites[0].id", None, "need.present")]


def test_a_bare_plan_and_a_whole_answer_are_both_plans() -> None:
    bare = {"stations": [{"site_id": "s", "class_id": "city"}]}
    run = {"status": "optimal", "stop": "proof", "wall_s": 1, "backend": "highs"}
    whole = {"plan": bare, "run": run, "verification": None}
    assert read_plan(Document(bare), FIRE) == read_plan(Document(whole), FIRE)


def test_an_answer_without_a_plan_is_no_plan() -> None:
    run = {"status": "infeasible", "stop": "proof", "wall_s": 1, "backend": "highs"}
    with pytest.raises(InputError) as caught:
        read_plan(Document({"plan": None, "run": run, "verification": None}), FIRE)
    assert caught.value.faults[0].need.code == "need.plan"


def test_a_file_that_is_missing_or_a_folder_or_too_large_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    large.write_bytes(b" " * 101)
    codes = []
    for path in (tmp_path / "none.json", tmp_path, large):
        with pytest.raises(InputError) as caught:
            read_file(path, limit_bytes=100)
        codes.append(caught.value.faults[0].need.code)
    assert codes == ["need.file", "need.file_not_folder", "need.smaller"]


@given(
    st.recursive(
        st.none() | st.text(max_size=5) | st.sampled_from(["[", '"', "\\", '\\"']),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=20,
    )
)
def test_depth_is_that_of_the_parsed_value(value: Any) -> None:
    def depth(inner: Any) -> int:
        if isinstance(inner, dict):
            inner = list(inner.values())
        return 1 + max(map(depth, inner), default=0) if isinstance(inner, list) else 0

    assert nesting_depth(json.dumps(value).encode()) == depth(value) < MAX_DEPTH


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=8,
    ),
    st.sampled_from(["demand_points", "sites", "travel", "rules", "objectives", "name", "x"]),
)
def test_whatever_stands_in_a_field_is_read_or_refused_in_both_languages(
    value: Any, field: str
) -> None:
    faults: tuple[Fault, ...] = ()
    try:
        read_request(parse(json.dumps(tiny() | {field: value}).encode()))
    except InputError as error:
        faults = error.faults or (Fault(path="", need=Text(code="no fault was named")),)
    for fault in faults:
        assert fault.need.code in MESSAGES
        assert render(fault.need, "en")
        assert render(fault.need, "zh")


def test_probabilistic_cover_goes_by_the_scatter_of_the_request() -> None:
    kind = {"kind": "probabilistic_cover"}
    content = tiny() | {"time_sigma": 0.28, "objectives": [kind, kind | {"sigma": 0.5}]}
    request = read_request(parse(json.dumps(content).encode()))
    assert [getattr(one, "sigma", None) for one in request.objectives] == [0.28, 0.5]
