"""Prove a plan against its request: from these two alone, with none of the engine's code."""

from collections import defaultdict

from models.answer import Check, Verification
from models.stockpiles import StockPlan, StockRequest
from models.stockpiles.day import StockDayRequest
from optimizer.datasets import Store
from optimizer.stockpiles.verify.claims import Count, claims, served_rules
from optimizer.stockpiles.verify.holdings import holdings, known
from optimizer.stockpiles.verify.ledger import Books
from optimizer.stockpiles.verify.question import Question
from optimizer.stockpiles.verify.trips import Trips
from optimizer.verification import finding, named

_DELIVERIES = (
    "deliveries.known",
    "deliveries.in_time",
    "deliveries.substitutes",
    "deliveries.needed",
    "deliveries.stock",
    "deliveries.handling",
    "deliveries.vehicles",
)


def verify(request: StockRequest, plan: StockPlan, store: Store | None = None) -> Verification:
    """Return every rule of the request and every claim of the plan, recomputed.

    What a plan delivers is what its ``deliveries`` say; a scenario without any has its kits alone.

    Raises
    ------
    InputError
        The request itself cannot be read.
    """
    question = Question.read(request, store)
    checks: list[Check] = [*known(question, plan)]
    if all(check.passed for check in checks):
        checks += holdings(question, plan)
        books = Books(question, plan)
        ledgers = [books.ledger(one) for one in request.scenarios]
        faults: dict[str, list[str]] = defaultdict(list)
        for one in ledgers:
            for rule, scenarios in one.faults.items():
                faults[rule] += scenarios
        checks += [
            finding(
                rule,
                passed=not faults[rule],
                path="deliveries",
                code=f"check.stockpiles.{rule}",
                found=named(sorted(set(faults[rule]))),
            )
            for rule in _DELIVERIES
        ]
        count = Count(question, plan, ledgers)
        checks += served_rules(count)
        checks += claims(count)
    return Verification(checks=tuple(checks))


def verify_day(
    request: StockDayRequest, plan: StockPlan, store: Store | None = None
) -> Verification:
    """Return every rule of the day: those of its deliveries, and those of its vehicles' trips.

    Raises
    ------
    InputError
        The request itself cannot be read.
    """
    found = verify(request.asked, plan, store)
    if not request.vehicles or any(one.rule == "plan.known" for one in found.failed):
        return found
    trips = Trips(request, Question.read(request.asked, store), plan)
    return Verification(checks=(*found.checks, *trips.checks()))
