"""The command line ``muster``: the same engine and the same answer as every other door.

Exit codes: 0 an answer (that no plan exists is one), 1 our fault or a failed verification,
2 input that cannot be used, 3 a solver or a router that failed.
"""

from typing import Annotated

import typer

from api import __version__
from api.cli import (
    auditing,
    benching,
    calibrating,
    checking,
    datasets,
    doctoring,
    evaluating,
    examples,
    exporting,
    gridding,
    importing,
    keeping,
    keys,
    matrices,
    networks,
    parcelling,
    previewing,
    replaying,
    reporting,
    rotation,
    running,
    serving,
    situations,
    solving,
    working,
)

app = typer.Typer(
    name="muster",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def muster(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, help="Say which version this is.")
    ] = False,
) -> None:
    """Put emergency resources where help arrives in time: proven, checked, explained."""
    del version


app.command("examples")(examples.list_examples)
app.command("example")(examples.print_example)
app.command("solve")(solving.solve)
app.command("verify")(checking.verify)
app.command("evaluate")(evaluating.evaluate)
app.command("matrix")(matrices.matrix)
app.command("report")(reporting.report)
app.command("compare")(reporting.compare)
app.command("export")(exporting.export)
app.command("import")(importing.import_folder)
app.command("template")(importing.template)
app.command("run")(running.run)
app.command("calibrate")(calibrating.calibrate)
app.command("preview")(previewing.preview_points)
app.command("grid")(gridding.grid)
app.command("parcels")(parcelling.parcels)
app.command("replay")(replaying.replay)
app.add_typer(datasets.app, name="dataset")
app.add_typer(networks.app, name="network")
app.command("bench")(benching.bench)
app.command("serve")(serving.serve)
app.command("worker")(working.worker)
app.add_typer(situations.app, name="situation")
app.add_typer(rotation.app, name="rotation")
app.add_typer(keys.app, name="keys")
app.command("audit")(auditing.audit)
app.command("doctor")(doctoring.doctor)
app.command("backup")(keeping.backup)
app.command("restore")(keeping.restore)


def main() -> None:
    """Run the command that the arguments name."""
    app()
