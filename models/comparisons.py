"""Plans side by side, as numbers and as text."""

from typing import Annotated

from pydantic import Field

from models.base import Model
from models.quantities import Count
from models.run import Status

_MOST = 20


class NewComparison(Model):
    """Jobs that have a result; the first is what the others are held against."""

    jobs: Annotated[tuple[str, ...], Field(min_length=2, max_length=_MOST)]


class NamedSite(Model):
    """A site and what it is called."""

    id: str
    name: str


class Compared(Model):
    """One job: how its run ended, and the sites open beyond the first job's and missing of them."""

    job: str
    status: Status
    open_sites: Count | None  # None: no plan
    gained: tuple[NamedSite, ...] = ()
    lost: tuple[NamedSite, ...] = ()


class ComparedFigure(Model):
    """A figure of every job, in base units and as people read it.

    ``key`` names it whatever the language; ``kind`` says what it counts: a share, seconds read as
    minutes, people, money.
    """

    key: str
    title: str
    kind: str
    values: tuple[float | str | None, ...]
    text: tuple[str, ...]


class Comparison(Model):
    """Jobs side by side, in the order asked; text is in the language of the caller."""

    jobs: tuple[Compared, ...]
    currency: str
    figures: tuple[ComparedFigure, ...]
