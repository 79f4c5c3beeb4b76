"""Jobs that ended long ago are forgotten."""

import logging
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from api.jobs.store import JobStore

_DAY_S = 86_400.0
_LOOK_S = 600.0

_logger = logging.getLogger(__name__)


class Retention:
    """Looks now and then for what is to be forgotten; ``kept_days`` None: nothing ever is."""

    def __init__(self, store: JobStore, kept_days: float | None) -> None:
        self._store, self._kept_days = store, kept_days
        self._closing = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def start(self) -> None:
        """Begin to look."""
        if self._kept_days is not None:
            self._thread.start()

    def close(self) -> None:
        """End."""
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _look(self) -> None:
        assert self._kept_days is not None
        while not self._closing.is_set():
            try:
                number = self._store.forget(self._kept_days * _DAY_S)
            except SQLAlchemyError:
                _logger.warning("the database of jobs is away")
            else:
                if number:
                    _logger.info("%d old jobs forgotten", number)
            self._closing.wait(_LOOK_S)
