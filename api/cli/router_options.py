"""Which router a command is to ask, and how: its options, checked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import typer

from api.clients import Line, Router, RouterName, allowed_address
from api.settings import Settings
from models.faults import Fault
from models.text import Text
from optimizer.errors import InputError

_PROFILE = re.compile(r"[A-Za-z0-9_-]{1,50}")

Kind = Annotated[
    RouterName | None, typer.Option("--router", help="Ask a router of this kind, not Muster.")
]
Url = Annotated[str | None, typer.Option(help="Its base address, one that MUSTER_ROUTERS allows.")]
Profile = Annotated[
    str | None, typer.Option(help="How it drives; default: driving (OSRM), auto (Valhalla).")
]
AtOnce = Annotated[
    int | None,
    typer.Option(
        min=2,
        max=10_000_000,
        help="What it takes at once: OSRM counts places (100), Valhalla pairs (2500).",
    ),
]
Timeout = Annotated[
    float, typer.Option("--timeout", min=0.1, max=3600, help="Seconds it has for each answer.")
]
SnapLimit = Annotated[
    float | None,
    typer.Option(
        "--snap-limit",
        min=0,
        help="Metres: a place that it moves farther to a road is not reached."
        " Default: that of the request's roads, else 500.",
    ),
]


@dataclass(frozen=True)
class RouterOptions:
    """The options of a command that may ask a router, as given."""

    router: RouterName | None
    url: str | None
    profile: str | None
    at_once: int | None
    timeout_s: float
    snap_limit_m: float | None

    def checked(self, settings: Settings) -> Router | None:
        """Return the router to ask, None where none is named.

        Raises
        ------
        InputError
            With every fault of the options; an address that the operator does not allow is one.
        """
        faults = list(self._faults())
        address = None
        if self.router is not None and self.url is not None:
            try:
                address = allowed_address(self.url, settings.allowed_routers)
            except InputError as error:
                faults += error.faults
        if faults:
            raise InputError(tuple(faults))
        if self.router is None or address is None:
            return None
        line = Line(address, self.timeout_s, settings.file_limit_bytes)
        return Router.of(self.router, line, profile=self.profile, at_once=self.at_once)

    def _faults(self) -> Iterator[Fault]:
        if self.router is None:
            given = {
                "--url": self.url,
                "--profile": self.profile,
                "--at-once": self.at_once,
                "--snap-limit": self.snap_limit_m,
            }
            for name, value in given.items():
                if value is not None:
                    yield _fault(name, str(value), "matrix.need.router")
        elif self.url is None:
            yield _fault("--url", None, "matrix.need.address")
        if self.profile is not None and not _PROFILE.fullmatch(self.profile):
            yield _fault("--profile", self.profile, "router.need.profile")


def _fault(path: str, value: str | None, code: str) -> Fault:
    return Fault(path=path, value=value, need=Text(code=code))
