"""What it costs to turn an answer into what people and other programs read."""

import json
from collections.abc import Callable

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from api.output import to_json
from api.render.geojson import combined
from api.render.html import report
from api.render.text import summary
from benchmarks.cases import Asked
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.fire_stations.plan import Action
from models.places import Site

Render = Callable[[FireStationRequest, FireStationAnswer], str]

RENDERERS: dict[str, Render] = {
    "json": lambda request, answer: to_json(answer),
    "text": lambda request, answer: summary(request, answer, "en"),
    "geojson": lambda request, answer: json.dumps(combined(request, answer, "en")),
    "html": lambda request, answer: report(request, answer, "en"),
}


@pytest.mark.parametrize("form", RENDERERS)
def test_render(
    benchmark: BenchmarkFixture, asked: Asked, answer: FireStationAnswer, form: str
) -> None:
    if form == "html":
        pytest.importorskip("jinja2")
    text = benchmark.pedantic(RENDERERS[form], (asked.request, answer), rounds=3)
    assert answer.plan is not None
    opened = {one.site_id for one in answer.plan.stations if one.action is Action.BUILD}
    assert opened
    missing = [
        site.id
        for site in asked.request.sites
        if site.id in opened and not (site.id in text or _name(site) in text)
    ]
    # A map has a place only for what has a latitude and a longitude.
    off_map = form == "geojson" and asked.request.sites[0].lat is None
    assert bool(missing) == off_map


def _name(site: Site) -> str:
    return site.id if site.name is None else site.name.text("en")


def test_an_answer_read_back_has_the_same_value(asked: Asked, answer: FireStationAnswer) -> None:
    asked.check(FireStationAnswer.model_validate_json(to_json(answer)))
