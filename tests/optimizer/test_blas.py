"""Products of arrays use one thread, in this process and in those forked from it."""

import os

from threadpoolctl import threadpool_info

import optimizer
from optimizer.blas import one_thread


def threads() -> set[int]:
    """Return how many threads the libraries of this process use."""
    return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}


def test_the_engine_leaves_one_thread_to_products() -> None:
    assert optimizer.solve is not None  # importing it is what does it
    assert threads() == {1}


def test_forked_processes_keep_to_one_thread() -> None:
    one_thread()
    child = os.fork()
    if child == 0:
        os._exit(0 if threads() == {1} else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
