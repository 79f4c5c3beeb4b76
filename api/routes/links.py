"""Links as OGC API has them."""

from fastapi import Request


def link(
    http: Request, path: str, rel: str, media_type: str = "application/json"
) -> dict[str, str]:
    """Return a link to ``path`` of this service, by the address the caller came by."""
    root = str(http.base_url).rstrip("/")
    return {"href": f"{root}{path}", "rel": rel, "type": media_type}
