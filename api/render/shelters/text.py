"""A shelter answer as lines of plain text."""

from collections import defaultdict
from collections.abc import Iterator

from api.render.framing import conflict_lines, ending, heading
from api.render.shelters.names import ShelterNames
from api.render.shelters.tables import TARGET_M2
from api.render.shelters.whole import whole_people
from models.messages import formats
from models.shelters import ShelterAnswer, ShelterPlan, ShelterRequest
from models.shelters.unfolding import unfolded
from models.text import Language


def summary(request: ShelterRequest, answer: ShelterAnswer, language: Language) -> str:
    """Return what a planner must know of an answer, one thing a line."""
    names = ShelterNames(unfolded(request), language)
    return "\n".join(_lines(names, answer)) + "\n"


def _lines(names: ShelterNames, answer: ShelterAnswer) -> Iterator[str]:
    yield from heading(names.request.name, answer, names.language)
    if answer.plan is not None:
        yield from _plan(names, whole_people(answer.plan))
        yield from _stages(names, answer)
        yield from _worst_loss(names, answer)
    yield from conflict_lines(answer, names.language)
    yield from ending("shelters", answer, names.language)


def _plan(names: ShelterNames, plan: ShelterPlan) -> Iterator[str]:
    figures = plan.figures
    if figures is None:
        return
    yield names.say(
        "shelters.opened",
        count=len(plan.shelters),
        new=figures.new_sites,
        cost=figures.open_cost,
    )
    if figures.upgraded_sites:
        yield "  " + names.say("shelters.upgraded", count=figures.upgraded_sites)
    for one in figures.scenarios:
        share = one.sheltered / one.leaving if one.leaving > 0 else 1.0
        yield "  " + names.say(
            "shelters.scenario",
            name=names.scenarios[one.scenario_id],
            leaving=one.leaving,
            share=share,
            unmet=one.unmet,
        )
        if one.fetched > 0:
            yield "    " + names.say("shelters.fetched", count=one.fetched)
        yield from _reasons(names, plan, one.scenario_id)
        yield from _waiting(names, plan, one.scenario_id)
        if one.mean_walk_m is not None and one.p90_walk_m is not None:
            yield "    " + names.say(
                "shelters.walks",
                mean=one.mean_walk_m,
                p90=one.p90_walk_m,
                worst=one.worst_walk_m,
            )
    city = figures.readings[0]
    yield names.say(
        "shelters.reading",
        a=formats.number(city.effective_m2_per_resident or 0.0, names.language),
        b=formats.number(city.gross_m2_per_resident or 0.0, names.language),
        a_said=_target(names, city.effective_m2, city.residents),
        b_said=_target(names, city.gross_m2, city.residents),
    )


def _target(names: ShelterNames, area_m2: float, residents: float) -> str:
    """Return whether an area meets the target per resident, and what it lacks of it."""
    short = TARGET_M2 * residents - area_m2
    if short <= 0:
        return names.say("shelters.reading.met", target=TARGET_M2)
    return names.say("shelters.reading.short", short=short, target=TARGET_M2)


def _reasons(names: ShelterNames, plan: ShelterPlan, scenario_id: str) -> Iterator[str]:
    """Yield why people have no place, the reason of most of them first."""
    people: dict[str, float] = defaultdict(float)
    for one in plan.without_place or ():
        if one.scenario_id == scenario_id and one.reason is not None:
            people[one.reason] += one.people
    told = [
        names.say("shelters.reason_count", people=count, reason=names.say(f"shelters.reason.{one}"))
        for one, count in sorted(people.items(), key=lambda pair: -pair[1])
    ]
    if told:
        reasons = names.say("shelters.semicolon").join(told)
        yield "    " + names.say("shelters.reasons", reasons=reasons)


def _waiting(names: ShelterNames, plan: ShelterPlan, scenario_id: str) -> Iterator[str]:
    """Yield who still waits for a vehicle when the time is up, by block and group."""
    for one in plan.without_place or ():
        if one.scenario_id == scenario_id and one.reason in ("waiting", "too_late"):
            yield "    " + names.say(
                "shelters.waiting",
                people=one.people,
                group=names.groups[one.group],
                block=names.blocks[one.block_id],
            )


def _worst_loss(names: ShelterNames, answer: ShelterAnswer) -> Iterator[str]:
    """Yield which site's loss would hurt most."""
    explanation = answer.explanation
    for one in () if explanation is None else explanation.worth:
        if explanation is not None and one.site_id == explanation.worst_loss:
            site = names.sites[one.site_id]
            yield names.say("shelters.worst_loss", site=site, people=one.loses)


def _stages(names: ShelterNames, answer: ShelterAnswer) -> Iterator[str]:
    """Yield what opens in each stage, and who is without a place then."""
    explanation, plan = answer.explanation, answer.plan
    left = {} if explanation is None else {one.stage_id: one.unmet for one in explanation.stages}
    for one in (plan.stages if plan is not None else None) or ():
        unmet = left.get(one.stage_id)
        sites = names.say("shelters.comma").join(names.sites[site] for site in one.site_ids)
        yield "  " + names.say(
            "shelters.stage",
            stage=names.stages[one.stage_id],
            sites=sites or names.say("shelters.nothing"),
            cost=one.cost,
            unmet=formats.NO_NUMBER if unmet is None else formats.number(unmet, names.language),
        )
