"""Runs taken apart by scenario: found again from their records, and answered in any blocks."""

import numpy as np
import pytest

from models.run import RunLimits
from models.stockpiles import StockRequest
from models.stockpiles.objectives import Combination, Unmet, YearlyCost
from models.stockpiles.rules import LeastCover, StockRules
from optimizer.algorithms.two_stage import Executor, Here, LocalProcesses
from optimizer.control import RunControl
from optimizer.stockpiles import replies as answering
from optimizer.stockpiles.formulation import Formulation
from optimizer.stockpiles.instance import Instance
from optimizer.stockpiles.replay import replay
from optimizer.stockpiles.replies import Replies
from optimizer.stockpiles.solve import solve
from tests.interrupting import Interrupting, told
from tests.optimizer.stockpiles.drawn import drawn


def apart(seed: int) -> StockRequest:
    return drawn(seed, plain=True).model_copy(update={"method": "l_shaped"})


def fair(seed: int) -> StockRequest:
    """Return a request whose least cover is priced."""
    return drawn(seed).model_copy(
        update={
            "rules": StockRules(least_cover=(LeastCover(share=0.5, level="community"),)),
            "objectives": (Unmet(weight=10.0), YearlyCost(weight=0.05)),
            "combination": Combination.WEIGHTED_SUM,
            "method": "l_shaped",
        }
    )


@pytest.mark.parametrize("share", [0.0, 0.02, 0.2])
@pytest.mark.parametrize("request_", [apart(3), apart(11), fair(19), fair(23)])
def test_a_run_by_scenario_is_replayed_wherever_it_was_stopped(
    request_: StockRequest, share: float
) -> None:
    control = RunControl(RunLimits(), cancel=Interrupting(5, share))
    answer = solve(request_, control)
    record = answer.run.record
    assert record is not None
    assert record.replayable
    again = replay(request_, record)
    assert told(again.plan, again.run) == told(answer.plan, answer.run)


def replied(executor: Executor) -> list[bytes]:
    """Return all that is replied to some first stages, prices changing in between."""
    request = drawn(23)
    formulation = Formulation.of(Instance.from_request(request, None))
    control = RunControl(RunLimits())
    replies = Replies(formulation.responses, control, executor=executor)
    first = formulation.first
    found = []
    for share, price in ((0.0, 0.0), (0.5, 0.0), (0.2, 3.0), (0.7, 0.0)):
        at = first.lower + share * (np.minimum(first.upper, 100.0) - first.lower)
        added = [np.full(len(one.recourse.cost), price) for one in formulation.responses]
        replies.price(added.__getitem__ if price else None)
        reply = replies.columns(at, control)
        assert reply is not None
        worth, slope, columns = reply
        found += [worth.tobytes(), slope.tobytes(), *(one.tobytes() for one in columns)]
    assert executor.healthy()
    executor.stop()
    return found


def test_replies_are_the_same_to_the_bit_in_any_number_of_blocks() -> None:
    assert replied(Here(RunLimits())) == replied(Here(RunLimits(), places=3))


@pytest.mark.slow
def test_replies_are_the_same_to_the_bit_from_processes() -> None:
    assert replied(Here(RunLimits())) == replied(LocalProcesses(RunLimits(), places=2))


def test_few_scenarios_are_answered_by_a_run_of_two_threads_itself() -> None:
    limits = RunLimits(time_limit_s=3_600.0, threads=2)
    assert solve(fair(23), RunControl(limits)).plan is not None


@pytest.mark.slow
def test_a_run_on_two_processes_finds_the_plan_that_one_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answering, "_SPREAD_LEAST", 1)
    limits = RunLimits(time_limit_s=3_600.0)  # a busy machine takes a while to start processes
    one, two = (
        solve(fair(23), RunControl(limits.model_copy(update={"threads": count})))
        for count in (1, 2)
    )
    assert one.plan is not None
    assert two.plan == one.plan
