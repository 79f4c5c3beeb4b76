"""The command line ``muster``: the same engine and the same answer as every other door.

Exit codes: 0 an answer (that no plan exists is one), 1 our fault or a failed verification,
2 input that cannot be used, 3 a solver or a router that failed.
"""


def main() -> None:
    """Run the command that the arguments name."""
    # A process that was started for a solve reads this file too, and needs no command.
    from api.cli.commands import app  # noqa: PLC0415

    app()
