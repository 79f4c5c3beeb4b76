"""A plan of facilities as lines of plain text, and as sections of a report."""

from collections.abc import Iterator

from api.render.facilities.names import FacilityNames
from api.render.facilities.tables import all_tables
from api.render.framing import conflict_lines, ending, heading
from api.render.parts import lines_html, sections_of
from models.facilities import FacilityAnswer, FacilityExplanation, FacilityPlan, FacilityRequest
from models.facilities.explanation import Alternative
from models.messages import named, render
from models.text import Language


def sections(
    request: FacilityRequest, answer: FacilityAnswer, language: Language
) -> tuple[tuple[str, str], ...]:
    """Return the sections of a report: the summary, then every table."""
    names = FacilityNames(request, language)
    first = (names.say("facilities.summary"), lines_html(summary(request, answer, language)))
    return (first, *sections_of(all_tables(request, answer, language), language))


def summary(request: FacilityRequest, answer: FacilityAnswer, language: Language) -> str:
    """Return what a planner must know of an answer, one thing a line."""
    return "\n".join(_lines(FacilityNames(request, language), answer)) + "\n"


def _lines(names: FacilityNames, answer: FacilityAnswer) -> Iterator[str]:
    yield from heading(names.request.name, answer, names.language)
    if answer.plan is not None:
        yield from _plan(names, answer.plan)
    if answer.explanation is not None:
        yield from _reasons(names, answer)
    yield from conflict_lines(answer, names.language)
    yield from ending("facilities", answer, names.language, names.value)


def _plan(names: FacilityNames, plan: FacilityPlan) -> Iterator[str]:
    figures = plan.figures
    if figures is None:
        return
    yield names.say(
        "facilities.built",
        new=figures.new_facilities,
        count=len(plan.facilities),
        cost=figures.cost,
        facility=names.request.facility.text(names.language),
    )
    yield names.say(
        "facilities.served",
        share=figures.served / figures.weight if figures.weight > 0 else 1.0,
        served=figures.served,
        weight=figures.weight,
        name=names.weight,
    )
    if figures.mean_way is not None:
        yield names.say(
            f"facilities.ways.{names.request.measure}",
            mean=figures.mean_way,
            longest=figures.longest_way,
        )


def _reasons(names: FacilityNames, answer: FacilityAnswer) -> Iterator[str]:
    told = answer.explanation
    assert isinstance(told, FacilityExplanation)
    for one in told.unserved:
        yield "  " + names.say(
            "facilities.unserved",
            points=one.points,
            weight=one.weight,
            reason=names.say(f"facilities.reason.{one.reason}"),
        )
    for other in (told.one_fewer, told.one_more):
        if other is not None:
            yield _other(names, answer, other)
    for left in told.left_out:
        yield names.say("facilities.left_out", what=render(left, names.language))


def _other(names: FacilityNames, answer: FacilityAnswer, one: Alternative) -> str:
    status = named("status", one.status.value, names.language)
    figures = None if answer.plan is None else answer.plan.figures
    if one.objective is None and one.served is not None and figures is not None and figures.weight:
        share = one.served / figures.weight
        code = "facilities.fewer_served"
        return names.say(code, number=one.number, share=share, status=status)
    value = names.value(one.objective)
    return names.say("facilities.more", number=one.number, value=value, status=status)
