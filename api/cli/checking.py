"""``muster verify``: a plan against its request, without the solver's help."""

import typer

from api.cli.loading import asked, load_plan
from api.cli.options import Json, Lang, PlanFile, RequestFile
from api.cli.talk import OWN_FAULT, errors_told, say
from api.output import to_json
from api.problems import problem_of
from models.answer import Check, Verification
from models.messages import message, render
from models.text import Language

_COUNTED = ("figure.", "objective", "station.", "districts", "allocation")


def verify(
    request_file: RequestFile, plan_file: PlanFile, *, json_only: Json = False, lang: Lang = "en"
) -> None:
    """Check every rule and figure of a plan; exit code 1 if one fails."""
    with errors_told(lang):
        settings, request = asked(request_file)
        plan = load_plan(plan_file, settings, request)
        verification = problem_of(request).verify(request, plan, settings.store)
        say(to_json(verification) if json_only else verification_text(verification, lang))
        if not verification.passed:
            raise typer.Exit(OWN_FAULT)


def verification_text(verification: Verification, language: Language) -> str:
    """Return every check as a line, and how many hold."""
    total, failed = len(verification.checks), len(verification.failed)
    code = "cli.verified" if verification.passed else "cli.not_verified"
    end = message(code, language, passed=total - failed, failed=failed, total=total)
    return "\n".join([*(_line(check, language) for check in verification.checks), end])


def rules_text(verification: Verification, language: Language) -> str:
    """Return the checks of the rules, and every check that fails.

    Figures that were just counted from the request hold, and say nothing here.
    """
    told = [
        check
        for check in verification.checks
        if not (check.passed and check.rule.startswith(_COUNTED))
    ]
    return "\n".join(_line(check, language) for check in told)


def _line(check: Check, language: Language) -> str:
    mark = "✓" if check.passed else "✗"
    if check.detail is None:
        return message("cli.check_bare", language, mark=mark, rule=check.rule)
    detail = render(check.detail, language)
    return message("cli.check", language, mark=mark, rule=check.rule, detail=detail)
