"""Dispatch answers as text, lines, layers and pages, in both languages."""

import json

import pytest

from api.render.dispatch import layers, order_lines, sections, summary
from api.reports import Format, Look, made
from models.dispatch import DispatchAnswer, DispatchRequest
from optimizer.dispatch.solve import solve
from tests.strategies.dispatch import incident, team, town


@pytest.fixture(scope="module")
def case() -> tuple[DispatchRequest, DispatchAnswer]:
    name = {"en": "Bridge <b>", "zh": "大桥"}
    request = town(
        [
            team(
                "a",
                600,
                vehicles={"engine": 2},
                contact="ch 5",
                turnout_share=0.29,
                skills={"pump": 9},
            )
        ],
        [incident("x", 0, name=name, severity=3), incident("y", 9_000)],
    )
    return request, solve(request)


def test_an_order_is_one_line_in_both_languages(case) -> None:
    (english,) = order_lines(*case, "en")
    (chinese,) = order_lines(*case, "zh")
    assert english.startswith("a (ch 5): 2 people, 2 vehicles to Bridge <b> as pump")
    assert "arrive in 1:00 min" in english
    assert "大桥" in chinese
    assert "2 人、2 车" in chinese


def test_the_summary_says_what_stays_open_and_why(case) -> None:
    text = summary(*case, "en")
    assert "Severity 3.0 of 4.0; 1 of 2 incidents served" in text
    assert "y: its teams are wanted more elsewhere (Bridge <b> would have to give way)" in text
    assert "已证明" in summary(*case, "zh")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_has_a_timeline_and_tables_and_escapes_names(case, language) -> None:
    page = "".join(f"{title}{body}" for title, body in sections(*case, language))
    assert page.count("<svg") == 1
    assert page.count("<rect") == 1
    assert page.count("<table") >= 2
    assert "<b>" not in page


def test_popups_say_states_in_words(case) -> None:
    request, answer = case
    page = str(made(request, answer, Format.HTML, Look("zh")))
    assert '"status":{"ready":"待命"}' in page.replace(" ", "")


def test_a_request_on_a_plane_has_layers_in_metres_for_the_page_alone(case) -> None:
    assert not any(one["features"] for one in layers(*case, "en").values())
    drawn = layers(*case, "en", plane=True)
    assert drawn["incidents"]["features"][1]["geometry"]["coordinates"][0] == 9_000


def test_layers_are_drawn_where_places_are_on_the_globe() -> None:
    globe = [{"lat": 22.7, "lon": 114.3, "x_m": None, "y_m": None}]
    request = town([team("a", 0) | globe[0]], [incident("x", 0) | globe[0]])
    drawn = layers(request, solve(request), "en")
    assert {name: len(one["features"]) for name, one in drawn.items()} == {
        "incidents": 1,
        "teams": 1,
        "orders": 1,
    }
    assert json.loads(json.dumps(drawn))["orders"]["features"][0]["geometry"]["coordinates"][0] == [
        114.3,
        22.7,
    ]
