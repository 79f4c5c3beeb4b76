"""What the verifiers of all problems share: tolerances, and the shape of a finding.

A verifier recomputes every rule and every figure from the request and the plan. Numbers are held
against each other within `TOLERANCE`, relative to their size: wide enough for another order of
summation, far too narrow for another plan.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.answer import Check, Verification
from models.text import Label, Text
from optimizer.errors import VerificationError

TOLERANCE = 1e-6

Value = str | bool | int | float | Label | None


@dataclass(frozen=True)
class Claim:
    """One number of a plan: where it stands, what was recomputed, what the plan says."""

    path: str
    found: float | None
    claimed: float | None


def insist(verification: Verification) -> Verification:
    """Return the verification of a plan that the engine found itself.

    Raises
    ------
    VerificationError
        A check failed: the engine's fault, whatever the request.
    """
    if verification.passed:
        return verification
    failed = ", ".join(check.rule for check in verification.failed)
    raise VerificationError(f"the plan breaks its own request: {failed}")


def slack(size: float) -> float:
    """Return the difference that counts as none between numbers of this size.

    Examples
    --------
    >>> slack(0.5), slack(-2e6)
    (1e-06, 2.0)
    """
    return TOLERANCE * max(1.0, abs(size))


def agrees(found: float | None, claimed: float | None) -> bool:
    """Return whether two numbers are the same; None agrees with None alone.

    Examples
    --------
    >>> agrees(1e6, 1e6 + 0.5), agrees(1.0, 1.1), agrees(None, 0.0)
    (True, False, False)
    """
    if found is None or claimed is None:
        return found is claimed
    return abs(found - claimed) <= slack(found)


def at_most(found: float, limit: float) -> bool:
    """Return whether ``found`` does not exceed ``limit``."""
    return found <= limit + slack(limit)


def at_least(found: float, limit: float) -> bool:
    """Return whether ``found`` does not fall short of ``limit``."""
    return found >= limit - slack(limit)


def finding(rule: str, *, passed: bool, path: str | None, code: str, **values: Value) -> Check:
    """Return the check of ``rule``, with what was found against what was asked as its text."""
    return Check(rule=rule, passed=passed, path=path, detail=Text(code=code, values=values))


def claims_checked(rule: str, claims: Sequence[Claim], *, path: str, name: str) -> Check:
    """Return the check that all ``claims`` are true; a false one is shown with its own path.

    ``name`` is the figure's name in the messages ``check.claim.<name>``.
    """
    for claim in claims:
        if not agrees(claim.found, claim.claimed):
            return finding(
                rule,
                passed=False,
                path=claim.path,
                code=f"check.claim.{name}",
                found=claim.found,
                claimed=claim.claimed,
            )
    code = f"check.claim.{name}.agrees"
    return finding(rule, passed=True, path=path, code=code, count=len(claims))


def listing_checked(rule: str, asked: Iterable[str], listed: Iterable[str], *, path: str) -> Check:
    """Return the check that ``listed`` holds everything ``asked``, each once, and no more."""
    wanted, given = Counter(asked), Counter(listed)
    missing, extra = sorted(wanted - given), sorted(given - wanted)
    return finding(
        rule,
        passed=not missing and not extra,
        path=path,
        code="check.listing",
        missing=named(missing),
        extra=named(extra),
    )


def named(ids: Sequence[str], most: int = 5) -> str | Label:
    """Return ids as a short list, the first ``most`` of them written out.

    Examples
    --------
    >>> named(["a", "b", "c"], most=2)
    'a, b … (3)'
    >>> named([]).zh
    '无'
    """
    if not ids:
        return Label(en="none", zh="无")
    said = ", ".join(ids[:most])
    return said if len(ids) <= most else f"{said} … ({len(ids)})"
