"""Fonts: one with Chinese signs from this machine, one without that always is there."""

import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from api.render.files.errors import FileError, needs_library

_FIRST_CHINESE = 0x2E80
_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
    Path.home() / "Library/Fonts",
)
# Those with outlines every writer can embed come first.
_PREFERRED = ("wqy-microhei", "wqy-zenhei", "simsun", "msyh", "simhei", "notosanssc", "notosanscjk")
_SUFFIXES = {".ttf", ".ttc", ".otf"}
_LIST_TIMEOUT_S = 10


def needs_chinese(text: str) -> bool:
    """Return whether a text has signs that only a Chinese font draws.

    Examples
    --------
    >>> needs_chinese("Pingshan"), needs_chinese("坪山")
    (False, True)
    """
    return any(ord(sign) >= _FIRST_CHINESE for sign in text)


@cache
def chinese_font() -> Path | None:
    """Return the file of a font with Chinese signs; None where this machine has none."""
    found = {*_listed(), *_in_folders()}
    return min(found, key=lambda path: (_rank(path), str(path)), default=None)


def font_for(text: str) -> Path | None:
    """Return the font that draws ``text``; None where the plain one does."""
    found = chinese_font()
    if found is None and needs_chinese(text):
        raise FileError("--format", "document.no_font")
    return found


def plain_font() -> Path:
    """Return the font that comes with the plotting library."""
    try:
        import matplotlib  # noqa: PLC0415  comes with an extra
    except ImportError as error:
        raise needs_library("matplotlib", "documents") from error
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


def settings(font: Path | None) -> dict[str, Any]:
    """Return what makes the plotting library draw with ``font``."""
    from matplotlib import font_manager  # noqa: PLC0415  comes with an extra

    families = ["DejaVu Sans"]
    if font is not None:
        font_manager.fontManager.addfont(str(font))
        families.insert(0, font_manager.FontProperties(fname=str(font)).get_name())
    return {"font.family": families, "axes.unicode_minus": False}


def _rank(path: Path) -> tuple[int, bool]:
    name = path.name.lower()
    place = next((i for i, one in enumerate(_PREFERRED) if one in name), len(_PREFERRED))
    return place, "regular" not in name


def _listed() -> Iterable[Path]:
    command = ["fc-list", ":lang=zh", "file"]
    try:
        done = subprocess.run(  # noqa: S603  a fixed command
            command, capture_output=True, text=True, timeout=_LIST_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return
    for line in done.stdout.splitlines():
        path = Path(line.strip().rstrip(":"))
        if path.suffix.lower() in _SUFFIXES and path.is_file():
            yield path


def _in_folders() -> Iterable[Path]:
    for folder in _FOLDERS:
        for path in folder.rglob("*") if folder.is_dir() else ():
            if path.suffix.lower() in _SUFFIXES and _rank(path)[0] < len(_PREFERRED):
                yield path
