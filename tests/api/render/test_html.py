import importlib.metadata
import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from api.render.assets import script
from api.render.html import report
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.places import DemandPoint, Site
from models.run import Status
from models.text import Language
from tests.api.render.answers import NEW, OLD, answer, infeasible, request

HOSTILE = "</script><script>document.title='broken'</script><img src=x onerror=alert(1)>\"'&\u2028"
VOID = {"meta", "link", "br", "img", "input", "hr"}
FETCHING = {"src", "srcset", "data", "poster", "action", "background", "xlink:href"}


class Page(HTMLParser):
    """Reads a page; keeps its elements, its text by element, and whatever is ill-formed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.data: dict[str, list[str]] = {}
        self.feed(text)
        self.close()
        self.faults += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.faults.append(f"</{tag}> inside {self.open[-3:]}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.data.setdefault(self.open[-1] if self.open else "", []).append(data)

    def ids(self) -> list[str]:
        return [found for _, attributes in self.elements if (found := attributes.get("id"))]

    def text(self) -> str:
        return " ".join(
            " ".join(said) for tag, said in self.data.items() if tag not in {"script", "style"}
        )


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(report(request(), answer(), "en"))


def test_the_page_is_well_formed(page: Page) -> None:
    assert page.faults == []


def test_no_id_stands_twice(page: Page) -> None:
    assert len(page.ids()) == len(set(page.ids()))


def test_every_link_and_label_leads_somewhere_in_the_page(page: Page) -> None:
    targets = set(page.ids())
    for tag, attributes in page.elements:
        if tag == "a":
            assert (attributes["href"] or "").removeprefix("#") in targets
        labelled = attributes.get("aria-labelledby")
        assert labelled is None or labelled in targets


def test_nothing_is_fetched(page: Page) -> None:
    for tag, attributes in page.elements:
        assert tag not in {"link", "iframe", "object", "embed", "base"}
        assert not FETCHING & attributes.keys()
    styles = "".join(page.data["style"])
    assert "@import" not in styles
    assert not re.search(r"url\((?!data:|#)", styles)
    assert not any("sourceMappingURL" in one for one in page.data["script"])


def test_the_page_forbids_itself_any_connection(page: Page) -> None:
    policies = [
        attributes["content"]
        for tag, attributes in page.elements
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policies
    assert policies[0].startswith("default-src 'none'")
    assert "http" not in policies[0]


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh", "zh-Hans")])
def test_the_page_says_its_language(language: Language, tag: str) -> None:
    found = dict(Page(report(request(), answer(), language)).elements)
    assert found["html"]["lang"] == tag


def test_the_council_reads_where_what_for_how_much_and_what_is_left(page: Page) -> None:
    said = page.text()
    for part in ("New & <fine>", "90.0 %", "CNY 63 million", "What stays uncovered", "too far"):
        assert part in said


def test_the_chinese_page_speaks_chinese() -> None:
    page = Page(report(request(), answer(), "zh"))
    said = page.text()
    for part in ("决策摘要", "6,300万元", "常住人口", "结论的依据"):
        assert part in said
    for english in ("residents", "Stations", "proven", "illustrative"):
        assert english not in said


def test_illustrative_data_is_marked_in_banner_legend_and_tables(page: Page) -> None:
    classes = [attributes.get("class") or "" for _, attributes in page.elements]
    assert "banner illustrative" in classes
    assert sum(one == "badge" for one in classes) > 5
    assert any("opened illustrative" in one for one in classes)


def test_a_proven_plan_has_no_warning(page: Page) -> None:
    assert "Not proven best" not in page.text()


def test_a_plan_without_proof_has_a_banner() -> None:
    page = Page(report(request(), answer(Status.FEASIBLE, bound=950.0), "en"))
    assert "Not proven best" in page.text()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_infeasible_answer_reports_the_conflict_instead(language: Language) -> None:
    page = Page(report(request(), infeasible(), language))
    assert page.faults == []
    assert "conflict" in page.ids()
    assert not {"council", "map", "plots"} & set(page.ids())
    assert "rules.capital_budget" in page.text()


def hostile_pair() -> tuple[FireStationRequest, FireStationAnswer]:
    asked = request(HOSTILE, site_name=HOSTILE)
    areas = tuple(area.model_copy(update={"name": None}) for area in asked.areas)
    return asked.model_copy(update={"areas": areas, "currency": "<b>"}), answer()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_hostile_names_stay_text(language: Language) -> None:
    text = report(*hostile_pair(), language)
    page = Page(text)
    assert page.faults == []
    assert "document.title='broken'</script>" not in text
    assert not any(tag == "img" or "onerror" in found for tag, found in page.elements)
    assert HOSTILE.rstrip("\u2028") in page.text()


def test_the_data_in_the_page_reads_back_with_hostile_names() -> None:
    text = report(*hostile_pair(), "en")
    found = re.search(r'id="muster-layers">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    stations = json.loads(found[1])["stations"]["features"]
    assert HOSTILE in {one["properties"]["name"] for one in stations}


def test_a_library_cannot_end_its_own_script_element() -> None:
    assert "</script" not in script("x = '</SCRIPT>' + '</script >'").lower()


def test_a_missing_browser_library_is_said_with_the_extra_that_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nothing(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", nothing)
    with pytest.raises(ImportError, match="XStatic-Leaflet: install the extra “report”"):
        report(request(), answer(), "en")


def test_too_many_points_for_a_browser_stay_out_of_the_interactive_map(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.render.html._MAP_POINTS_MAX", 2)
    text = report(request(), answer(), "en")
    found = re.search(r'id="muster-layers">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    assert json.loads(found[1])["demand"]["features"] == []
    assert "3 demand points" in Page(text).text()


def planar_request() -> FireStationRequest:
    return FireStationRequest(
        demand_points=(DemandPoint(id="p", x_m=0, y_m=0), DemandPoint(id="q", x_m=5000, y_m=900)),
        sites=(Site(id=NEW, x_m=10, y_m=0), Site(id=OLD, x_m=0, y_m=10)),
        new_stations={"city": 1},
    )


def test_places_on_a_plane_are_drawn_without_a_map() -> None:
    page = Page(report(planar_request(), answer(), "en"))
    assert "map" not in page.ids()
    assert any(tag == "svg" for tag, _ in page.elements)
    assert "metres on a plane" in page.text()


def test_without_coordinates_the_page_says_why_nothing_is_drawn() -> None:
    asked = planar_request()
    unplaced = asked.model_copy(
        update={
            "sites": tuple(Site(id=site.id) for site in asked.sites),
            "demand_points": (DemandPoint(id="p"),),
        }
    )
    page = Page(report(unplaced, answer(), "en"))
    assert not any(tag == "svg" for tag, _ in page.elements)
    assert "no coordinates" in page.text()


def test_a_browser_draws_map_and_plots_and_runs_no_hostile_name(
    browser: str, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    file.write_text(report(*hostile_pair(), "en"), encoding="utf-8")
    options = [
        "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
        "--disable-background-networking", "--disable-component-update", "--dump-dom",
        "--virtual-time-budget=8000", f"--user-data-dir={tmp_path / 'profile'}",
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603  a browser found on this machine opens our own file
        [browser, *options, file.as_uri()], capture_output=True, check=True, timeout=120, text=True
    )
    drawn = Page(done.stdout)
    classes = " ".join(attributes.get("class") or "" for _, attributes in drawn.elements)
    assert "leaflet-marker-icon" in classes
    assert "main-svg" in classes
    assert drawn.data["title"][0].startswith(HOSTILE.rstrip("\u2028"))
