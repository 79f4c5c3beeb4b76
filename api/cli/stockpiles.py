"""``muster stockpiles``: studies beside the plan, the day, and what is handed to dispatch."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.layers import csv_text
from api.cli.loading import asked, load_answer, load_request
from api.cli.options import Json, Lang, OutFile, PlanFile, RequestFile
from api.cli.progress import watched
from api.cli.solving import TimeLimit, limited
from api.cli.talk import errors_told, say, tell
from api.handing import hand_over as hand_over_of
from api.output import check_writable, request_json, to_json, write
from api.problems import AnyRequest, problem_of, unable
from api.render.files.spots import table_csv
from api.render.stockpiles.day import ORDER_KEYS
from api.render.stockpiles.day import flows as flows_of
from api.render.stockpiles.day import orders as day_orders
from api.reports import summary_of
from api.settings import Settings
from api.solving import Task
from models.faults import Fault
from models.messages import message
from models.stockpiles import StockAnswer, StockRequest
from models.stockpiles.day import StockDayAnswer, StockDayRequest
from models.stockpiles.studies import Studies
from models.text import Language, Text
from optimizer.errors import InputError

app = typer.Typer(no_args_is_help=True, help="Stockpiles: studies, and the day itself.")

Out = Annotated[Path, typer.Option("--out", "-o", help="The file to write.")]
Budgets = Annotated[
    list[float] | None,
    typer.Option("--budget", min=0, help="A budget of the curve; give it several times."),
]
Tiers = Annotated[bool, typer.Option("--tiers", help="What each tier is worth: plan without it.")]
Balanced = Annotated[bool, typer.Option("--balance", help="How well what is there is placed.")]
Target = Annotated[
    float | None,
    typer.Option(min=0.01, max=1.0, help="The budget that meets the target with this probability."),
]
Next = Annotated[float | None, typer.Option(min=0.01, help="What so much more money would buy.")]


@app.command("study")
def study(
    request_file: RequestFile,
    *,
    budget: Budgets = None,
    tiers: Tiers = False,
    balance: Balanced = False,
    next_money: Next = None,
    target: Target = None,
    out: OutFile = None,
    time_limit: TimeLimit = None,
    json_only: Json = False,
    lang: Lang = "en",
) -> None:
    """Plan, and find out what budgets, tiers, moving stock and more money are worth."""
    with errors_told(lang):
        settings, question = asked(request_file, out)
        studies = Studies(
            budgets=tuple(budget or ()),
            tiers=tiers,
            balance=balance,
            next_money=next_money,
            target_probability=target,
        )
        request = _stockpiles(question).model_copy(update={"studies": studies})
        task = Task(limited(request, time_limit_s=time_limit), settings.store)
        answer = watched(task, lang)
        if out is not None:
            write(out, to_json(answer))
        say(to_json(answer) if json_only else summary_of(request, answer, lang))
        if out is not None:
            tell(message("cli.written", lang, path=str(out)))


@app.command("hand-over")
def hand_over(
    request_file: RequestFile, answer_file: PlanFile, *, out: Out, lang: Lang = "en"
) -> None:
    """Write the request to team dispatch that an answer of the day carries."""
    with errors_told(lang):
        handed((request_file, answer_file), out, lang)


def handed(
    files: tuple[Path, Path],
    out: Path,
    lang: Language,
    *,
    case: str | None = None,
    site: str | None = None,
) -> None:
    """Write what the answer in the second of ``files`` hands to dispatch."""
    check_writable(out)
    settings = Settings()
    request = load_request(files[0], settings)
    answer = load_answer(files[1], settings, request)
    made = hand_over_of(request, answer, case=case, site=site, store=settings.store)
    write(out, request_json(made))
    tell(message("cli.written", lang, path=str(out)))


@app.command("orders")
def orders(
    request_file: RequestFile, answer_file: PlanFile, *, out: Out, lang: Lang = "en"
) -> None:
    """Write the day's trips as orders, from which `rotation pick` makes each vehicle's list."""
    with errors_told(lang):
        check_writable(out)
        settings = Settings()
        request = load_request(request_file, settings)
        answer = load_answer(answer_file, settings, request)
        if not isinstance(request, StockDayRequest) or not isinstance(answer, StockDayAnswer):
            raise unable(problem_of(request), lambda one: one.kind == "stockpile_day")
        if answer.plan is None or not answer.plan.trips:
            raise InputError((Fault(path="plan.trips", need=Text(code="need.stockpiles.loads")),))
        write(out, csv_text(ORDER_KEYS, day_orders(request, answer.plan)))
        tell(message("cli.written", lang, path=str(out)))


@app.command("flows")
def flows(
    request_file: RequestFile,
    answer_file: PlanFile,
    *,
    scenario: Annotated[str, typer.Option(help="The scenario, by its id.")],
    out: Out,
    lang: Lang = "en",
) -> None:
    """Write what goes from where to where in one scenario of a plan, in which band."""
    with errors_told(lang):
        check_writable(out)
        settings = Settings()
        request = _stockpiles(load_request(request_file, settings))
        answer = load_answer(answer_file, settings, request)
        plan = answer.plan if isinstance(answer, StockAnswer) else None
        known = [] if plan is None else [one.scenario_id for one in plan.deliveries]
        if plan is None or scenario not in known:
            need = Text(code="fault.reference", values={"known": ", ".join(known[:12]) or "-"})
            raise InputError((Fault(path="scenario", value=scenario, need=need),))
        table = flows_of(request, [plan.deliveries[known.index(scenario)]], lang)
        write(out, "" if table is None else table_csv(table, answer.travel))
        tell(message("cli.written", lang, path=str(out)))


def _stockpiles(request: AnyRequest) -> StockRequest:
    if isinstance(request, StockRequest):
        return request
    raise unable(problem_of(request), lambda one: one.kind == "stockpiles")
