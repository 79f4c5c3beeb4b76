"""One sheet per community: which block goes where, in which scenario; made to be printed."""

from api.render.shelters.names import ShelterNames
from api.render.shelters.tables import all_tables
from api.render.shelters.whole import whole_people
from api.render.tables import Row, Table, columns
from models.shelters import ShelterAnswer, ShelterPlan, ShelterRequest
from models.shelters.unfolding import unfolded
from models.text import Language

SHEET = "sheet_"  # how the keys of assignment sheets begin


def sheets(request: ShelterRequest, plan: ShelterPlan, language: Language) -> tuple[Table, ...]:
    """Return the assignment sheet of every area that blocks lie in, in the areas' order.

    People are whole (see ``whole``). Blocks in no area share a last sheet. People without a place
    stand in it with the reason, so that nobody is left off the sheet.
    """
    names, plan = ShelterNames(unfolded(request), language), whole_people(plan)
    homes = {block.id: block.area for block in request.blocks}
    rows: dict[str | None, list[Row]] = {}
    for one in plan.assignments:
        rows.setdefault(homes[one.block_id], []).append(
            Row(
                (
                    names.scenarios[one.scenario_id],
                    names.blocks[one.block_id],
                    names.groups[one.group],
                    one.people,
                    names.sites[one.site_id],
                    None if one.ride_s is not None else one.walk_m,
                    one.ride_s,
                )
            )
        )
    for left in plan.without_place or ():
        reason = names.say(f"shelters.reason.{left.reason}") if left.reason else ""
        rows.setdefault(homes[left.block_id], []).append(
            Row(
                (
                    names.scenarios[left.scenario_id],
                    names.blocks[left.block_id],
                    names.groups[left.group],
                    left.people,
                    names.say("shelters.no_place", reason=reason),
                    None,
                    None,
                )
            )
        )
    order: tuple[str | None, ...] = (*(area.id for area in request.areas), None)
    return tuple(_sheet(names, area, rows[area]) for area in order if area in rows)


def assignments(request: ShelterRequest, plan: ShelterPlan, language: Language) -> Table | None:
    """Return all sheets as one table, each row with its area; None where nobody leaves."""
    made = sheets(request, plan, language)
    if not made:
        return None
    rows = tuple(Row((one.title, *row.cells), row.illustrative) for one in made for row in one.rows)
    titles = (*columns(language, "area"), *made[0].columns)
    return Table("assignments", made[0].title, titles, rows)


def tables_and_sheets(
    request: ShelterRequest, answer: ShelterAnswer, language: Language
) -> tuple[Table, ...]:
    """Return every table of an answer, then a sheet per community."""
    printed = () if answer.plan is None else sheets(request, answer.plan, language)
    return (*all_tables(request, answer, language), *printed)


def _sheet(names: ShelterNames, area: str | None, rows: list[Row]) -> Table:
    titles = columns(
        names.language,
        "scenario",
        "block",
        "people_group",
        "people:count",
        "goes_to",
        "walk:distance",
        "ride:minutes",
    )
    place = names.say("shelters.city") if area is None else names.areas[area]
    title = names.say("shelters.sheet", area=place)
    ordered = sorted(rows, key=lambda row: tuple(str(cell) for cell in row.cells[:3]))
    return Table(f"{SHEET}{area or 'rest'}", title, titles, tuple(ordered))
