"""``muster evaluate``: a proposal made elsewhere gets the same figures, rule by rule."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.checking import rules_text
from api.cli.loading import asked, load_answer, load_plan
from api.cli.options import Json, Lang, OutFile, RequestFile
from api.cli.talk import OWN_FAULT, errors_told, say
from api.output import to_json, write
from api.problems import AnyPlan, AnyRequest, about_fire_stations, problem_of, unable
from api.reports import summary_of
from api.settings import Settings
from models.faults import Fault
from models.fire_stations import FireStationPlan
from models.fire_stations.plan import PlannedStation
from models.text import Text
from optimizer.errors import InputError

Proposal = Annotated[
    Path | None, typer.Argument(metavar="[PLAN]", help="The proposal (JSON), or use --open.")
]
Stations = Annotated[
    str | None,
    typer.Option("--open", metavar="SITE:CLASS,...", help="The stations of the proposal."),
]
Against = Annotated[
    Path | None,
    typer.Option(metavar="PLAN", help="The proven answer to hold the proposal against."),
]


def evaluate(
    request_file: RequestFile,
    plan_file: Proposal = None,
    *,
    opened: Stations = None,
    against: Against = None,
    out: OutFile = None,
    json_only: Json = False,
    lang: Lang = "en",
) -> None:
    """Count a proposal's figures and check its rules; exit code 1 if one is broken.

    Stations in service that may not be closed need not be named.
    """
    with errors_told(lang):
        settings, request = asked(request_file, out)
        problem = problem_of(request)
        if problem.evaluate is None:
            raise unable(problem, lambda one: one.evaluate)
        best = None if against is None else load_answer(against, settings, request)
        plan = proposal(plan_file, opened, settings, request)
        answer = problem.evaluate(request, plan, best, settings.store)
        if out is not None:
            write(out, to_json(answer))
        if json_only:
            say(to_json(answer))
        else:
            say(summary_of(request, answer, lang))
            if answer.verification is not None:
                say(rules_text(answer.verification, lang))
        if answer.verification is not None and not answer.verification.passed:
            raise typer.Exit(OWN_FAULT)


def proposal(
    plan_file: Path | None, opened: str | None, settings: Settings, request: AnyRequest
) -> AnyPlan:
    """Return the plan in a file, or of the stations that ``--open`` names."""
    if (plan_file is None) == (opened is None):
        raise InputError((Fault(path="--open", need=Text(code="need.proposal")),))
    if plan_file is not None:
        return load_plan(plan_file, settings, request)
    about_fire_stations(request)
    return opened_stations(opened or "")


def opened_stations(text: str) -> FireStationPlan:
    """Return the plan that ``SITE:CLASS,...`` names.

    Examples
    --------
    >>> [one.class_id for one in opened_stations("A:city, B:small").stations]
    ['city', 'small']
    """
    pairs = [one.strip().rpartition(":") for one in text.split(",") if one.strip()]
    faults = tuple(
        Fault(path="--open", value=f'"{site}{colon}{name}"', need=Text(code="need.site_and_class"))
        for site, colon, name in pairs
        if not (site and name)
    )
    if faults or not pairs:
        raise InputError(faults or (Fault(path="--open", need=Text(code="need.proposal")),))
    return FireStationPlan(
        stations=tuple(PlannedStation(site_id=site, class_id=name) for site, _, name in pairs)
    )
