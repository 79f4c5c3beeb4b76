"""Why no plan exists: rules that cannot all hold, and what alone would resolve it.

A deletion filter (Chinneck and Dravnieks 1991): a rule whose removal leaves the rest in conflict
is removed for good, and what remains is irreducible. Where the linear relaxation is infeasible
already, only the rules in a proof of that (Farkas' multipliers) are tried at all.

References
----------
Chinneck, J. W. and Dravnieks, E. W. (1991). Locating minimal infeasible constraint sets in
linear programs. ORSA Journal on Computing 3(2). https://doi.org/10.1287/ijoc.3.2.157
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, hstack

from models.answer import Conflict, ConflictRule
from models.run import Status
from optimizer.backends import Outcome, highs
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.errors import BackendError
from optimizer.linear import LinearProgram
from optimizer.quiet import quiet
from optimizer.ruling import Rule


def conflict(program: LinearProgram, rules: Sequence[Rule], control: RunControl) -> Conflict:
    """Return an irreducible conflict among ``rules``, each a block of rows named by its path.

    Raises
    ------
    BackendError
        All rules hold together after all.
    """
    search = _Search(program, control)
    if search.holds(set()):
        raise BackendError("all rules hold together, though the request was found infeasible")
    dropped = search.idle(rules)
    for rule in sorted(rules, key=lambda one: one.number is not None):
        if rule.path not in dropped and search.holds(dropped | {rule.path}) is False:
            dropped.add(rule.path)
    core = [rule for rule in rules if rule.path not in dropped]
    return Conflict(
        rules=tuple(search.named(rule) for rule in core), irreducible=not search.cut_short
    )


class _Search:
    """Solves the rules of one request, some left out."""

    def __init__(self, program: LinearProgram, control: RunControl) -> None:
        self._control = control
        self._program = program
        self.cut_short = False

    def holds(self, dropped: set[str]) -> bool | None:
        """Return whether some plan keeps all rules but ``dropped``; None where time ran out."""
        lower, upper = self._program.row_lower.copy(), self._program.row_upper.copy()
        for path in dropped:
            lower[self._program.rows[path]] = -np.inf
            upper[self._program.rows[path]] = np.inf
        outcome = self._solve(replace(self._program, row_lower=lower, row_upper=upper))
        if outcome.values is not None:
            return True
        return False if outcome.status is Status.INFEASIBLE else None

    def idle(self, rules: Sequence[Rule]) -> set[str]:
        """Return rules that a proof of infeasibility does without; none where there is no proof.

        That the others are in conflict is tried once more.
        """
        session = LpSession(self._program, self._control.limits)
        try:
            infeasible = session.solve(quiet(self._control)) is Status.INFEASIBLE
            ray = session.ray() if infeasible else None
        except BackendError:
            ray = None
        if ray is None:
            return set()
        idle = {one.path for one in rules if not ray[self._program.rows[one.path]].any()}
        return idle if self.holds(idle) is False else set()

    def named(self, rule: Rule) -> ConflictRule:
        """Return a rule of the conflict with the smallest change that alone resolves it."""
        move = None if rule.number is None else self._move(rule)
        restores_at = None if move is None or rule.number is None else rule.number + move
        return ConflictRule(
            path=rule.path,
            rule=rule.text,
            value=rule.number,
            smallest_change=None if move is None else abs(move),
            restores_at=restores_at,
        )

    def _move(self, rule: Rule) -> float | None:
        """Return by how much the rule's number must move, every other rule kept."""
        assert rule.number is not None
        eases = 1.0 if np.isfinite(rule.upper).any() and (rule.step > 0).any() else -1.0
        program = self._program
        slack = np.zeros(program.matrix.shape[0])
        slack[program.rows[rule.path]] = -eases * rule.step
        eased = replace(
            program,
            cost=np.concatenate([np.zeros(len(program.cost)), [1.0]]),
            lower=np.concatenate([program.lower, [0.0]]),
            upper=np.concatenate([program.upper, [np.inf if eases > 0 else rule.number]]),
            integer=np.concatenate([program.integer, [rule.whole]]),
            matrix=csr_array(hstack([program.matrix, csr_array(slack[:, None])], format="csr")),
            columns={**program.columns, "slack": slice(len(program.cost), len(program.cost) + 1)},
        )
        outcome = self._solve(eased)
        if outcome.status is not Status.OPTIMAL or outcome.values is None:
            self.cut_short |= outcome.status is not Status.INFEASIBLE
            return None
        return eases * float(outcome.values[-1])

    def _solve(self, program: LinearProgram) -> Outcome:
        solve = highs.solve if program.integer.any() else highs.solve_linear
        outcome = solve(program, quiet(self._control))
        proofs = (Status.INFEASIBLE, Status.OPTIMAL)
        self.cut_short |= outcome.status not in proofs and outcome.values is None
        return outcome
