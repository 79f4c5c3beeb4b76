"""Losses in the worst scenarios."""

import numpy as np

from optimizer.demand import FloatArray


def value_at_risk(loss: FloatArray, probability: FloatArray, alpha: float) -> float:
    """Return the conditional value at risk: the mean loss of the worst ``1 - alpha``.

    Examples
    --------
    >>> value_at_risk(np.array([0.0, 10.0, 20.0]), np.array([0.5, 0.25, 0.25]), 0.5)
    15.0
    """
    order = np.argsort(-loss, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(probability[order])[:-1]])
    share = np.clip(1.0 - alpha - before, 0.0, probability[order])
    return float(share @ loss[order]) / (1.0 - alpha)


def quantile_at_risk(loss: FloatArray, probability: FloatArray, alpha: float) -> float:
    """Return the least loss that is not exceeded with probability ``alpha`` or more.

    Examples
    --------
    >>> quantile_at_risk(np.array([0.0, 10.0, 20.0]), np.array([0.8, 0.1, 0.1]), 0.85)
    10.0
    """
    order = np.argsort(loss, kind="stable")
    reached = np.cumsum(probability[order])
    first = int(np.searchsorted(reached, alpha - 1e-12))
    return float(loss[order][min(first, len(loss) - 1)])


def worst_weights(loss: FloatArray, probability: FloatArray, alpha: float) -> FloatArray:
    """Return the weights whose sum with the losses is the conditional value at risk.

    Examples
    --------
    >>> worst_weights(np.array([0.0, 10.0, 20.0]), np.array([0.5, 0.25, 0.25]), 0.5).tolist()
    [0.0, 0.5, 0.5]
    """
    order = np.argsort(-loss, kind="stable")
    before = np.cumsum(probability[order]) - probability[order]
    taken = np.clip((1.0 - alpha) - before, 0.0, probability[order])
    weights = np.zeros(len(loss))
    weights[order] = taken / (1.0 - alpha)
    return weights
