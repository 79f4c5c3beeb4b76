"""Published optima, reproduced and proved through ordinary requests and the whole engine."""

import pytest

from instances import catalog
from models.run import RunLimits, Status
from optimizer import Extras, solve
from optimizer.control import RunControl

needs_data = pytest.mark.skipif(
    not catalog.entries(), reason="published data absent: set MUSTER_DATA to its folder"
)

# File -> radius in metres -> values published for 1, 2, ... sites up to this number.
MCLP = {
    "SJC324": {800: 5, 1200: 3, 1600: 2},
    "SJC402": {800: 6, 1200: 3, 1600: 2},
    "SJC500": {800: 8, 1200: 4, 1600: 3},
    "SJC708": {800: 11, 1200: 6, 1600: 4},
    "SJC818": {800: 12, 1200: 7, 1600: 5},
}
COVERS = tuple(
    f"{file}-r{radius_m}-p{sites}"
    for file, radii in MCLP.items()
    for radius_m, most in radii.items()
    for sites in range(1, most + 1)
)
LARGE = ("SJC708", "SJC818")
MEDIANS = tuple(f"pmed{number}" for number in range(1, 11))


@needs_data
def test_all_published_covers_are_tested() -> None:
    assert len(COVERS) == 81
    assert sorted(COVERS) == sorted(entry.name for entry in catalog.entries("mclp"))


@needs_data
@pytest.mark.parametrize(
    "name",
    [pytest.param(one, marks=pytest.mark.slow) if one.startswith(LARGE) else one for one in COVERS],
)
def test_the_published_cover_is_reproduced_and_proved(name: str) -> None:
    assert_published_optimum(name, time_limit_s=120.0)


@needs_data
@pytest.mark.parametrize("name", MEDIANS)
def test_the_published_median_is_reproduced_and_proved(name: str) -> None:
    assert_published_optimum(name, time_limit_s=300.0)


@needs_data
@pytest.mark.parametrize("name", ["scp41", "scp42", "scp51", "scp52"])
def test_the_published_set_cover_is_reproduced_and_proved(name: str) -> None:
    assert_published_optimum(name, time_limit_s=60.0)


def assert_published_optimum(name: str, *, time_limit_s: float) -> None:
    """Fail unless the engine proves the published value, and its verified plan is worth it."""
    request, best_known = catalog.load(name)
    assert best_known.status == "optimal"
    control = RunControl(RunLimits(time_limit_s=time_limit_s))
    answer = solve(request, control, extras=Extras(explain=False))
    assert answer.run.status is Status.OPTIMAL
    assert answer.verification is not None
    assert answer.verification.passed
    assert answer.plan is not None
    assert answer.plan.objective_values is not None
    (value,) = answer.plan.objective_values
    assert value * best_known.scale == pytest.approx(best_known.value, rel=1e-9)
    # The bound leaves no room for another value of the published, whole-numbered kind.
    assert answer.run.bound is not None
    assert abs(answer.run.bound * best_known.scale - best_known.value) < 1.0
