"""What is missing by name, and why.

More would help only from a depot that could send more: one whose hands and vehicles have not done
all they can by the deadline. Where no depot within reach that may hold an item could, or where
stock is left over in one that could not, that is the reason: its vehicles, if hands have time left.
"""

from collections.abc import Iterator

import numpy as np

from models.stockpiles.explanation import Reason, UnmetNeed
from optimizer.demand import FloatArray
from optimizer.stockpiles.instance import BoolArray, IndexArray, Instance
from optimizer.stockpiles.outcomes import Outcome
from optimizer.stockpiles.solution import Solution

_REASONS: tuple[Reason, ...] = (
    "out_of_reach",
    "vehicles",
    "handling",
    "not_held",
    "lost",
    "used_up",
)
_SHOWN = 200
_LEAST = 1e-6
_LEFT = 1e-4  # of a unit: less is rounding
_TIGHT = 1e-6  # relative
_HOUR_S = 3600.0


def unmet_needs(solution: Solution, driven: BoolArray | None = None) -> tuple[UnmetNeed, ...]:
    """Return what is missing by the deadline, the most first.

    ``driven`` (source,) are sources whose vehicles have done all they can; None: as planned for.
    """
    return tuple(_unmet(solution, driven))


def _unmet(solution: Solution, driven: BoolArray | None) -> Iterator[UnmetNeed]:
    instance = solution.instance
    request = instance.request
    band = instance.deadline_band
    missing = np.array([one.missing[:, :, band] for one in solution.outcomes])
    expected = np.einsum("s,sjk->jk", solution.probability, missing)
    worst = missing.argmax(axis=0)
    weighted = (expected * instance.weight).ravel()
    reasons: dict[int, IndexArray] = {}
    for at in np.argsort(-weighted, kind="stable")[:_SHOWN]:
        j, k = divmod(int(at), len(request.items))
        s = int(worst[j, k])
        if expected[j, k] <= _LEAST:
            return
        if s not in reasons:
            reasons[s] = _reasons(solution, solution.outcomes[s], driven)
        yield UnmetNeed(
            block_id=request.blocks[j].id,
            item_id=request.items[k].id,
            expected=float(expected[j, k]),
            worst=float(missing[s, j, k]),
            worst_scenario=solution.outcomes[s].situation.id,
            reason=_REASONS[int(reasons[s][j, k])],
        )


def _reasons(solution: Solution, one: Outcome, driven: BoolArray | None) -> IndexArray:
    """Return the reason, by its place among all, why each block lacks each item."""
    instance = solution.instance
    last = instance.deadline_band
    shape = instance.holding.shape
    stock, sent, may = np.zeros(shape), np.zeros(shape), instance.holding >= 0
    place = (instance.holding_source, instance.holding_item)
    stock[place] = solution.first.stock @ solution.values
    survives = stock * one.situation.survives[:, None]
    in_time = one.band <= last
    exchange = one.exchange[in_time]
    amount = one.quantity[in_time] * instance.exchange_rate[exchange]
    np.add.at(sent, (one.source[in_time], instance.exchange_sent[exchange]), amount)
    reach = (one.situation.arrives <= last).T.astype(np.float64)
    able = _for_need(instance, shape[1])
    busy = _handled_out(solution, one)
    carried_out = _carried_out(instance, one) if driven is None else driven
    waits, open_ = carried_out & ~busy, ~carried_out & ~busy

    def some(held: BoolArray) -> BoolArray:
        return np.asarray(reach @ held.astype(np.float64) @ able > 0)

    left = survives - sent > _LEFT
    shut = ~some(may & open_[:, None])
    tests = (
        ~some(may),
        some(left & waits[:, None]) | (shut & some(may & waits[:, None])),
        some(left) | shut,
        ~some(stock > _LEAST),
        ~some(survives > _LEAST),
    )
    reason = np.full(shut.shape, len(tests), dtype=np.int64)
    for n in reversed(range(len(tests))):
        reason[tests[n]] = n
    return reason


def _by_source(
    instance: Instance, one: Outcome, flows: FloatArray, moved: FloatArray
) -> FloatArray:
    """Return what flows (delivery,) and refills by the deadline add up to, (source,)."""
    found = np.zeros(len(instance.tier))
    in_time = one.band <= instance.deadline_band
    np.add.at(found, one.source[in_time], flows[in_time])
    out, _, _, band = one.refills
    in_time = band <= instance.deadline_band
    np.add.at(found, out[in_time], moved[in_time])
    return found


def _sent(instance: Instance, one: Outcome) -> tuple[IndexArray, FloatArray]:
    """Return which item each delivery is, and how many units of it."""
    return instance.exchange_sent[one.exchange], one.quantity * instance.exchange_rate[one.exchange]


def _handled_out(solution: Solution, one: Outcome) -> BoolArray:
    """Return which sources can handle no more by the deadline, (source,)."""
    instance = solution.instance
    item, units = _sent(instance, one)
    volume = instance.volume_m3
    done = _by_source(instance, one, units * volume[item], one.refilled * volume[one.refills[2]])
    most = solution.first.handled_m3(solution.values)[:, instance.deadline_band]
    return np.asarray(done >= most * (1.0 - _TIGHT))


def _carried_out(instance: Instance, one: Outcome) -> BoolArray:
    """Return which sources have vehicles that carry no more by the deadline, (source,)."""
    found = np.zeros(len(instance.tier), dtype=np.bool_)
    if not instance.has_vehicles:
        return found
    item, units = _sent(instance, one)
    out, depot, refilled, _ = one.refills
    trip_h = one.situation.trip_s / _HOUR_S
    able_h = instance.bands[instance.deadline_band].end_s - instance.ready_s
    most = instance.carried * np.maximum(0.0, able_h / _HOUR_S)[:, None]
    for measure, each in enumerate((instance.weight_kg, instance.volume_m3)):
        moved = one.refilled * each[refilled] * trip_h[out, len(instance.people) + depot]
        flows = units * each[item] * trip_h[one.source, one.block]
        done = _by_source(instance, one, flows, moved)
        found |= done >= most[:, measure] * (1.0 - _TIGHT)
    return found


def _for_need(instance: Instance, items: int) -> FloatArray:
    """Return (item sent, item needed): whether the one does for the other."""
    able = np.zeros((items, items))
    exchange, needed = np.nonzero(instance.gives)
    able[instance.exchange_sent[exchange], needed] = 1.0
    return able
