"""What is said of an answer whatever was asked: its name and status, conflict, levels, checks."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from api.render.travel import grounds
from models.answer import Answer, ConflictRule
from models.messages import formats, message, named, render
from models.run import NOT_SEARCHED, LevelReport, RunReport, Status
from models.text import Label, Language

Value = Callable[[float], str]

_PROPOSED = {Status.FEASIBLE: "proposed", Status.UNKNOWN: "broken"}
_WARNED = {
    "feasible": ("unproven", "report.not_optimal"),
    "proposed": ("unproven", "summary.status.proposed"),
    "infeasible": ("failed", "report.infeasible"),
    "unknown": ("failed", "summary.status.unknown"),
    "broken": ("failed", "summary.status.broken"),
}


def standing(run: RunReport, level: LevelReport | None = None) -> str:
    """Return how a run, or one level of it, ended, as messages name it.

    A plan made elsewhere was not searched for: where no bound proves it best it is a proposal,
    or one that breaks rules.
    """
    status = (level or run).status
    judged = run.backend == NOT_SEARCHED
    return _PROPOSED.get(status, status.value) if judged else status.value


def heading(name: Label, answer: Answer[Any, Any], language: Language) -> Iterator[str]:
    """Yield what an answer is to and how it ended, and what it rests on."""
    status = message(f"status.{standing(answer.run)}", language)
    yield message("summary.title", language, name=name.text(language), status=status)
    if answer.illustrative:
        yield message("answer.illustrative", language)
    if answer.travel is not None:
        yield from grounds(answer.travel, language)


def warnings(answer: Answer[Any, Any], language: Language) -> Iterator[tuple[str, str]]:
    """Yield what must be said above an answer that failed a check or is not proven best.

    Each with its kind: ``failed`` or ``unproven``.
    """
    if answer.verification is not None and not answer.verification.passed:
        yield "failed", message("report.verification_failed", language)
    how = standing(answer.run)
    if how in _WARNED:
        kind, code = _WARNED[how]
        stop = message(f"stop.{answer.run.stop.value}", language)
        yield kind, message(code, language, stop=stop, gap=answer.run.gap)


def conflict_lines(answer: Answer[Any, Any], language: Language) -> Iterator[str]:
    """Yield the rules that cannot all hold, where there are any."""
    if answer.conflict is not None:
        yield message("answer.conflict", language)
        yield from rule_lines(answer.conflict.rules, language)


def rule_lines(rules: Iterable[ConflictRule], language: Language) -> Iterator[str]:
    """Yield rules in conflict, each with the number of its own that would restore feasibility."""
    for one in rules:
        line = "  " + render(one.rule, language)
        if one.restores_at is not None:
            line += message("answer.restores", language, value=one.restores_at)
        yield line


def ending(
    kind: str, answer: Answer[Any, Any], language: Language, value: Value | None = None
) -> Iterator[str]:
    """Yield what each level came to, and how many checks hold; see `level_line`."""
    for level in answer.run.levels:
        yield level_line(kind, level, language, value)
    yield from checks_line(answer, language)


def level_line(
    kind: str, level: LevelReport, language: Language, value: Value | None = None
) -> str:
    """Return a level's value, bound and gap.

    ``kind`` is what names of objectives are found under; ``value`` writes a number as people read
    it, else as a plain number.
    """

    def said(number: float | None) -> str:
        if number is None:
            return formats.NO_NUMBER
        return formats.number(number, language) if value is None else value(number)

    return message(
        "answer.level",
        language,
        objective=named(f"objective.{kind}", level.kind, language),
        value=said(level.final),
        bound=said(level.bound),
        gap=formats.NO_NUMBER if level.gap is None else formats.gap(level.gap, language),
    )


def checks_line(answer: Answer[Any, Any], language: Language) -> Iterator[str]:
    """Yield how many checks hold, where any were made."""
    if answer.verification is not None:
        checks = answer.verification.checks
        passed = sum(one.passed for one in checks)
        yield message("answer.verified", language, count=len(checks), passed=passed)
