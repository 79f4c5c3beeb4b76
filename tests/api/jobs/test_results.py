"""What came of a job, in every format that a caller may ask for."""

import io
import json
from collections.abc import Iterator

import openpyxl
import pytest

from api.output import request_json
from instances.examples import EXAMPLES
from tests.api.jobs.servers import Served

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("results")
    with Served(f"sqlite:///{folder / 'jobs.sqlite3'}") as made:
        yield made


@pytest.fixture(scope="module")
def results(served: Served) -> str:
    job = served.submit(json.loads(request_json(EXAMPLES["minimal"].build())))
    assert served.until(job)["status"] == "successful"
    return f"/v1/jobs/{job}/results"


def test_results_come_as_json_where_nothing_else_is_asked(served: Served, results: str) -> None:
    plain = served.client.get(results)
    assert plain.headers["content-type"] == "application/json"
    assert plain.json()["plan"]
    assert served.client.get(results, params={"f": "json"}).content == plain.content
    both = served.client.get(results, headers={"accept": "text/html;q=0.5, application/json"})
    assert both.content == plain.content


def test_results_come_as_layers_of_a_map(served: Served, results: str) -> None:
    for ask in ({"headers": {"accept": "application/geo+json"}}, {"params": {"f": "geojson"}}):
        layers = served.client.get(results, **ask)
        assert layers.headers["content-type"] == "application/geo+json"
        assert layers.json()["type"] == "FeatureCollection"


def test_results_come_as_a_workbook_in_the_readers_language(served: Served, results: str) -> None:
    first = {}
    for language in ("en", "zh"):
        sheets = served.client.get(results, headers={"accept": SHEET, "accept-language": language})
        assert sheets.headers["content-type"] == SHEET
        assert sheets.headers["content-disposition"].endswith('.xlsx"')
        first[language] = openpyxl.load_workbook(io.BytesIO(sheets.content)).sheetnames[0]
    assert first["en"] != first["zh"]


def test_a_report_is_opened_by_a_link_and_may_do_nothing_in_the_services_name(
    served: Served, results: str
) -> None:
    report = served.client.get(results, params={"f": "html", "lang": "zh"})
    assert report.headers["content-type"].startswith("text/html")
    assert '<html lang="zh-Hans"' in report.text
    assert "sandbox" in report.headers["content-security-policy"]
    assert "allow-same-origin" not in report.headers["content-security-policy"]
    browser = served.client.get(results, headers={"accept": "text/html,*/*;q=0.8"})
    assert '<html lang="en"' in browser.text


def test_a_format_that_there_is_not_is_refused_with_those_that_there_are(
    served: Served, results: str
) -> None:
    for ask in ({"headers": {"accept": "image/webp"}}, {"params": {"f": "dwg"}}):
        refused = served.client.get(results, **ask)
        assert refused.status_code == 406
        assert "geojson" in refused.json()["title"]
