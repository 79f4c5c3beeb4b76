"""Why no plan exists: rules that cannot all hold, and what alone would resolve it.

A deletion filter (Chinneck and Dravnieks 1991) over the request's rules: a rule whose removal
leaves the rest in conflict is removed for good, and what remains is irreducible. Rules are
tried in halves, so that a hundred harmless ones cost a few solves, and those a planner cannot
change come first: they stay only where no conflict exists without them.

References
----------
Chinneck, J. W. and Dravnieks, E. W. (1991). Locating minimal infeasible constraint sets in
linear programs. ORSA Journal on Computing 3(2). https://doi.org/10.1287/ijoc.3.2.157
"""

from dataclasses import replace

import numpy as np

from models.answer import Conflict, ConflictRule
from models.fire_stations.rules import CountRange
from models.run import Status
from optimizer.backends import Outcome, highs
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.errors import BackendError
from optimizer.fire_stations.districts import DistrictCuts
from optimizer.fire_stations.first_level import with_cuts
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.formulation.parts import Values
from optimizer.fire_stations.formulation.rules import Rule
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray
from optimizer.fire_stations.unruled import NOMINAL_AREA, STRUCTURE, Slack, Unruled, rule_activity
from optimizer.linear import LinearProgram
from optimizer.quiet import quiet

Rows = dict[str, BoolArray]  # path of a rule -> (row,)

_SHARE = "rules.cover_floors["
_ROUNDING = 1e-9
_WHOLE = ("new_stations.", "rules.crew_limit_people")


def conflict(formulation: Formulation, control: RunControl) -> Conflict:
    """Return an irreducible conflict among the rules of a request that no plan keeps.

    Raises
    ------
    BackendError
        All rules hold together after all.
    """
    search = _Search(formulation.instance, control)
    if search.holds(frozenset()) is True:
        raise BackendError("all rules hold together, though the request was found infeasible")
    core = search.core()
    rules = tuple(search.named(rule) for rule in core)
    return Conflict(rules=rules, irreducible=not search.cut_short)


