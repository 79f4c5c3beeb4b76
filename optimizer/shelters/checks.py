"""Every check of a request that needs more than one of its fields."""

from collections.abc import Iterator, Sequence

import shapely

from models.faults import Fault
from models.geometry import MultiPolygon, Polygon
from models.shelters import ShelterRequest
from models.shelters.objectives import Combination, LargestShare, WorstWalk
from models.shelters.places import PeopleGroup
from models.shelters.rules import CATCHMENT
from models.shelters.scenarios import HazardShape, Phase, PlanarPolygon
from models.shelters.unfolding import unfolded
from models.text import Label
from models.travel import ByMatrix
from optimizer.listing import cycles, fault, member, misplaced, repeated, unknown_references

_GROUPS = Label(en="groups of people", zh="人群类别")
_AREAS = Label(en="areas", zh="区域")
_SITES = Label(en="sites", zh="场所")
_BLOCKS = Label(en="blocks", zh="街块")
_SCENARIOS = Label(en="travel scenarios", zh="出行情景")
_CASES = Label(en="scenarios", zh="情景")
_PHASES = Label(en="phases", zh="阶段")
_FACILITIES = Label(en="facilities of sites", zh="场所设施")
_LEVELS = Label(en="levels of areas", zh="区域层级")


def check(request: ShelterRequest) -> tuple[Fault, ...]:
    """Return all faults of ``request`` at once."""
    return (
        *_duplicates(request),
        *_references(request),
        *_positions(request),
        *_entrances(request),
        *_sizes(request),
        *_contradictions(request),
        *_unweighable(request),
        *_lists(request),
        *_facilities(request),
    )


def _duplicates(request: ShelterRequest) -> Iterator[Fault]:
    ids = [one.id for one in unfolded(request).sites] if _has_classes(request) else []
    lists = {
        "rules.stages": [one.id for one in request.rules.stages],
        "sites.classes": ids,
        "blocks": [one.id for one in request.blocks],
        "sites": [one.id for one in request.sites],
        "groups": [one.id for one in request.groups],
        "scenarios": [one.id for one in request.scenarios],
        "areas": [one.id for one in request.areas],
        "travel.scenarios": [one.id for one in request.travel.scenarios],
    }
    for s, scenario in enumerate(request.scenarios):
        lists[f"scenarios[{s}].phases"] = [phase.id for phase in scenario.phases]
    if request.fleet is not None:
        lists["fleet.vehicles"] = [one.id for one in request.fleet.vehicles]
        lists["fleet.travel.scenarios"] = [one.id for one in request.fleet.travel.scenarios]
    for path, ids in lists.items():
        yield from repeated(path, ids)


def _has_classes(request: ShelterRequest) -> bool:
    return any(site.classes for site in request.sites)


def _references(request: ShelterRequest) -> Iterator[Fault]:
    groups = {name for block in request.blocks for name in block.weights}
    areas = [area.id for area in request.areas]
    sites = [site.id for site in request.sites]
    sites += [one.id for one in unfolded(request).sites] if _has_classes(request) else []
    blocks = [block.id for block in request.blocks]
    ways = [one.id for one in request.travel.scenarios]
    levels = sorted({area.level for area in request.areas})
    yield from unknown_references("blocks", _block_areas(request), areas, _AREAS)
    yield from unknown_references("areas", _parents(request), areas, _AREAS)
    yield from unknown_references("groups", _named_groups(request), sorted(groups), _GROUPS)
    yield from unknown_references("blocks", _counted_groups(request), sorted(groups), _GROUPS)
    yield from unknown_references("rules", _named_sites(request), sites, _SITES)
    yield from unknown_references("scenarios", _by_area(request), areas, _AREAS)
    yield from unknown_references("scenarios", _by_block(request), blocks, _BLOCKS)
    yield from unknown_references("scenarios", _ways(request), ways, _SCENARIOS)
    yield from unknown_references("rules", _levels(request), levels, _LEVELS)
    driven = [] if request.fleet is None else [one.id for one in request.fleet.travel.scenarios]
    yield from unknown_references("scenarios", _drives(request), driven, _SCENARIOS)
    yield from unknown_references("blocks", _withins(request), blocks, _BLOCKS)
    cases = [one.id for one in request.scenarios]
    yield from unknown_references("blocks", _listed_in(request), cases, _CASES)
    phases = [phase.id for one in request.scenarios for phase in one.phases]
    yield from unknown_references("sites", _last_phases(request), phases, _PHASES)


def _block_areas(request: ShelterRequest) -> Iterator[tuple[str, str]]:
    for i, block in enumerate(request.blocks):
        if block.area is not None:
            yield f"blocks[{i}].area", block.area
    for j, site in enumerate(request.sites):
        if site.area is not None:
            yield f"sites[{j}].area", site.area
    for n, floor in enumerate(request.rules.served_floors):
        if floor.area is not None:
            yield f"rules.served_floors[{n}].area", floor.area


