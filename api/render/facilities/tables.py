"""The tables of a plan of facilities: sites, who goes where, what is not served, what each adds."""

from api.render.facilities.names import FacilityNames
from api.render.tables import Row, Table, build, columns
from models.facilities import FacilityAnswer, FacilityPlan, FacilityRequest
from models.facilities.explanation import Alternative
from models.messages import named
from models.text import Language


def all_tables(
    request: FacilityRequest, answer: FacilityAnswer, language: Language
) -> tuple[Table, ...]:
    """Return every table that has something to say, in the order of a report."""
    names = FacilityNames(request, language)
    if answer.plan is None:
        return ()
    made = (
        _facilities(names, answer.plan),
        _adds(names, answer),
        _others(names, answer),
        _front(names, answer),
        _unserved(names, answer.plan),
        allocations(request, answer.plan, language),
    )
    return tuple(table for table in made if table is not None)


def allocations(request: FacilityRequest, plan: FacilityPlan, language: Language) -> Table | None:
    """Return which facility serves which point; None where nobody is allocated."""
    names = FacilityNames(request, language)
    titles = columns(language, "point", "facility", "served_weight:number", names.column("way"))
    rows = (
        Row((one.point_id, names.sites[one.site_id], one.served, one.way))
        for one in plan.allocations or ()
    )
    return build("facility_points", language, titles, rows)


def _facilities(names: FacilityNames, plan: FacilityPlan) -> Table | None:
    invented = {site.id for site in names.request.sites if site.illustrative}
    titles = columns(
        names.language,
        "facility",
        "state",
        "cost:money",
        "served_points:count",
        "served_weight:number",
        names.column("farthest"),
    )
    rows = (
        Row(
            (
                names.sites[one.site_id],
                None if one.state is None else names.say(f"facilities.state.{one.state}"),
                one.cost,
                one.points,
                one.served,
                one.farthest,
            ),
            illustrative=one.site_id in invented,
        )
        for one in plan.facilities
    )
    return build("facilities", names.language, titles, rows, currency=names.request.currency)


def _unserved(names: FacilityNames, plan: FacilityPlan) -> Table | None:
    titles = columns(
        names.language, "point", "served_weight:number", names.column("nearest"), "reason_unserved"
    )
    rows = (
        Row(
            (
                one.point_id,
                one.weight,
                one.nearest,
                None if one.reason is None else names.say(f"facilities.reason.{one.reason}"),
            )
        )
        for one in plan.unserved or ()
    )
    return build("facility_unserved", names.language, titles, rows)


def _adds(names: FacilityNames, answer: FacilityAnswer) -> Table | None:
    found = () if answer.explanation is None else answer.explanation.contributions
    adds, instead = names.adds
    titles = columns(names.language, "facility", adds, "best_replacement", instead)
    rows = (
        Row(
            (
                names.sites[one.site_id],
                names.say("facilities.needed") if one.loses is None else one.loses,
                None if one.replacement is None else names.sites[one.replacement],
                one.replacement_loses,
            )
        )
        for one in found
    )
    note = names.say("facilities.adds")
    return build("facility_adds", names.language, titles, rows, note=note)


def _others(names: FacilityNames, answer: FacilityAnswer) -> Table | None:
    told = answer.explanation
    found = () if told is None else (told.one_fewer, told.one_more)
    titles = columns(
        names.language, "new_number:count", "status", "goal_value", "served_share:share", "sites"
    )
    rows = (_other(names, answer.plan, one) for one in found if one is not None)
    return build("facility_others", names.language, titles, rows)


def _front(names: FacilityNames, answer: FacilityAnswer) -> Table | None:
    front = answer.front
    if front is None:
        return None
    titles = columns(
        names.language, "goal_value", names.against, "new_number:count", "sites", "proven"
    )
    rows = (
        Row(
            (
                names.value(one.objective),
                one.against,
                one.new_facilities,
                names.say("words.separate").join(names.sites[site] for site in one.site_ids),
                named("status", one.status.value, names.language),
            )
        )
        for one in front.points
    )
    note = names.say(f"facilities.front.{front.against}")
    language, currency = names.language, names.request.currency
    return build("facility_front", language, titles, rows, note=note, currency=currency)


def _other(names: FacilityNames, plan: FacilityPlan | None, one: Alternative) -> Row:
    weight = plan.figures.weight if plan is not None and plan.figures is not None else 0.0
    share = one.served / weight if one.served is not None and weight > 0 else None
    status = named("status", one.status.value, names.language)
    sites = names.say("words.separate").join(names.sites[site] for site in one.site_ids)
    return Row((one.number, status, names.value(one.objective), share, sites))
