"""A fire-station request as arrays.

Everything downstream speaks of *options* (what may be done where) and *posts*. A post is a site
with one turnout time: all options at a site that turn out equally fast reach the same places at
the same moment, so cover and travel time see one post where crews and cost see several options.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from models.fire_stations import FireStationRequest
from models.fire_stations.rules import IdlePolicy
from models.places import StationStatus
from models.standards import ResponseStandard, StationClass
from models.travel import ByMatrix
from optimizer.cache import Cache, name_of
from optimizer.coverage import TOLERANCE_S, row_blocks
from optimizer.datasets import Store
from optimizer.demand import DemandArrays, FloatArray
from optimizer.errors import InputError
from optimizer.fire_stations.checks import check, effective_classes, effective_standard
from optimizer.fire_stations.options import BoolArray, IndexArray, Options
from optimizer.travel import TravelTimes, travel_times

_MANY_POINTS = 20_000  # fewer are counted faster than they are read


@dataclass(frozen=True)
class Posts:
    """Sites with one turnout time each; columns of every response-time block."""

    site: IndexArray  # (post,)
    turnout_s: FloatArray  # (post,)
    of_option: IndexArray  # (option,) the post each option opens
    options: csr_array  # (post, option), 1 where the option opens the post

    def __len__(self) -> int:
        """Return the number of posts."""
        return len(self.site)

    @classmethod
    def of(cls, options: Options) -> Self:
        """Return the distinct (site, turnout) pairs of ``options``."""
        pairs = np.column_stack([options.site.astype(np.float64), options.turnout_s])
        distinct, of_option = np.unique(pairs, axis=0, return_inverse=True)
        of_option = of_option.reshape(-1).astype(np.intp)
        count = len(options)
        incidence = csr_array(
            (np.ones(count), (of_option, np.arange(count))), shape=(len(distinct), count)
        )
        return cls(distinct[:, 0].astype(np.intp), distinct[:, 1], of_option, incidence)


@dataclass(frozen=True)
class Settled:
    """What every plan still looked for has in common, beyond what the rules say."""

    taken: BoolArray  # (option,)
    shut: BoolArray  # (option,) taken by none
    open_posts: BoolArray  # (post,)


@dataclass(frozen=True)
class Instance:
    """The arrays of one request; demand ``i``, site ``j``, option ``o``, post ``k``.

    ``settled`` narrows it to the plans that keep what a search has won so far.
    """

    request: FireStationRequest
    demand: DemandArrays
    travel: TravelTimes
    classes: tuple[StationClass, ...]
    standard: ResponseStandard
    options: Options
    posts: Posts
    settled: Settled | None = None
    cache: Cache | None = None

    @classmethod
    def from_request(cls, request: FireStationRequest, store: Store | None = None) -> Self:
        """Check what needs more than one field and turn names into indices.

        Raises
        ------
        InputError
            With every fault of the request.
        """
        demand = DemandArrays.from_request(request.demand_points, store)
        faults = check(request, demand)
        if faults:
            raise InputError(faults)
        classes, standard = effective_classes(request), effective_standard(request)
        options = Options.of(request, classes, standard)
        return cls(
            request=request,
            demand=demand,
            travel=travel_times(request.travel, demand, request.sites, store),
            classes=classes,
            standard=standard,
            options=options,
            posts=Posts.of(options),
            cache=Cache.of(store),
        )

    def narrowed(self, settled: Settled) -> Self:
        """Return the instance of the plans of which ``settled`` holds."""
        return replace(self, settled=settled)

    def weight(self, name: str) -> FloatArray:
        """Return a demand weight by name, 0 everywhere where no point has it."""
        given = self.demand.weights.get(name)
        return np.zeros(len(self.demand)) if given is None else given

    @cached_property
    def population(self) -> FloatArray:
        """The demand that times and crews are counted by (demand,).

        Where no point has the request's population weight: the first weight by name.
        """
        weights = self.demand.weights
        name = self.request.population_weight
        return self.weight(name if name in weights else min(weights, default=name))

    @cached_property
    def scenario_count(self) -> int:
        """The number of travel scenarios."""
        return len(self.travel.scenario_ids)

    def response_s(self, scenario: int, rows: slice, posts: IndexArray | None = None) -> FloatArray:
        """Return response times (rows, post): turnout plus travel, ``inf`` where unreachable."""
        index = np.arange(len(self.posts)) if posts is None else posts
        times = self.travel.block(scenario, rows, self.posts.site[index])
        return times + self.posts.turnout_s[index]

    @cached_property
    def arrivals_name(self) -> str | None:
        """A hash of who reaches whom when; None where finding it takes longer than counting."""
        request, demand = self.request, self.demand
        if isinstance(request.travel, ByMatrix) or len(demand) < _MANY_POINTS:
            return None
        sites = [(one.lat, one.lon, one.x_m, one.y_m) for one in request.sites]
        return name_of(
            "arrivals",
            request.travel.model_dump_json(),
            np.array(sites, dtype=np.float64),
            *(
                b"" if one is None else one
                for one in (demand.lat, demand.lon, demand.x_m, demand.y_m)
            ),
            self.posts.site,
            self.posts.turnout_s,
        )

    def coverable(self, within_s: float) -> BoolArray:
        """Return who any site at all would reach in time (scenario, demand), rules aside."""
        if within_s not in self._coverable:
            self._coverable[within_s] = self._reached_by_any(within_s)
        return self._coverable[within_s]

    @cached_property
    def _coverable(self) -> dict[float, BoolArray]:
        """What ``coverable`` has found so far, by time limit."""
        return {}

    def _reached_by_any(self, within_s: float) -> BoolArray:
        shape = (self.scenario_count, len(self.demand))
        reachable = np.zeros(shape, dtype=np.bool_)
        site, turnout_s = self._anywhere
        for scenario in range(shape[0]):
            for rows in row_blocks(shape[1], len(site)):
                times = self.travel.block(scenario, rows, site) + turnout_s
                reachable[scenario, rows] = (times <= within_s + TOLERANCE_S).any(axis=1)
        return reachable

    @cached_property
    def _anywhere(self) -> tuple[IndexArray, FloatArray]:
        """Every post, and idle stations that the request keeps closed."""
        posts = list(zip(self.posts.site.tolist(), self.posts.turnout_s.tolist(), strict=True))
        norms = {one.id: one for one in self.classes}
        for index, site in enumerate(self.request.sites):
            if site.station is not None and site.station.status is not StationStatus.IN_SERVICE:
                turnout_s = norms[site.station.class_id].turnout_s
                posts.append((index, self.standard.turnout_s if turnout_s is None else turnout_s))
        distinct = sorted(set(posts))
        return (
            np.array([index for index, _ in distinct], dtype=np.intp),
            np.array([turnout_s for _, turnout_s in distinct], dtype=np.float64),
        )

    @cached_property
    def excluded(self) -> BoolArray:
        """Options that a rule on their own site forbids, whatever else is chosen."""
        rules, options = self.request.rules, self.options
        forbidden = np.array([site.id in set(rules.forbidden_sites) for site in self.request.sites])
        close = np.array([bool(self.too_near(j)) for j in range(len(self.request.sites))])
        stands = np.array([site.station is None for site in self.request.sites])
        wrong = np.zeros(len(options), dtype=np.bool_)
        for choice in rules.open_sites:
            if choice.class_id is not None:
                ours = self.class_ids[options.class_index] == choice.class_id
                wrong |= (self.site_ids[options.site] == choice.site_id) & ~ours
        at_new = stands[options.site] & close[options.site]
        excluded: BoolArray = (forbidden[options.site] & options.opens) | at_new | wrong
        return excluded if self.settled is None else excluded | self.settled.shut

    def too_near(self, site: int) -> tuple[int, ...]:
        """Return which clearances (by index) a new station at ``site`` would break."""
        nearby = self.request.sites[site].nearby
        return tuple(
            index
            for index, rule in enumerate(self.request.rules.clearances)
            if any(one.kind == rule.kind and one.distance_m < rule.distance_m for one in nearby)
        )

    @cached_property
    def forced(self) -> BoolArray:
        """Options every plan has: stations that stay, idle ones that must be commissioned."""
        options, sites = self.options, self.request.sites
        alone = np.bincount(options.origin, minlength=len(sites))[options.origin] == 1
        may_close = np.array(
            [site.station is not None and "close" in site.station.may for site in sites]
        )
        commissioned = self.request.rules.idle_stations is IdlePolicy.OPEN
        idle = options.opens & ~options.builds & (options.origin == options.site)
        stays = options.keeps & alone & ~may_close[options.origin]
        forced: BoolArray = stays | (idle & commissioned)
        return forced if self.settled is None else forced | self.settled.taken

    @cached_property
    def forced_posts(self) -> BoolArray:
        """Posts that some forced option opens, or one or another of several."""
        forced: BoolArray = (self.posts.options @ self.forced.astype(np.float64)) > 0
        return forced if self.settled is None else forced | self.settled.open_posts

    @cached_property
    def possible_posts(self) -> BoolArray:
        """Posts that some option not excluded opens."""
        return (self.posts.options @ (~self.excluded).astype(np.float64)) > 0

    @cached_property
    def site_ids(self) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        """Site ids as an array."""
        return np.array([site.id for site in self.request.sites], dtype=object)

    @cached_property
    def class_ids(self) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        """Class ids as an array."""
        return np.array([one.id for one in self.classes], dtype=object)

    @cached_property
    def today(self) -> IndexArray:
        """The options that are today's stations in service."""
        return np.flatnonzero(self.options.keeps)


def members_by_area(instance: Instance, level: str | None) -> dict[str, BoolArray]:
    """Return who lies in each area of ``level`` (demand,), descendants included.

    With no level: the areas that demand points name themselves.
    """
    areas = {area.id: area for area in instance.request.areas}
    named = instance.demand.area
    if named is None:
        return {}
    members: dict[str, BoolArray] = {}
    directly = {name for name in named if name is not None}
    for own in sorted(directly):
        inside = np.asarray(named == own)
        name: str | None = own
        while name is not None:
            wanted = name in directly if level is None else areas[name].level == level
            if wanted:
                members[name] = members.get(name, np.zeros(len(named), dtype=np.bool_)) | inside
            name = areas[name].parent
    return members
