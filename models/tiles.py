"""A background map that a reader's browser may fetch: chosen by who makes the report."""

import re

from pydantic import field_validator

from models.base import Model

_NEEDED = frozenset({"x", "y", "z"})
_KNOWN = _NEEDED | {"s", "r"}
_PLACEHOLDER = re.compile(r"\{([^}]*)\}")
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9{}.-]+(:[0-9]{1,5})?)(?P<rest>[/?].*)", re.IGNORECASE
)
# Services whose tiles lie on GCJ-02, some half a kilometre off WGS 84, or on BD-09.
_SHIFTED = (
    *("amap.com", "autonavi.com", "gtimg.com", "qq.com", "google.cn"),
    *("baidu.com", "bdimg.com", "bdstatic.com"),
)


class TileService(Model):
    """Tiles in Web Mercator by a URL with ``{z}``, ``{x}`` and ``{y}``, and whom to thank.

    ``{s}`` stands for one of a, b and c in the name of the host, ``{r}`` for ``@2x`` on fine
    screens.
    """

    url: str
    attribution: str

    @field_validator("url")
    @classmethod
    def _usable(cls, url: str) -> str:
        fault = url_fault(url)
        if fault is not None:
            raise ValueError(fault)
        return url

    @property
    def host(self) -> str:
        """The name of the host, as the address gives it."""
        return _part(self.url, "host")

    @property
    def origin(self) -> str:
        """What a page's policy must let pictures come from.

        Examples
        --------
        >>> TileService(url="https://t{s}.example.org/{z}/{x}/{y}.png", attribution="").origin
        'https://*.example.org'
        """
        head, bracket, tail = self.host.rpartition("}")
        host = f"*.{tail.partition('.')[2]}" if bracket and head else self.host
        return f"{_part(self.url, 'scheme').lower()}://{host}"

    @property
    def shifted(self) -> bool:
        """Whether the service is known to draw on GCJ-02 or BD-09 instead of WGS 84."""
        name = self.host.partition(":")[0].lower()
        return any(name == one or name.endswith(f".{one}") for one in _SHIFTED)


def url_fault(url: str) -> str | None:
    """Return the message's code of what is wrong with a template, None where nothing is.

    Examples
    --------
    >>> url_fault("ftp://example.org/{z}/{x}/{y}"), url_fault("https://a/{z}/{x}/{y}")
    ('tiles.need_http', None)
    """
    host = _part(url, "host")
    if not host:
        return "tiles.need_http"
    named = _PLACEHOLDER.findall(url)
    if set(named) - _KNOWN or not set(named) >= _NEEDED:
        return "tiles.need_places"
    # A host of nothing but a placeholder could be any at all.
    in_host = _PLACEHOLDER.findall(host)
    rest = host.rpartition("}")[2].partition(".")[2]
    if set(in_host) - {"s"} or (in_host and "." not in rest):
        return "tiles.need_places"
    return None


def _part(url: str, name: str) -> str:
    found = _ADDRESS.fullmatch(url)
    return found[name] if found else ""
