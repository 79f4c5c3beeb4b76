"""A report of any kind of answer: banners, a map of its layers, its sections, what it rests on.

One HTML file that opens from disk and fetches nothing. What a kind of answer has to say comes in
as sections (a title and escaped HTML) and as map layers (GeoJSON).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.render.assets import leaflet_script, leaflet_style, template, web
from api.render.framing import standing, warnings
from api.render.html import embedded
from api.render.tables import Row, Table, build, columns, formatted
from models.answer import Answer, Assumption, Check
from models.backdrop import BackdropShape
from models.messages import MESSAGES, message, named, render
from models.text import Language

Sections = tuple[tuple[str, str], ...]
_FAILED_FIRST_MAX = 400  # checks that a table shows; the JSON holds all


@dataclass(frozen=True)
class Layers:
    """GeoJSON by layer and what lies under it; on a plane, coordinates are metres."""

    by_name: Mapping[str, dict[str, Any]]
    backdrop: tuple[BackdropShape, ...] = ()
    plane: bool = False


def folio(
    name: str,
    answer: Answer[Any, Any],
    language: Language,
    *,
    sections: Sections,
    layers: Layers,
    levels: tuple[str, ...] = (),
) -> str:
    """Return the report of ``answer`` as one HTML file; ``levels`` names what was looked for."""

    def say(code: str, **values: object) -> str:
        return message(code, language, **values)

    drawn = {key: one for key, one in layers.by_name.items() if one["features"]}
    about = [
        *_conflict(answer, language),
        *_levels(answer, levels, language),
        *_rests_on(answer, language),
    ]
    return template("folio.html.j2").render(
        language="en" if language == "en" else "zh-Hans",
        say=say,
        name=name,
        status=standing(answer.run),
        banners=_banners(answer, language),
        sections=sections,
        tables=[(one.title, *formatted(one, language), one.note) for one in about],
        layers=embedded(_placed(drawn, layers, language)) if drawn else "",
        plane=layers.plane,
        style=web("style.css"),
        leaflet_style=leaflet_style() if drawn else "",
        leaflet=leaflet_script() if drawn else "",
        script=web("folio.js"),
    )


def _placed(
    drawn: Mapping[str, dict[str, Any]], layers: Layers, language: Language
) -> dict[str, Any]:
    """Return the layers with the names that people read for them and for what they say."""
    told = [each["properties"] for one in drawn.values() for each in one["features"]]
    keys = {key for one in told for key in one}
    coded = {(key, str(value)) for one in told for key, value in one.items()}
    under = [
        {"type": "Feature", "geometry": one.geometry.model_dump(), "properties": {"kind": one.kind}}
        for one in layers.backdrop
        if not layers.plane
    ]
    return {
        "layers": [
            {"key": key, "name": _called("layer", key, language), "data": one}
            for key, one in drawn.items()
        ],
        "fields": {key: _called("field", key, language) for key in sorted(keys)},
        "values": {
            key: {
                value: message(f"folio.value.{key}.{value}", language)
                for name, value in sorted(coded)
                if name == key and f"folio.value.{key}.{value}" in MESSAGES
            }
            for key in sorted(keys)
        },
        "open": message("folio.open", language),
        "yes": message("word.yes", language),
        "no": message("word.no", language),
        "backdrop": under,
        "plane": layers.plane,
    }


def _called(prefix: str, key: str, language: Language) -> str:
    code = f"folio.{prefix}.{key}"
    return message(code, language) if code in MESSAGES else key.replace("_", " ")


def _banners(answer: Answer[Any, Any], language: Language) -> list[tuple[str, str]]:
    found = list(warnings(answer, language))
    if answer.illustrative:
        found.append(("illustrative", message("report.illustrative_banner", language)))
    return found


def _conflict(answer: Answer[Any, Any], language: Language) -> list[Table]:
    if answer.conflict is None:
        return []
    titles = columns(language, "rule", "value:number", "restores_at:number", "path")
    rows = (
        Row((render(one.rule, language), one.value, one.restores_at, one.path))
        for one in answer.conflict.rules
    )
    note = "conflict.intro" if answer.conflict.irreducible else "conflict.reducible"
    made = build("conflict", language, titles, rows, note=message(note, language))
    return [] if made is None else [made]


def _levels(answer: Answer[Any, Any], names: tuple[str, ...], language: Language) -> list[Table]:
    titles = columns(
        language, "objective", "status", "final:number", "bound:number", "gap:gap", "wall:seconds"
    )
    rows = (
        Row(
            (
                name,
                named("status", standing(answer.run, one), language),
                one.final,
                one.bound,
                one.gap,
                one.wall_s,
            )
        )
        for name, one in zip(names, answer.run.levels, strict=False)
    )
    made = build("run_levels", language, titles, rows)
    return [] if made is None else [made]


def _rests_on(answer: Answer[Any, Any], language: Language) -> list[Table]:
    checks = () if answer.verification is None else answer.verification.checks
    shown = sorted(checks, key=lambda check: check.passed)[:_FAILED_FIRST_MAX]
    found = (
        build(
            "assumptions",
            language,
            columns(language, "path", "value", "source", "confidence"),
            (_assumption(one, language) for one in answer.assumptions),
        ),
        build(
            "verification",
            language,
            columns(language, "rule", "passed:flag", "detail", "path"),
            (_check(one, language) for one in shown),
        ),
    )
    return [one for one in found if one is not None]


def _assumption(one: Assumption, language: Language) -> Row:
    confidence = named("confidence", one.confidence, language) if one.confidence else None
    return Row((one.path, one.value, one.source, confidence), illustrative=one.illustrative)


def _check(one: Check, language: Language) -> Row:
    detail = None if one.detail is None else render(one.detail, language)
    return Row((one.rule, one.passed, detail, one.path))
