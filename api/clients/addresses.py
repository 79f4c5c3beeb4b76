"""Addresses of routers, and which of them the operator allows."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from models.faults import Fault
from models.text import Text
from optimizer.errors import InputError

SETTING = "MUSTER_ROUTERS"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Address:
    """The base address of a server; two ways to write one address are equal."""

    scheme: str
    host: str
    port: int
    path: str  # without a slash at its end

    def __str__(self) -> str:
        """Return it as a URL; the scheme's own port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def base_address(url: str, path: str) -> Address:
    """Return the address in ``url``; a fault names it by ``path``.

    Raises
    ------
    InputError
        It is none of ``http`` or ``https``.
    """
    found = _address(url)
    if found is None:
        raise InputError((_fault(path, url, "router.need.url"),))
    return found


def allowed_address(url: str, allowed: tuple[str, ...]) -> Address:
    """Return the address in ``url``.

    Only a whole base address counts as allowed: neither a prefix nor another port of one.

    Raises
    ------
    InputError
        It is none of ``http`` or ``https``, is not allowed, or the setting itself is at fault.
    """
    wanted = _address(url)
    known = {one: _address(one) for one in allowed}
    faults = [_fault(SETTING, one, "router.need.url") for one, at in known.items() if at is None]
    if wanted is None:
        faults.append(_fault("--url", url, "router.need.url"))
    elif wanted not in known.values():
        code = "router.need.allowed" if known else "router.need.setting"
        faults.append(_fault("--url", url, code, allowed=", ".join(known)))
    if wanted is None or faults:
        raise InputError(tuple(faults))
    return wanted


def _address(url: str) -> Address | None:
    """Return the address in ``url``, None where it holds none, or more than that.

    Examples
    --------
    >>> print(_address("HTTP://Localhost:80/osrm/"), _address("file:///etc/passwd"))
    http://localhost/osrm None
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if not url.isascii() or not url.isprintable() or " " in url or _says_more(parts):
        return None
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        return None
    port = _PORTS[parts.scheme] if port is None else port
    return Address(parts.scheme, parts.hostname, port, parts.path.rstrip("/"))


def _says_more(parts: SplitResult) -> bool:
    return bool("@" in parts.netloc or parts.query or parts.fragment)


def _fault(path: str, value: str, code: str, **values: str) -> Fault:
    return Fault(path=path, value=f'"{value}"', need=Text(code=code, values=dict(values)))
