"""The opening order of the day as text, tables, map layers and sections of a report."""

from collections.abc import Iterator
from typing import Any

from api.render.framing import ending, heading
from api.render.parts import lines_html
from api.render.shelters import geojson
from api.render.shelters.html import paged
from api.render.shelters.names import ShelterNames
from api.render.shelters.sheets import assignments as sheets_as_one
from api.render.shelters.sheets import sheets
from api.render.shelters.whole import whole_people
from api.render.tables import Row, Table, build, columns
from models.messages import message
from models.shelters import ShelterAnswer, ShelterPlan
from models.shelters.opening import OpeningAnswer, OpeningOrder, OpeningRequest
from models.shelters.plan import OpenShelter
from models.shelters.unfolding import unfolded
from models.text import Language


def summary(request: OpeningRequest, answer: OpeningAnswer, language: Language) -> str:
    """Return which site opens next and who has no place, one thing a line."""
    names = ShelterNames(unfolded(request.shelters), language)
    return "\n".join(_lines(request, names, answer)) + "\n"


def _lines(request: OpeningRequest, names: ShelterNames, answer: OpeningAnswer) -> Iterator[str]:
    yield from heading(request.name, answer, names.language)
    order = answer.plan
    if order is not None:
        count = len(request.situation.open_sites)
        yield names.say("shelters.opening.now", count=count, people=order.unmet_before)
        yield from _steps(request, names, order)
    yield from ending("shelter_opening", answer, names.language)


def _steps(request: OpeningRequest, names: ShelterNames, order: OpeningOrder) -> Iterator[str]:
    for n, step in enumerate(order.steps, 1):
        site = names.sites[step.site_id]
        yield "  " + names.say(
            "shelters.opening.step", n=n, site=site, gains=step.gains, unmet=step.unmet
        )
    if order.complete and order.without_place:
        yield "  " + names.say("shelters.opening.enough")
    left = whole_people(_as_plan(request, order)[1]).without_place
    for one in left or ():
        yield "  " + names.say(
            "shelters.opening.left",
            people=one.people,
            group=names.groups[one.group],
            block=names.blocks[one.block_id],
            reason=names.say(f"shelters.reason.{one.reason}") if one.reason else "",
        )


def all_tables(
    request: OpeningRequest, answer: OpeningAnswer, language: Language
) -> tuple[Table, ...]:
    """Return the steps, then a sheet per community of who goes where."""
    order = answer.plan
    if order is None:
        return ()
    names = ShelterNames(unfolded(request.shelters), language)
    rows = [
        Row((n, names.sites[one.site_id], one.gains, one.unmet))
        for n, one in enumerate(order.steps, 1)
    ]
    titles = columns(language, "step:count", "site", "gains:count", "unmet:count")
    steps = build("opening_steps", language, titles, rows)
    return (*(() if steps is None else (steps,)), *sheets(*_as_plan(request, order), language))


def assignments(request: OpeningRequest, order: OpeningOrder, language: Language) -> Table | None:
    """Return who goes where as one table; None where nobody leaves."""
    return sheets_as_one(*_as_plan(request, order), language)


def sections(
    request: OpeningRequest, answer: OpeningAnswer, language: Language
) -> tuple[tuple[str, str], ...]:
    """Return the sections of a report: the summary, then every table."""
    first = (message("shelters.summary", language), lines_html(summary(request, answer, language)))
    return (first, *paged(all_tables(request, answer, language), language))


def layers(
    request: OpeningRequest, answer: OpeningAnswer, language: Language
) -> dict[str, dict[str, Any]]:
    """Return the map layers of the plan that the order comes to."""
    if answer.plan is None:
        return {}
    siting, plan = _as_plan(request, answer.plan)
    whole = ShelterAnswer(plan=plan, run=answer.run, verification=answer.verification)
    return geojson.layers(siting, whole, language)


def _as_plan(request: OpeningRequest, order: OpeningOrder) -> tuple[Any, ShelterPlan]:
    """Return the siting request, and the plan that the order comes to once all steps are done."""
    shut = set(request.situation.closed_sites)
    now = [site for site in request.situation.open_sites if site not in shut]
    opened = [*now, *(one.site_id for one in order.steps)]
    plan = ShelterPlan(
        shelters=tuple(OpenShelter(site_id=site) for site in opened),
        assignments=order.assignments,
        shuttles=order.shuttles,
        without_place=order.without_place,
        illustrative=request.illustrative,
    )
    return request.shelters, plan
