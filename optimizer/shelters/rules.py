"""The rules of a request as rows, each with its number and how the rows move with it."""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array

from models.shelters.rules import CATCHMENT, AreaTarget, ServedFloor
from models.text import Text
from optimizer.ruling import Rule
from optimizer.shelters.instance import BoolArray, Instance


def rules(instance: Instance, waiting: csr_array) -> tuple[Rule, ...]:
    """Return every rule of the request.

    ``waiting`` (scenario x unit, unmet column) finds the column of each unit that may be unmet.
    """
    return (
        *_named(instance),
        *_money(instance),
        *_floors(instance, waiting),
        *_targets(instance),
    )


def _named(instance: Instance) -> Iterator[Rule]:
    sites, rules = instance.request.sites, instance.request.rules
    for name, value in (("open_sites", 1.0), ("forbidden_sites", 0.0)):
        for n, site in enumerate(getattr(rules, name)):
            row = np.array([[float(site in (one.id, one.ground)) for one in sites]])
            limit = np.array([value])
            text = Text(code=f"rule.shelters.{name}", values={"site_id": site})
            yield Rule(f"rules.{name}[{n}]", text, {"open": csr_array(row)}, limit, limit)


def _money(instance: Instance) -> Iterator[Rule]:
    rules = instance.request.rules
    new = (~instance.standing).astype(np.float64)
    staged = sum(stage.budget for stage in rules.stages) if rules.stages else None
    limits = (
        ("budget", rules.budget, instance.open_cost),
        ("max_new_sites", rules.max_new_sites, new),
        ("stages", staged, instance.open_cost),
    )
    for name, limit, row in limits:
        if limit is not None:
            yield Rule(
                path=f"rules.{name}",
                text=Text(code=f"rule.shelters.{name}", values={"limit": limit}),
                terms={"open": csr_array(row[None])},
                lower=np.array([-np.inf]),
                upper=np.array([float(limit)]),
                number=float(limit),
                step=np.ones(1),
                whole=name == "max_new_sites",
            )


def _floors(instance: Instance, waiting: csr_array) -> Iterator[Rule]:
    """Yield ``sum of unmet <= (1 - share) x leaving`` per scenario."""
    scenarios, units = instance.leaving.shape
    for n, floor in enumerate(instance.request.rules.served_floors):
        mine = floor_parties(instance, floor)
        people = (instance.leaving @ mine.T).ravel()
        scenario, party = np.divmod(np.arange(len(people)), len(mine))
        row, unit = np.nonzero(mine[party])
        column = scenario[row] * units + unit
        shape = (len(people), scenarios * units)
        pick = csr_array((np.ones(len(row)), (row, column)), shape=shape)
        yield Rule(
            path=f"rules.served_floors[{n}]",
            text=Text(
                code="rule.shelters.served_floor",
                values={
                    "share": floor.share,
                    "group": floor.group,
                    "area": floor.area,
                    "level": floor.level,
                },
            ),
            terms={"unmet": csr_array(pick @ waiting)},
            lower=np.full(len(people), -np.inf),
            upper=(1.0 - floor.share) * people,
            number=floor.share,
            step=-people,
        )


def floor_parties(instance: Instance, floor: ServedFloor) -> BoolArray:
    """Return the units (party, unit) that a floor speaks of: one party, or one an area."""
    mine = instance.blocks_in(floor.area)[instance.unit_block]
    if floor.group is not None:
        names = [group.id for group in instance.groups]
        mine &= instance.unit_group == names.index(floor.group)
    if floor.level is None:
        return mine[None]
    party = instance.parties(floor.level)
    found: BoolArray = (party == np.unique(party[party >= 0])[:, None]) & mine
    return found


def _targets(instance: Instance) -> Iterator[Rule]:
    for n, target in enumerate(instance.request.rules.area_targets):
        if target.level == CATCHMENT:
            continue
        places = target_areas(instance, target)
        residents = np.array([instance.residents[instance.blocks_in(one)].sum() for one in places])
        area_m2 = instance.effective_m2 if target.reading == "effective" else instance.gross_m2
        rows = np.array([np.where(instance.sites_in(one), area_m2, 0.0) for one in places])
        yield Rule(
            path=f"rules.area_targets[{n}]",
            text=Text(
                code=f"rule.shelters.area_target.{target.reading}",
                values={"m2": target.m2_per_resident, "level": target.level},
            ),
            terms={"open": csr_array(rows.reshape(len(places), -1))},
            lower=target.m2_per_resident * residents,
            upper=np.full(len(places), np.inf),
            number=target.m2_per_resident,
            step=residents,
        )


def target_areas(instance: Instance, target: AreaTarget) -> list[str | None]:
    """Return the areas a target holds in; None is the whole request."""
    if target.level is None:
        return [None]
    return [area.id for area in instance.request.areas if area.level == target.level]
