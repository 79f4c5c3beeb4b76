"""What every solve returns, whatever the problem."""

from typing import Generic, TypeVar

from pydantic import computed_field

from models.base import SCHEMA_VERSION, Model
from models.confidence import Confidence
from models.roads import TravelReport
from models.run import RunReport
from models.text import Text

PlanT = TypeVar("PlanT", bound=Model)
ExplanationT = TypeVar("ExplanationT", bound=Model)


class Check(Model):
    """One rule of the request or figure of the plan, recomputed.

    ``rule`` is the check's stable name (``new_stations``, ``figure.cover``), ``path`` the field
    it comes from; ``detail`` says what was found against what was asked or claimed.
    """

    rule: str
    passed: bool
    path: str | None = None
    detail: Text | None = None


class Verification(Model):
    """All rules and figures, checked against the request without the solver's help."""

    checks: tuple[Check, ...]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def passed(self) -> bool:
        """Whether every check holds."""
        return all(check.passed for check in self.checks)

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that do not hold."""
        return tuple(check for check in self.checks if not check.passed)


class Assumption(Model):
    """A value the answer rests on that nobody measured here: a default or an invented figure.

    ``is_default`` marks what the request left out; ``illustrative`` what was made up.
    """

    path: str
    value: str
    source: str
    confidence: Confidence | None = None
    illustrative: bool = False
    is_default: bool = False


class ConflictRule(Model):
    """One rule of an irreducible conflict, and what alone would resolve it.

    ``smallest_change`` is the least change of the rule's own number that makes the request
    feasible with every other rule kept, None when no change of it alone does; ``restores_at``
    is the number after that change.
    """

    path: str
    rule: Text
    value: float | None = None
    smallest_change: float | None = None
    restores_at: float | None = None


class Conflict(Model):
    """Why no plan exists: rules that cannot all hold, of which none can be left out.

    ``irreducible`` is False only where the time ran out before every rule was tried.
    """

    rules: tuple[ConflictRule, ...]
    irreducible: bool = True


class Answer(Model, Generic[PlanT, ExplanationT]):
    """A verified plan (or the proof that there is none) and how it was found."""

    schema_version: str = SCHEMA_VERSION
    plan: PlanT | None
    run: RunReport
    verification: Verification | None
    explanation: ExplanationT | None = None
    conflict: Conflict | None = None
    assumptions: tuple[Assumption, ...] = ()
    travel: TravelReport | None = None
    illustrative: bool = False
