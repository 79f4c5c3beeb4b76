"""Saying things: answers on standard output, all else on standard error."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from api.clients import FetchError, RouterError
from api.render.text import faults as faults_text
from models.messages import message, render
from models.text import Language
from optimizer.errors import BackendError, InputError, VerificationError

OWN_FAULT, INPUT, SOLVER, INTERRUPTED = 1, 2, 3, 130
_FAILURES: dict[type[Exception], tuple[str, int]] = {
    BackendError: ("cli.solver_failed", SOLVER),
    FetchError: ("cli.fetch_failed", SOLVER),
    RouterError: ("cli.router_failed", SOLVER),
    VerificationError: ("cli.broken_plan", OWN_FAULT),
}

_logger = logging.getLogger(__name__)


def say(text: str) -> None:
    """Print ``text`` on standard output as UTF-8, whatever the terminal's locale."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    if not text.endswith("\n"):
        sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def tell(text: str) -> None:
    """Print ``text`` on standard error."""
    typer.echo(text.encode("utf-8", "backslashreplace"), err=True)


@contextmanager
def errors_told(language: Language) -> Iterator[None]:
    """Turn errors into a message and an exit code; nobody meets a traceback.

    ``MUSTER_LOG=debug`` in the environment logs the traceback of our own faults.
    """
    try:
        yield
    except typer.Exit:
        raise
    except InputError as error:
        tell(faults_text(error.faults, language))
        raise typer.Exit(INPUT) from None
    except (BackendError, FetchError, RouterError, VerificationError) as error:
        _told(language, *_FAILURES[type(error)], error)
    except KeyboardInterrupt:
        tell(message("cli.abandoned", language))
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:  # the reader of our output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except Exception as error:
        _unforeseen(language, error)


def _unforeseen(language: Language, error: Exception) -> None:
    """Tell of a library that is not there (what only some need is an extra), or of our fault."""
    if isinstance(error, ImportError):
        _told(language, "cli.needs_library", INPUT, error)
    _logger.debug("our own fault", exc_info=error)
    _told(language, "cli.own_fault", OWN_FAULT, error)


def _told(language: Language, code: str, exit_code: int, error: Exception) -> None:
    problem = str(error) or type(error).__name__
    if isinstance(error, (FetchError, RouterError)):
        problem = render(error.text, language)
    tell(message(code, language, problem=problem))
    raise typer.Exit(exit_code) from None
