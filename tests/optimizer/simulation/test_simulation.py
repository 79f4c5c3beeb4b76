import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.algorithms.cover_left import expected_cover, gains, losses
from optimizer.simulation.comparing import compare, interval
from optimizer.simulation.days import CLOSEST, Policy, simulate
from optimizer.simulation.region import TYPHOON_SURGE, Calls, Region, calls, region
from tests.oracles.calls import simulated

SEEDS = st.integers(0, 10_000)


@given(SEEDS, st.floats(0.05, 0.9))
def test_a_loss_is_what_the_cover_falls_by(seed: int, busy_share: float) -> None:
    rng = np.random.default_rng(seed)
    reach, demand = rng.random((5, 9)) < 0.4, rng.random(9)
    lost = losses(reach, demand, busy_share)
    whole = expected_cover(reach, demand, busy_share)
    for team in range(5):
        left = expected_cover(np.delete(reach, team, axis=0), demand, busy_share)
        assert lost[team] == pytest.approx(whole - left)


@given(SEEDS, st.floats(0.05, 0.9))
def test_a_gain_is_what_the_cover_rises_by(seed: int, busy_share: float) -> None:
    rng = np.random.default_rng(seed)
    posts, reach, demand = rng.random((3, 9)) < 0.4, rng.random((5, 9)) < 0.4, rng.random(9)
    gained = gains(posts, reach, demand, busy_share)
    whole = expected_cover(reach, demand, busy_share)
    for post in range(3):
        more = expected_cover(np.vstack([reach, posts[post]]), demand, busy_share)
        assert gained[post] == pytest.approx(more - whole)


def two_posts() -> Region:
    """Post 0 has one team, post 1, a kilometre further from the only busy zone, has two."""
    places = np.array([[0.0, 0.0], [6000.0, 0.0]])
    return Region(
        zone_m=places,
        demand=np.array([0.5, 0.5]),
        post_m=places,
        home=np.array([0, 1, 1]),
        speed_m_s=13.0,
        turnout_s=0.0,
        standard_s=650.0,
    )


def test_closest_sends_the_closest_and_counts_the_way() -> None:
    asked = Calls(np.array([100.0]), np.array([0]), np.array([60.0]))
    assert simulate(two_posts(), asked, CLOSEST).mean_s == 0.0


def test_a_call_waits_for_a_team_where_all_are_busy() -> None:
    asked = Calls(np.array([0.0, 1.0, 2.0, 3.0]), np.zeros(4, dtype=np.intp), np.full(4, 5000.0))
    outcome = simulate(two_posts(), asked, CLOSEST)
    assert outcome.mean_s == pytest.approx((0.0 + 600.0 + 600.0 + 4997.0) / 4)


def test_a_team_on_its_way_home_is_sent_from_where_it_is() -> None:
    asked = Calls(np.array([0.0, 1000.0]), np.array([1, 0]), np.array([100.0, 10.0]))
    place = two_posts()
    alone = Region(
        place.zone_m, place.demand, place.post_m, np.array([0]), 650.0, 0.0, place.speed_m_s
    )
    late = simulate(alone, asked, CLOSEST)
    # Arrives at 600, works until 700, and has 300 of 600 seconds of way left at 1,000.
    assert late.mean_s == pytest.approx((600.0 + 300.0) / 2)


def test_the_same_seed_gives_the_same_day() -> None:
    place = region(4)
    first, second = (calls(place, 4, count=300, load=0.3) for _ in range(2))
    policy = Policy(1000.0, move_up=True)
    assert simulate(place, first, policy) == simulate(place, second, policy)


@pytest.mark.parametrize("load", [0.1, 0.25, 0.45])
def test_teams_are_as_busy_as_asked(load: float) -> None:
    place = region(2)
    outcome = simulate(place, calls(place, 2, count=3000, load=load), CLOSEST)
    assert outcome.busy_share == pytest.approx(load, rel=0.1)


@pytest.mark.parametrize("policy", [CLOSEST, Policy(1500.0), Policy(1500.0, move_up=True)])
def test_machine_code_sends_whom_arrays_send(policy: Policy) -> None:
    place = region(5, zones=40, posts=5, teams=8)
    asked = calls(place, 5, count=250, load=0.4)
    kernel, arrays = simulate(place, asked, policy), simulated(place, asked, policy)
    assert (kernel.late_share, kernel.mean_s) == pytest.approx((arrays.late_share, arrays.mean_s))
    assert (kernel.p90_s, kernel.busy_share) == pytest.approx((arrays.p90_s, arrays.busy_share))


def test_a_surge_moves_calls_into_its_hours_and_keeps_their_number() -> None:
    place = region(1)
    asked = calls(place, 1, count=4000, load=0.3, surge=TYPHOON_SURGE)
    hour = (asked.time_s // 3600).astype(int) % 24
    assert (np.diff(asked.time_s) >= 0).all()
    assert (hour == 14).sum() > 3 * (hour == 2).sum()


def test_a_policy_against_itself_changes_nothing() -> None:
    (same,) = compare({"same": CLOSEST}, 0.3, regions=3, calls_each=200)
    assert same.late_change == interval([0.0, 0.0, 0.0])
    assert same.mean_change.mean == 0.0


def test_a_price_of_lateness_brings_fewer_late_arrivals_at_little_load() -> None:
    (kept,) = compare({"kept": Policy(1000.0)}, 0.1, regions=4, calls_each=1500)
    assert kept.late_change.mean < -0.01
    assert kept.mean_change.mean < 0.02


def test_moving_up_brings_fewer_late_arrivals_at_little_load() -> None:
    (moved,) = compare({"up": Policy(move_up=True)}, 0.25, regions=3, calls_each=800)
    assert moved.late_change.mean < -0.03
