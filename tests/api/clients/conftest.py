"""A router of this machine for each test that asks one."""

from collections.abc import Iterator

import pytest

from tests.api.clients.servers import Running, running


@pytest.fixture
def server() -> Iterator[Running]:
    """A server that answers as OSRM and Valhalla do."""
    with running() as one:
        yield one
