"""A plan's map layers as one GeoPackage, in the coordinate system that is asked for."""

import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

from api.render.files.about import about
from api.render.files.errors import FileError, needs_library
from api.render.files.places import WGS84, Target
from api.render.geojson import Feature, layers
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.text import LANGUAGES


def geopackage(
    request: FireStationRequest, answer: FireStationAnswer, target: Target = WGS84
) -> bytes:
    """Return the layers of a plan as a GeoPackage; texts stand in columns ``_en`` and ``_zh``.

    The layer ``about`` has no geometry and says what the file is.

    Raises
    ------
    FileError
        There is no plan, its places have no longitude and latitude, or a library is missing.
    """
    made = _both(request, answer)
    if not made:
        need = "file.no_plan" if answer.plan is None else "file.no_places"
        raise FileError("--format gpkg", need)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.gpkg"
        for name, features in made.items():
            if features:
                _write(path, name, features, target)
        _write_about(path, request, answer, target)
        return path.read_bytes()


def _both(request: FireStationRequest, answer: FireStationAnswer) -> dict[str, list[Feature]]:
    """Return the layers' features, texts that differ between languages in two columns."""
    english, chinese = (layers(request, answer, language) for language in LANGUAGES)
    return {
        name: [
            {**one, "properties": _merged(one["properties"], other["properties"])}
            for one, other in zip(layer["features"], chinese[name]["features"], strict=True)
        ]
        for name, layer in english.items()
    }


def _merged(english: dict[str, Any], chinese: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in english.items():
        other = chinese.get(key)
        if key == "name" and "name_en" in english:
            continue
        if _is_name(key):
            made[f"{key}_en"], made[f"{key}_zh"] = value, other
        elif key == "weights":
            made |= {f"weight_{one}": amount for one, amount in value.items()}
        elif isinstance(value, dict | list | tuple):
            made[key] = json.dumps(value, ensure_ascii=False)
        else:
            made[key] = value
    return made


def _is_name(key: str) -> bool:
    return key in {"name", "owner", "status", "cut_off"} or key.endswith(("_name", "_text"))


def _write(path: Path, layer: str, features: list[Feature], target: Target) -> None:
    try:
        import geopandas as gpd  # noqa: PLC0415  comes with an extra
        import pyogrio  # noqa: F401, PLC0415  comes with an extra
    except ImportError as error:
        raise needs_library("geopandas", "geography") from error
    moved = [{**one, "geometry": target.moved(one["geometry"])} for one in features]
    data = gpd.GeoDataFrame.from_features(moved, crs=target.authority)
    with warnings.catch_warnings():
        # A shifted system has no code to give; the layer ``about`` names it.
        warnings.filterwarnings("ignore", message="'crs' was not provided")
        mode = "a" if path.exists() else "w"
        options = _creation(path)
        data.to_file(path, layer=layer, driver="GPKG", engine="pyogrio", mode=mode, **options)


def _write_about(
    path: Path, request: FireStationRequest, answer: FireStationAnswer, target: Target
) -> None:
    import pandas as pd  # noqa: PLC0415  slow to import
    import pyogrio  # noqa: PLC0415  comes with an extra

    rows = [
        (language, item, value)
        for language in LANGUAGES
        for item, value in about(request, answer, language, target)
    ]
    data = pd.DataFrame(rows, columns=["language", "item", "value"])
    options = _creation(path)
    pyogrio.write_dataframe(
        data, path, layer="about", driver="GPKG", append=path.exists(), **options
    )


def _creation(path: Path) -> dict[str, Any]:
    """Return what a new file is made with: the version of the format that older programs read."""
    return {} if path.exists() else {"dataset_options": {"VERSION": "1.2"}}
