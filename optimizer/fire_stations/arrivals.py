"""Who arrives when, for a set of chosen options: the facts every figure is counted from."""

from dataclasses import dataclass

import numpy as np

from optimizer.coverage import TOLERANCE_S, row_blocks
from optimizer.demand import FloatArray
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray, IndexArray


@dataclass(frozen=True)
class Arrivals:
    """First and second arrivals of the chosen options, in every scenario.

    ``first_option`` is meaningful only where ``first_s`` is finite; equal times go to the lower
    site id.
    """

    options: IndexArray  # (open,) chosen options, by site id
    first_s: FloatArray  # (scenario, demand), inf where nobody arrives
    second_s: FloatArray  # (scenario, demand)
    first_option: IndexArray  # (scenario, demand) index into all options

    @classmethod
    def of(cls, instance: Instance, chosen: BoolArray) -> "Arrivals":
        """Return the arrivals of the options marked in ``chosen`` (option,)."""
        options = np.flatnonzero(chosen)
        by_site_id = np.argsort(instance.site_ids[instance.options.site[options]], kind="stable")
        options = options[by_site_id]
        shape = (instance.scenario_count, len(instance.demand))
        first_s, second_s = np.full(shape, np.inf), np.full(shape, np.inf)
        first_option = np.zeros(shape, dtype=np.intp)
        posts = instance.posts.of_option[options]
        for scenario in range(shape[0]):
            for rows in row_blocks(shape[1], len(options)):
                if not len(options):
                    continue
                times = instance.response_s(scenario, rows, posts)
                index = np.arange(len(times))
                nearest = times.argmin(axis=1)
                first_s[scenario, rows] = times[index, nearest]
                first_option[scenario, rows] = options[nearest]
                times[index, nearest] = np.inf
                second_s[scenario, rows] = times.min(axis=1)
        return cls(options, first_s, second_s, first_option)


def brought(
    instance: Instance, arrivals: Arrivals, within_s: float, supply: FloatArray
) -> FloatArray:
    """Return what arrives within ``within_s`` (scenario, demand, resource).

    ``supply`` (resource, option) says what each option brings.
    """
    shape = (instance.scenario_count, len(instance.demand), len(supply))
    total = np.zeros(shape)
    options = arrivals.options
    posts = instance.posts.of_option[options]
    for scenario in range(shape[0]):
        for rows in row_blocks(shape[1], max(1, len(options))):
            in_time = instance.response_s(scenario, rows, posts) <= within_s + TOLERANCE_S
            total[scenario, rows] = in_time @ supply[:, options].T
    return total
