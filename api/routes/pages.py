"""The page that says how to use the service; it needs no network and no script."""

import json
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.routes.schemas import describe

router = APIRouter(include_in_schema=False)

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
       padding: 0 1rem; }}
pre {{ background: #f4f4f2; padding: 1rem; overflow: auto; }}
h2 code {{ background: #e8efe8; padding: 0.1rem 0.4rem; }}
</style></head>
<body><h1>{title}</h1><p>{description}</p>
<p>The whole description, with the schema of every field:
<a href="{root}/openapi.json">openapi.json</a>.</p>
{operations}</body></html>
"""


@router.get("/docs")
def page(request: Request) -> HTMLResponse:
    """Show every operation with its example."""
    described = describe(request.app)
    operations = "".join(
        _operation(method, path, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    )
    return HTMLResponse(
        _PAGE.format(
            title=escape(described["info"]["title"]),
            description=escape(described["info"].get("description", "")),
            operations=operations,
            root=escape(request.scope.get("root_path", "")),
        )
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    text = escape(operation.get("description") or operation["summary"])
    said = f"<h2><code>{method.upper()} {escape(path)}</code></h2><p>{text}</p>"
    body = operation.get("requestBody")
    if body is None:
        return said
    examples = body["content"].get("application/json", {}).get("examples", {})
    if not examples:
        return said
    shown = "".join(
        f"<p>To <code>{escape(path.replace('{process_id}', name))}</code>:</p>"
        f"<pre>{escape(json.dumps(one['value'], indent=2))}</pre>"
        for name, one in examples.items()
    )
    return f"{said}<p>Examples that work:</p>{shown}"
