"""Standards of sheltering: their values, sources, and what they mean for a request."""

import pytest

from models.shelters.presets import SHELTER_CLASSES, SHELTER_STANDARDS, classes_allowed


@pytest.mark.parametrize(
    ("standard", "space"),
    [
        ("gb51143", [0.5, 2.0, 3.0, 4.5]),
        ("sphere", [3.5]),
        ("red_cross", [0.929, 1.858, 3.716]),
        ("guangdong", [1.5]),
    ],
)
def test_each_standard_asks_its_space_and_names_its_source(
    standard: str, space: list[float]
) -> None:
    one = SHELTER_STANDARDS[standard]
    assert [phase.m2_per_person for phase in one.phases] == pytest.approx(space, abs=1e-3)
    assert one.assumption.source == one.source
    assert one.assumption.confidence == one.confidence


def test_larger_sites_may_be_higher_classes_that_last_longer() -> None:
    assert [one.id for one in classes_allowed(1.0)] == ["emergency"]
    assert len(classes_allowed(250_000.0)) == len(SHELTER_CLASSES)
    phases = [phase.id for phase in SHELTER_STANDARDS["gb51143"].phases]
    last = [phases.index(one.last_phase) for one in SHELTER_CLASSES.values()]
    assert last == sorted(last)
