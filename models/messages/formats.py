"""How numbers read: minutes, kilometres, shares and money, in both languages.

A message names one of these as the format of a field, ``{limit:money}`` or ``{within_s:minutes}``,
so that seconds, metres and plain amounts become what people read in one place only.
"""

import string
from collections.abc import Callable, Sequence
from typing import Any

from models.text import Label, Language

NO_NUMBER = "–"


def count(value: float, language: Language) -> str:
    """Return a whole number with thousands separators.

    Examples
    --------
    >>> count(551332.6, "en")
    '551,333'
    """
    del language
    return f"{value:,.0f}"


def number(value: float, language: Language) -> str:
    """Return a number with at most two decimals.

    Examples
    --------
    >>> number(7.456, "en"), number(12.0, "en")
    ('7.46', '12')
    """
    del language
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def share(value: float, language: Language) -> str:
    """Return a share in percent; what is not all never reads as 100 %.

    Examples
    --------
    >>> share(0.9337, "en"), share(0.99999, "zh")
    ('93.4 %', '>99.9%')
    """
    unit = " %" if language == "en" else "%"
    if 0.9995 <= value < 1:
        return f">99.9{unit}"
    return f"{100 * value:.1f}{unit}"


def gap(value: float, language: Language) -> str:
    """Return a relative gap in percent; a gap above 1e-6 never reads as none.

    Examples
    --------
    >>> gap(0.0, "en"), gap(4e-5, "en"), gap(0.0123, "zh")
    ('0 %', '<0.01 %', '1.23%')
    """
    unit = " %" if language == "en" else "%"
    if value <= 1e-6:
        return f"0{unit}"
    return f"<0.01{unit}" if value < 1e-4 else f"{100 * value:.2f}{unit}"


def points(value: float, language: Language) -> str:
    """Return a difference of shares in percentage points, with its sign.

    Examples
    --------
    >>> points(0.221, "en"), points(-0.05, "zh")
    ('+22.1 pts', '-5.0个百分点')
    """
    return f"{100 * value:+.1f}" + (" pts" if language == "en" else "个百分点")


def minutes(value: float, language: Language) -> str:
    """Return seconds as minutes and seconds, full minutes without them.

    Examples
    --------
    >>> minutes(277.4, "en"), minutes(277.4, "zh"), minutes(300, "zh")
    ('4:37 min', '4分37秒', '5分钟')
    """
    whole, rest = divmod(round(abs(value)), 60)
    sign = "-" if round(value) < 0 else ""
    if rest == 0:
        return f"{sign}{whole}" + (" min" if language == "en" else "分钟")
    return f"{sign}{whole}:{rest:02d} min" if language == "en" else f"{sign}{whole}分{rest:02d}秒"


def seconds(value: float, language: Language) -> str:
    """Return a short duration in seconds.

    Examples
    --------
    >>> seconds(12.34, "en")
    '12.3 s'
    """
    return f"{value:.1f}" + (" s" if language == "en" else "秒")


def distance(value: float, language: Language) -> str:
    """Return metres as metres below one kilometre, and as kilometres from there.

    Examples
    --------
    >>> distance(800, "zh"), distance(1250, "en")
    ('800米', '1.25 km')
    """
    if value < 1000:
        return f"{value:,.0f}" + (" m" if language == "en" else "米")
    return number(value / 1000, language) + (" km" if language == "en" else "公里")


def area(value: float, language: Language) -> str:
    """Return square metres as square kilometres.

    Examples
    --------
    >>> area(7e6, "en"), area(4.36e6, "zh")
    ('7 km²', '4.36平方公里')
    """
    return number(value / 1e6, language) + (" km²" if language == "en" else "平方公里")


def amount(value: float, language: Language) -> str:
    """Return an amount of money without its currency, in millions, or in 万 and 亿.

    Examples
    --------
    >>> amount(345_000_000, "en"), amount(345_000_000, "zh"), amount(90_000_000, "zh")
    ('345 million', '3.45亿', '9,000万')
    """
    size = abs(value)
    if language == "en":
        return f"{number(value / 1e6, language)} million" if size >= 1e6 else f"{value:,.0f}"
    if size >= 1e8:
        return f"{number(value / 1e8, language)}亿"
    return f"{number(value / 1e4, language)}万" if size >= 1e4 else f"{value:,.0f}"


def money(value: float, language: Language, currency: str | None = None) -> str:
    """Return an amount of money in its currency.

    Examples
    --------
    >>> money(345_000_000, "en", "CNY"), money(345_000_000, "zh", "CNY")
    ('CNY 345 million', '3.45亿元')
    """
    said = amount(value, language)
    if currency is None:
        return said
    if language == "en":
        return f"{currency} {said}"
    name = currency_name(currency, language)
    return f"{said}{name}" if currency == "CNY" else f"{said} {name}"


def currency_name(currency: str, language: Language) -> str:
    """Return what a currency is called: yuan by its own name in Chinese, else the code.

    Examples
    --------
    >>> currency_name("CNY", "zh"), currency_name("CNY", "en"), currency_name("EUR", "zh")
    ('元', 'CNY', 'EUR')
    """
    return "元" if currency == "CNY" and language == "zh" else currency


FORMATS: dict[str, Callable[[float, Language], str]] = {
    "count": count,
    "number": number,
    "share": share,
    "gap": gap,
    "points": points,
    "minutes": minutes,
    "seconds": seconds,
    "distance": distance,
    "area": area,
}


class TextFormatter(string.Formatter):
    """Fills a template in one language; a value of None reads as a dash."""

    def __init__(self, language: Language, currency: str | None) -> None:
        self.language = language
        self.currency = currency

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Any) -> Any:
        """Return a field's value, a bilingual name in the formatter's language."""
        value, key = super().get_field(field_name, args, kwargs)
        return (value.text(self.language) if isinstance(value, Label) else value), key

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return ``value`` as ``format_spec`` asks, the formats of this module included."""
        if value is None:
            return NO_NUMBER
        if format_spec == "money":
            return money(float(value), self.language, self.currency)
        if format_spec in FORMATS:
            return FORMATS[format_spec](float(value), self.language)
        return str(super().format_field(value, format_spec))
