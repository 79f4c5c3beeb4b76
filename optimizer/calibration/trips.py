"""Runs of a log on the roads of a request, sent by one profile or another."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.calibration import HourBand
from models.faults import Fault
from models.roads import ByRoads, RoadProfile, RoadScenario
from models.text import Text
from optimizer.calibration.paces import BoolArray, Driven, Paces
from optimizer.calibration.runs import Runs
from optimizer.datasets import Store
from optimizer.demand import FloatArray
from optimizer.errors import InputError
from optimizer.travel.roads import Roads
from optimizer.travel.roads.classes import check_classes
from optimizer.travel.roads.network import Network
from optimizer.travel.roads.routes import Routes
from optimizer.travel.roads.speeds import timed_edges

IndexArray = NDArray[np.intp]


@dataclass(frozen=True)
class Trips:
    """Runs that have a way over the open roads; ``hour`` is -1 where no band has theirs.

    Stations start many runs, so trips are searched from the places that they start at.
    """

    roads: Roads
    sites: IndexArray  # (run,)
    points: IndexArray  # (run,)
    distance_m: FloatArray  # (run,) straight lines
    observed_s: FloatArray  # (run,)
    hour: NDArray[np.int64]  # (run,)

    @classmethod
    def of(
        cls,
        runs: Runs,
        travel: ByRoads,
        store: Store | None,
        *,
        source: str,
        bands: tuple[HourBand, ...],
    ) -> Self:
        """Join the ends of the runs to the roads, and leave out those without a way.

        Raises
        ------
        InputError
            The log does not say where runs begin and end, or the network cannot be used.
        """
        network = Network.load(travel.network.sha256, store)
        check_classes(travel, network)
        if runs.ends_deg is None:
            raise InputError((Fault(path=source, need=Text(code="calibration.need_ends")),))
        origins, sites = np.unique(runs.ends_deg[:, :2], axis=0, return_inverse=True)
        ends, points = np.unique(runs.ends_deg[:, 2:], axis=0, return_inverse=True)
        unhurried = travel.model_copy(update={"closures": (), "scenarios": (RoadScenario(),)})
        roads = Roads.joining(unhurried, network, (ends, origins))
        hour = np.full(len(runs), -1)
        if runs.hour is not None:
            for index, band in enumerate(bands):
                hour[np.isin(runs.hour, band.hours)] = index
        time_s = Routes.of(roads, 0, sites, points).time_s
        way = np.isfinite(time_s) & (time_s > 0)
        return cls(
            roads, sites[way], points[way], runs.distance_m[way], runs.observed_s[way], hour[way]
        )

    def __len__(self) -> int:
        """Return the number of runs."""
        return len(self.sites)

    def sent(
        self,
        profile: RoadProfile,
        scenarios: tuple[RoadScenario, ...],
        of_run: NDArray[np.int64] | None = None,
    ) -> tuple[Driven, FloatArray]:
        """Return what the runs drive, and their times; ``of_run`` says in which scenario each.

        A run that takes longer than the cut-off counts as taking that long.
        """
        travel = self.roads.travel.model_copy(update={"profile": profile, "scenarios": scenarios})
        roads = self.roads.travelled(travel)
        driven = np.zeros((len(self), 2 * len(roads.network.class_names)))
        access_s, time_s = np.zeros(len(self)), np.zeros(len(self))
        in_scenario = np.zeros(len(self), dtype=np.int64) if of_run is None else of_run
        for scenario in np.unique(in_scenario).tolist():
            here = np.flatnonzero(in_scenario == scenario)
            routes = Routes.of(roads, scenario, self.sites[here], self.points[here])
            driven[here], access_s[here] = routes.driven, routes.access_s
            time_s[here] = np.minimum(routes.time_s, travel.cutoff_s)
        return Driven(driven, access_s, self.observed_s, self.hour), time_s

    def profile_paces(self, band_count: int) -> Paces:
        """Return the profile's mean pace on each class, posted limits included.

        Classes of roads whose time the source gives come once more, with a factor of 1.
        """
        network, times = self.roads.network, self.roads.times
        timed = timed_edges(network, self.roads.travel.profile)
        metres, whole_s = self.totals(~timed & times.usable)
        used = (metres > 0) & (whole_s > 0)
        # A pace where nobody may drive is never asked for.
        pace = np.divide(whole_s, metres, out=np.ones(len(metres)), where=used)
        count = 2 * len(metres)
        return Paces(
            start_s=self.roads.travel.profile.start_s,
            pace=np.append(np.maximum(pace, 0.01), np.ones(len(metres))),
            hour_factor=np.ones(band_count),
            class_factor=np.ones((count, band_count)),
            error=np.full(count, np.nan),
            timed=np.arange(count) >= len(metres),
        )

    def totals(self, edges: BoolArray) -> tuple[FloatArray, FloatArray]:
        """Return the metres and the seconds of some edges by class (class,)."""
        network, times = self.roads.network, self.roads.times
        count, of_class = len(network.class_names), network.edge_class[edges]
        seconds = np.minimum(times.forward_s, times.backward_s)[edges]
        metres, whole_s = (
            np.bincount(of_class, one, minlength=count).astype(np.float64)
            for one in (network.length_m[edges], seconds)
        )
        return metres, whole_s
