"""The robust fit of paces, on runs whose metres are known."""

import numpy as np
import pytest

from optimizer.calibration.paces import Driven, Paces, Unknowns, fit_paces

_COUNT = 4000


def _driven(speeds_m_s: list[float], *, start_s: float = 30.0, outliers: float = 0.0) -> Driven:
    rng = np.random.default_rng(6)
    metres = rng.uniform(100, 3000, (_COUNT, len(speeds_m_s)))
    seconds = start_s + 5.0 + metres @ (1 / np.array(speeds_m_s))
    seconds *= np.exp(0.1 * rng.standard_normal(_COUNT))
    seconds[rng.random(_COUNT) < outliers] *= 8.0
    return Driven(metres, np.full(_COUNT, 5.0), seconds, np.full(_COUNT, -1))


def _fit(driven: Driven, fitted: list[bool]) -> Paces:
    count = len(fitted)
    before = Paces(
        start_s=0.0,
        pace=np.full(count, 0.1),
        hour_factor=np.ones(0),
        class_factor=np.ones((count, 0)),
        error=np.full(count, np.nan),
        timed=np.zeros(count, dtype=np.bool_),
    )
    nothing = np.zeros(0, dtype=np.bool_)
    own = np.zeros(count, dtype=np.bool_)
    return fit_paces(driven, before, Unknowns(np.array(fitted), nothing, own))


def test_a_fifth_of_outliers_hardly_moves_a_pace() -> None:
    clean = _fit(_driven([12.0, 6.0]), [True, True])
    spoilt = _fit(_driven([12.0, 6.0], outliers=0.2), [True, True])
    assert 1 / clean.pace == pytest.approx([12.0, 6.0], rel=0.03)
    assert 1 / spoilt.pace == pytest.approx([12.0, 6.0], rel=0.06)


@pytest.mark.parametrize(("planted", "bound"), [(0.2, 0.5), (90.0, 150 / 3.6)])
def test_a_speed_that_no_vehicle_drives_stays_at_the_bound_and_is_marked(
    planted: float, bound: float
) -> None:
    found = _fit(_driven([planted, 8.0]), [True, True])
    assert 1 / found.pace[0] == pytest.approx(bound, rel=1e-3)
    assert found.at_bound[0]
    assert (1 / found.pace <= 150 / 3.6 + 1e-6).all()


def test_what_is_not_asked_for_stays_and_has_no_error() -> None:
    found = _fit(_driven([12.0, 10.0]), [True, False])
    assert found.pace[1] == 0.1
    assert np.isnan(found.error).tolist() == [False, True]
    assert 1 / found.pace[0] == pytest.approx(12.0, rel=0.03)


def test_the_error_told_is_that_of_fits_to_other_runs() -> None:
    found = _fit(_driven([12.0, 6.0]), [True, True])
    assert abs(np.log(12.0 * found.pace[0])) < 3 * found.error[0]
    assert 0.001 < found.error[0] < 0.05
