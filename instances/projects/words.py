"""Words of planners for what a request calls by ids: classes, statuses, changes, yes and no."""

import re
from collections.abc import Iterable, Mapping

from instances.tables.units import plain
from models.facilities.places import SiteState
from models.messages import MESSAGES
from models.places import Change, StationStatus
from models.presets import STATION_CLASSES
from models.text import Label

_BETWEEN = re.compile(r"[;,、|]+")
_NUMBERED = re.compile(r"^(.+?)\s*[x×*:]?\s*(\d+(?:\.\d+)?)$")
_CLASSES = {
    "special_service": ("特勤站", "特勤消防站", "特勤", "special service"),
    "city": (
        *("城市站", "城市消防站", "一级站", "一级消防站", "一级普通消防站", "普通消防站(一级)"),
        *("city station", "class i", "标准站"),
    ),
    "city_second": (*("二级站", "二级消防站", "二级普通消防站", "普通消防站(二级)", "class ii"),),
    "small": ("小型站", "小型消防站", "小型普通消防站", "小站"),
    "detachment": ("应急分队", "街道应急分队", "分队", "emergency detachment"),
}
_STATUSES = {
    StationStatus.IN_SERVICE: ("在用", "在役", "在勤", "已投用", "执勤", "active", "in use"),
    StationStatus.BUILT_IDLE: ("已建未用", "建成未用", "已建未投用", "闲置", "idle"),
    StationStatus.NOT_TRANSFERRED: ("未移交", "已建未移交", "建成未移交", "not handed over"),
    StationStatus.PLANNED: ("规划", "规划中", "拟建", "planned"),
}
_CHANGES = {
    Change.CLOSE: ("关闭", "撤销", "撤并"),
    Change.MOVE: ("迁建", "搬迁", "迁址"),
    Change.STRENGTHEN: ("加强", "补强"),
    Change.REGRADE: ("调整类别", "升级", "改级", "change class"),
}
_STATES = {
    SiteState.CANDIDATE: ("候选", "备选", "可选", "possible"),
    SiteState.EXISTING: ("现有", "已有", "已建", "在用", "built"),
    SiteState.FIXED: ("必建", "指定", "必选", "must"),
    SiteState.FORBIDDEN: ("禁用", "不可建", "排除", "excluded"),
}
_YES = frozenset({"yes", "y", "true", "1", "是", "有", "√", "对"})
_NO = frozenset({"no", "n", "false", "0", "否", "无", "×", "不"})

Words = Mapping[str, str]  # a word as `key_of` makes it -> an id


def key_of(text: str) -> str:
    """Return a word without what writers add or leave out: spaces, width, case.

    Examples
    --------
    >>> key_of("城市消防站（一级）"), key_of(" In Service ")
    ('城市消防站(一级)', 'inservice')
    """
    return re.sub(r"\s+", "", plain(text).casefold())


def class_words(own: Iterable[tuple[str, Label | None]] = ()) -> Words:
    """Return the words for the classes: the presets', and before them those of the project."""
    presets = [(one.id, one.name) for one in STATION_CLASSES.values()]
    words = _words(_CLASSES)
    for class_id, name in (*presets, *own):
        known = (class_id, *(() if name is None else (name.en, name.zh)))
        words |= dict.fromkeys(map(key_of, known), class_id)
    return words


def status_words() -> Words:
    """Return the words for the statuses of stations."""
    named = {one: (one, *MESSAGES[f"station_status.{one}"]) for one in StationStatus}
    return _words({one: (*named[one], *some) for one, some in _STATUSES.items()})


def change_words() -> Words:
    """Return the words for what may be done to a station."""
    named = {one: (one, *MESSAGES[f"action.{one}"]) for one in Change}
    return _words({one: (*named[one], *some) for one, some in _CHANGES.items()})


def state_words() -> Words:
    """Return the words for what is settled about the sites of facilities."""
    named = {one: (one.value, *MESSAGES[f"facilities.state.{one}"]) for one in SiteState}
    return _words({one.value: (*named[one], *some) for one, some in _STATES.items()})


def _words(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {key_of(word): str(name) for name, words in table.items() for word in words}


def look_up(text: str, words: Words) -> str | None:
    """Return the id that a text stands for; of ``城市站 city`` the last word alone is enough.

    Examples
    --------
    >>> look_up("一级站", class_words()), look_up("在勤 in_service", status_words())
    ('city', 'in_service')
    """
    last = text.rsplit(maxsplit=1)[-1] if text.split() else ""
    return words.get(key_of(text), words.get(key_of(last)))


def parts_of(text: str) -> list[str]:
    """Return the parts of a list in one cell, between commas, semicolons, 、 or strokes.

    Examples
    --------
    >>> parts_of("city;small"), parts_of("城市站、小型站，")
    (['city', 'small'], ['城市站', '小型站'])
    """
    return [one.strip() for one in _BETWEEN.split(plain(text)) if one.strip()]


def numbers_of(text: str) -> list[tuple[str, float]] | None:
    """Return the parts of a list in one cell, each with its number; None where one has none.

    Examples
    --------
    >>> numbers_of("饮用水 × 6；棉被*2"), numbers_of("food 2 x 1.5"), numbers_of("water")
    ([('饮用水', 6.0), ('棉被', 2.0)], [('food 2', 1.5)], None)
    """
    found = [_NUMBERED.match(one) for one in parts_of(text)]
    told = [(one[1], float(one[2])) for one in found if one is not None]
    whole = bool(told) and len(told) == len(found)
    return told if whole and all(number > 0 for _, number in told) else None


def yes_or_no(cell: object) -> bool | None:
    """Return what a cell says, None where it says neither.

    Examples
    --------
    >>> yes_or_no("是 yes"), yes_or_no(0), yes_or_no("maybe")
    (True, False, None)
    """
    words = (str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)).split()
    said = {key_of(one) for one in words}
    yes, no = bool(said & _YES), bool(said & _NO)
    return None if yes == no else yes
