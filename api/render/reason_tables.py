"""Tables of reasons: what sites add, what stays uncovered, what one more brings, robustness."""

from api.render.names import Names
from api.render.run_tables import rule_value
from api.render.tables import Row, Table, Value, build, columns
from models.fire_stations import FireStationExplanation
from models.fire_stations.explanation import InvestmentRank, SiteContribution
from models.messages import message, named
from models.run import RunReport


def _first(names: Names) -> tuple[str, str | None]:
    objective = names.request.objectives[0]
    return objective.kind, getattr(objective, "weight", None)


def _gain(names: Names, value: float | None) -> str | None:
    kind, weight = _first(names)
    return names.objective_value(kind, value, weight=weight)


def _unit_note(names: Names) -> str:
    return names.say("note.contributions", objective=names.objective(_first(names)[0]))


def contributions(names: Names, explanation: FireStationExplanation) -> Table | None:
    """Return what each opened site adds, and the best stand-in for it."""
    titles = columns(
        names.language,
        "site",
        "class",
        "action",
        "adds",
        "adds_alone",
        "swap",
        "swap_loss",
        "without",
        "without_loss",
    )
    ordered = sorted(explanation.contributions, key=lambda one: -one.adds)
    rows = (_contribution_row(names, one) for one in ordered)
    return build("contributions", names.language, titles, rows, note=_unit_note(names))


def _contribution_row(names: Names, one: SiteContribution) -> Row:
    without = one.without
    return Row(
        (
            names.site(one.site_id),
            names.station_class(one.class_id),
            named("action", one.action.value, names.language),
            _gain(names, one.adds),
            _gain(names, one.adds_alone),
            names.site(one.swap_site) if one.swap_site else None,
            _gain(names, one.swap_loss),
            names.site_list(without.opened_sites) if without else None,
            _gain(names, without.loss) if without else None,
        ),
        illustrative=names.illustrative(one.site_id),
    )


def marginal(names: Names, explanation: FireStationExplanation) -> Table | None:
    """Return the first objective with one station more or fewer of a class."""
    titles = columns(names.language, "change", "value", "gain", "status")
    rows = []
    for one in explanation.marginal:
        code = "change.more" if one.change > 0 else "change.fewer"
        change = names.say(code, class_name=names.station_class(one.class_id))
        status = named("status", one.status.value, names.language)
        rows.append(Row((change, _gain(names, one.objective), _gain(names, one.gain), status)))
    return build("marginal", names.language, titles, rows)


def binding(names: Names, explanation: FireStationExplanation) -> Table | None:
    """Return the rules that the plan meets without room to spare."""
    titles = columns(names.language, "rule", "used", "limit", "path")
    rows = (
        Row(
            (
                names.say(one.rule.code, **one.rule.values),
                rule_value(names, one.rule.code, one.used),
                rule_value(names, one.rule.code, one.limit),
                one.path,
            )
        )
        for one in explanation.binding
    )
    return build("binding", names.language, titles, rows)


def uncovered(names: Names, explanation: FireStationExplanation) -> Table | None:
    """Return the demand that stays uncovered, by reason."""
    titles = columns(names.language, "reason", "total:count", "points:count")
    rows = (
        Row((message(f"uncovered.{one.reason}", names.language), one.weight, one.point_count))
        for one in explanation.uncovered
    )
    return build("uncovered", names.language, titles, rows)


def ranking(names: Names, explanation: FireStationExplanation) -> Table | None:
    """Return the ways to spend money, singly and in sequence, by gain per cost."""
    titles = columns(
        names.language,
        "mode",
        "order:count",
        "site",
        "class",
        "action",
        "gain",
        "cost:money",
        "gain_per_cost:number",
    )
    ordered = sorted(explanation.ranking, key=lambda one: (one.mode, one.order))
    rows = (Row(_rank_cells(names, one), names.illustrative(one.site_id)) for one in ordered)
    note = names.say("note.ranking")
    currency = names.request.currency
    return build("ranking", names.language, titles, rows, note=note, currency=currency)


def _rank_cells(names: Names, one: InvestmentRank) -> tuple[Value, ...]:
    per_million = None if one.gain_per_cost is None else 1e6 * one.gain_per_cost
    return (
        message(f"investment.{one.mode}", names.language),
        one.order,
        names.site(one.site_id),
        names.station_class(one.class_id),
        named("action", one.action.value, names.language),
        _gain(names, one.gain),
        one.cost,
        per_million,
    )


def robustness(names: Names, explanation: FireStationExplanation) -> Table | None:
    """Return what the plan is worth, and what is best, in each changed case."""
    made = explanation.robustness
    if made is None:
        return None
    titles = columns(
        names.language, "case", "plan_value", "best_value", "regret", "kept:count", "status"
    )
    rows = (
        Row(
            (
                names.say(one.case.code, **one.case.values),
                _gain(names, one.plan_objective),
                _gain(names, one.objective),
                _gain(names, one.regret),
                len(one.kept_sites),
                named("status", one.status.value, names.language),
            )
        )
        for one in made.cases
    )
    note = None if made.complete else names.say("note.robustness_partial")
    return build("robustness", names.language, titles, rows, note=note)


def survival(names: Names, explanation: FireStationExplanation) -> Table | None:
    """Return how often each site is chosen again when an assumption changes."""
    if explanation.robustness is None:
        return None
    titles = columns(names.language, "site", "chosen:share", "survives:flag")
    rows = (
        Row(
            (names.site(one.site_id), one.chosen_share, one.survives),
            illustrative=names.illustrative(one.site_id),
        )
        for one in explanation.robustness.sites
    )
    note = names.say("note.survival")
    return build("survival", names.language, titles, rows, note=note)


def second_opinion(
    names: Names, explanation: FireStationExplanation, run: RunReport
) -> Table | None:
    """Return each level as another solver sees it."""
    titles = columns(
        names.language, "order:count", "objective", "backend", "ours", "theirs", "verdict"
    )
    rows = []
    for one in explanation.second_opinion:
        level = run.levels[one.level] if one.level < len(run.levels) else None
        kind = level.kind if level else ""
        weight = _level_weight(names, one.level)
        rows.append(
            Row(
                (
                    one.level + 1,
                    names.objective(kind),
                    one.backend,
                    names.objective_value(kind, level.objective if level else None, weight=weight),
                    names.objective_value(kind, one.objective, weight=weight),
                    message(f"verdict.{one.verdict}", names.language),
                )
            )
        )
    return build("second_opinion", names.language, titles, rows)


def _level_weight(names: Names, level: int) -> str | None:
    objectives = names.request.objectives
    return getattr(objectives[level], "weight", None) if level < len(objectives) else None
