"""A rotation answer as lines of plain text."""

from collections.abc import Iterator

from api.render.framing import conflict_lines, ending, heading, rule_lines
from api.render.rotation.names import RotationNames
from models.rotation import RotationAnswer, RotationPlan, RotationRequest
from models.rotation.explanation import WriteOffCap
from models.text import Language


def summary(request: RotationRequest, answer: RotationAnswer, language: Language) -> str:
    """Return what a planner must know of an answer, one thing a line."""
    names = RotationNames(request, language)
    return "\n".join(_lines(names, answer)) + "\n"


def _lines(names: RotationNames, answer: RotationAnswer) -> Iterator[str]:
    yield from heading(names.request.name, answer, names.language)
    if answer.plan is not None:
        yield from _plan(names, answer.plan)
        yield from _cap(names, answer)
    yield from conflict_lines(answer, names.language)
    yield from ending("rotation", answer, names.language)


def _plan(names: RotationNames, plan: RotationPlan) -> Iterator[str]:
    figures = plan.figures
    if figures is None:
        return
    yield names.say(
        "rotation.stock",
        short=figures.shortfall,
        orders=len(plan.orders),
        bought=figures.bought,
        recovered=figures.recovered,
    )
    if figures.write_off_at_most is None:
        yield names.say("rotation.write_off_open", value=figures.write_off)
    else:
        most = figures.write_off_at_most
        yield names.say("rotation.write_off", value=figures.write_off, most=most)
    if plan.unclear:
        yield names.say("rotation.unclear", count=len(plan.unclear))


def _above(names: RotationNames, cap: WriteOffCap) -> Iterator[str]:
    for one in cap.by_year:
        if one.reason is not None:
            yield names.say(
                f"rotation.above.{one.reason}",
                year=str(one.year),
                share=one.share,
                least=one.least,
                free=one.least_without_budgets,
            )


def _cap(names: RotationNames, answer: RotationAnswer) -> Iterator[str]:
    reasons = answer.explanation
    if reasons is None:
        return
    if reasons.least_shortfall is not None and reasons.least_write_off is not None:
        yield names.say(
            "rotation.money", short=reasons.least_shortfall, gone=reasons.least_write_off
        )
    cap = reasons.write_off_cap
    if cap is None:
        return
    if cap.holds:
        yield names.say("rotation.cap_holds", limit=cap.share_max)
        return
    comma = "、" if names.language == "zh" else ", "
    years = comma.join(str(one) for one in cap.years_above)
    yield names.say("rotation.cap_broken", limit=cap.share_max, years=years)
    yield from _above(names, cap)
    if cap.possible:
        yield names.say("rotation.cap_possible")
    if cap.conflict is not None:
        yield names.say("rotation.cap_impossible")
        yield from rule_lines(cap.conflict.rules, names.language)