class _Search:
    """Solves the rules of one request, some left out; ``cut_short`` once the time ran out."""

    def __init__(self, instance: Instance, control: RunControl) -> None:
        self._asked = instance
        self._control = control
        self.unruled = Unruled.of(instance)
        self._program = self.unruled.program()
        self._cuts = DistrictCuts(self.unruled.instance)
        self.cut_short = False

    def core(self) -> list[Rule]:
        """Return the rules of an irreducible conflict, in the request's order."""
        rules = self.unruled.rules
        doubtful = sorted(rules, key=_reluctance)
        needed = self._needed(doubtful, dropped=set())
        return [rule for rule in rules if rule.path in needed]

    def _needed(self, doubtful: list[Rule], dropped: set[str]) -> set[str]:
        """Return the paths of ``doubtful`` rules that must stay; the others join ``dropped``."""
        paths = {rule.path for rule in doubtful}
        if self.holds(frozenset(dropped | paths)) is False:
            dropped |= paths
            return set()
        if len(doubtful) == 1:
            return paths
        half = len(doubtful) // 2
        first = self._needed(doubtful[:half], dropped)
        return first | self._needed(doubtful[half:], dropped)

    def holds(self, dropped: frozenset[str], given_way: Rows | None = None) -> bool | None:
        """Return whether some plan keeps all rules but ``dropped``; None where time ran out.

        ``given_way`` marks, by path, rows of a rule that are left out while its others stay.
        """
        program = self._masked(dropped, given_way or {})
        outcome = self._solve(program, districts=NOMINAL_AREA not in dropped)
        if outcome.values is not None:
            return True
        return False if self._infeasible(outcome) else None

    def _infeasible(self, outcome: Outcome) -> bool:
        proven = outcome.status is Status.INFEASIBLE
        self.cut_short |= not proven
        return proven

    def _masked(self, dropped: frozenset[str], given_way: Rows) -> LinearProgram:
        """Return the program with the rows of dropped rules unlimited."""
        lower, upper = self._program.row_lower.copy(), self._program.row_upper.copy()
        for path, rows in given_way.items():
            lower[self._program.rows[path]][rows] = -np.inf
            upper[self._program.rows[path]][rows] = np.inf
        for path in dropped & self._program.rows.keys():
            lower[self._program.rows[path]] = -np.inf
            upper[self._program.rows[path]] = np.inf
        return replace(self._program, row_lower=lower, row_upper=upper)

    def _solve(self, program: LinearProgram, *, districts: bool) -> Outcome:
        """Solve, with cuts until no district breaks its nominal area where that is a rule."""
        while True:
            stop = self._control.stop
            if stop is not None:
                return Outcome(Status.UNKNOWN, stop, None, None, "")
            cuts = self._cuts.rows() if districts else None
            cut = program if cuts is None else with_cuts(program, cuts)
            outcome = highs.solve(cut, quiet(self._control))
            if outcome.values is None or not districts:
                return outcome
            if not self._cuts.separate(self._chosen(outcome.values)):
                return outcome

    def _chosen(self, values: FloatArray) -> BoolArray:
        return values[: len(self.unruled.instance.options)] > 0.5

    def named(self, rule: Rule) -> ConflictRule:
        """Return a rule of the conflict with the smallest change that alone resolves it."""
        if rule.number is None:
            return ConflictRule(path=rule.path, rule=rule.text)
        if rule.steps is not None:
            restores_at = self._by_steps(rule.path, rule.steps)
        elif self._decides_who_is_small(rule):
            restores_at = self._by_count(rule, rule.number)
        else:
            restores_at = self._by_slack(rule, rule.number)
        return ConflictRule(
            path=rule.path,
            rule=rule.text,
            value=rule.number,
            smallest_change=None if restores_at is None else abs(restores_at - rule.number),
            restores_at=restores_at,
        )

    def _by_steps(self, path: str, step: FloatArray) -> float | None:
        """Return the largest step at which the rows still standing hold with every other rule."""
        steps = np.unique(step)
        holds_at, breaks_at = -1, len(steps)
        while breaks_at - holds_at > 1:
            middle = (holds_at + breaks_at) // 2
            if self.holds(frozenset(), {path: step >= steps[middle]}):
                holds_at = middle
            else:
                breaks_at = middle
        return None if holds_at < 0 else float(steps[holds_at])

    def _by_slack(self, rule: Rule, number: float, least: float = 0.0) -> float | None:
        """Return the number nearest to the rule's own at which all rules hold together."""
        rules = self._of_one_number(rule)
        whole = rule.path.startswith(_WHOLE)
        moves = []
        if np.isfinite(rule.lower).any():
            moves.append(self._move(Slack(rules, upward=False, most=number - least, whole=whole)))
        if np.isfinite(rule.upper).any():
            moves.append(self._move(Slack(rules, upward=True, most=np.inf, whole=whole)))
        found = [number + move for move in moves if move is not None]
        return min(found, key=lambda one: (abs(one - number), one), default=None)

    def _of_one_number(self, rule: Rule) -> tuple[Rule, ...]:
        """Return the rules that share a rule's number: a floor of each area has one share."""
        if not rule.path.startswith(_SHARE):
            return (rule,)
        own = _share_path(rule)
        return tuple(
            one
            for one in self.unruled.rules
            if one.path.startswith(_SHARE) and _share_path(one) == own
        )

    def _move(self, slack: Slack) -> float | None:
        """Return the least move of the number, negative downwards; None where none helps."""
        if slack.most <= 0.0:
            return None
        program = self.unruled.program(slack=slack)
        outcome = self._solve(program, districts=self._cuts.enforced)
        if outcome.values is None:
            self._infeasible(outcome)
            return None
        self.cut_short |= outcome.status is not Status.OPTIMAL
        # Counted afresh: the solver's own slack is only good to its tolerance.
        values = self.unruled.values(self._chosen(outcome.values))
        move = max(self._needed_move(rule, values, upward=slack.upward) for rule in slack.rules)
        move = float(round(move)) if slack.whole else min(move, slack.most)
        return move if slack.upward else -move

    def _needed_move(self, rule: Rule, values: Values, *, upward: bool) -> float:
        activity = rule_activity(rule, values)
        excess = activity - rule.upper if upward else rule.lower - activity
        # A share's row gives way by the last digit of a sum; its number need not.
        given = _ROUNDING if rule.path.startswith(_SHARE) else 0.0
        return max(0.0, float(excess.max()) + given)

    def _decides_who_is_small(self, rule: Rule) -> bool:
        """Return whether the rule is an exact count, and small stations must adjoin larger ones.

        Small are the classes of the lowest rank that may be built at all, so a count that
        leaves 0 or comes to it changes the other rule too.
        """
        rules = self._asked.request.rules
        exact = bool(np.isfinite(rule.lower).all() and np.isfinite(rule.upper).all())
        counts = rule.path.startswith("new_stations.")
        return rules.small_adjoins_larger and counts and exact

    def _by_count(self, rule: Rule, number: float) -> float | None:
        if number == 0.0:
            more = self._renumbered(rule, 1)
            found = more.holds(frozenset())
            at_one = next(one for one in more.unruled.rules if one.path == rule.path)
            restores_at = 1.0 if found else more.named(at_one).restores_at
            self.cut_short |= more.cut_short
            return restores_at
        restores_at = self._by_slack(rule, number, least=1.0)
        if restores_at is not None and abs(restores_at - number) < number:
            return restores_at
        none = self._renumbered(rule, 0)
        found = none.holds(frozenset())
        self.cut_short |= none.cut_short
        return 0.0 if found else restores_at

    def _renumbered(self, rule: Rule, count: int) -> "_Search":
        """Return the search of the request with another exact count."""
        request = self._asked.request
        class_id = rule.path.removeprefix("new_stations.")
        exactly = CountRange(min=count, max=count)
        counts = {**request.new_stations, class_id: exactly}
        changed = request.model_copy(update={"new_stations": counts})
        return _Search(replace(self._asked, request=changed), self._control)


def _share_path(rule: Rule) -> str:
    """Return where a floor's share stands in the request, whichever group the rule is of."""
    return rule.path[: rule.path.index("]") + 1]


def _reluctance(rule: Rule) -> int:
    """Return how gladly a planner would see the rule named: 0 for what cannot be changed."""
    if rule.path in STRUCTURE:
        return 0
    if rule.number is None:
        return 1
    return 2 if rule.steps is not None else 3
