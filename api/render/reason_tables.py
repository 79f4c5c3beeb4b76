"""Tables of reasons: what sites add, what stays uncovered, what one more brings, robustness."""

from api.render.names import Names
from api.render.run_tables import rule_value
from api.render.tables import Kind, Row, Table, Value, build, columns, kind_of_unit
from models.fire_stations import FireStationExplanation
from models.fire_stations.explanation import InvestmentRank, SiteContribution
from models.messages import message, named
from models.run import RunReport


def _first_kind(names: Names) -> Kind:
    return kind_of_unit(names.objective_unit(names.first_objective[0]))


def first_unit_note(names: Names) -> str:
    """Return what the values of a table count: those of the first objective."""
    kind, weight = names.first_objective
    return names.say(
        "note.unit" if weight is None else "note.unit_weight",
        objective=names.objective(kind),
        weight=weight and names.weight(weight),
    )


def contributions(names: Names, explanation: FireStationExplanation) -> Table | None:
    """Return what each opened site adds, and the best stand-in for it."""
    kind = _first_kind(names)
    titles = columns(
        names.language,
        "site",
        "class",
        "action",
        f"adds:{kind}",
        f"adds_alone:{kind}",
        "swap",
        f"swap_loss:{kind}",
        "without",
        f"without_loss:{kind}",
    )
    ordered = sorted(explanation.contributions, key=lambda one: -one.adds)
    rows = (_contribution_row(names, one) for one in ordered)
    return build(
        "contributions",
        names.language,
        titles,
        rows,
        note=first_unit_note(names),
        currency=names.request.currency,
    )


def _contribution_row(names: Names, one: SiteContribution) -> Row:
    without = one.without
    return Row(
        (
            names.site(one.site_id),
            names.station_class(one.class_id),
            named("action", one.action.value, names.language),
            one.adds,
            one.adds_alone,
            names.site(one.swap_site) if one.swap_site else None,
            one.swap_loss,
            names.site_list(without.opened_sites) if without else None,
            without.loss if without else None,
        ),
        illustrative=names.illustrative(one.site_id),
    )


def marginal(names: Names, explanation: FireStationExplanation) -> Table | None:
    """Return the first objective with one station more or fewer of a class."""
    kind = _first_kind(names)
    titles = columns(names.language, "change", f"value:{kind}", f"gain:{kind}", "status")
    rows = []
    for one in explanation.marginal:
        code = "change.more" if one.change > 0 else "change.fewer"
        change = names.say(code, class_name=names.station_class(one.class_id))
        status = named("status", one.status.value, names.language)
        rows.append(Row((change, one.objective, one.gain, status)))
    note, currency = first_unit_note(names), names.request.currency
    return build("marginal", names.language, titles, rows, note=note, currency=currency)


def binding(names: Names, explanation: FireStationExplanation) -> Table | None:
    """Return the rules that the plan meets without room to spare."""
    titles = columns(names.language, "rule", "used", "limit", "path")
    rows = (
        Row(
            (
                names.text(one.rule),
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
        f"gain:{_first_kind(names)}",
        "cost:money",
        "gain_per_cost:number",
    )
    ordered = sorted(explanation.ranking, key=lambda one: (one.mode, one.order))
    rows = (Row(_rank_cells(names, one), names.illustrative(one.site_id)) for one in ordered)
    note = f"{first_unit_note(names)} {names.say('note.ranking')}"
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
        one.gain,
        one.cost,
        per_million,
    )


def robustness(names: Names, explanation: FireStationExplanation) -> Table | None:
    """Return what the plan is worth, and what is best, in each changed case."""
    made = explanation.robustness
    if made is None:
        return None
    kind = _first_kind(names)
    titles = columns(
        names.language,
        "case",
        f"plan_value:{kind}",
        f"best_value:{kind}",
        f"regret:{kind}",
        "kept:count",
        "status",
    )
    rows = (
        Row(
            (
                names.text(one.case),
                one.plan_objective,
                one.objective,
                one.regret,
                len(one.kept_sites),
                named("status", one.status.value, names.language),
            )
        )
        for one in made.cases
    )
    note = first_unit_note(names)
    if not made.complete:
        note = f"{note} {names.say('note.robustness_partial')}"
    currency = names.request.currency
    return build("robustness", names.language, titles, rows, note=note, currency=currency)


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
