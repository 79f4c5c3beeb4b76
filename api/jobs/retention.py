"""What ended long ago is forgotten."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.jobs.situations import SituationStore
from api.jobs.store import JobStore
from api.settings import Settings

_DAY_S = 86_400.0
_LOOK_S = 600.0

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rule:
    """What is forgotten after so many days by ``forget(age_s)``, which counts it; None: never."""

    what: str
    kept_days: float | None
    forget: Callable[[float], int]


def rules_of(engine: Engine, settings: Settings) -> tuple[Rule, ...]:
    """Return what the settings say of a database."""
    return (
        Rule("jobs", settings.jobs_kept_days, JobStore(engine).forget),
        Rule("situations", settings.situations_kept_days, SituationStore(engine).forget),
    )


class Retention:
    """Looks now and then for what is to be forgotten."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = [one for one in rules if one.kept_days is not None]
        self._closing = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def start(self) -> None:
        """Begin to look."""
        if self._rules:
            self._thread.start()

    def close(self) -> None:
        """End."""
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _look(self) -> None:
        while not self._closing.is_set():
            for rule in self._rules:
                assert rule.kept_days is not None
                try:
                    number = rule.forget(rule.kept_days * _DAY_S)
                except SQLAlchemyError:
                    _logger.warning("the database of jobs is away")
                else:
                    if number:
                        _logger.info("%d old %s forgotten", number, rule.what)
            self._closing.wait(_LOOK_S)
