"""Links as OGC API has them."""

from datetime import UTC, datetime

from fastapi import Request


def link(
    http: Request, path: str, rel: str, media_type: str = "application/json"
) -> dict[str, str]:
    """Return a link to ``path`` of this service, by the address the caller came by."""
    root = str(http.base_url).rstrip("/")
    return {"href": f"{root}{path}", "rel": rel, "type": media_type}


def page(http: Request, limit: int, offset: int, *, more: bool) -> list[dict[str, str]]:
    """Return the links of a page of a list: itself, and the next where there is more."""
    links = [link(http, http.url.path, "self")]
    if more:
        following = http.url.include_query_params(limit=limit, offset=offset + limit)
        links.append({"href": str(following), "rel": "next", "type": "application/json"})
    return links


def moment(seconds: float) -> str:
    """Return seconds since 1970 as RFC 3339 has them, to the millisecond."""
    said = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return said.replace("+00:00", "Z")
