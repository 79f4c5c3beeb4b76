"""The verifier against the enumeration: two readings of the same rules, written apart."""

import random

import pytest

from models.messages import render
from models.text import LANGUAGES
from optimizer.fire_stations.verify import verify
from tests.oracles import plans, rules, values
from tests.oracles.facts import Facts
from tests.strategies import request_number

PLANS_PER_REQUEST = 8


@pytest.mark.parametrize("number", range(100))
def test_the_verifier_passes_what_the_enumeration_calls_feasible_and_counts_the_same(
    number: int,
) -> None:
    request = request_number(number)
    facts = Facts(request)
    every = list(plans.enumerate_plans(facts))
    rng = random.Random(number)  # noqa: S311 - a test case, not a secret
    for plan in rng.sample(every, min(PLANS_PER_REQUEST, len(every))):
        counted = tuple(
            values.objective_value(facts, plan, objective) for objective in request.objectives
        )
        verification = verify(request, plans.to_plan(facts, plan, counted))
        broken = [one for one in verification.failed if not one.rule.startswith("objective")]
        assert rules.feasible(facts, plan) is not bool(broken)
        assert verification.failed == tuple(broken)


def test_every_check_is_told_in_both_languages() -> None:
    for number in range(20):
        request = request_number(number)
        facts = Facts(request)
        plan = next(plans.enumerate_plans(facts), ())
        for check in verify(request, plans.to_plan(facts, plan)).checks:
            assert check.detail is not None
            assert all(render(check.detail, language) for language in LANGUAGES)
