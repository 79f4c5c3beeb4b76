"""The page that says how to use the service and sends what is tried; it needs no network."""

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.errors import language_of
from api.routes.page import HEADERS
from api.routes.schemas import describe
from models.messages import message
from models.text import Language

router = APIRouter(include_in_schema=False)

_PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="page/docs.css"><script src="page/docs.js" defer></script></head>
<body data-save="{save}"><h1>{title}</h1><p>{description}</p>
<p>{whole} <a href="{root}/openapi.json">openapi.json</a></p>
{operations}</body></html>
"""
_JSON = "application/json"
_CODE = re.compile(r"`{1,2}([^`]+)`{1,2}")  # as docstrings mark what is to be typed


@router.get("/docs")
def page(request: Request) -> HTMLResponse:
    """Show every operation with its example, and a form that sends it."""
    described, language = describe(request.app), language_of(request)
    operations = "".join(
        _operation(method, path, operation, language)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    )
    text = _PAGE.format(
        lang="zh-Hans" if language == "zh" else "en",
        title=escape(described["info"]["title"]),
        description=escape(described["info"].get("description", "")),
        whole=_say("whole", language),
        save=_say("save", language),
        operations=operations,
        root=escape(request.scope.get("root_path", "")),
    )
    return HTMLResponse(text, headers=HEADERS)


def _say(code: str, language: Language) -> str:
    return escape(message(f"docs.{code}", language))


def _operation(method: str, path: str, operation: dict[str, Any], language: Language) -> str:
    text = _CODE.sub(
        r"<code>\1</code>", escape(operation.get("description") or operation["summary"])
    )
    fields = "".join(
        (
            *_parameters(operation, language),
            *_body(operation.get("requestBody"), language),
            _headers(language),
        )
    )
    return (
        f'<h2><code>{method.upper()} {escape(path)}</code></h2><p class="text">{text}</p>'
        f"<details><summary>{_say('try', language)}</summary>"
        f'<form data-method="{method.upper()}" data-path="{escape(path)}">{fields}'
        f"<p><button>{_say('send', language)}</button></p><pre hidden></pre></form></details>"
    )


def _parameters(operation: dict[str, Any], language: Language) -> Iterator[str]:
    for one in operation.get("parameters", ()):
        name, place = escape(one["name"]), one["in"]
        if place not in ("path", "query"):
            continue
        need = " required" if one.get("required") else ""
        said = one.get("description") or ""
        known = one.get("schema", {}).get("enum")
        if known:
            said = f"{said} {', '.join(map(str, known))}".strip()
        note = f'<span class="quiet">{escape(said)}</span>' if said else ""
        where = _say("path" if place == "path" else "query", language)
        yield (
            f'<div class="field"><label>{name} ({where})</label>'
            f'<input name="{name}" aria-label="{name}" data-in="{place}"{need}>{note}</div>'
        )


def _body(body: dict[str, Any] | None, language: Language) -> Iterator[str]:
    if body is None:
        return
    content = body["content"]
    if _JSON in content:
        examples = content[_JSON].get("examples", {})
        shown = {name: json.dumps(one["value"], indent=2) for name, one in examples.items()}
        if len(shown) > 1:
            options = "".join(
                f'<option data-body="{escape(text)}">{escape(name)}</option>'
                for name, text in shown.items()
            )
            label = _say("examples", language)
            yield f'<div class="field"><label>{label}</label>'
            yield f'<select name="example" aria-label="{label}">{options}</select></div>'
        first = escape(next(iter(shown.values()), ""))
        yield f'<textarea name="body" aria-label="{_say("body", language)}">{first}</textarea>'
    if set(content) - {_JSON}:
        label = _say("file", language)
        yield f'<div class="field"><label>{label}</label>'
        yield f'<input type="file" name="file" aria-label="{label}"></div>'


def _headers(language: Language) -> str:
    label = _say("headers", language)
    return (
        f'<div class="field"><label>{label}</label><input name="headers" aria-label="{label}" '
        'placeholder="prefer: respond-async"></div>'
    )
