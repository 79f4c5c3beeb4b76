"""Scenarios drawn from a seed: their weights, their strata, how they lie together."""

import numpy as np
import pytest

from instances.generators.hazards import KINDS, STRATA, Town, hazard_scenarios


def town() -> Town:
    side = np.arange(6) * 1000.0
    places = np.array([(x, y) for x in side for y in side])
    names = tuple(f"b{n}" for n in range(36))
    return Town(
        block_ids=names,
        block_m=places,
        residents=np.full(36, 1000.0),
        block_area=tuple(f"a{n // 6}" for n in range(36)),
        depot_ids=("d",),
        depot_m=np.array([[2500.0, 2500.0]]),
    )


def test_the_same_seed_gives_the_same_scenarios_and_another_does_not() -> None:
    one, same, other = (hazard_scenarios(town(), 40, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_weights_are_the_probabilities_of_kinds_and_strata() -> None:
    found = hazard_scenarios(town(), 200, seed=3)
    assert len(found) == 200
    for kind in KINDS:
        mine = [one.weight for one in found if one.kind == kind.id]
        assert sum(mine) == pytest.approx(kind.probability)
    top = [one.weight for one in found if (one.stratum or "").endswith("0.99-1")]
    assert sum(top) == pytest.approx(0.01)
    assert len(top) > 0.1 * len(found)  # the rare are drawn oftener than they happen
    assert len({one.stratum for one in found}) == len(KINDS) * (len(STRATA) - 1)


def test_what_is_hit_lies_together_and_most_harm_comes_from_few() -> None:
    found = [one for one in hazard_scenarios(town(), 400, seed=4) if one.kind == "flood"]
    places = dict(zip(town().block_ids, town().block_m, strict=True))
    shares = np.array([[one.affected.get(b, 0.0) for b in town().block_ids] for one in found])
    harm, weight = shares.sum(axis=1), np.array([one.weight for one in found])
    order = np.argsort(-harm)
    tenth = np.cumsum(weight[order]) <= 0.1 * weight.sum()
    assert (weight * harm)[order][tenth].sum() > 0.35 * (weight @ harm)
    middle = np.array([np.average(list(places.values()), axis=0, weights=one) for one in shares])
    apart = np.linalg.norm(np.array(list(places.values()))[None] - middle[:, None], axis=2)
    spread = (shares * apart).sum(axis=1) / shares.sum(axis=1)
    assert np.median(spread) < 0.75 * apart.mean()


def test_too_few_scenarios_for_the_strata_are_refused() -> None:
    with pytest.raises(ValueError, match="strata"):
        hazard_scenarios(town(), 5, seed=1)
