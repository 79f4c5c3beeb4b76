"""Scenarios: requests that the service keeps, version by version."""

from typing import Annotated, Any

from pydantic import Field

from models.base import Model

VersionNumber = Annotated[int, Field(ge=1, le=1_000_000_000)]
ScenarioName = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]


class ScenarioReference(Model):
    """A version of a scenario, the latest where none is named."""

    id: str
    version: VersionNumber | None = None


class JobReference(Model):
    """A job: what it found stands in this place."""

    job: str


class NextVersion(Model):
    """What follows a version: another request, or a patch (RFC 6902) on the one before."""

    name: ScenarioName | None = None
    request: dict[str, Any] | None = None
    patch: tuple[Any, ...] | None = None


class NewScenario(NextVersion):
    """A request under a name, or a patch (RFC 6902) on the request of a parent."""

    name: ScenarioName
    parent: ScenarioReference | None = None


class ScenarioVersion(Model):
    """A version as it is told; lists leave ``request`` and ``patch`` out."""

    id: str
    version: VersionNumber
    name: str
    created: str
    parent: ScenarioReference | None = None
    request: dict[str, Any] | None = None
    patch: tuple[Any, ...] | None = None
    links: tuple[dict[str, str], ...]