def _parents(request: ShelterRequest) -> Iterator[tuple[str, str]]:
    for n, area in enumerate(request.areas):
        if area.parent is not None:
            yield f"areas[{n}].parent", area.parent


def _named_groups(request: ShelterRequest) -> Iterator[tuple[str, str]]:
    for n, group in enumerate(request.groups):
        yield f"groups[{n}].id", group.id
    for n, name in enumerate(request.residents or ()):
        yield f"residents[{n}]", name
    for n, floor in enumerate(request.rules.served_floors):
        if floor.group is not None:
            yield f"rules.served_floors[{n}].group", floor.group


def _counted_groups(request: ShelterRequest) -> Iterator[tuple[str, str]]:
    for i, block in enumerate(request.blocks):
        for name in block.day_weights or {}:
            yield member(f"blocks[{i}].day_weights", name), name
    for s, scenario in enumerate(request.scenarios):
        for name in scenario.leave_part_by_group:
            yield member(f"scenarios[{s}].leave_part_by_group", name), name


def _named_sites(request: ShelterRequest) -> Iterator[tuple[str, str]]:
    for name in ("open_sites", "forbidden_sites"):
        for n, site in enumerate(getattr(request.rules, name)):
            yield f"rules.{name}[{n}]", site
    for s, scenario in enumerate(request.scenarios):
        for site in scenario.surviving_share:
            yield member(f"scenarios[{s}].surviving_share", site), site


def _by_area(request: ShelterRequest) -> Iterator[tuple[str, str]]:
    for s, scenario in enumerate(request.scenarios):
        for area in scenario.leave_share_by_area:
            yield member(f"scenarios[{s}].leave_share_by_area", area), area


def _by_block(request: ShelterRequest) -> Iterator[tuple[str, str]]:
    for s, scenario in enumerate(request.scenarios):
        for block in scenario.leave_share_by_block:
            yield member(f"scenarios[{s}].leave_share_by_block", block), block


def _ways(request: ShelterRequest) -> Iterator[tuple[str, str]]:
    for s, scenario in enumerate(request.scenarios):
        if scenario.travel_scenario is not None:
            yield f"scenarios[{s}].travel_scenario", scenario.travel_scenario


def _drives(request: ShelterRequest) -> Iterator[tuple[str, str]]:
    for s, scenario in enumerate(request.scenarios):
        if scenario.driving_scenario is not None:
            yield f"scenarios[{s}].driving_scenario", scenario.driving_scenario


def _withins(request: ShelterRequest) -> Iterator[tuple[str, str]]:
    for i, block in enumerate(request.blocks):
        if block.listed is not None and block.listed.within is not None:
            yield f"blocks[{i}].listed.within", block.listed.within


def _listed_in(request: ShelterRequest) -> Iterator[tuple[str, str]]:
    for i, block in enumerate(request.blocks):
        for n, name in enumerate((block.listed and block.listed.scenarios) or ()):
            yield f"blocks[{i}].listed.scenarios[{n}]", name


def _levels(request: ShelterRequest) -> Iterator[tuple[str, str]]:
    for n, objective in enumerate(request.objectives):
        if isinstance(objective, LargestShare) and objective.level != "block":
            yield f"objectives[{n}].level", objective.level
    if request.rules.together not in (None, "block"):
        yield "rules.together", str(request.rules.together)
    for n, floor in enumerate(request.rules.served_floors):
        if floor.level not in (None, "block"):
            yield f"rules.served_floors[{n}].level", str(floor.level)
    for n, target in enumerate(request.rules.area_targets):
        if target.level not in (None, CATCHMENT):
            yield f"rules.area_targets[{n}].level", str(target.level)


def _last_phases(request: ShelterRequest) -> Iterator[tuple[str, str]]:
    for j, site in enumerate(request.sites):
        if site.last_phase is not None:
            yield f"sites[{j}].last_phase", site.last_phase
        for n, one in enumerate(site.classes):
            if one.last_phase is not None:
                yield f"sites[{j}].classes[{n}].last_phase", one.last_phase


def _positions(request: ShelterRequest) -> Iterator[Fault]:
    """Yield a fault for each place whose coordinates are not those the others have."""
    shapes = [hazard.shape for one in request.scenarios for hazard in one.hazards]
    if isinstance(request.travel, ByMatrix) and not shapes:
        return
    first = request.blocks[0]
    planar = first.lat is None and first.x_m is not None
    wanted = (False, False, True, True) if planar else (True, True, False, False)
    yield from misplaced("sites", request.sites, wanted)
    if not isinstance(request.travel, ByMatrix):
        yield from misplaced("blocks", request.blocks, wanted)
    for s, scenario in enumerate(request.scenarios):
        for n, hazard in enumerate(scenario.hazards):
            path = f"scenarios[{s}].hazards[{n}].shape"
            if isinstance(hazard.shape, PlanarPolygon) is not planar:
                yield fault(path, "fault.coordinates")
            elif not _is_valid(hazard.shape):
                yield fault(path, "fault.shelters.shape")


