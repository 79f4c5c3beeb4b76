"""An answer as some twenty-five lines of plain text, and the faults of an input."""

from collections.abc import Iterable, Sequence

from api.render.figures import amount, covered, difference, group, share, weights
from api.render.framing import standing
from api.render.names import Names, implied_action, standard
from api.render.run_tables import rule_name, rule_value, weight_of_level
from api.render.station_tables import changed_stations, closed_sites
from api.render.travel import lines as travel_lines
from models.answer import ConflictRule
from models.faults import Fault
from models.fire_stations import FireStationAnswer, FireStationPlan, FireStationRequest
from models.fire_stations.rules import CountRange
from models.messages import formats, message, named, render
from models.places import Change, StationStatus
from models.run import NOT_SEARCHED, RunReport
from models.text import Language

_INDENT = "  "


def summary(request: FireStationRequest, answer: FireStationAnswer, language: Language) -> str:
    """Return what a planner must know of an answer, one thing a line."""
    names = Names(request, language)
    lines = [*_heading(names, answer), *_question(names), *travel_lines(names, answer)]
    lines.append(_status(names, answer))
    if answer.plan is not None:
        lines += _changes(names, answer.plan)
        lines += _figures(names, answer.plan)
    lines += _conflict(names, answer)
    lines += [_level(names, index, answer.run) for index in range(len(answer.run.levels))]
    lines += _trust(names, answer)
    return "\n".join(lines) + "\n"


def _heading(names: Names, answer: FireStationAnswer) -> Iterable[str]:
    status = message(f"status.{standing(answer.run)}", names.language)
    title = names.request.name.text(names.language)
    yield names.say("summary.title", name=title, status=status)
    if names.request.illustrative or answer.illustrative:
        yield names.say("summary.illustrative")


def count_range(given: CountRange) -> str:
    """Return a range of counts in signs that every language reads.

    Examples
    --------
    >>> [count_range(CountRange(min=a, max=b)) for a, b in ((5, 5), (0, 3), (2, None))]
    ['5', '0–3', '≥ 2']
    """
    if given.max is None:
        return f"≥ {given.min}"
    return str(given.min) if given.min == given.max else f"{given.min}–{given.max}"


def _question(names: Names) -> Iterable[str]:
    request = names.request
    asked = standard(request)
    wanted = [
        names.say(
            "summary.new_class",
            range=count_range(counts),
            class_name=names.station_class(class_id),
        )
        for class_id, counts in request.new_stations.items()
    ]
    demand = request.demand_points
    in_service = [
        one
        for one in request.sites
        if one.station and one.station.status is StationStatus.IN_SERVICE
    ]
    yield names.say(
        "summary.asked" if isinstance(demand, tuple) else "summary.asked_table",
        points=len(demand) if isinstance(demand, tuple) else None,
        candidates=sum(one.station is None for one in request.sites),
        existing=len(in_service),
        new=names.say("words.join").join(wanted) or names.say("word.none"),
        within=asked.within_s,
        standard=asked.name,
    )
    scenarios = [names.scenario(one.id) for one in request.travel.scenarios]
    yield names.say("summary.scenarios", scenarios=names.say("words.separate").join(scenarios))


def _status(names: Names, answer: FireStationAnswer) -> str:
    return names.say(
        f"summary.status.{standing(answer.run)}",
        gap=answer.run.gap,
        stop=message(f"stop.{answer.run.stop.value}", names.language),
    )


def _changes(names: Names, plan: FireStationPlan) -> list[str]:
    changed = changed_stations(names, plan)
    lines = [names.say("summary.changes", number=len(changed))] if changed else []
    for order, one in enumerate(changed, 1):
        mark = "_illustrative" if names.illustrative(one.site_id) else ""
        action = message(f"action.{implied_action(names.request, one)}", names.language)
        line = names.say(
            f"summary.change{mark}",
            action=action,
            class_name=names.station_class(one.class_id),
            site=names.site(one.site_id),
        )
        if one.moved_from:
            line = names.say("summary.moved_from", line=line, site=names.site(one.moved_from))
        lines.append(f"{_INDENT}{order:2}. {line}")
    moved = {one.moved_from for one in changed}
    lines += [
        _INDENT + names.say("summary.closed", site=names.site(site.id))
        for site in closed_sites(names, plan)
        if site.station and Change.CLOSE in site.station.may and site.id not in moved
    ]
    return lines or [names.say("summary.no_changes")]


def signed(value: float | None, language: Language) -> str:
    """Return a difference of counts with its sign."""
    if value is None:
        return formats.NO_NUMBER
    return ("+" if value >= 0 else "-") + formats.count(abs(value), language)


