import ast
import importlib
import pkgutil
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import models.messages
from instances.examples import EXAMPLES
from models.messages import MESSAGES, fields, message, named
from models.messages.formats import FORMATS, minutes, money, share
from models.presets import RESPONSE_STANDARDS, STATION_CLASSES
from models.run import Status, StopReason

CHINESE = re.compile(r"[\u4e00-\u9fff]")
_HALF = re.compile(r"(?<=[\u4e00-\u9fff])[,;:?!](?! [a-z])|[,;:?!](?=[\u4e00-\u9fff])")
_QUOTED = re.compile(r"“[^”]*”")  # what is to be typed as it stands


def test_every_message_speaks_both_languages() -> None:
    silent = [code for code, texts in MESSAGES.items() if not all(one.strip() for one in texts)]
    assert silent == []


def test_no_english_message_is_chinese() -> None:
    assert [code for code, (english, _) in MESSAGES.items() if CHINESE.search(english)] == []


def half_width(text: str) -> str | None:
    """Return the half-width mark that stands beside a Chinese character, None where none does."""
    found = _HALF.search(_QUOTED.sub("“”", text))
    return None if found is None else text


def test_chinese_messages_are_punctuated_in_full_width() -> None:
    assert half_width("新增5座站,闲置站不启用")
    assert half_width("新增5座站，须写作“名称:数量”") is None
    assert [code for code, (_, chinese) in MESSAGES.items() if half_width(chinese)] == []


def _texts(value: object) -> Iterator[str]:
    """Yield the texts of a model that people read: names in Chinese, and sources."""
    if isinstance(value, dict):
        for key, one in value.items():
            if isinstance(one, str) and key in {"zh", "source", "value"}:
                yield one
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


@pytest.mark.parametrize("name", EXAMPLES)
def test_chinese_of_the_examples_is_punctuated_in_full_width(name: str) -> None:
    one = EXAMPLES[name]
    texts = [*_texts(one.description.model_dump()), *_texts(one.build().model_dump())]
    assert [text for text in texts if half_width(text)] == []


def test_chinese_of_the_presets_is_punctuated_in_full_width() -> None:
    presets = (*STATION_CLASSES.values(), *RESPONSE_STANDARDS.values())
    texts = [text for one in presets for text in _texts(one.model_dump())]
    assert [text for text in texts if half_width(text)] == []


def test_both_languages_of_a_message_speak_of_the_same_values() -> None:
    torn = [code for code, (one, other) in MESSAGES.items() if fields(one) != fields(other)]
    assert torn == []


def test_a_message_writes_a_value_the_same_way_in_both_languages() -> None:
    def formats(template: str) -> dict[str | None, str | None]:
        parts = string.Formatter().parse(template)
        return {name: spec for _, name, spec, _ in parts if name and spec}

    torn = [code for code, (one, other) in MESSAGES.items() if formats(one) != formats(other)]
    assert torn == []


def test_no_code_stands_in_two_modules_of_the_table() -> None:
    seen: dict[str, str] = {}
    for module in pkgutil.iter_modules(models.messages.__path__):
        loaded = importlib.import_module(f"models.messages.{module.name}")
        table = {} if module.name == "formats" else getattr(loaded, module.name.upper())
        for code in table:
            assert code not in seen, f"{code} stands in {seen.get(code)} and {module.name}"
            seen[code] = module.name
    assert set(seen) == set(MESSAGES)


@pytest.mark.parametrize("folder", ["api", "instances", "models", "optimizer"])
def test_every_code_that_the_program_names_is_in_the_table(folder: str) -> None:
    root = Path(__file__).parents[3] / folder
    named_codes = {
        node.value.value
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "code"
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }
    missing = {code for code in named_codes if "." in code} - set(MESSAGES)
    assert not missing


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_name_and_a_sentence(status: Status) -> None:
    assert f"status.{status.value}" in MESSAGES
    assert f"summary.status.{status.value}" in MESSAGES


@pytest.mark.parametrize("stop", list(StopReason))
def test_every_reason_to_stop_has_a_name(stop: StopReason) -> None:
    assert f"stop.{stop.value}" in MESSAGES


@pytest.mark.parametrize("kind", sorted({k for c in STATION_CLASSES.values() for k in c.vehicles}))
def test_every_vehicle_of_the_presets_has_a_name(kind: str) -> None:
    assert named("vehicle", kind, "zh") != kind


def test_a_value_that_does_not_exist_reads_as_a_dash() -> None:
    assert message("unit.money", "en", value=None) == "–"


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_format_takes_zero(name: str) -> None:
    assert FORMATS[name](0.0, "en")
    assert FORMATS[name](0.0, "zh")


def test_what_is_not_all_never_reads_as_all() -> None:
    assert share(0.999999, "en") == ">99.9 %"
    assert share(1.0, "en") == "100.0 %"


def test_seconds_that_round_up_to_a_minute_carry_over() -> None:
    assert minutes(239.7, "en") == "4 min"
    assert minutes(59.6, "zh") == "1分钟"


def test_money_is_counted_in_wan_and_yi_in_chinese() -> None:
    assert money(850_000, "zh", "CNY") == "85万元"
    assert money(1_345_000_000, "zh", "CNY") == "13.45亿元"
    assert money(1_345_000_000, "en", "CNY") == "CNY 1,345 million"
    assert money(1_345_000_000, "zh", "EUR") == "13.45亿 EUR"
