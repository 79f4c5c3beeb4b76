"""What is logged, as text or as JSON lines, with the request and the job it is about."""

import json
import logging
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

REQUEST: ContextVar[str | None] = ContextVar("request", default=None)
JOB: ContextVar[str | None] = ContextVar("job", default=None)

_HEADER = b"x-request-id"
_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)  # anything else might forge lines of the log
_FIELDS = ("method", "path", "status", "seconds")

_logger = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record with its time (UTC), its request and its job."""
        moment = datetime.fromtimestamp(record.created, UTC)
        said: dict[str, object] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": REQUEST.get(),
            "job_id": JOB.get(),
        }
        said |= {name: getattr(record, name, None) for name in _FIELDS}
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps({k: v for k, v in said.items() if v is not None}, ensure_ascii=False)


def json_lines() -> dict[str, Any]:
    """Return the settings of logging that write everything as JSON lines to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {
            "lines": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["lines"], "level": "INFO"},
        "loggers": {"alembic": {"level": "WARNING"}},
    }


@contextmanager
def about_job(job_id: str) -> Iterator[None]:
    """Let what is logged inside say that it is about a job."""
    token = JOB.set(job_id)
    try:
        yield
    finally:
        JOB.reset(token)


async def with_request_id(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request under the id it came with, or a new one, and say so in the answer."""
    if scope["type"] != "http":
        await app(scope, receive, send)
        return
    given = dict(scope["headers"]).get(_HEADER, b"").decode("latin-1")
    name = given if _ID.fullmatch(given) else uuid.uuid4().hex
    REQUEST.set(name)
    began, status = time.monotonic(), 0

    async def sending(message: Scope) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            message["headers"] = [*message.get("headers", ()), (_HEADER, name.encode())]
        await send(message)

    try:
        await app(scope, receive, sending)
    finally:
        took = round(time.monotonic() - began, 4)
        said = {"method": scope["method"], "path": scope["path"], "status": status}
        _logger.info("answered", extra=said | {"seconds": took})
