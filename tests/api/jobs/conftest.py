"""Databases for the tests of jobs; what was started for them is ended with them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.jobs.database import open_database
from tests.api.jobs.databases import database_urls, end_servers


@pytest.fixture(scope="session", autouse=True)
def _end_servers() -> Iterator[None]:
    yield
    end_servers()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A new, empty database of each kind."""
    with database_urls(request.param, tmp_path) as url:
        made = open_database(url)
        yield made
        made.dispose()
