"""Tables of stations: what is open, what closes, districts, crews, years."""

from api.render.names import Names, implied_action
from api.render.tables import Row, Table, build, columns, kind_of_unit
from models.fire_stations import FireStationPlan
from models.fire_stations.plan import PlannedStation
from models.messages import message, named
from models.places import Site

_ORDER = ("build", "move", "commission", "regrade", "strengthen", "keep")


def ordered_stations(names: Names, plan: FireStationPlan) -> tuple[PlannedStation, ...]:
    """Return the open stations, what changes first."""
    return tuple(
        sorted(
            plan.stations,
            key=lambda one: (_ORDER.index(implied_action(names.request, one)), one.site_id),
        )
    )


def changed_stations(names: Names, plan: FireStationPlan) -> tuple[PlannedStation, ...]:
    """Return the stations that the plan opens or changes, in the order of `ordered_stations`."""
    stations = ordered_stations(names, plan)
    return tuple(one for one in stations if implied_action(names.request, one) != "keep")


def closed_sites(names: Names, plan: FireStationPlan) -> tuple[Site, ...]:
    """Return the sites whose station exists today but is not open in the plan."""
    gone = {one.site_id for one in plan.stations}
    return tuple(one for one in names.request.sites if one.station and one.id not in gone)


def stations(names: Names, plan: FireStationPlan) -> Table | None:
    """Return every open station with what is done there, crew, vehicles and cost."""
    titles = columns(
        names.language,
        "site",
        "class",
        "action",
        "status",
        "owner",
        "on_duty:count",
        "vehicles",
        "capital:money",
        "yearly:money",
        "moved_from",
    )
    rows = (_station_row(names, one) for one in ordered_stations(names, plan))
    return build("stations", names.language, titles, rows, currency=names.request.currency)


def _station_row(names: Names, station: PlannedStation) -> Row:
    site = names.sites.get(station.site_id)
    existing = site.station if site else None
    action = implied_action(names.request, station)
    return Row(
        (
            names.site(station.site_id),
            names.station_class(station.class_id),
            message(f"action.{action}", names.language),
            named("station_status", existing.status.value, names.language) if existing else None,
            names.half(existing.owner) if existing and existing.owner else None,
            station.on_duty_people,
            names.vehicles(station.vehicles),
            station.capital_cost,
            station.yearly_cost,
            names.site(station.moved_from) if station.moved_from else None,
        ),
        illustrative=names.illustrative(station.site_id),
    )


def closed(names: Names, plan: FireStationPlan) -> Table | None:
    """Return the stations of today that the plan does not open."""
    titles = columns(names.language, "site", "class", "status", "owner")
    rows = (
        Row(
            (
                names.site(site.id),
                names.station_class(site.station.class_id),
                named("station_status", site.station.status.value, names.language),
                names.half(site.station.owner) if site.station.owner else None,
            ),
            illustrative=site.illustrative,
        )
        for site in closed_sites(names, plan)
        if site.station is not None
    )
    return build("closed", names.language, titles, rows)


def districts(names: Names, plan: FireStationPlan) -> Table | None:
    """Return each station's built-up district against the nominal area of its class."""
    titles = columns(names.language, "site", "built_up:area", "nominal:area", "exceeded:flag")
    rows = (
        Row(
            (names.site(one.site_id), one.built_up_area_m2, one.nominal_area_m2, one.exceeded),
            illustrative=names.illustrative(one.site_id),
        )
        for one in plan.districts or ()
    )
    return build("districts", names.language, titles, rows)


def staffing(names: Names, plan: FireStationPlan) -> Table | None:
    """Return the crew and vehicles of each station beside the norm of its class."""
    if plan.staffing is None:
        return None
    titles = columns(
        names.language,
        "site",
        "class",
        "headcount:count",
        "on_duty:count",
        "norm_on_duty:count",
        "vehicles",
        "norm_vehicles",
    )
    rows = (
        Row(
            (
                names.site(one.site_id),
                names.station_class(one.class_id),
                one.headcount_people,
                one.on_duty_people,
                one.norm_on_duty_people,
                names.vehicles(one.vehicles),
                names.vehicles(one.norm_vehicles),
            ),
            illustrative=names.illustrative(one.site_id),
        )
        for one in plan.staffing.crews
    )
    note = _staffing_note(names, plan)
    return build("staffing", names.language, titles, rows, note=note)


def _staffing_note(names: Names, plan: FireStationPlan) -> str | None:
    made = plan.staffing
    if made is None:
        return None
    return names.say(
        "note.staffing",
        headcount=made.headcount_people,
        hired=made.hired_people,
        per_10k=made.per_10k,
        short=made.people_short_of_norm,
        vehicles_short=made.vehicles_short_of_norm,
        covered=made.full_force_weight,
        total=made.full_force_total,
        weight=names.weight(names.request.population_weight),
        status=named("status", made.status.value, names.language),
    )


def staging(names: Names, plan: FireStationPlan) -> Table | None:
    """Return what opens in which year, what it costs, and the first objective at its end."""
    if plan.staging is None:
        return None
    kind, _ = names.first_objective
    unit = kind_of_unit(names.objective_unit(kind))
    titles = columns(
        names.language, "year", "opened", "capital:money", "budget_left:money", f"value:{unit}"
    )
    rows = (
        Row(
            (
                str(one.year),
                names.site_list(one.opened_sites),
                one.capital_cost,
                one.budget_left,
                one.objective,
            ),
            illustrative=any(names.illustrative(site) for site in one.opened_sites),
        )
        for one in plan.staging.years
    )
    note = names.say(
        "note.staging",
        objective=names.objective(kind),
        status=named("status", plan.staging.status.value, names.language),
    )
    return build(
        "staging", names.language, titles, rows, note=note, currency=names.request.currency
    )
