"""The rules of a request as rows, each with its number and how the rows move with it."""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array

from models.facilities.request import Goal
from models.text import Text
from optimizer.demand import FloatArray
from optimizer.facilities.instance import BoolArray, Instance
from optimizer.ruling import Rule

REACHED = "demand_points"
_NAMED_MAX = 20  # sites of a state that are rules of their own


def limits(instance: Instance) -> Iterator[Rule]:
    """Yield how many may be built, and for how much."""
    request = instance.request
    building = (~instance.existing).astype(np.float64)
    for path, number, row in (
        ("number", request.number, building),
        ("budget", request.budget, instance.cost),
    ):
        if number is not None:
            yield Rule(
                path=path,
                text=Text(
                    code=f"rule.facilities.{path}",
                    values={"limit": float(number), "facility": request.facility},
                ),
                terms={"open": csr_array(row[None])},
                lower=np.array([-np.inf]),
                upper=np.array([float(number)]),
                number=float(number),
                step=np.ones(1),
                whole=path == "number",
            )


def named(instance: Instance) -> Iterator[Rule]:
    """Yield what must be built and what must not."""
    yield from _of_state(instance, "fixed", instance.fixed, 1.0)
    yield from _of_state(instance, "forbidden", instance.forbidden, 0.0)


def _of_state(instance: Instance, name: str, marked: BoolArray, value: float) -> Iterator[Rule]:
    """Yield a rule for each site of a state, one for all where there are many."""
    sites = np.flatnonzero(marked).tolist()
    if len(sites) > _NAMED_MAX:
        text = Text(code=f"rule.facilities.{name}.all", values={"count": len(sites)})
        yield _rows(instance, f"sites.state.{name}", text, sites, value)
        return
    for j in sites:
        text = Text(
            code=f"rule.facilities.{name}", values={"site_id": instance.request.sites[j].id}
        )
        yield _rows(instance, f"sites[{j}].state", text, [j], value)


def _rows(instance: Instance, path: str, text: Text, sites: list[int], value: float) -> Rule:
    count = len(sites)
    rows = csr_array((np.ones(count), (range(count), sites)), shape=(count, instance.sites))
    limits = np.full(count, value)
    return Rule(path, text, {"open": rows}, limits, limits)


def served(instance: Instance, block: str, weight: FloatArray, missed: float) -> Rule:
    """Return that enough is served, as one row: what ``missed`` columns weigh stays small.

    ``missed`` (the number) is weight that no site reaches. Where ``block`` counts what is served
    instead, its weights are below zero and ``missed`` is all weight.
    """
    request, total = instance.request, instance.total
    values: dict[str, float | str] = {"radius": request.radius or 0.0, "share": request.share}
    partly = request.goal is Goal.SET_COVER
    share = request.share if partly else 1.0
    return Rule(
        path="share" if partly else REACHED,
        text=Text(
            code=f"rule.facilities.{'share' if partly else 'reached'}.{request.measure}",
            values=values,
        ),
        terms={block: csr_array(weight[None])},
        lower=np.array([-np.inf]),
        upper=np.array([(1.0 - share) * total - missed]),
        number=share if partly else None,
        step=np.array([-total]) if partly else np.zeros(0),
    )
