"""Which routers may be asked."""

import pytest

from api.clients import allowed_address
from optimizer.errors import InputError

_HERE = ("http://localhost:5000",)


def refusal(url: str, allowed: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return where and why an address is refused."""
    with pytest.raises(InputError) as caught:
        allowed_address(url, allowed)
    return [(fault.path, fault.need.code) for fault in caught.value.faults]


@pytest.mark.parametrize(
    "url", ["http://localhost:5000", "http://localhost:5000/", "HTTP://LocalHost:5000"]
)
def test_an_allowed_router_may_be_written_in_several_ways(url: str) -> None:
    assert str(allowed_address(url, _HERE)) == "http://localhost:5000"


def test_the_scheme_s_own_port_may_be_left_out() -> None:
    at = allowed_address("https://router.example:443/osrm", ("https://router.example/osrm/",))
    assert str(at) == "https://router.example/osrm"


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:5001",
        "https://localhost:5000",
        "http://localhost:5000/other",
        "http://localhost.example:5000",
        "http://127.0.0.1:5000",
    ],
)
def test_another_port_scheme_path_or_host_is_not_the_allowed_one(url: str) -> None:
    assert refusal(url, _HERE) == [("--url", "router.need.allowed")]


def test_without_the_setting_no_router_is_allowed() -> None:
    assert refusal("http://localhost:5000", ()) == [("--url", "router.need.setting")]


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://localhost:5000",
        "localhost:5000",
        "http://user:secret@localhost:5000",
        "http://@localhost:5000",
        "http://localhost:5000/?x=1",
        "http://localhost:5000/#x",
        "http://localhost:0",
        "http://localhost:99999",
        "http://[::1",
        "http:///table",
        "http://localhost:5000/a b",
        "http://localhost:5000/\r\nHost: other",
        "",
    ],
)
def test_what_is_more_or_less_than_a_base_address_is_refused(url: str) -> None:
    assert refusal(url, (*_HERE, "http://localhost:5000/a")) == [("--url", "router.need.url")]


def test_a_fault_of_the_setting_is_told_beside_that_of_the_address() -> None:
    assert refusal("http://x/", ("localhost:5000",)) == [
        ("MUSTER_ROUTERS", "router.need.url"),
        ("--url", "router.need.allowed"),
    ]
