"""Processes that work for a bounded one share its bounds."""

import os
import resource

import numpy as np
import pytest
from scipy.sparse import csr_array

from models.run import RunLimits
from optimizer.algorithms.two_stage import Blocks, LocalProcesses
from optimizer.algorithms.two_stage.granting import Grant, affordable, divided, grant, take_back
from optimizer.algorithms.two_stage.program import Recourse
from optimizer.control import RunControl

GB = 2**30


@pytest.mark.parametrize("limit", [2 * GB, 4 * GB, 8 * GB, 64 * GB])
@pytest.mark.parametrize("used", [GB // 2, GB, 3 * GB])
@pytest.mark.parametrize("places", [1, 2, 8])
def test_together_they_get_no_more_than_there_is(limit: int, used: int, places: int) -> None:
    count, each = divided(limit, used, places)
    assert 0 <= count <= places
    assert count == 0 or each >= GB
    assert count * each + max(used, 1) <= max(limit, used)


def in_a_child(ends: object) -> int:
    """Return how a forked child ends that does ``ends``, a function without arguments."""
    child = os.fork()
    if child == 0:
        try:
            ends()  # type: ignore[operator]
        except MemoryError:
            os._exit(7)
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_whoever_grants_goes_without_until_it_is_taken_back() -> None:
    def bounded() -> None:
        limit = 16 * GB
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        assert affordable(2) == 2
        granted = grant(2)
        assert granted.memory_bytes is not None
        assert resource.getrlimit(resource.RLIMIT_AS)[0] + 2 * granted.memory_bytes == limit
        take_back(granted, 2)
        assert resource.getrlimit(resource.RLIMIT_AS)[0] == limit

    assert in_a_child(bounded) == 0


def test_a_process_cannot_take_more_than_it_was_granted() -> None:
    def greedy() -> None:
        Grant(2 * GB, None, 0, os.getpgrp()).take()
        np.ones(3 * GB // 8)

    assert in_a_child(greedy) == 7


def test_without_a_bound_nothing_is_divided() -> None:
    assert affordable(3) == 3
    assert Grant.of_this(None).memory_bytes is None


@pytest.mark.slow
def test_processes_that_answer_scenarios_are_bounded_and_in_the_group_of_their_solve() -> None:
    def bounded() -> None:
        limit = 16 * GB
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        executor = LocalProcesses(RunLimits(), places=2)
        one = Recourse(np.ones(1), csr_array(np.eye(1)), csr_array(np.eye(1)), np.array([2.0]))
        blocks = Blocks(lambda _: one, executor)
        replies = blocks.ask((0, 1), np.zeros(1), RunControl(RunLimits()))
        assert replies is not None
        pids = [process.pid or 0 for process in executor._processes]
        theirs = [resource.prlimit(pid, resource.RLIMIT_AS)[0] for pid in pids]
        own = resource.getrlimit(resource.RLIMIT_AS)[0]
        assert len(theirs) == 2
        assert own + sum(theirs) <= limit
        assert {os.getpgid(pid) for pid in pids} == {os.getpgrp()}
        executor.stop()
        assert resource.getrlimit(resource.RLIMIT_AS)[0] == limit

    assert in_a_child(bounded) == 0
