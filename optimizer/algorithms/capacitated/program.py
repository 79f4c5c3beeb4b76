"""What is left of an instance as an integer program with strong links."""

import numpy as np
from scipy.sparse import csr_array

from optimizer.algorithms.capacitated.instance import (
    BoolArray,
    CapacitatedInstance,
    FloatArray,
    Plan,
)
from optimizer.linear import Builder, LinearProgram

_LEAST_SHARE = 1e-9


def formulate(
    instance: CapacitatedInstance,
    *,
    whole: bool | None = None,
    links: BoolArray | None = None,
    cutoff: float | None = None,
) -> LinearProgram:
    r"""Return the program of an instance: blocks ``open`` (option,) and ``serve`` (pair,).

    Strong links :math:`x_{ij} \le \sum_{o \in j} y_o` stand for all pairs, or for ``links``; with
    ``whole`` (as the instance says by default) services are whole. No plan may cost more than
    ``cutoff``, where there is one.
    """
    pairs, options = len(instance.cost), len(instance.capacity)
    single = instance.single_source if whole is None else whole
    builder = Builder("min")
    lower = np.zeros(options)
    builder.add_columns("open", instance.opening, lower=lower)
    builder.add_columns("serve", instance.cost, integer=single)
    site, owner = instance.site, instance.option_site
    sites, customers = instance.sites, len(instance.demand)
    number = np.arange(pairs)
    one = np.ones(pairs)
    builder.add_rows(
        "served",
        {"serve": csr_array((one, (instance.customer, number)), shape=(customers, pairs))},
        lower=1.0,
        upper=1.0,
    )
    held = csr_array((instance.demand[instance.customer], (site, number)), shape=(sites, pairs))
    room = csr_array((-instance.capacity, (owner, np.arange(options))), shape=(sites, options))
    builder.add_rows("capacity", {"serve": held, "open": room}, lower=-np.inf, upper=0.0)
    opened = csr_array((np.ones(options), (owner, np.arange(options))), shape=(sites, options))
    must = np.zeros(sites)
    must[instance.opened] = 1.0
    builder.add_rows("option", {"open": opened}, lower=must, upper=1.0)
    total = float(instance.demand.sum()) * (1.0 - 1e-12)
    builder.add_rows(
        "room", {"open": csr_array(instance.capacity[None, :])}, lower=total, upper=np.inf
    )
    most = np.inf if instance.most is None else instance.most
    builder.add_rows(
        "count", {"open": csr_array(np.ones((1, options)))}, lower=instance.least, upper=most
    )
    if cutoff is not None:
        worth = {
            "open": csr_array(instance.opening[None, :]),
            "serve": csr_array(instance.cost[None, :]),
        }
        builder.add_rows("cutoff", worth, lower=-np.inf, upper=cutoff)
    linked = np.flatnonzero(links) if links is not None else number
    row = np.arange(len(linked))
    serve = csr_array((np.ones(len(linked)), (row, linked)), shape=(len(linked), pairs))
    builder.add_rows(
        "links",
        {"serve": serve, "open": csr_array(-opened[site[linked]])},
        lower=-np.inf,
        upper=0.0,
    )
    return builder.build()


def plan_of(instance: CapacitatedInstance, program: LinearProgram, values: FloatArray) -> Plan:
    """Return the plan that a program's values stand for; what is next to nothing is nothing."""
    options = np.flatnonzero(values[program.columns["open"]] > 0.5).astype(np.intp)
    share = np.clip(values[program.columns["serve"]], 0.0, 1.0)
    used = np.flatnonzero(share > (0.5 if instance.single_source else _LEAST_SHARE))
    served = np.bincount(instance.customer[used], share[used], len(instance.demand))
    share = share[used] / served[instance.customer[used]]
    return Plan(options, instance.customer[used], instance.site[used].astype(np.intp), share)
