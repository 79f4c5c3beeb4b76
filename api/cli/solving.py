"""``muster solve``: a request to its answer."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli import ALONE
from api.cli.loading import asked, load_plan
from api.cli.options import Json, Lang, OutFile, RequestFile
from api.cli.progress import watched
from api.cli.talk import OWN_FAULT, errors_told, say, tell
from api.output import to_json, write
from api.problems import AnyRequest
from api.reports import summary_of
from api.solving import Task
from models.messages import message
from models.run import Backend, RunLimits
from optimizer import Extras

TimeLimit = Annotated[
    float | None,
    typer.Option(min=0.001, max=604_800, help="Seconds for the search, over all levels."),
]
Seed = Annotated[int | None, typer.Option(min=0, max=2**31 - 1, help="Seed of the search.")]
Threads = Annotated[int | None, typer.Option(min=1, max=256, help="Threads of the solver.")]
ByBackend = Annotated[Backend | None, typer.Option("--backend", help="The solver library.")]
WarmFrom = Annotated[
    Path | None, typer.Option(metavar="PLAN", help="An earlier answer or plan to start from.")
]
PulpSolver = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The solver that --backend pulp calls: GUROBI_CMD, ..."),
]
Robustness = Annotated[
    float | None,
    typer.Option(min=0.001, metavar="SECONDS", help="Solve again with assumptions changed."),
]
SecondOpinion = Annotated[
    float | None,
    typer.Option(min=0.001, metavar="SECONDS", help="Solve each level again by CBC, and compare."),
]
NoCache = Annotated[
    bool,
    typer.Option("--no-cache", help="Neither use nor keep what earlier runs have found out."),
]
Explain = Annotated[
    bool, typer.Option("--explain/--no-explain", help="Give the reasons of the plan.")
]


def solve(
    request_file: RequestFile,
    *,
    out: OutFile = None,
    time_limit: TimeLimit = None,
    seed: Seed = None,
    threads: Threads = None,
    backend: ByBackend = None,
    pulp_solver: PulpSolver = None,
    warm_from: WarmFrom = None,
    no_cache: NoCache = False,
    explain: Explain = True,
    robustness: Robustness = None,
    second_opinion: SecondOpinion = None,
    json_only: Json = False,
    lang: Lang = "en",
) -> None:
    """Solve a request, print a summary, and write the whole answer with --out."""
    with errors_told(lang):
        settings, question = asked(request_file, out)
        request = limited(
            question,
            time_limit_s=time_limit,
            seed=seed,
            threads=threads,
            backend=backend,
            pulp_solver=pulp_solver,
        )
        start = None if warm_from is None else load_plan(warm_from, settings, request)
        extras = Extras(explain=explain, robustness_s=robustness, second_opinion_s=second_opinion)
        store = settings.store.uncached if no_cache else settings.store
        answer = watched(Task(request, store, start, extras), lang, here=ALONE.get())
        if out is not None:
            write(out, to_json(answer))
        say(to_json(answer) if json_only else summary_of(request, answer, lang))
        if out is not None:
            tell(message("cli.written", lang, path=str(out)))
        if answer.verification is not None and not answer.verification.passed:
            raise typer.Exit(OWN_FAULT)


def limited(request: AnyRequest, **limits: float | str | None) -> AnyRequest:
    """Return ``request`` with those limits that are given in place of its own."""
    given = {name: value for name, value in limits.items() if value is not None}
    if not given:
        return request
    own = request.limits.model_dump(exclude_unset=True)
    return request.model_copy(update={"limits": RunLimits.model_validate(own | given)})
