"""The commands by name. Each is loaded when it is called: most need few of the libraries."""

from collections.abc import Mapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from api import __version__

# What a command is called: its module here, and the function or the group of commands in it.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "examples": ("examples", "list_examples"),
    "example": ("examples", "print_example"),
    "solve": ("solving", "solve"),
    "verify": ("checking", "verify"),
    "evaluate": ("evaluating", "evaluate"),
    "matrix": ("matrices", "matrix"),
    "report": ("reporting", "report"),
    "compare": ("reporting", "compare"),
    "export": ("exporting", "export"),
    "import": ("importing", "import_folder"),
    "template": ("importing", "template"),
    "run": ("running", "run"),
    "calibrate": ("calibrating", "calibrate"),
    "preview": ("previewing", "preview_points"),
    "grid": ("gridding", "grid"),
    "parcels": ("parcelling", "parcels"),
    "replay": ("replaying", "replay"),
    "dataset": ("datasets", "app"),
    "network": ("networks", "app"),
    "instances": ("instances", "app"),
    "bench": ("benching", "bench"),
    "serve": ("serving", "serve"),
    "worker": ("working", "worker"),
    "situation": ("situations", "app"),
    "rotation": ("rotation", "app"),
    "shelters": ("shelters", "app"),
    "stockpiles": ("stockpiles", "app"),
    "keys": ("keys", "app"),
    "audit": ("auditing", "audit"),
    "doctor": ("doctoring", "doctor"),
    "backup": ("keeping", "backup"),
    "restore": ("keeping", "restore"),
}


class _Commands(TyperGroup):
    """The group of all commands, each loaded when it is asked for."""

    def list_commands(self, ctx: object) -> list[str]:
        """Return the names of the commands."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: object, cmd_name: str) -> Any:
        """Return the command of this name, None where there is none."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        found = getattr(import_module(f"api.cli.{module}"), name)
        holder = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        if isinstance(found, typer.Typer):
            holder.add_typer(found, name=cmd_name)
        else:
            holder.command(cmd_name)(found)
            holder.callback()(_nothing)  # so that it stays a group of one
        group = typer.main.get_group(holder)
        return group.commands[cmd_name]


def _nothing() -> None:
    """Do nothing."""


app = typer.Typer(
    name="muster",
    cls=_Commands,
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
