"""Proofs by programs over the core: the pairs that a plan below a guess can use.

With multipliers near the best, few pairs are left below a guess close to the bound (one in thirty
at a gap of 0.1 %), and an integer program of those is small. Its optimum, where it is below the
guess, is everyone's; else the guess is a bound. So no good plan is needed beforehand: the first
core finds one, and what it is worth is the next guess.

Ceselli, A. and Righini, G. (2005). A branch-and-price algorithm for the capacitated p-median
problem. Networks 45(3): the bound of each pair. Stefanello, F., de Araujo, O. and Müller, F.
(2015). Matheuristics for the capacitated p-median problem. International Transactions in
Operational Research 22(1): programs over few pairs.
"""

from collections.abc import Callable

import numpy as np

from models.run import Status
from optimizer.algorithms.capacitated.dual import Ascent, Dual
from optimizer.algorithms.capacitated.instance import CapacitatedInstance, FloatArray, Plan
from optimizer.algorithms.capacitated.program import formulate, plan_of
from optimizer.algorithms.capacitated.tree import Node, Tree
from optimizer.backends.highs import solve
from optimizer.control import RunControl
from optimizer.quiet import quiet

_PAIRS = (6, 12, 24)  # a customer, in the cores: the guesses follow from them
_MOST_PAIRS = 20_000
_STEPS, _PATIENCE = 1_000, 40
_AGAIN = 0.85  # of the pairs left, or fewer: shrink the core once more


def guesses(used: FloatArray, customers: int) -> list[float]:
    """Return below which worth so many pairs are left, by bounds of plans that use each (pair,).

    Examples
    --------
    >>> guesses(np.arange(100.0), 4)
    [24.0, 48.0, 96.0]
    """
    ordered = np.sort(used[np.isfinite(used)])
    wanted = [count * customers for count in _PAIRS]
    return [float(ordered[one]) for one in wanted if one < min(len(ordered), _MOST_PAIRS)]


def prove_core(
    tree: Tree,
    root: Node,
    hear: Callable[[Plan], None],
    control: RunControl,
    *,
    near: float,
) -> float | None:
    """Return a bound on all plans worth less than the tree's cutoff; None where the core is large.

    ``hear`` gets the best plan of the core, settled within ``near``.
    """
    cutoff = tree.cutoff()
    found = _core(tree, root, cutoff)
    if found is None:
        return cutoff
    node, left = found
    if len(left.cost) > _MOST_PAIRS:
        return None
    program = formulate(left, cutoff=cutoff)  # so that it ends where the bound gets there
    outcome = solve(program, quiet(control), absolute_gap=near)
    if outcome.values is not None:
        plan = plan_of(left, program, outcome.values)
        number = np.flatnonzero(node.options)[plan.options].astype(np.intp)
        hear(Plan(number, plan.customer, plan.site, plan.share))
    if outcome.status is Status.INFEASIBLE:
        return cutoff
    return -np.inf if outcome.bound is None else min(cutoff, outcome.bound)


def _core(tree: Tree, node: Node, cutoff: float) -> tuple[Node, CapacitatedInstance] | None:
    """Return what plans below the cutoff can use, None where there are no such plans."""
    while True:
        left = tree.left(node)
        dual = Dual(left)
        if not dual.possible:
            return None
        plan = Ascent(_STEPS, 0.6, _PATIENCE, cutoff, cutoff)
        bound = dual.climb(node.multiplier, plan, tree.stop)
        if bound.value >= cutoff:
            return None
        before = int(node.pairs.sum())
        node = tree.shrunk(node, left, bound, dual.sums(bound.multiplier))
        if node.pairs.sum() > _AGAIN * before or tree.stop():
            return node, tree.left(node)
