"""The tables of a shelter plan: sites, scenarios, areas, people without a place, worth."""

from api.render.shelters.names import ShelterNames
from api.render.shelters.whole import whole_people
from api.render.tables import Row, Table, build, columns, without_empty
from models.messages import named
from models.shelters import ShelterAnswer, ShelterPlan, ShelterRequest
from models.shelters.plan import SPHERE_M2, AreaReading, Fill, WithoutPlace
from models.shelters.unfolding import unfolded
from models.text import Language

TARGET_M2 = 1.5


def all_tables(
    request: ShelterRequest, answer: ShelterAnswer, language: Language
) -> tuple[Table, ...]:
    """Return every table that has something to say, in the order of a report."""
    names = ShelterNames(unfolded(request), language)
    if answer.plan is None:
        return ()
    plan = whole_people(answer.plan)
    made = (
        _sites(names, plan),
        _stages(names, answer),
        _scenarios(names, plan),
        _readings(names, plan),
        _fills(names, plan),
        _shuttles(names, plan),
        _without(names, plan),
        _worth(names, answer),
        _fairness(names, answer),
    )
    return tuple(table for table in made if table is not None)


def _sites(names: ShelterNames, plan: ShelterPlan) -> Table | None:
    """Return the open sites: new ones first, and at the end those that serve in no case."""
    sites = {site.id: site for site in names.request.sites}
    serving = {one.site_id for one in plan.fills or () if one.capacity_m2 > 0}
    most: dict[str, Fill] = {}
    for fill in plan.fills or ():
        if fill.site_id not in most or fill.people > most[fill.site_id].people:
            most[fill.site_id] = fill
    rows = []
    order = sorted(
        plan.shelters, key=lambda one: (sites[one.site_id].existing, one.site_id not in serving)
    )
    for shelter in order:
        site, fullest = sites[shelter.site_id], most.get(shelter.site_id)
        rows.append(
            Row(
                (
                    names.sites[site.id],
                    names.say(f"shelters.setting.{site.setting}"),
                    not site.existing,
                    shelter.open_cost,
                    None if fullest is None else fullest.people,
                    None if fullest is None else _share(fullest),
                    len(site.entrance_points) or site.entrances,
                    names.say("shelters.comma").join(site.facilities) or None,
                ),
                illustrative=site.illustrative,
            )
        )
    titles = columns(
        names.language,
        "site",
        "setting",
        "newly_open:flag",
        "cost:money",
        "most_people:count",
        "fullest:share",
        "entrances:count",
        "facilities",
    )
    made = build("shelters", names.language, titles, rows, currency=names.request.currency)
    return None if made is None else without_empty(made, "entrances", "facilities")


def _stages(names: ShelterNames, answer: ShelterAnswer) -> Table | None:
    """Return what opens in each stage, and who has no place once it is done."""
    titles = columns(names.language, "stage", "opens", "cost:money", "unmet:count")
    plan, explanation = answer.plan, answer.explanation
    left = {} if explanation is None else {one.stage_id: one.unmet for one in explanation.stages}
    rows = [
        Row(
            (
                names.stages[one.stage_id],
                names.say("shelters.comma").join(names.sites[site] for site in one.site_ids)
                or None,
                one.cost,
                left.get(one.stage_id),
            )
        )
        for one in (plan.stages if plan is not None else None) or ()
    ]
    currency = names.request.currency
    return build("shelter_stages", names.language, titles, rows, currency=currency)


def _share(fill: Fill) -> float | None:
    return fill.used_m2 / fill.capacity_m2 if fill.capacity_m2 > 0 else None


def _scenarios(names: ShelterNames, plan: ShelterPlan) -> Table | None:
    titles = columns(
        names.language,
        "scenario",
        "leaving:count",
        "sheltered:count",
        "unmet:count",
        "fetched:count",
        "mean_walk:distance",
        "p90_walk:distance",
        "worst_walk:distance",
    )
    rows = [
        Row(
            (
                names.scenarios[one.scenario_id],
                one.leaving,
                one.sheltered,
                one.unmet,
                one.fetched,
                one.mean_walk_m,
                one.p90_walk_m,
                one.worst_walk_m,
            )
        )
        for one in (plan.figures.scenarios if plan.figures else ())
    ]
    return build("shelter_scenarios", names.language, titles, rows)


