"""Tables of figures: by weight, area, risk class and travel scenario, before and after."""

from api.render.figures import Scope, amount, covered, difference, group, groups, share, weights
from api.render.names import Names, standard
from api.render.tables import Kind, Row, Table, Value, build, columns
from models.fire_stations import FireStationPlan
from models.fire_stations.plan import GroupFigures
from models.messages import message, named

_GROUP_COLUMNS = (
    "total:count",
    "share_before:share",
    "share_after:share",
    "force_before:share",
    "force_after:share",
    "second_after:share",
    "mean_before:minutes",
    "mean_after:minutes",
    "p90_before:minutes",
    "p90_after:minutes",
    "worst_before:minutes",
    "worst_after:minutes",
)

_MEASURED: tuple[tuple[str, str, Kind], ...] = (
    ("on_duty", "on_duty_people", "count"),
    ("headcount", "headcount_people", "count"),
    ("crew_per_10k", "crew_per_10k", "number"),
    ("capital", "capital_cost", "money"),
    ("yearly", "yearly_cost", "money"),
)


def cover_note(names: Names) -> str:
    """Return what counts as covered."""
    asked = standard(names.request)
    clock = message(f"clock_start.{asked.clock_start.value}", names.language)
    return names.say("note.cover", within=asked.within_s, clock=clock)


def force_note(names: Names) -> str:
    """Return what counts as full force."""
    asked = standard(names.request)
    return names.say(
        "note.force",
        vehicles=asked.vehicles,
        people=asked.people,
        within=asked.full_force_within_s,
    )


def cover(names: Names, plan: FireStationPlan) -> Table | None:
    """Return the cover of every weight of all demand, before and after."""
    before, after = group(plan.before), group(plan.after)
    titles = columns(
        names.language,
        "weight",
        "total:count",
        "covered_before:count",
        "covered_after:count",
        "gain:count",
        "share_before:share",
        "share_after:share",
        "force_before:share",
        "force_after:share",
    )
    rows = []
    for weight in weights(plan, names.request.population_weight):
        total = covered(after, weight)
        then, now = amount(before, weight), amount(after, weight)
        shares: tuple[Value, ...] = (
            share(before, weight),
            share(after, weight),
            share(before, weight, "force"),
            share(after, weight, "force"),
        )
        numbers: tuple[Value, ...] = (then, now, difference(now, then))
        rows.append(Row((names.weight(weight), total.total if total else None, *numbers, *shares)))
    return build("cover", names.language, titles, rows, note=cover_note(names))


def _pair(before: GroupFigures | None, after: GroupFigures, weight: str) -> tuple[Value, ...]:
    total = covered(after, weight)
    return (
        total.total if total else None,
        share(before, weight),
        share(after, weight),
        share(before, weight, "force"),
        share(after, weight, "force"),
        share(after, weight, "second"),
        before.mean_time_s if before else None,
        after.mean_time_s,
        before.p90_time_s if before else None,
        after.p90_time_s,
        before.worst_time_s if before else None,
        after.worst_time_s,
    )


def _group_name(names: Names, scope: Scope, group_id: str | None) -> str:
    if group_id is None:
        return message("scope.total", names.language)
    return names.area(group_id) if scope == "area" else names.risk_class(group_id)


def _by_group(names: Names, plan: FireStationPlan, scope: Scope, key: str) -> Table | None:
    weight = names.request.population_weight
    found = [one for one in groups(plan.after) if one.scope == scope and not one.scenario_id]
    if not found:
        return None
    total = group(plan.after)
    rows = [
        Row(
            (
                _group_name(names, one.scope, one.id),
                *_pair(group(plan.before, one.scope, one.id), one, weight),
            )
        )
        for one in [*found, *([total] if total else [])]
    ]
    first = "area" if scope == "area" else "risk_class"
    titles = columns(names.language, first, *_GROUP_COLUMNS)
    return build(key, names.language, titles, rows, note=force_note(names))


def areas(names: Names, plan: FireStationPlan) -> Table | None:
    """Return the figures of every area for the population's weight."""
    return _by_group(names, plan, "area", "areas")


def risk_classes(names: Names, plan: FireStationPlan) -> Table | None:
    """Return the figures of every risk class for the population's weight."""
    return _by_group(names, plan, "risk_class", "risk_classes")


def scenarios(names: Names, plan: FireStationPlan) -> Table | None:
    """Return the total figures of each travel scenario, and the expected ones."""
    weight = names.request.population_weight
    found = [one for one in groups(plan.after) if one.scope == "total"]
    rows = []
    for one in sorted(found, key=lambda figures: figures.scenario_id is None):
        before = group(plan.before, scenario_id=one.scenario_id)
        name = (
            names.scenario(one.scenario_id)
            if one.scenario_id
            else message("map.scenario.all", names.language)
        )
        rows.append(Row((name, *_pair(before, one, weight))))
    titles = columns(names.language, "scenario", *_GROUP_COLUMNS)
    return build("scenarios", names.language, titles, rows)


def probable(names: Names, plan: FireStationPlan) -> Table | None:
    """Return the cover and the P90 to be expected as times scatter, None where none is known.

    Areas and risk classes as expected over the travel scenarios, all demand also in each.
    """
    sigma, weight = names.request.time_sigma, names.request.population_weight
    if sigma is None:
        return None
    rows = []
    for one in groups(plan.after):
        if not one.probable or (one.scope != "total" and one.scenario_id):
            continue
        before = group(plan.before, one.scope, one.id, scenario_id=one.scenario_id)
        name = (
            names.scenario(one.scenario_id)
            if one.scenario_id
            else _group_name(names, one.scope, one.id)
        )
        numbers: tuple[Value, ...] = (
            share(one, weight),
            share(before, weight, "probable"),
            share(one, weight, "probable"),
            before.probable_p90_s if before else None,
            one.probable_p90_s,
        )
        rows.append(Row((name, *numbers)))
    titles = columns(
        names.language,
        "group",
        "share_after:share",
        "probable_before:share",
        "probable_after:share",
        "probable_p90_before:minutes",
        "probable_p90_after:minutes",
    )
    note = names.say("note.probable", within=standard(names.request).within_s, sigma=sigma)
    return build("probable", names.language, titles, rows, note=note)


def resources(names: Names, plan: FireStationPlan) -> Table | None:
    """Return stations by class, people, vehicles and cost, before and after."""
    before, after = plan.before, plan.after
    if after is None:
        return None
    language = names.language
    rows = [
        Row(
            (
                names.station_class(class_id),
                before.station_count.get(class_id, 0) if before else None,
                after.station_count.get(class_id, 0),
            ),
            kind="count",
        )
        for class_id in sorted(after.station_count.keys() | (before or after).station_count)
    ]
    rows += [
        Row(
            (
                named("vehicle", kind, language),
                before.vehicles.get(kind, 0) if before else None,
                after.vehicles.get(kind, 0),
            ),
            kind="count",
        )
        for kind in sorted(after.vehicles)
    ]
    for title, field, kind in _MEASURED:
        then = getattr(before, field) if before else None
        label = message(f"column.{title}", language)
        rows.append(Row((label, then, getattr(after, field)), kind=kind))
    titles = columns(language, "item", "before", "after")
    return build("resources", language, titles, rows, currency=names.request.currency)
