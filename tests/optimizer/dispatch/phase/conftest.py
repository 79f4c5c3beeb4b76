import pytest

from optimizer.algorithms.routes.search import prepare


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    """No test's clock runs while the search is compiled."""
    prepare()