def _entrances(request: ShelterRequest) -> Iterator[Fault]:
    """Yield a fault for entrances without coordinates like the others', or beside a matrix.

    A matrix says how long the walk to a site is.
    """
    first = request.blocks[0]
    planar = first.lat is None and first.x_m is not None
    wanted = (False, False, True, True) if planar else (True, True, False, False)
    for j, site in enumerate(request.sites):
        path = f"sites[{j}].entrance_points"
        if isinstance(request.travel, ByMatrix) and site.entrance_points:
            yield fault(path, "fault.shelters.entrances")
        else:
            yield from misplaced(path, site.entrance_points, wanted)


def _is_valid(shape: HazardShape) -> bool:
    if isinstance(shape, PlanarPolygon):
        return bool(shapely.Polygon(shape.corners_m).is_valid)
    assert isinstance(shape, (Polygon, MultiPolygon))
    rings = [shape.coordinates] if isinstance(shape, Polygon) else shape.coordinates
    if any(ring[0] != ring[-1] for part in rings for ring in part):
        return False
    return bool(shapely.geometry.shape(shape.model_dump()).is_valid)


def _sizes(request: ShelterRequest) -> Iterator[Fault]:
    for j, site in enumerate(request.sites):
        for n, one in enumerate(site.classes):
            if one.places is None and one.effective_area_m2 is None:
                yield fault(f"sites[{j}].classes[{n}].places", "fault.shelters.size")
        plain = site.existing or not site.classes
        if plain and site.places is None and site.effective_area_m2 is None:
            yield fault(f"sites[{j}].places", "fault.shelters.size")
        gross, effective = site.gross_area_m2, site.effective_area_m2
        if gross is not None and effective is not None and gross < effective:
            yield fault(
                f"sites[{j}].gross_area_m2",
                "fault.at_least",
                gross,
                least=effective,
                other="effective_area_m2",
            )


def _contradictions(request: ShelterRequest) -> Iterator[Fault]:
    existing = {site.id for site in request.sites if site.existing}
    forbidden = request.rules.forbidden_sites
    for n, site in enumerate(forbidden):
        if site in request.rules.open_sites:
            yield fault(
                f"rules.forbidden_sites[{n}]",
                "fault.contradiction",
                site,
                other="rules.open_sites",
            )
        elif site in existing:
            yield fault(f"rules.forbidden_sites[{n}]", "fault.shelters.existing", site)
    yield from cycles(request.areas)


def _lists(request: ShelterRequest) -> Iterator[Fault]:
    """Yield a fault for lists that count more than their block, and people nobody can fetch."""
    blocks = {block.id: block for block in request.blocks}
    for i, block in enumerate(request.blocks):
        home = None if block.listed is None else blocks.get(block.listed.within or "")
        if home is None:
            continue
        if home.listed is not None:
            yield fault(f"blocks[{i}].listed.within", "fault.shelters.within", home.id)
            continue
        for group, people in block.weights.items():
            most = home.weights.get(group, 0.0)
            if people > most:
                path = member(f"blocks[{i}].weights", group)
                yield fault(path, "fault.shelters.listed", people, most=most, block=home.id)
    for n, one in enumerate(request.groups):
        if one.fetched and request.fleet is None:
            yield fault(f"groups[{n}].fetched", "fault.shelters.fleet", one.id)


def _facilities(request: ShelterRequest) -> Iterator[Fault]:
    """Yield a fault for each facility that somebody needs and no site has, or could have."""
    there = {name for site in request.sites for name in site.facilities}
    made = (name for site in request.sites for one in site.classes for name in one.facilities or ())
    known = sorted(there.union(made))
    yield from unknown_references("groups", _needed(request.groups, "groups"), known, _FACILITIES)
    for s, scenario in enumerate(request.scenarios):
        path = f"scenarios[{s}].phases"
        yield from unknown_references(path, _needed(scenario.phases, path), known, _FACILITIES)


def _needed(those: Sequence[PeopleGroup | Phase], path: str) -> Iterator[tuple[str, str]]:
    for n, one in enumerate(those):
        for k, name in enumerate(one.needs_facilities):
            yield f"{path}[{n}].needs_facilities[{k}]", name


def _unweighable(request: ShelterRequest) -> Iterator[Fault]:
    if request.combination is Combination.WEIGHTED_SUM:
        for n, aim in enumerate(request.objectives):
            if isinstance(aim, WorstWalk):
                yield fault(f"objectives[{n}].kind", "fault.shelters.worst_walk", aim.kind)
