"""Plans side by side, as numbers and as text."""

from typing import Annotated

from pydantic import Field

from models.base import Model
from models.quantities import Count
from models.run import Status

_MOST = 20


class NewComparison(Model):
    """Jobs about one kind of question that have a result; the others are held against the first."""

    jobs: Annotated[tuple[str, ...], Field(min_length=2, max_length=_MOST)]


class Named(Model):
    """What a plan chooses and what it is called: a site, an order, a move."""

    id: str
    name: str


class Compared(Model):
    """One job: how its run ended, and what it chooses beyond the first job and does not of it.

    ``chosen`` counts open sites, or orders, calls or moves; None: there is no plan.
    """

    job: str
    status: Status
    chosen: Count | None
    gained: tuple[Named, ...] = ()
    lost: tuple[Named, ...] = ()


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
    currency: str | None
    figures: tuple[ComparedFigure, ...]
