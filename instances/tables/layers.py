"""Layers of map files, opened in one way: which layer, in which encoding, and what is wrong."""

import warnings
from pathlib import Path
from typing import Any, Literal

from instances.extras import library

Wrong = Literal["file", "layer", "one_layer", "encoding", "readable", "geometry"]

_ENCODINGS = ("utf-8", "gb18030")  # of a shapefile that does not say, as spreadsheets are tried


class LayerError(ValueError):
    """A layer that cannot be opened: what is wrong, and the layers there are or the reason."""

    def __init__(self, wrong: Wrong, *, known: tuple[str, ...] = (), problem: str = "") -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.known = ", ".join(known)
        self.problem = problem[:200]

    @property
    def values(self) -> dict[str, str]:
        """What a message may speak of."""
        named = {"known": self.known} if self.wrong in {"layer", "one_layer"} else {}
        return named | ({"problem": self.problem} if self.wrong == "readable" else {})


def layers_of(path: Path) -> tuple[str, ...]:
    """Return the names of the layers of a file.

    Raises
    ------
    LayerError
        There is no such file, or it cannot be read.
    """
    pyogrio = library("pyogrio")
    if not path.is_file():
        raise LayerError("file")
    try:
        return tuple(str(name) for name in pyogrio.list_layers(path)[:, 0])
    except (RuntimeError, ValueError, OSError) as error:
        raise LayerError("readable", problem=str(error)) from None


def read_layer(path: Path, *, layer: str | None = None, encoding: str | None = None) -> Any:
    """Return a layer as a GeoDataFrame; one of several must be named.

    Raises
    ------
    LayerError
        It cannot be read, or has no shapes.
    """
    layers = layers_of(path)
    if layer is not None and layer not in layers:
        raise LayerError("layer", known=layers)
    if layer is None and len(layers) != 1:
        raise LayerError("one_layer", known=layers)
    geopandas = library("geopandas")
    frame = _read(path, layer or layers[0], _encodings(path, encoding))
    if not isinstance(frame, geopandas.GeoDataFrame):
        raise LayerError("geometry")
    return frame


def _read(path: Path, layer: str, encodings: tuple[str | None, ...]) -> Any:
    import geopandas  # noqa: PLC0415  geopandas comes with an extra

    for encoding in encodings:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return geopandas.read_file(path, layer=layer, encoding=encoding)
        except UnicodeDecodeError:
            continue
        except (RuntimeError, ValueError, OSError, LookupError, TypeError) as error:
            raise LayerError("readable", problem=str(error)) from None
    raise LayerError("encoding")


def _encodings(path: Path, asked: str | None) -> tuple[str | None, ...]:
    """Return the encodings to try: a shapefile without its .cpg does not say which it is in."""
    if asked is not None or path.suffix.lower() != ".shp":
        return (asked,)
    told = any(
        one.suffix.lower() == ".cpg" and one.stem == path.stem for one in path.parent.iterdir()
    )
    return (None,) if told else _ENCODINGS
