"""The command line ``muster``: the same engine and the same answer as every other door.

Exit codes: 0 an answer (that no plan exists is one), 1 our fault or a failed verification,
2 input that cannot be used, 3 a solver or a router that failed.
"""

from contextvars import ContextVar

ALONE: ContextVar[bool] = ContextVar("alone", default=False)
"""Whether this process was started for one command, and has solved nothing before."""


def main() -> None:
    """Run the command that the arguments name."""
    ALONE.set(True)
    # A process that was started for a solve reads this file too, and needs no command.
    from api.cli.commands import app  # noqa: PLC0415

    app()
