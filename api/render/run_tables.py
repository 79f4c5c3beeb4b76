"""Tables of the run: levels, verification, record, assumptions, conflict."""

from api.render.framing import standing
from api.render.names import Names
from api.render.tables import Row, Table, build, columns
from models.answer import Assumption, Check, ConflictRule
from models.fire_stations import FireStationAnswer
from models.messages import MESSAGES, message, named
from models.run import LevelReport, RunReport

_RULE_UNITS = {
    "capital_budget": "money",
    "yearly_budget": "money",
    "crew_limit_people": "people",
    "spacing": "distance",
    "clearances": "distance",
    "cover_floor": "share",
    "cover_floor_area": "share",
    "cover_floor_risk_class": "share",
    "nominal_area": "area",
    "new_stations": "stations",
}


def weight_of_level(names: Names, index: int) -> str | None:
    """Return the weight that a level of the ordered objectives counts."""
    objectives = names.request.objectives
    return getattr(objectives[index], "weight", None) if index < len(objectives) else None


def rule_value(names: Names, code: str, value: float | None) -> str | None:
    """Return a number of a rule in the rule's own unit."""
    if value is None:
        return None
    unit = _RULE_UNITS.get(code.removeprefix("rule."), "number")
    return names.say(f"unit.{unit}", value=value)


def _level_row(names: Names, index: int, level: LevelReport, run: RunReport) -> Row:
    weight = weight_of_level(names, index)

    def said(value: float | None) -> str | None:
        return names.objective_value(level.kind, value, weight=weight)

    return Row(
        (
            index + 1,
            names.objective(level.kind),
            named("status", standing(run, level), names.language),
            said(level.objective),
            said(level.bound),
            level.gap,
            said(level.allowed_loss),
            said(level.final),
            level.wall_s,
            level.node_count,
            named("stop", level.stop.value, names.language),
        )
    )


_LEVEL_COLUMNS = (
    "order:count",
    "objective",
    "status",
    "value",
    "bound",
    "gap:gap",
    "allowed_loss",
    "final",
    "wall:seconds",
    "nodes:count",
    "stop",
)


def levels(names: Names, answer: FireStationAnswer) -> Table | None:
    """Return every level's status, value, bound and gap."""
    titles = columns(names.language, *_LEVEL_COLUMNS)
    rows = (
        _level_row(names, index, one, answer.run) for index, one in enumerate(answer.run.levels)
    )
    return build("levels", names.language, titles, rows)


def staffing_levels(names: Names, answer: FireStationAnswer) -> Table | None:
    """Return the levels of the solve that shares out crews and vehicles."""
    staffing = answer.plan.staffing if answer.plan else None
    if staffing is None:
        return None
    titles = columns(names.language, *_LEVEL_COLUMNS)
    first = len(names.request.objectives)
    rows = []
    for index, level in enumerate(staffing.levels):
        row = _level_row(names, first + index, level, answer.run)
        rows.append(Row((index + 1, *row.cells[1:])))
    return build("staffing_levels", names.language, titles, rows)


def rule_name(check: Check, names: Names) -> str:
    """Return the name of a check's rule, or of the longest part of it that has a name."""
    parts = check.rule.split(".")
    for length in range(len(parts), 0, -1):
        code = f"rule_name.{'.'.join(parts[:length])}"
        if code in MESSAGES:
            return message(code, names.language)
    return check.rule


def verification(names: Names, answer: FireStationAnswer) -> Table | None:
    """Return every check of the verifier, those that fail first."""
    if answer.verification is None:
        return None
    titles = columns(names.language, "rule", "passed:flag", "detail", "path")
    rows = (
        Row(
            (
                rule_name(check, names),
                check.passed,
                names.text(check.detail) if check.detail else None,
                check.path,
            )
        )
        for check in sorted(answer.verification.checks, key=lambda check: check.passed)
    )
    return build("verification", names.language, titles, rows)


def _kind_of(assumption: Assumption, names: Names) -> str:
    code = {
        (True, True): "kind.default_illustrative",
        (True, False): "kind.default",
        (False, True): "kind.illustrative",
        (False, False): "kind.given",
    }[assumption.is_default, assumption.illustrative]
    return message(code, names.language)


def assumptions(names: Names, answer: FireStationAnswer) -> Table | None:
    """Return every default and illustrative figure with its source and confidence."""
    titles = columns(names.language, "path", "value", "kind", "source", "confidence")
    rows = (
        Row(
            (
                one.path,
                names.half(one.value),
                _kind_of(one, names),
                names.half(one.source),
                named("confidence", one.confidence, names.language) if one.confidence else None,
            ),
            illustrative=one.illustrative,
        )
        for one in answer.assumptions
    )
    return build("assumptions", names.language, titles, rows)


def record(names: Names, answer: FireStationAnswer) -> Table | None:
    """Return what a replay of the run needs."""
    kept = answer.run.record
    if kept is None:
        return None
    language = names.language
    said: list[tuple[str, str]] = [
        (message("record.request", language), kept.request_sha256),
        (message("record.seed", language), str(kept.seed)),
        (message("record.threads", language), str(kept.threads)),
        (message("record.backend", language), kept.backend),
        (message("record.replayable", language), _yes_or_no(kept.replayable, names)),
    ]
    said += sorted(kept.versions.items())
    return build("run", language, columns(language, "item", "value"), map(Row, said))


def _yes_or_no(value: bool, names: Names) -> str:
    return message("word.yes" if value else "word.no", names.language)


def conflict(names: Names, answer: FireStationAnswer) -> Table | None:
    """Return the rules in conflict, each with the change that alone resolves it."""
    if answer.conflict is None:
        return None
    titles = columns(names.language, "rule", "value", "smallest_change", "restores_at", "path")
    rows = (_conflict_row(names, one) for one in answer.conflict.rules)
    note = "conflict.intro" if answer.conflict.irreducible else "conflict.reducible"
    return build("conflict", names.language, titles, rows, note=names.say(note))


def _conflict_row(names: Names, rule: ConflictRule) -> Row:
    none_alone = message("conflict.none_alone", names.language)
    return Row(
        (
            names.text(rule.rule),
            rule_value(names, rule.rule.code, rule.value),
            rule_value(names, rule.rule.code, rule.smallest_change) or none_alone,
            rule_value(names, rule.rule.code, rule.restores_at),
            rule.path,
        )
    )
