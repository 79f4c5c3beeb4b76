"""Whole valid requests, small enough to be answered by enumeration.

One builder serves both uses: `request_number` draws from a seeded generator, so that the fixed
set of requests never changes, and the strategy `requests` lets hypothesis draw and shrink.
"""

import random

from hypothesis import strategies as st

from models.fire_stations import FireStationRequest
from tests.strategies.asks import (
    OBJECTIVE_KINDS,
    RULE_FAMILIES,
    draw_new_stations,
    draw_objectives,
    draw_rules,
)
from tests.strategies.places import Json as Json
from tests.strategies.places import (
    Random,
    chance,
    draw_areas,
    draw_classes,
    draw_point,
    draw_sites,
    draw_standard,
    draw_travel,
)

FIXED_COUNT = 500


def build_request(rng: Random, rule: str, objective: str) -> FireStationRequest:
    """Return a request with ``rule`` among its rules and ``objective`` among its levels."""
    planar = chance(rng, 0.8)
    classes = draw_classes(rng)
    sites = draw_sites(rng, rule, planar=planar)
    points = [draw_point(rng, i, planar=planar) for i in range(rng.randint(8, 20))]
    new = draw_new_stations(rng, rule, sites)
    needs_ladder = rng.choice([{}, {"ladder": 1}]) if classes else {}  # the presets have none
    return FireStationRequest.model_validate(
        {
            "demand_points": points,
            "sites": sites,
            "new_stations": new,
            "classes": classes,
            "standard": draw_standard(rng),
            "travel": draw_travel(rng, sites, points),
            "rules": draw_rules(rng, rule, sites, new, 1 if classes else 1_000_000),
            "objectives": draw_objectives(rng, objective),
            "combination": rng.choice(["lexicographic"] * 4 + ["weighted_sum"]),
            "areas": draw_areas(),
            "risk_classes": [{"id": "high", "vehicle_types": needs_ladder}, {"id": "low"}],
            "shift_count": rng.choice([1, 2, 3]),
            "time_sigma": rng.choice([None, 0.01, 0.35]),
        }
    )


def request_number(number: int) -> FireStationRequest:
    """Return the fixed request ``number``: rules and objectives take turns."""
    rng = random.Random(number)  # noqa: S311 - a test case, not a secret
    rule = RULE_FAMILIES[number % len(RULE_FAMILIES)]
    return build_request(rng, rule, OBJECTIVE_KINDS[number % len(OBJECTIVE_KINDS)])


requests = st.builds(
    build_request,
    st.randoms(use_true_random=False),
    st.sampled_from(RULE_FAMILIES),
    st.sampled_from(OBJECTIVE_KINDS),
)
