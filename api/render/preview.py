"""The preview: points under every reading of their numbers, over the user's own layers, as HTML."""

from dataclasses import dataclass
from typing import Any

from api.render.assets import leaflet_script, leaflet_style, template, web
from api.render.html import embedded
from models.backdrop import BackdropShape
from models.messages import MESSAGES, message, render
from models.text import Language, Text

_POINTS_MAX = 5000  # beyond so many a browser labours


@dataclass(frozen=True)
class PreviewReading:
    """Where the points lie under one reading; positions are (lon, lat) on WGS 84."""

    key: str
    positions: tuple[tuple[float, float], ...]
    declared: bool
    better: bool
    shift_m: float
    inside_share: float | None
    road_distance_m: float | None


@dataclass(frozen=True)
class Preview:
    """What the page shows: readings, the names of the points, the user's shapes, a warning."""

    title: str
    names: tuple[str, ...]
    readings: tuple[PreviewReading, ...]
    shapes: tuple[BackdropShape, ...]
    warning: Text | None = None


def preview(shown: Preview, language: Language) -> str:
    """Return the page as one HTML file that opens from disk and asks no network for anything."""
    column = 0 if language == "en" else 1
    prefix = "coordinates.preview."
    words = {
        code.removeprefix(prefix): texts[column]
        for code, texts in MESSAGES.items()
        if code.startswith(prefix)
    }
    return template("preview.html.j2").render(
        language="en" if language == "en" else "zh-Hans",
        words=words,
        title=shown.title,
        warning=render(shown.warning, language) if shown.warning is not None else None,
        cut=_cut(shown, language),
        rows=[_row(reading, words, language) for reading in shown.readings],
        data=embedded(_data(shown, words)),
        style=web("preview.css"),
        leaflet_style=leaflet_style(),
        leaflet=leaflet_script(),
        script=web("preview.js"),
    )


def _cut(shown: Preview, language: Language) -> str | None:
    if len(shown.names) <= _POINTS_MAX:
        return None
    code = "coordinates.preview.cut"
    return message(code, language, shown=_POINTS_MAX, total=len(shown.names))


def _row(reading: PreviewReading, words: dict[str, str], language: Language) -> dict[str, Any]:
    notes = [words["declared"]] if reading.declared else []
    notes += [words["better"]] if reading.better else []
    code = "coordinates.preview.scores"
    scores = message(
        code,
        language,
        shift_m=reading.shift_m,
        inside=reading.inside_share,
        road_m=reading.road_distance_m,
    )
    return {
        "key": reading.key,
        "name": words[f"reading_{reading.key}"],
        "notes": notes,
        "cells": scores.split("|"),
    }


def _data(shown: Preview, words: dict[str, str]) -> dict[str, Any]:
    return {
        "names": shown.names[:_POINTS_MAX],
        "readings": [
            {
                "key": one.key,
                "name": words[f"reading_{one.key}"],
                "declared": one.declared,
                "better": one.better,
                "positions": one.positions[:_POINTS_MAX],
            }
            for one in shown.readings
        ],
        "shapes": [
            {"kind": shape.kind, "geometry": shape.geometry.model_dump(mode="json")}
            for shape in shown.shapes
        ],
    }
