"""Published capacitated optima, reproduced and proved by the search that takes arrays."""

import pytest

from instances import catalog
from models.run import RunLimits, Status
from optimizer.algorithms.capacitated.instance import of_matrices
from optimizer.algorithms.capacitated.search import locate
from optimizer.control import RunControl
from optimizer.facilities.solve import solve

needs_data = pytest.mark.skipif(
    not catalog.entries("cflp"), reason="published data absent: set MUSTER_DATA to its folder"
)
ENTRIES = {
    (family, entry.name): entry
    for family in catalog.CAPACITATED
    for entry in catalog.entries(family)
}
QUICK = (("cap", "cap41"), ("cap", "cap81"), ("cflp", "p1"), ("cflp", "p44"), ("cflp", "p71"))


@needs_data
def test_all_published_problems_of_limited_capacity_are_tested() -> None:
    counts = {family: len(catalog.entries(family)) for family in catalog.CAPACITATED}
    assert counts == {"cap": 37, "cflp": 71, "sjc": 6, "pmedcap": 20}


@needs_data
@pytest.mark.parametrize(("family", "name"), QUICK)
def test_a_published_optimum_is_reproduced_and_proved(family: str, name: str) -> None:
    assert_proved(ENTRIES[family, name])


@needs_data
@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "name"),
    [pytest.param(*key, id="-".join(key)) for key in ENTRIES if key not in QUICK],
)
def test_every_published_optimum_is_reproduced_and_proved(family: str, name: str) -> None:
    assert_proved(ENTRIES[family, name])


@needs_data
@pytest.mark.parametrize(
    ("family", "name"), [("cap", "cap41"), ("cflp", "p1"), ("ufl", "cap71-ufl")]
)
def test_a_published_problem_is_a_plain_request_of_the_same_optimum(family: str, name: str) -> None:
    entry = next(one for one in catalog.entries(family) if one.name == name)
    request, known = catalog.load_facilities(entry)
    answer = solve(request, RunControl(request.limits), reasons=False)
    assert answer.run.status is Status.OPTIMAL
    assert answer.run.objective == pytest.approx(known.value, rel=1e-6)
    assert answer.verification is not None
    assert answer.verification.passed


@needs_data
def test_capacitated_p_medians_and_all_the_others_are_requests_too() -> None:
    assert len(catalog.entries("ufl")) == 12  # those told as uncapacitated
    for family in (*catalog.CAPACITATED, "ufl"):
        request, _ = catalog.load_facilities(catalog.entries(family)[0])
        medians = family in {"sjc", "pmedcap"}
        assert request.goal.value == ("p_median" if medians else "least_cost")
        assert request.has_capacities == (family != "ufl")


def assert_proved(entry: catalog.Entry) -> None:
    """Fail unless the search proves the published value."""
    problem, known = catalog.load_capacitated(entry)
    single = catalog.CAPACITATED[entry.family].single_source
    instance = of_matrices(problem, single_source=single)
    found = locate(instance, RunControl(RunLimits(time_limit_s=1_800.0)))
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(known.value, rel=1e-6)
    assert found.bound == found.objective
