"""Work that needs no solver, so that clients and test suites can try the service itself."""

from typing import Annotated

from pydantic import Field

from models.base import Model

LONGEST_PAUSE_S = 60


class EchoRequest(Model):
    """What is to be given back, and after how many seconds."""

    message: Annotated[str, Field(max_length=10_000)]
    pause: Annotated[int, Field(ge=0, le=LONGEST_PAUSE_S, description="seconds")] = 0


class EchoAnswer(Model):
    """What was given."""

    message: str
