"""What the validation library finds wrong, as faults: one table from its kinds to messages."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from api.requests.paths import Path, path_text, shortened
from models.faults import Fault
from models.text import Label, Text

Context = dict[str, Any]
Finding = tuple[Path, Fault]
Branch = tuple[Path, str]  # where a union stands, and the name of one of its branches
Placed = tuple[Path, tuple[Branch, ...], ErrorDetails]

_LIST = Label(en="a list", zh="列表")
_OBJECT = Label(en="an object", zh="对象")
_TEXT = Label(en="text", zh="文本")
_NUMBER = Label(en="a number", zh="数值")
_NULL = Label(en="null", zh="null")

# Kinds that say: what stands here is of another form altogether.
_FORMS = {
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "string_type": _TEXT,
    "float_type": _NUMBER,
    "int_type": _NUMBER,
    "none_required": _NULL,
}

# Models that a plain value stands for.
_SHORTHANDS = {"Label": _TEXT, "CountRange": _NUMBER}


def _plain(code: str) -> Callable[[Context], Text]:
    return lambda _: Text(code=code)


def _with(code: str, **names: str) -> Callable[[Context], Text]:
    def need(context: Context) -> Text:
        return Text(code=code, values={name: _said(context[key]) for name, key in names.items()})

    return need


def _said(value: Any) -> str | int | float:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return (
        value
        if isinstance(value, (int, float))
        else str(value).replace(" or ", ", ").replace("'", '"')
    )


_NEEDS: dict[str, Callable[[Context], Text]] = {
    "missing": _plain("need.present"),
    "extra_forbidden": _plain("need.absent"),
    "finite_number": _plain("need.finite"),
    "greater_than_equal": _with("need.at_least", limit="ge"),
    "greater_than": _with("need.more_than", limit="gt"),
    "less_than_equal": _with("need.at_most", limit="le"),
    "less_than": _with("need.less_than", limit="lt"),
    "float_type": _plain("need.number"),
    "float_parsing": _plain("need.number"),
    "int_type": _plain("need.whole"),
    "int_parsing": _plain("need.whole"),
    "int_from_float": _plain("need.whole"),
    "int_parsing_size": _plain("need.whole_in_range"),
    "string_type": _plain("need.text"),
    "string_unicode": _plain("need.unicode"),
    "string_too_short": _with("need.characters_min", count="min_length"),
    "string_too_long": _with("need.characters_max", count="max_length"),
    "string_pattern_mismatch": _with("need.pattern", pattern="pattern"),
    "bool_type": _plain("need.boolean"),
    "bool_parsing": _plain("need.boolean"),
    "enum": _with("need.one_of", expected="expected"),
    "literal_error": _with("need.one_of", expected="expected"),
    "union_tag_invalid": _with("need.kind_of", field="discriminator", expected="expected_tags"),
    "union_tag_not_found": _with("need.kind", field="discriminator"),
    "list_type": _plain("need.list"),
    "tuple_type": _plain("need.list"),
    "dict_type": _plain("need.object"),
    "model_type": _plain("need.object"),
    "model_attributes_type": _plain("need.object"),
    "none_required": _plain("need.null"),
    "too_short": _with("need.items_min", count="min_length"),
    "too_long": _with("need.items_max", count="max_length"),
}


def findings(error: ValidationError, content: object) -> tuple[Finding, ...]:
    """Return every fault of ``error`` with its place in ``content``, each once."""
    details = [one for one in error.errors(include_url=False) if not _is_echo(one)]
    placed = [(*_place(detail, content), detail) for detail in details]
    found: dict[tuple[Path, str], Finding] = {}
    for path, detail, forms in _meant(placed):
        fault = Fault(path=path_text(path), value=_value(detail), need=_need(detail, forms))
        found.setdefault((path, fault.need.model_dump_json()), (path, fault))
    return tuple(found.values())


def _is_echo(detail: ErrorDetails) -> bool:
    """Whether a list is called too short only because its items have faults of their own."""
    given = detail["input"]
    return (
        detail["type"] == "too_short"
        and isinstance(given, (list, dict))
        and len(given) >= detail["ctx"]["min_length"]
    )


def _place(detail: ErrorDetails, content: object) -> tuple[Path, tuple[Branch, ...]]:
    """Return the path of a fault, and the branches of unions it was found in.

    The library mixes names of branches into its locations; what is no key or index of the
    content is one of those.
    """
    path: list[str | int] = []
    branches: list[Branch] = []
    for number, step in enumerate(detail["loc"], start=1):
        known, inner = _inside(content, step)
        missing = detail["type"] == "missing" and number == len(detail["loc"])
        if known or missing:
            path.append(step)
            content = inner
        elif step != "[key]":
            branches.append((tuple(path), str(step)))
    return tuple(path), tuple(branches)


def _inside(content: object, step: str | int) -> tuple[bool, object]:
    if isinstance(content, dict) and step in content:
        return True, content[step]
    if isinstance(content, list) and isinstance(step, int) and step < len(content):
        return True, content[step]
    return False, content


def _meant(placed: list[Placed]) -> Iterator[tuple[Path, ErrorDetails, tuple[Label, ...]]]:
    """Leave out faults found in branches of a union that the input did not mean.

    It did not mean a branch that finds it to be of another form altogether. Where no branch
    is left, what is needed is any of their forms.
    """
    tried: dict[Path, set[str]] = defaultdict(set)
    forms: dict[Path, dict[str, Label]] = defaultdict(dict)
    for path, branches, detail in placed:
        for where, name in branches:
            tried[where].add(name)
        if branches and branches[-1][0] == path and detail["type"] in _FORMS:
            forms[path][branches[-1][1]] = _FORMS[detail["type"]]
    for path, branches, detail in placed:
        strange = [where for where, name in branches if name in forms[where]]
        if not strange:
            yield path, detail, ()
        elif tried[strange[0]] == forms[strange[0]].keys():
            yield path, detail, tuple(forms[strange[0]].values())


def _value(detail: ErrorDetails) -> str | None:
    return None if detail["type"] == "missing" else shortened(detail["input"])


def _need(detail: ErrorDetails, forms: tuple[Label, ...]) -> Text:
    context = detail.get("ctx", {})
    if detail["type"] == "model_type" and context["class_name"] in _SHORTHANDS:
        forms = (_SHORTHANDS[context["class_name"]], _OBJECT)
    if len(forms) > 1:
        said = Label(
            en=", ".join(dict.fromkeys(form.en for form in forms)),
            zh="、".join(dict.fromkeys(form.zh for form in forms)),
        )
        return Text(code="need.forms", values={"forms": said})
    need = _NEEDS.get(detail["type"])
    if need is None:
        return Text(code="need.valid", values={"problem": detail["msg"]})
    return need(context)
