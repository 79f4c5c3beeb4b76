"""The page for a council: where, what is gained, what it costs, what stays uncovered."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.render.areas import main_areas
from api.render.figures import amount, covered, difference, group, share
from api.render.names import Names, implied_action, standard
from api.render.station_tables import changed_stations, closed_sites
from models.fire_stations import FireStationAnswer, FireStationPlan
from models.fire_stations.plan import GroupFigures
from models.messages import formats, message
from models.places import Change

_WORST_AREAS = 3


@dataclass(frozen=True)
class Card:
    """One large figure with what it is and what it was."""

    label: str
    value: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opening:
    """One station that the plan opens or changes."""

    order: int
    text: str
    site: str
    illustrative: bool


@dataclass(frozen=True)
class CouncilPage:
    """All that the first page says."""

    headline: str | None
    openings: tuple[Opening, ...]
    closed: tuple[str, ...]
    gained: tuple[Card, ...]
    costs: tuple[Card, ...]
    left: tuple[Card, ...]
    reasons: tuple[str, ...]
    reasons_note: str | None
    worst_areas: tuple[str, ...]


def council_page(names: Names, answer: FireStationAnswer, plan: FireStationPlan) -> CouncilPage:
    """Return the council's page of a plan."""
    reasons = tuple(_reasons(names, answer))
    first = names.scenario(names.request.travel.scenarios[0].id)
    many = len(names.request.travel.scenarios) > 1
    note = names.say("report.reasons_note", scenario=first) if reasons and many else None
    return CouncilPage(
        headline=_headline(names, plan),
        openings=tuple(_openings(names, plan)),
        closed=tuple(_closed(names, plan)),
        gained=tuple(_gained(names, plan)),
        costs=tuple(_costs(names, plan)),
        left=tuple(_left(names, plan)),
        reasons=reasons,
        reasons_note=note,
        worst_areas=tuple(_worst_areas(names, plan)),
    )


def _headline(names: Names, plan: FireStationPlan) -> str | None:
    weight = names.request.population_weight
    before, after = share(group(plan.before), weight), share(group(plan.after), weight)
    if after is None:
        return None
    return names.say(
        "report.headline" if before is not None else "report.headline_bare",
        opened=len(changed_stations(names, plan)),
        after=after,
        before=before,
        weight=names.weight(weight),
        within=standard(names.request).within_s,
    )


def _openings(names: Names, plan: FireStationPlan) -> Iterable[Opening]:
    for order, one in enumerate(changed_stations(names, plan), 1):
        action = message(f"action.{implied_action(names.request, one)}", names.language)
        text = names.say(
            "report.opening", action=action, class_name=names.station_class(one.class_id)
        )
        illustrative = names.illustrative(one.site_id)
        yield Opening(order, text, names.site(one.site_id), illustrative)


def _closed(names: Names, plan: FireStationPlan) -> Iterable[str]:
    moved = {one.moved_from for one in plan.stations}
    for site in closed_sites(names, plan):
        if site.station and Change.CLOSE in site.station.may and site.id not in moved:
            yield names.say("summary.closed", site=names.site(site.id))


def _today(names: Names, value: str | None) -> tuple[str, ...]:
    return () if value is None else (names.say("report.card.today", value=value),)


def _change_of(names: Names, after: float | None, before: float | None) -> tuple[str, ...]:
    gain = difference(after, before)
    if gain is None:
        return ()
    code = "report.card.more" if gain >= 0 else "report.card.fewer"
    return (names.say(code, gain=formats.count(abs(gain), names.language)),)


def _share_text(names: Names, value: float | None) -> str | None:
    return None if value is None else formats.share(value, names.language)


def _gained(names: Names, plan: FireStationPlan) -> Iterable[Card]:
    weight = names.request.population_weight
    before, after = group(plan.before), group(plan.after)
    asked = standard(names.request)
    name = names.weight(weight)
    value = share(after, weight)
    if value is not None:
        change = _change_of(names, amount(after, weight), amount(before, weight))
        label = names.say("report.card.cover", weight=name, within=asked.within_s)
        notes = (*_today(names, _share_text(names, share(before, weight))), *change)
        yield Card(label, formats.share(value, names.language), notes)
    likely = share(after, weight, "probable")
    if likely is not None:
        label = names.say("report.card.probable", weight=name, within=asked.within_s)
        notes = _today(names, _share_text(names, share(before, weight, "probable")))
        yield Card(label, formats.share(likely, names.language), notes)
    yield from _time_cards(names, before, after)
    force = share(after, weight, "force")
    if force is not None:
        within = asked.full_force_within_s
        label = names.say("report.card.force", weight=name, within=within)
        notes = _today(names, _share_text(names, share(before, weight, "force")))
        yield Card(label, formats.share(force, names.language), notes)


def _time_cards(
    names: Names, before: GroupFigures | None, after: GroupFigures | None
) -> Iterable[Card]:
    for code in ("mean", "p90"):
        now = getattr(after, f"{code}_time_s") if after else None
        then = getattr(before, f"{code}_time_s") if before else None
        if now is not None:
            today = None if then is None else formats.minutes(then, names.language)
            label = names.say(f"report.card.{code}")
            yield Card(label, formats.minutes(now, names.language), _today(names, today))


def _costs(names: Names, plan: FireStationPlan) -> Iterable[Card]:
    before, after = plan.before, plan.after
    if after is None:
        return
    language, currency = names.language, names.request.currency
    capital = formats.money(after.capital_cost, language, currency)
    yield Card(names.say("report.card.capital"), capital)
    added = difference(after.yearly_cost, before.yearly_cost if before else None)
    notes: tuple[str, ...] = ()
    if added:
        value = formats.money(abs(added), language, currency)
        code = "report.card.yearly_added" if added >= 0 else "report.card.yearly_saved"
        notes = (names.say(code, value=value),)
    yearly = formats.money(after.yearly_cost, language, currency)
    yield Card(names.say("report.card.yearly"), yearly, notes)
    if after.crew_per_10k is not None:
        then = before.crew_per_10k if before else None
        today = None if then is None else formats.number(then, language)
        crew = formats.number(after.crew_per_10k, language)
        name = names.weight(names.request.population_weight)
        yield Card(names.say("report.card.crew", weight=name), crew, _today(names, today))


def _open_amount(figures: GroupFigures | None, weight: str) -> float | None:
    found = covered(figures, weight)
    return None if found is None else found.total - found.covered


def _left(names: Names, plan: FireStationPlan) -> Iterable[Card]:
    weight = names.request.population_weight
    left = _open_amount(group(plan.after), weight)
    if left is None:
        return
    within = standard(names.request).within_s
    label = names.say("report.card.uncovered", weight=names.weight(weight), within=within)
    today = _open_amount(group(plan.before), weight)
    said = None if today is None else formats.count(today, names.language)
    yield Card(label, formats.count(left, names.language), _today(names, said))


def _reasons(names: Names, answer: FireStationAnswer) -> Iterable[str]:
    groups = answer.explanation.uncovered if answer.explanation else ()
    for one in sorted(groups, key=lambda group: -group.weight):
        if one.weight > 0:
            reason = message(f"uncovered.{one.reason}", names.language)
            yield names.say("report.reason", reason=reason, weight=one.weight)


def _worst_areas(names: Names, plan: FireStationPlan) -> Iterable[str]:
    weight = names.request.population_weight
    found = [
        (value, names.area(area))
        for area in main_areas(names.request)
        if (value := share(group(plan.after, "area", area), weight)) is not None
    ]
    for value, name in sorted(found)[:_WORST_AREAS]:
        yield names.say("report.worst_area", area=name, share=value)