def _figures(names: Names, plan: FireStationPlan) -> Iterable[str]:
    before, after = group(plan.before), group(plan.after)
    population = names.request.population_weight
    for weight in weights(plan, population):
        total = covered(after, weight)
        then, now = amount(before, weight), amount(after, weight)
        yield names.say(
            "summary.cover",
            weight=names.weight(weight),
            before=share(before, weight),
            after=share(after, weight),
            covered=now,
            total=total.total if total else None,
            gain=signed(difference(now, then), names.language),
        )
    if after is None:
        return
    yield names.say(
        "summary.force",
        weight=names.weight(population),
        before=share(before, population, "force"),
        after=share(after, population, "force"),
    )
    yield names.say(
        "summary.times",
        mean_before=before.mean_time_s if before else None,
        mean_after=after.mean_time_s,
        p90_before=before.p90_time_s if before else None,
        p90_after=after.p90_time_s,
        worst_before=before.worst_time_s if before else None,
        worst_after=after.worst_time_s,
    )
    if after.probable:
        yield names.say(
            "summary.probable",
            weight=names.weight(population),
            sigma=names.request.time_sigma,
            before=share(before, population, "probable"),
            after=share(after, population, "probable"),
            p90_before=before.probable_p90_s if before else None,
            p90_after=after.probable_p90_s,
        )
    yield from _means(names, plan)


def _means(names: Names, plan: FireStationPlan) -> Iterable[str]:
    before, after = plan.before, plan.after
    if after is None:
        return
    yield names.say(
        "summary.crew",
        headcount=after.headcount_people,
        per_10k=after.crew_per_10k,
        on_duty=after.on_duty_people,
        vehicles=sum(after.vehicles.values()),
    )
    yield names.say(
        "summary.cost",
        capital=after.capital_cost,
        yearly=after.yearly_cost,
        yearly_added=difference(after.yearly_cost, before.yearly_cost if before else None),
    )


def _level(names: Names, index: int, run: RunReport) -> str:
    level = run.levels[index]
    weight = weight_of_level(names, index)
    return names.say(
        "summary.level",
        order=index + 1,
        objective=names.objective(level.kind),
        value=names.objective_value(level.kind, level.objective, weight=weight),
        bound=names.objective_value(level.kind, level.bound, weight=weight),
        gap=level.gap,
        status=named("status", standing(run, level), names.language),
    )


def _conflict(names: Names, answer: FireStationAnswer) -> Iterable[str]:
    if answer.conflict is None:
        return
    for rule in answer.conflict.rules:
        yield _INDENT + names.say("conflict.rule", rule=names.text(rule.rule), path=rule.path)
        yield _INDENT * 2 + conflict_change(names, rule)
    if not answer.conflict.irreducible:
        yield names.say("conflict.reducible")


def conflict_change(names: Names, rule: ConflictRule) -> str:
    """Return what change of a conflicting rule alone would make the request feasible."""
    if rule.restores_at is None:
        return names.say("conflict.none_alone")
    return names.say(
        "conflict.change",
        value=rule_value(names, rule.rule.code, rule.value),
        restores_at=rule_value(names, rule.rule.code, rule.restores_at),
    )


def _trust(names: Names, answer: FireStationAnswer) -> Iterable[str]:
    found = answer.verification
    if found is None:
        if answer.plan is not None:
            yield names.say("summary.not_verified")
    else:
        passed = sum(check.passed for check in found.checks)
        yield names.say("summary.verified", passed=passed, total=len(found.checks))
        for check in found.failed:
            detail = names.text(check.detail) if check.detail else ""
            yield names.say("summary.check_failed", rule=rule_name(check, names), detail=detail)
    yield names.say(
        "summary.judged" if answer.run.backend == NOT_SEARCHED else "summary.run",
        wall=answer.run.wall_s,
        backend=answer.run.backend,
        stop=message(f"stop.{answer.run.stop.value}", names.language),
    )


def faults(found: Sequence[Fault], language: Language) -> str:
    """Return every fault of an input by path, value and need, one a line."""
    title = "faults.one" if len(found) == 1 else "faults.title"
    lines = [message(title, language, number=len(found))]
    for fault in found:
        code = "faults.line" if fault.value is not None else "faults.line_missing"
        path = fault.path or message("words.whole", language)
        need = render(fault.need, language)
        lines.append(_INDENT + message(code, language, path=path, need=need, value=fault.value))
    return "\n".join(lines) + "\n"
