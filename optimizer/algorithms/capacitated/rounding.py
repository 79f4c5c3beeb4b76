"""First options to open: those that multipliers open most often, with room for the demand."""

import numpy as np

from optimizer.algorithms.capacitated.instance import CapacitatedInstance, FloatArray, IndexArray


def rounded_options(instance: CapacitatedInstance, opened: FloatArray, room: float) -> IndexArray:
    """Return the options opened most often, with ``room`` times what demand needs.

    Where their number is limited, as many as may open: those opened seldom make way for larger
    ones until there is room for the demand.
    """
    share: FloatArray = np.bincount(instance.option_site, opened, instance.sites).astype(float)
    share[instance.opened] = np.inf
    most = instance.sites if instance.most is None else instance.most
    chosen = np.full(instance.sites, -1, dtype=np.intp)
    needed, held = room * float(instance.demand.sum()), 0.0
    for site in np.argsort(-share, kind="stable").tolist():
        mine = slice(int(instance.option_start[site]), int(instance.option_start[site + 1]))
        if mine.start == mine.stop:
            continue
        enough = held >= needed and most == instance.sites
        if (enough or (chosen >= 0).sum() >= most) and np.isfinite(share[site]):
            break
        chosen[site] = int(mine.start) + int(np.argmax(opened[mine]))
        held += float(instance.capacity[chosen[site]])
    _make_room(instance, share, chosen)
    return chosen[chosen >= 0]


def _make_room(instance: CapacitatedInstance, share: FloatArray, chosen: IndexArray) -> None:
    """Replace options by larger ones, the least loss of share for the room first."""
    widest = np.full(instance.sites, -1, dtype=np.intp)
    order = np.argsort(instance.capacity, kind="stable")
    widest[instance.option_site[order]] = order  # the last of a site stays
    may = np.where(widest >= 0, instance.capacity[np.maximum(widest, 0)], -np.inf)
    needed = float(instance.demand.sum())
    while True:
        held = np.where(chosen >= 0, instance.capacity[np.maximum(chosen, 0)], 0.0)
        short = needed - float(held.sum())
        if short <= 0.0:
            return
        gain = may[None, :] - held[:, None]  # (site that closes, site that opens)
        gain[chosen < 0] = -np.inf
        gain[:, chosen >= 0] = -np.inf
        gain[np.isinf(share)] = -np.inf
        own = np.arange(instance.sites)
        gain[own, own] = np.where(chosen >= 0, may - held, -np.inf)
        if gain.max(initial=-np.inf) <= 0.0:
            return
        loss = np.where(np.isfinite(share), share, 1.0)
        price = (loss[:, None] - loss[None, :] + 1e-6) / np.clip(gain, 1e-300, short)
        closing, opening = divmod(
            int(np.argmin(np.where(gain > 0.0, price, np.inf))), instance.sites
        )
        chosen[closing] = -1
        chosen[opening] = widest[opening]
