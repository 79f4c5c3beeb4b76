"""Travel over roads: the network, how a traveller uses it, and states it may be in."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from models.base import Model
from models.datasets import DatasetReference
from models.geometry import Geometry
from models.quantities import Count, Identifier, Metres, MetresPerSecond, Seconds
from models.text import Label
from models.traffic import TRAFFIC_PRESETS, Hour

Factor = Annotated[float, Field(gt=0, le=100)]


class RoadNetwork(DatasetReference):
    """A road network in the store, as an NPZ of arrays.

    ===================  =========================================================================
    array                meaning
    ===================  =========================================================================
    node_lat, node_lon   (node,) degrees, WGS 84
    edge_from, edge_to   (edge,) node indices, in the direction the edge was drawn
    edge_length_m        (edge,) along its shape, on the ellipsoid
    edge_class           (edge,) index into ``class_names``
    class_names          (class,) road classes, as OpenStreetMap's ``highway`` or the file's own
    edge_maxspeed_m_s    (edge,) NaN where none is posted
    edge_time_s          (edge,) a travel time the source gives, NaN where it gives none
    edge_access          (edge,) bits: 1, 2 cars forward, backward; 4, 8 buses; 16, 32 walkers;
                         64, 128 emergency vehicles beyond those (pedestrian streets, gates)
    edge_name, names     (edge,) index into ``names`` (name,), -1 where it has none
    shape_start          (edge + 1,) where the inner vertices of an edge begin in the next two
    shape_lat, shape_lon (vertex,) degrees; the end nodes are not repeated
    about                JSON text: ``source``, ``format``, ``licence``, ``illustrative``,
                         ``dropped_nodes``, ``dropped_edges`` (outside the largest component)
    ===================  =========================================================================
    """


class RoadProfile(Model):
    """How one kind of traveller uses the roads.

    ``mode`` says which access counts: ``emergency`` may use all that cars and buses may and what
    is kept for it alone; ``foot`` ignores directions unless walkers have one. ``speeds_m_s``
    gives speeds by road class over the preset's; ``default_speed_m_s`` is for classes neither
    names. ``maxspeed``: a posted limit is ignored, caps the class's speed, or replaces it. A time
    that the source gives for an edge counts before all of these unless ``use_given_times`` is
    False. ``against_one_way`` lets it go against one-way streets, that many times slower.
    ``passes`` names closures that do not hold it up. A place farther than ``snap_limit_m`` from
    every usable road is not reached; nearer ones are reached at ``access_speed_m_s``.
    ``start_s`` is part of every trip whatever the hour: what a log of runs shows that no road
    accounts for, as getting off the apron.
    """

    mode: Literal["emergency", "car", "foot"] = "emergency"
    speeds_m_s: dict[Identifier, MetresPerSecond] = Field(default_factory=dict)
    default_speed_m_s: MetresPerSecond | None = None
    maxspeed: Literal["ignore", "cap", "use"] = "cap"
    use_given_times: bool = True
    against_one_way: Factor | None = None
    passes: tuple[Identifier, ...] = ()
    snap_limit_m: Metres = 500.0
    access_speed_m_s: MetresPerSecond | None = None
    start_s: Annotated[float, Field(ge=0, le=1800)] = 0.0


class Closure(Model):
    """Roads that cannot be used, or only slowly: those that its shape touches.

    Points and lines touch what lies within ``buffer_m``. ``speed_factor`` 0 closes the roads,
    else their speed is multiplied by it. ``road_classes`` None means all of them: an expressway
    on pillars may be left out of a flood below it.
    """

    id: Identifier
    name: Label | None = None
    kind: Literal["flood", "landslide", "blocked", "works", "other"] = "other"
    geometry: Geometry
    buffer_m: Metres = 15.0
    speed_factor: Annotated[float, Field(ge=0, lt=1)] = 0.0
    road_classes: Annotated[tuple[Identifier, ...], Field(min_length=1)] | None = None
    illustrative: bool = False


class RoadScenario(Model):
    """One state of the roads: how slow the hour is, and what is closed.

    Times are multiplied by ``time_factor``, and on roads of a class also by that class's own.
    ``preset`` names an hour of `models.traffic`, whose factors by class hold where
    ``class_time_factors`` names none.
    """

    id: Identifier = "all_day"
    name: Label | None = None
    weight: Annotated[float, Field(gt=0)] = 1.0
    time_factor: Factor = 1.0
    class_time_factors: dict[Identifier, Factor] = Field(default_factory=dict)
    preset: Hour | None = None
    closures: tuple[Identifier, ...] = ()

    def factors(self) -> dict[str, float]:
        """Return the factor of every class that has one of its own, the preset's included."""
        preset = {} if self.preset is None else TRAFFIC_PRESETS[self.preset].by_class()
        return preset | self.class_time_factors


class ByRoads(Model):
    """Shortest times over a road network, from sites to demand points.

    Places are joined to the nearest point of a usable road by an access leg. Beyond ``cutoff_s``
    a pair counts as unreachable, which keeps the times sparse. No turn costs.
    """

    kind: Literal["roads"] = "roads"
    network: RoadNetwork
    profile: RoadProfile = RoadProfile()
    closures: tuple[Closure, ...] = ()
    scenarios: Annotated[tuple[RoadScenario, ...], Field(min_length=1)] = (RoadScenario(),)
    cutoff_s: Annotated[float, Field(gt=0)] = 3600.0


class Unsnapped(Model):
    """A place with no usable road within the limit; ``distance_m`` is to the nearest one."""

    what: Literal["demand_point", "site"]
    id: Identifier
    distance_m: Metres | None = None


class Isochrone(Model):
    """The ground that the plan's stations reach within ``within_s`` of response time."""

    within_s: Seconds
    geometry: Geometry


class ScenarioTravel(Model):
    """What one state of the roads did: what it closed, and whom it cut off.

    ``cut_off_sites`` reach nothing in this scenario that others reach; ``unreachable_points`` no
    site of the request reaches within the cut-off. Of both, names are cut at 1,000 and
    the counts are whole. ``closed_roads`` are drawn on the map.
    """

    scenario_id: Identifier
    closures: tuple[Identifier, ...] = ()
    closed_length_m: Metres = 0.0
    slowed_length_m: Metres = 0.0
    closed_roads: Geometry | None = None
    slowed_roads: Geometry | None = None
    cut_off_count: Count = 0
    cut_off_sites: tuple[Identifier, ...] = ()
    unreachable_count: Count = 0
    unreachable_points: tuple[Identifier, ...] = ()
    isochrones: tuple[Isochrone, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _counted(cls, data: Any) -> Any:
        """Count the names of a report made before there were counts."""
        if not isinstance(data, dict):
            return data
        names = {"cut_off_count": "cut_off_sites", "unreachable_count": "unreachable_points"}
        counts = {
            count: len(data[of])
            for count, of in names.items()
            if isinstance(data.get(of), list | tuple)
        }
        return counts | data


class TravelReport(Model):
    """What the travel times rest on, said in every output.

    ``method`` ``router`` is the search of another program, which ``source`` names;
    ``straight_line`` is a stand-in for roads, and is labelled so wherever it is shown.
    Lists of names are cut at 1,000; the counts are whole.
    """

    method: Literal["roads", "router", "matrix", "straight_line"]
    source: str | None = None
    node_count: int | None = None
    edge_count: int | None = None
    dropped_nodes: int | None = None
    dropped_edges: int | None = None
    unsnapped_count: int = 0
    unsnapped: tuple[Unsnapped, ...] = ()
    scenarios: tuple[ScenarioTravel, ...] = ()
    illustrative: bool = False
