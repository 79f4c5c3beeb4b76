"""The processes that can be executed, by the words of OGC API - Processes: one table."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from api.output import request_json
from api.problems import PROBLEMS, Problem, problem_of
from api.requests import Document, read_answer, read_echo, read_plan, read_request
from api.requests.parts import Reader, read_parts, under
from api.settings import Settings
from api.solving import Echo, Task, Work
from instances.examples import EXAMPLES
from models.answer import Answer
from models.echo import LONGEST_PAUSE_S
from models.faults import Fault
from models.text import Label, Text
from optimizer.errors import InputError


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

    ``kind`` is that of its request, None where it has none. ``raw`` names the part of the answer
    that stands for it as plain text.
    """

    id: str
    title: Label
    description: Label
    inputs: Mapping[str, Input]
    to_task: Callable[[Mapping[str, Any], Settings], Work]
    result: str  # by its name in the description
    example: Callable[[], Any]
    kind: str | None = None
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
        problem_of(task.request).check(task.request, task.store)


def _request(problem: Problem) -> Input:
    def reader(settings: Settings) -> Reader:
        return partial(read_request, store=settings.store, problem=problem)

    return Input(Label(en="The request", zh="请求"), problem.request.__name__, reader)


def _plan(problem: Problem, title: Label, *, required: bool) -> Input:
    def reader(settings: Settings) -> Reader:
        del settings
        return partial(read_plan, problem=problem)

    return Input(title, problem.plan.__name__, reader, required=required)


def _answer(problem: Problem, title: Label) -> Input:
    def reader(settings: Settings) -> Reader:
        del settings

        def read(document: Document) -> object:
            answer = read_answer(document, problem)
            if isinstance(answer, Answer):
                return answer
            raise InputError((Fault(path="", need=Text(code="need.answer")),))

        return read

    return Input(title, problem.answer.__name__, reader, required=False)


_START = Label(en="A plan to start from", zh="起始方案")
_PROPOSAL = Label(
    en="The plan to be judged; a whole answer serves too", zh="待评估的方案，也可为完整答案"
)
_AGAINST = Label(en="A proven answer to hold it against", zh="用于对照的已证明答案")


def _example(name: str) -> Any:
    return json.loads(request_json(EXAMPLES[name].build()))


def _solving(process_id: str, kind: str, title: Label, description: Label, example: str) -> Process:
    """Return the process that answers requests of a kind."""
    problem = PROBLEMS[kind]
    return Process(
        id=process_id,
        title=title,
        description=description,
        inputs={"request": _request(problem), "start": _plan(problem, _START, required=False)},
        to_task=lambda parts, settings: Task(parts["request"], settings.store, parts.get("start")),
        result=problem.answer.__name__,
        example=lambda: {"request": _example(example)},
        kind=kind,
    )


def _evaluating(kind: str) -> Process:
    problem = PROBLEMS[kind]
    return Process(
        id="evaluate-plan",
        title=Label(en="Evaluate a plan", zh="评估方案"),
        description=Label(
            en="A plan made elsewhere: its figures, rule by rule, and its distance from a "
            "proven answer.",
            zh="评估外部方案：逐条校核规则、计算指标，并给出与已证明答案的差距。",
        ),
        inputs={
            "request": _request(problem),
            "plan": _plan(problem, _PROPOSAL, required=True),
            "against": _answer(problem, _AGAINST),
        },
        to_task=lambda parts, settings: Task(
            parts["request"],
            settings.store,
            proposal=parts["plan"],
            against=parts.get("against"),
        ),
        result=problem.answer.__name__,
        example=lambda: {
            "request": _example("minimal"),
            "plan": {"stations": [{"site_id": "B", "class_id": "city"}]},
        },
        kind=kind,
    )


PROCESSES: Mapping[str, Process] = {
    one.id: one
    for one in (
        _solving(
            "site-fire-stations",
            "fire_stations",
            Label(en="Site fire stations", zh="消防站选址"),
            Label(
                en="Where new stations go, which idle ones are commissioned, and what that "
                "achieves: proven, checked and explained.",
                zh="新建消防站的位置、闲置站的启用及其成效：经证明、校验并附说明。",
            ),
            "minimal",
        ),
        _solving(
            "site-shelters",
            "shelters",
            Label(en="Site shelters", zh="应急避难场所选址"),
            Label(
                en="Which places become shelters, who walks where in every scenario, and who is "
                "left without a place, by name and reason.",
                zh="哪些场所作为避难场所、各情景下人员去向，以及无处安置者的名单与原因。",
            ),
            "minimal-shelters",
        ),
        _solving(
            "place-stockpiles",
            "stockpiles",
            Label(en="Place stockpiles", zh="应急物资储备布局"),
            Label(
                en="Which tier holds what and how much, so that people get help in time whatever "
                "happens; judged in scenarios the plan has not seen.",
                zh="各层级储备何物、多少，使受灾群众无论何种情景均能及时得到救助；以未见情景检验。",
            ),
            "minimal-stockpiles",
        ),
        _solving(
            "plan-rotation",
            "stock_rotation",
            Label(en="Plan stock rotation", zh="应急物资轮换"),
            Label(
                en="What to issue, send on, sell, replace and buy over years, first expired first "
                "out, under yearly budgets; what expires all the same, and why.",
                zh="在年度预算内按先到期先出安排多年的出库、调拨、处置、更新与采购，并说明仍会过期的物资及原因。",
            ),
            "minimal-rotation",
        ),
        _solving(
            "dispatch-teams",
            "dispatch_teams",
            Label(en="Dispatch teams", zh="力量调派"),
            Label(
                en="Which teams go to which incidents now, with a reason for every need that "
                "stays open.",
                zh="哪些队伍立即前往哪些灾情，并说明每项未满足需求的原因。",
            ),
            "minimal-dispatch",
        ),
        _solving(
            "plan-disaster-phase",
            "dispatch_phase",
            Label(en="Plan a disaster phase", zh="灾害处置阶段排程"),
            Label(
                en="Rounds of teams from incident to incident over hours, the severest done "
                "soonest, with a proven bound and a reason for what stays undone.",
                zh="各队伍在数小时内依次处置多起灾情，严重者优先完成，给出已证明的界及未处置原因。",
            ),
            "minimal-phase",
        ),
        _solving(
            "plan-readiness",
            "dispatch_readiness",
            Label(en="Plan readiness", zh="备勤与移防"),
            Label(
                en="The cover that ready teams leave for the calls to come, what each is worth, "
                "and which of them should move up.",
                zh="在备队伍对后续警情的覆盖、各队贡献，以及哪些队伍应移防。",
            ),
            "minimal-readiness",
        ),
        _evaluating("fire_stations"),
    )
}


def _no_reader(settings: Settings) -> Reader:
    del settings
    raise AssertionError  # echo reads its inputs as one


_MESSAGE = Input(
    Label(en="The message", zh="消息"),
    "EchoRequest",
    _no_reader,
    schema={"type": "string", "maxLength": 10_000},
)
_PAUSE = Input(
    Label(en="Seconds until it is given back", zh="返回前等待的秒数"),
    "EchoRequest",
    _no_reader,
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
