"""What was started for the tests of jobs is ended with them."""

from collections.abc import Iterator

import pytest

from tests.api.jobs.databases import end_servers


@pytest.fixture(scope="session", autouse=True)
def _end_servers() -> Iterator[None]:
    yield
    end_servers()
