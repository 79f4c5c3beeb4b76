"""The processes that can be executed, by the words of OGC API - Processes: one table."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from api.output import request_json
from api.requests import Document, read_answer, read_echo, read_plan, read_request
from api.requests.parts import Reader, read_parts, under
from api.settings import Settings
from api.solving import Echo, Task, Work
from instances.examples import EXAMPLES
from models.echo import LONGEST_PAUSE_S
from models.faults import Fault
from models.fire_stations import FireStationAnswer, FireStationPlan
from models.text import Label, Text
from optimizer.errors import InputError
from optimizer.fire_stations.instance import Instance


@dataclass(frozen=True)
class Input:
    """One input of a process: what it is and how it is read."""

    title: Label
    model: str  # by its name in the description
    read: Callable[[Settings], Reader]
    required: bool = True
    schema: Mapping[str, Any] | None = None  # where it is no model of its own


@dataclass(frozen=True)
class Process:
    """What can be asked: its inputs, the work they make, and an example that works.

    ``raw`` names the part of the answer that stands for it as plain text.
    """

    id: str
    title: Label
    description: Label
    inputs: Mapping[str, Input]
    to_task: Callable[[Mapping[str, Any], Settings], Work]
    result: str  # by its name in the description
    example: Callable[[], Any]
    whole: Callable[[Document], object] | None = None  # reads all inputs as one
    raw: str | None = None
    version: str = "1.0.0"

    def read(self, inputs: Document, settings: Settings) -> Work:
        """Return the work that ``inputs`` ask for.

        Raises
        ------
        InputError
            With every fault of every input.
        """
        if self.whole is not None:
            return self.to_task({"request": self.whole(inputs)}, settings)
        readers = {name: one.read(settings) for name, one in self.inputs.items()}
        optional = frozenset(name for name, one in self.inputs.items() if not one.required)
        return self.to_task(read_parts(inputs, readers, optional), settings)


def check(task: Work, limit_s: float) -> None:
    """Raise for what takes more than one field to see, and for more time than granted.

    Raises
    ------
    InputError
        With the faults, by their paths in the inputs.
    """
    if isinstance(task, Echo):
        return
    given = task.request.limits.time_limit_s
    with under("request"):
        if given > limit_s:
            need = Text(code="need.time_limit", values={"limit": limit_s})
            raise InputError((Fault(path="limits.time_limit_s", value=str(given), need=need),))
        Instance.from_request(task.request, task.store)


def _request(settings: Settings) -> Reader:
    return partial(read_request, store=settings.store)


def _plan(settings: Settings) -> Reader:
    del settings
    return read_plan


def _answer(settings: Settings) -> Reader:
    del settings

    def read(document: Document) -> FireStationAnswer:
        answer = read_answer(document)
        if not isinstance(answer, FireStationPlan):
            return answer
        raise InputError((Fault(path="", need=Text(code="need.answer")),))

    return read


def _minimal() -> Any:
    return json.loads(request_json(EXAMPLES["minimal"].build()))


_REQUEST = Input(Label(en="The request", zh="请求"), "FireStationRequest", _request)
_START = Input(
    Label(en="A plan to start from", zh="起始方案"), "FireStationPlan", _plan, required=False
)
_PROPOSAL = Input(
    Label(en="The plan to be judged; a whole answer serves too", zh="待评估的方案，也可为完整答案"),
    "FireStationPlan",
    _plan,
)
_AGAINST = Input(
    Label(en="A proven answer to hold it against", zh="用于对照的已证明答案"),
    "FireStationAnswer",
    _answer,
    required=False,
)

PROCESSES: Mapping[str, Process] = {
    one.id: one
    for one in (
        Process(
            id="site-fire-stations",
            title=Label(en="Site fire stations", zh="消防站选址"),
            description=Label(
                en="Where new stations go, which idle ones are commissioned, and what that "
                "achieves: proven, checked and explained.",
                zh="新建消防站的位置、闲置站的启用及其成效：经证明、校验并附说明。",
            ),
            inputs={"request": _REQUEST, "start": _START},
            to_task=lambda parts, settings: Task(
                parts["request"], settings.store, parts.get("start")
            ),
            result="FireStationAnswer",
            example=lambda: {"request": _minimal()},
        ),
        Process(
            id="evaluate-plan",
            title=Label(en="Evaluate a plan", zh="评估方案"),
            description=Label(
                en="A plan made elsewhere: its figures, rule by rule, and its distance from a "
                "proven answer.",
                zh="评估外部方案：逐条校核规则、计算指标，并给出与已证明答案的差距。",
            ),
            inputs={"request": _REQUEST, "plan": _PROPOSAL, "against": _AGAINST},
            to_task=lambda parts, settings: Task(
                parts["request"],
                settings.store,
                proposal=parts["plan"],
                against=parts.get("against"),
            ),
            result="FireStationAnswer",
            example=lambda: {
                "request": _minimal(),
                "plan": {"stations": [{"site_id": "B", "class_id": "city"}]},
            },
        ),
    )
}

_MESSAGE = Input(
    Label(en="The message", zh="消息"),
    "EchoRequest",
    _plan,
    schema={"type": "string", "maxLength": 10_000},
)
_PAUSE = Input(
    Label(en="Seconds until it is given back", zh="返回前等待的秒数"),
    "EchoRequest",
    _plan,
    required=False,
    schema={"type": "integer", "minimum": 0, "maximum": LONGEST_PAUSE_S, "default": 0},
)

_CONFORMANCE: Mapping[str, Process] = {
    "echo": Process(
        id="echo",
        title=Label(en="Give back what was given", zh="原样返回"),
        description=Label(
            en="For clients and test suites that try the service itself.",
            zh="供客户端与测试套件检验服务本身。",
        ),
        inputs={"message": _MESSAGE, "pause": _PAUSE},
        to_task=lambda parts, _: Echo(parts["request"]),
        result="EchoAnswer",
        example=lambda: {"message": "hello"},
        whole=read_echo,
        raw="message",
    )
}


def offered(settings: Settings) -> Mapping[str, Process]:
    """Return the processes that this service offers."""
    extra = _CONFORMANCE if settings.profile == "conformance" else {}
    return {**PROCESSES, **extra}
