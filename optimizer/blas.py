"""Products of arrays in one thread, whatever the machine has.

OpenBLAS gives vectors of more than some ten thousand entries to as many threads as there are
processors. They wait for each other by spinning: where processors are shared, a product of a tenth
of a millisecond takes thirty, on every one of them. And its sums then hang, in the last bit, on how
many there are, so that two machines could answer differently.
"""

from threadpoolctl import threadpool_limits


def one_thread() -> None:
    """Let the products of this process, and of those forked from it, use one thread."""
    threadpool_limits(limits=1, user_api="blas")
