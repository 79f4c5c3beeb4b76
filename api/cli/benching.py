"""``muster bench``: the engine on a published set, held against the published values."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.cli.bench_page import Score, page, table
from api.cli.options import Lang, OutFile
from api.cli.progress import watched
from api.cli.reporting import print_table
from api.cli.solving import Seed, Threads, limited
from api.cli.talk import OWN_FAULT, errors_told, tell
from api.output import check_writable, write
from api.render.tables import csv
from api.settings import Settings
from api.solving import Task
from instances import catalog
from instances.readers import ReadError
from models.faults import Fault
from models.messages import message
from models.run import Backend, RunLimits, StopReason
from models.text import Language, Text
from optimizer import Extras
from optimizer.algorithms.capacitated.instance import Located, of_matrices
from optimizer.algorithms.capacitated.search import locate
from optimizer.algorithms.two_echelon import Staged, locate_stages
from optimizer.control import RunControl
from optimizer.errors import InputError

_PUBLISHED_OPTIMUM = "optimal"

Limits = dict[str, float | str | None]


class Family(StrEnum):
    """The sets of published instances."""

    PMED = "pmed"
    PMED_CENTER = "pmed-center"
    MCLP = "mclp"
    SCP = "scp"
    CAP = "cap"
    CFLP = "cflp"
    SJC = "sjc"
    PMEDCAP = "pmedcap"
    TSCFLP = "tscflp"


FamilyName = Annotated[
    Family, typer.Argument(metavar="SET", help=f"{', '.join(one.value for one in Family)}.")
]
TimeLimit = Annotated[
    float, typer.Option(min=0.001, max=604_800, help="Seconds for each instance.")
]
Only = Annotated[
    list[str] | None, typer.Option("--only", metavar="NAME", help="An instance; may come again.")
]
ByBackend = Annotated[Backend | None, typer.Option("--backend", help="The solver library.")]


def bench(
    family: FamilyName,
    *,
    time_limit: TimeLimit = 60.0,
    only: Only = None,
    out: OutFile = None,
    seed: Seed = None,
    threads: Threads = None,
    backend: ByBackend = None,
    lang: Lang = "en",
) -> None:
    """Solve a set of published instances; --out writes a page (HTML), and its table as CSV."""
    with errors_told(lang):
        files = _files(out)
        limits: Limits = {
            "time_limit_s": time_limit,
            "seed": seed,
            "threads": threads,
            "backend": backend,
        }
        scores: list[Score] = []
        for entry in _entries(family, only):
            scores.append(_score(entry, limits, lang))
            tell(_told(scores[-1], lang))
            if scores[-1].stop is StopReason.CANCELLED:
                break
        shown = table(family.value, scores, lang, time_limit_s=time_limit)
        print_table(shown, lang)
        tell(shown.note or "")
        if files is not None:
            write(files[0], page(shown, scores, lang, time_limit_s=time_limit))
            write(files[1], csv(shown))
            tell(message("cli.written", lang, path=f"{files[0]}, {files[1]}"))
        if any(score.contradicts for score in scores):
            raise typer.Exit(OWN_FAULT)


def _files(out: Path | None) -> tuple[Path, Path] | None:
    """Return the page and its table as files, both writable."""
    if out is None:
        return None
    files = out.with_suffix(".html"), out.with_suffix(".csv")
    for path in files:
        check_writable(path)
    return files


def _entries(family: Family, only: list[str] | None) -> tuple[catalog.Entry, ...]:
    try:
        held = catalog.entries(family.value)
    except catalog.NoDataError:
        held = ()
    if not held:
        need = Text(code="benchmark.no_data", values={"family": family.value})
        raise InputError((Fault(path="SET", value=family.value, need=need),))
    chosen = tuple(entry for entry in held if only is None or entry.name in only)
    names = {entry.name for entry in chosen}
    known = Text(
        code="benchmark.no_instance", values={"known": ", ".join(e.name for e in held[:5])}
    )
    unknown = tuple(
        Fault(path="--only", value=name, need=known) for name in only or () if name not in names
    )
    if unknown:
        raise InputError(unknown)
    return chosen


def _score(entry: catalog.Entry, limits: Limits, language: Language) -> Score:
    """Solve one instance: a request in a process of its own, without reasons."""
    if entry.family in {*catalog.CAPACITATED, *catalog.STAGED}:
        return _located(entry, limits, language)
    try:
        request, best_known = catalog.load(entry.name)
    except ReadError as error:
        need = Text(code="benchmark.unreadable", values={"problem": error.text(language)})
        raise InputError((Fault(path=entry.file, need=need),)) from None
    task = Task(limited(request, **limits), Settings().store, extras=Extras(explain=False))
    run = watched(task, language).run
    found = run.objective
    return Score(
        instance=entry.name,
        objective=None if found is None else found * best_known.scale,
        published=best_known.value,
        optimum=best_known.status == _PUBLISHED_OPTIMUM,
        status=run.status,
        stop=run.stop,
        gap=run.gap,
        wall_s=run.wall_s,
    )


def _located(entry: catalog.Entry, limits: Limits, language: Language) -> Score:
    """Solve one instance of limited capacity by the search that takes arrays."""
    given = {name: value for name, value in limits.items() if value is not None}
    control = RunControl(RunLimits.model_validate(given))
    found: Located | Staged
    try:
        if entry.family in catalog.STAGED:
            staged, best_known = catalog.load_staged(entry)
            found = locate_stages(staged, control)
        else:
            problem, best_known = catalog.load_capacitated(entry)
            single = catalog.CAPACITATED[entry.family].single_source
            found = locate(of_matrices(problem, single_source=single), control)
    except ReadError as error:
        need = Text(code="benchmark.unreadable", values={"problem": error.text(language)})
        raise InputError((Fault(path=entry.file, need=need),)) from None
    return Score(
        instance=entry.name,
        objective=found.objective,
        published=best_known.value,
        optimum=best_known.status == _PUBLISHED_OPTIMUM,
        status=found.status,
        stop=found.stop,
        gap=found.gap,
        wall_s=control.elapsed_s,
    )


def _told(score: Score, language: Language) -> str:
    """Return one line about an instance, and a second where its value cannot be."""
    line = message(
        "benchmark.line",
        language,
        instance=score.instance,
        status=message(f"status.{score.status.value}", language),
        seconds=score.wall_s,
    )
    if not score.contradicts:
        return line
    wrong = message(
        "benchmark.contradiction",
        language,
        instance=score.instance,
        objective=score.objective,
        published=score.published,
    )
    return f"{line}\n{wrong}"
