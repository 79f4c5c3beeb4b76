"""What each opened site adds, and what stands in for it best."""

from dataclasses import dataclass, replace

import numpy as np

from models.fire_stations.explanation import Replacement, SiteContribution
from models.fire_stations.plan import Action
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.fire_stations.explain.question import Asked
from optimizer.fire_stations.options import BoolArray
from optimizer.fire_stations.solution import Solution
from optimizer.quiet import quiet


@dataclass(frozen=True)
class _Swap:
    """A stand-in, what the plan is worth with it, and the program's columns then."""

    option: int
    worth: float
    values: FloatArray


def contributions(asked: Asked, control: RunControl) -> tuple[tuple[SiteContribution, ...], bool]:
    """Return what each opened site adds, and whether time allowed every part of it.

    What is merely counted comes first for every site, then the stand-ins, then the solves.
    """
    swaps: dict[int, _Swap | None] = {}
    for option in asked.opened:
        if control.stop is None:
            swaps[option] = _best_swap(asked, option)
    replacements: dict[int, Replacement] = {}
    for option in asked.opened:
        if control.stop is None:
            part = quiet(control, 1.0 / (len(asked.opened) - len(replacements)))
            replacements[option] = _replacement(asked, option, part, swap=swaps[option])
    complete = len(replacements) == len(asked.opened)
    return tuple(
        _contribution(asked, option, swaps.get(option), replacements.get(option))
        for option in asked.opened
    ), complete


def _contribution(
    asked: Asked, option: int, swap: _Swap | None, replacement: Replacement | None
) -> SiteContribution:
    return SiteContribution(
        site_id=asked.site(option),
        class_id=asked.class_id(option),
        action=asked.instance.options.entries[option].action,
        adds=asked.gain(asked.value, asked.worth(_without(asked.chosen, option))),
        adds_alone=_adds_alone(asked, option),
        swap_site=None if swap is None else asked.site(swap.option),
        swap_loss=None if swap is None else asked.gain(asked.value, swap.worth),
        without=replacement,
    )


def _without(chosen: BoolArray, option: int) -> BoolArray:
    fewer = chosen.copy()
    fewer[option] = False
    return fewer


def _adds_alone(asked: Asked, option: int) -> float:
    """Return what the site adds to today's stations; a moved one leaves its old site."""
    today = Solution.today(asked.instance).chosen
    after = today.copy()
    if asked.instance.options.entries[option].action is Action.MOVE:
        after &= asked.instance.options.site != asked.instance.options.origin[option]
    after[option] = True
    return asked.gain(asked.worth(after), asked.worth(today))


def _best_swap(asked: Asked, option: int) -> _Swap | None:
    """Return the option of the same class elsewhere that stands in best, all others kept."""
    options, instance = asked.instance.options, asked.instance
    same = options.class_index == options.class_index[option]
    elsewhere = options.site != options.site[option]
    possible = same & elsewhere & options.opens & ~instance.excluded & ~asked.chosen
    if asked.exchange is None or asked.level.cuts.enforced:
        return _tried_swap(asked, option, possible)
    problem = replace(asked.exchange, possible=possible)
    insertion = problem.best_insertion(_without(asked.chosen, option), np.inf)
    if insertion is None:
        return None
    swapped = _without(asked.chosen, option)
    swapped[insertion[0]] = True
    values = asked.completed(swapped)
    return None if values is None else _Swap(insertion[0], asked.program.objective(values), values)


def _tried_swap(asked: Asked, option: int, possible: BoolArray) -> _Swap | None:
    """Return the best stand-in by trying every one against every rule."""
    tried = []
    for other in np.flatnonzero(possible).tolist():
        swapped = _without(asked.chosen, option)
        swapped[other] = True
        values = asked.completed(swapped)
        if values is not None:
            tried.append(_Swap(other, asked.program.objective(values), values))
    for swap in sorted(tried, key=lambda one: -asked.level.sign * one.worth):
        if not asked.level.cuts.broken(swap.values[asked.program.columns["option"]] > 0.5):
            return swap
    return None


def _replacement(
    asked: Asked, option: int, control: RunControl, *, swap: _Swap | None
) -> Replacement:
    """Return the first level solved again without a site, starting from its best stand-in."""
    options = asked.instance.options
    here = (options.site == options.site[option]) & options.opens
    start = None if swap is None else swap.values
    resolved = asked.forbidding(here, control, start)
    opened: tuple[str, ...] = ()
    if resolved.chosen is not None:
        opened = Solution(asked.instance, resolved.chosen).opened_sites
    objective = resolved.objective
    return Replacement(
        opened_sites=opened,
        objective=objective,
        bound=resolved.bound,
        loss=None if objective is None else asked.gain(asked.best, objective),
        status=resolved.status,
    )