def _readings(names: ShelterNames, plan: ShelterPlan) -> Table | None:
    """Return the open area per resident in both readings, and what reading A lacks."""
    titles = columns(
        names.language,
        "area",
        "residents:count",
        "reading_a:number",
        "reading_b:number",
        "short_m2:count",
    )
    rows = [
        Row(
            (
                _place(names, one),
                one.residents,
                one.effective_m2_per_resident,
                one.gross_m2_per_resident,
                max(0.0, TARGET_M2 * one.residents - one.effective_m2),
            )
        )
        for one in (plan.figures.readings if plan.figures else ())
        if one.residents > 0
    ]
    note = names.say("shelters.readings", target=TARGET_M2)
    return build("shelter_readings", names.language, titles, rows, note=note)


def _place(names: ShelterNames, one: AreaReading) -> str:
    if one.scope == "city":
        return names.say("shelters.city")
    if one.scope == "area":
        return names.areas[one.id or ""]
    if one.id is None:
        return names.say("shelters.catchment.none")
    return names.say("shelters.catchment", site=names.sites[one.id])


def _fills(names: ShelterNames, plan: ShelterPlan) -> Table | None:
    titles = columns(
        names.language,
        "scenario",
        "site",
        "people:count",
        "fullest:share",
        "m2_each:number",
        "gross_m2_each:number",
        "sphere:flag",
    )
    rows = [
        Row(
            (
                names.scenarios[one.scenario_id],
                names.sites[one.site_id],
                one.people,
                _share(one),
                one.effective_m2_per_person,
                one.gross_m2_per_person,
                one.effective_m2_per_person >= SPHERE_M2,
            )
        )
        for one in plan.fills or ()
        if one.people > 0 and one.effective_m2_per_person is not None
    ]
    note = names.say("shelters.sphere", m2=SPHERE_M2)
    return build("shelter_fills", names.language, titles, rows, note=note)


def _shuttles(names: ShelterNames, plan: ShelterPlan) -> Table | None:
    """Return which vehicles go where, how often, and how many seats that makes."""
    titles = columns(
        names.language,
        "scenario",
        "block",
        "goes_to",
        "vehicle",
        "vehicles:count",
        "rounds_each:count",
        "seats_by_deadline:number",
    )
    fleet = () if names.request.fleet is None else names.request.fleet.vehicles
    seats = {one.id: one.seats for one in fleet}
    rows = [
        Row(
            (
                names.scenarios[one.scenario_id],
                names.blocks[one.block_id],
                names.sites[one.site_id],
                names.vehicles[one.vehicle_id],
                one.vehicles,
                one.rounds,
                one.vehicles * one.rounds * seats[one.vehicle_id],
            )
        )
        for one in plan.shuttles
    ]
    return build("shelter_shuttles", names.language, titles, rows)


def _without(names: ShelterNames, plan: ShelterPlan) -> Table | None:
    titles = columns(names.language, "scenario", "block", "people_group", "people:count", "reason")
    rows = [
        Row(
            (
                names.scenarios[one.scenario_id],
                names.blocks[one.block_id],
                names.groups[one.group],
                one.people,
                None if one.reason is None else names.say(f"shelters.reason.{one.reason}"),
            )
        )
        for one in _most_first(names, plan)
    ]
    return build("shelter_without", names.language, titles, rows)


def _most_first(names: ShelterNames, plan: ShelterPlan) -> list[WithoutPlace]:
    cases = {one.id: n for n, one in enumerate(names.request.scenarios)}
    return sorted(plan.without_place or (), key=lambda one: (cases[one.scenario_id], -one.people))


def _worth(names: ShelterNames, answer: ShelterAnswer) -> Table | None:
    titles = columns(names.language, "site", "loses:count", "swap", "swap_loss:count")
    worth = () if answer.explanation is None else answer.explanation.worth
    rows = [
        Row(
            (
                names.sites[one.site_id],
                one.loses,
                None if one.replacement is None else names.sites[one.replacement],
                one.replacement_loss,
            )
        )
        for one in sorted(worth, key=lambda one: -one.loses)
    ]
    note = names.say("shelters.worth")
    return build("shelter_worth", names.language, titles, rows, note=note)


def _fairness(names: ShelterNames, answer: ShelterAnswer) -> Table | None:
    """Return what fairness costs, objective by objective."""
    price = None if answer.explanation is None else answer.explanation.fairness
    if price is None:
        return None
    titles = columns(
        names.language,
        "objective",
        "with_fairness:number",
        "without_fairness:number",
        "given_up:number",
    )
    rows = [
        Row(
            (
                named("objective.shelters", one.kind, names.language),
                one.value,
                one.without,
                one.value - one.without,
            )
        )
        for one in price.aims
    ]
    note = names.say(
        "shelters.fairness",
        level=price.level,
        fair=price.least_served,
        unfair=price.least_served_without,
    )
    return build("shelter_fairness", names.language, titles, rows, note=note)
