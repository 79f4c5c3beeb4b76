"""``muster worker``: one more machine, or one more process, that carries out jobs."""

import logging.config
import signal
from threading import Event
from types import FrameType

from api.children import make_ready
from api.cli.options import Lang
from api.cli.talk import errors_told, tell
from api.jobs.database import open_database
from api.jobs.executor import LocalExecutor
from api.jobs.retention import Retention, rules_of
from api.jobs.store import JobStore
from api.jobs.worker import Worker
from api.logs import json_lines
from api.settings import Settings
from models.messages import message


def worker(lang: Lang = "en") -> None:
    """Carry out jobs of the database that MUSTER_DATABASE_URL names, until told to end.

    As many at a time as MUSTER_JOB_WORKERS says. What is under way at the end is given back.
    """
    with errors_told(lang):
        settings = Settings()
        if settings.log_format == "json":
            logging.config.dictConfig(json_lines())
        engine = open_database(settings.database_url)
        retention = Retention(rules_of(engine, settings))
        working = Worker(JobStore(engine), LocalExecutor(settings), settings, retention)
        ending = Event()

        def end(number: int, frame: FrameType | None) -> None:
            del number, frame
            ending.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        if settings.engine_at_start:
            make_ready()
        working.start()
        tell(message("cli.worker", lang, number=settings.job_workers))
        ending.wait()
        working.close()
