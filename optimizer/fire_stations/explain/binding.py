"""Which rules the plan meets without room to spare.

A rule with a number binds where the room left is too small to be of use: not one more station,
not the cheapest further option, less than half a point of cover. Any other rule, and a distance,
binds where the first objective would be better without it: solved again to know.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from models.fire_stations.explanation import BindingRule
from models.fire_stations.rules import IdlePolicy
from models.run import Status
from optimizer.control import RunControl
from optimizer.fire_stations.explain.question import Asked
from optimizer.fire_stations.first_level import FirstLevel
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.formulation.parts import Values
from optimizer.fire_stations.formulation.rules import Rule
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.unruled import STRUCTURE, rule_activity, silent_rules, with_options
from optimizer.quiet import quiet

_EPSILON = 1e-6
_TIGHT_SHARE = 0.005


def binding(asked: Asked, control: RunControl) -> tuple[tuple[BindingRule, ...], bool]:
    """Return the binding rules in the request's order, and whether time allowed all of them."""
    columns = asked.formulation.complete(asked.program, asked.part, (), asked.chosen)
    values = {name: columns[place] for name, place in asked.program.columns.items()}
    rules = (*asked.formulation.rules, *silent_rules(asked.instance))
    found: dict[str, BindingRule] = {}
    doubtful = []
    for rule in rules:
        if rule.number is None or rule.steps is not None:
            if rule.path not in STRUCTURE:
                doubtful.append(rule)
            continue
        for one in _by_room(asked, rule, values):
            found[rule.path] = one
    search = _Search(asked, control)
    for rule in search.binding(doubtful):
        found[rule.path] = BindingRule(path=rule.path, rule=rule.text, limit=rule.number)
    ordered = tuple(found[rule.path] for rule in rules if rule.path in found)
    return ordered, search.complete


def _by_room(asked: Asked, rule: Rule, values: Values) -> Iterator[BindingRule]:
    """Yield the rule if the room it leaves is of no use."""
    activity = rule_activity(rule, values)
    number = float(rule.number or 0.0)
    below = float((activity - rule.lower).min())
    if rule.path.startswith("new_stations.") and rule.lower.max() < number:
        below = np.inf  # a range from 0: the rule's number is its other end
    above = float((rule.upper - activity).min())
    if below < _least_use(rule):
        yield BindingRule(path=rule.path, rule=rule.text, used=number + below, limit=number)
    elif above < _cheapest(asked, rule) * (1 - _EPSILON):
        used = max(0.0, number - above)
        yield BindingRule(path=rule.path, rule=rule.text, used=used, limit=number)


def _least_use(rule: Rule) -> float:
    return _TIGHT_SHARE if rule.path.startswith("rules.cover_floors") else 1.0


def _cheapest(asked: Asked, rule: Rule) -> float:
    """Return the least that a further possible option would use of a rule's limit.

    0.0 where there is none: then no room is too small to be of use.
    """
    if "option" not in rule.terms:
        return 0.0
    price = rule.terms["option"].toarray().max(axis=0)
    prices = price[~asked.instance.excluded & ~asked.chosen]
    return float(prices[prices > 0].min()) if (prices > 0).any() else 0.0


class _Search:
    """Leaves rules out, in halves, and sees whether the first objective gets better."""

    def __init__(self, asked: Asked, control: RunControl) -> None:
        self._asked = asked
        self._control = control
        self.complete = True

    def binding(self, rules: list[Rule]) -> list[Rule]:
        """Return those without which, each alone, the first objective is better.

        Where leaving many out changes nothing, leaving out one of them does not either.
        """
        if not rules or not self._matters(rules):
            return []
        if len(rules) == 1:
            return rules
        half = len(rules) // 2
        return self.binding(rules[:half]) + self.binding(rules[half:])

    def _matters(self, rules: list[Rule]) -> bool:
        asked = self._asked
        instance = without(asked.instance, {rule.path for rule in rules})
        formulation = Formulation(instance)
        part = formulation.part(0)
        level = FirstLevel.of(instance, part)
        program = formulation.program(part)
        start = None
        if len(instance.options) == len(asked.chosen):
            start = formulation.complete(program, part, (), asked.chosen)
        resolved = level.solve(program, quiet(self._control, 0.5), start=start)
        gain = 0.0 if resolved.objective is None else asked.gain(resolved.objective, asked.best)
        matters = gain > _EPSILON * max(1.0, abs(asked.best))
        self.complete &= matters or resolved.status is Status.OPTIMAL
        return matters


def without(instance: Instance, paths: set[str]) -> Instance:
    """Return the instance without the rules at ``paths`` that have no number or are distances."""
    rules = instance.request.rules
    kept: dict[str, object] = {
        name: tuple(
            one
            for index, one in enumerate(getattr(rules, name))
            if f"rules.{name}[{index}]" not in paths
        )
        for name in ("open_sites", "forbidden_sites", "clearances")
    }
    dropped: dict[str, object] = {
        "spacing": None,
        "small_adjoins_larger": False,
        "nominal_area": "report",
        "idle_stations": IdlePolicy.MAY_OPEN,
    }
    kept |= {name: value for name, value in dropped.items() if f"rules.{name}" in paths}
    request = instance.request.model_copy(update={"rules": rules.model_copy(update=kept)})
    changed = replace(instance, request=request)
    return with_options(changed) if "rules.idle_stations" in paths else changed
