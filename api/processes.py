"""The processes that can be executed, by the words of OGC API - Processes: one table."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from api.output import request_json
from api.problems import EVALUATED, PROBLEMS, AnyRequest, Problem, problem_of, unable
from api.requests import (
    Document,
    problem_named,
    read_answer,
    read_echo,
    read_model,
    read_plan,
    read_request,
)
from api.requests.parts import Reader, read_parts, under
from api.settings import Settings
from api.solving import Echo, Task, Work
from instances.examples import EXAMPLES
from models.answer import Answer
from models.echo import LONGEST_PAUSE_S
from models.faults import Fault
from models.run import RunRecord
from models.text import Label, Text
from optimizer.errors import InputError
from optimizer.record import request_sha256


@dataclass(frozen=True)
class Input:
    """One input of a process: what it is and how it is read, beside all the others."""

    title: Label
    model: str  # by its name in the description
    read: Callable[[Settings, Document], Reader]
    required: bool = True
    schema: Mapping[str, Any] | None = None  # where it is no model of its own


@dataclass(frozen=True)
class Process:
    """What can be asked: its inputs, the work they make, and an example that works.

    ``kind`` is that of its request, None where it has none or may be one of several. ``raw`` names
    the part of the answer that stands for it as plain text.
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
        readers = {name: one.read(settings, inputs) for name, one in self.inputs.items()}
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


def _request(problem: Problem | None = None) -> Input:
    """Return the input that asks, of one kind or of any that can be evaluated."""

    def reader(settings: Settings, inputs: Document) -> Reader:
        del inputs
        return partial(read_request, store=settings.store, problem=problem)

    model = "EvaluatedRequest" if problem is None else problem.request.__name__
    return Input(Label(en="The request", zh="请求"), model, reader)


def _plan(title: Label, problem: Problem | None = None, *, required: bool) -> Input:
    def reader(settings: Settings, inputs: Document) -> Reader:
        del settings
        return partial(read_plan, problem=problem or _asked_by(inputs))

    model = "EvaluatedPlan" if problem is None else problem.plan.__name__
    return Input(title, model, reader, required=required)


def _answer(title: Label) -> Input:
    def reader(settings: Settings, inputs: Document) -> Reader:
        del settings

        def read(document: Document) -> object:
            answer = read_answer(document, _asked_by(inputs))
            if isinstance(answer, Answer):
                return answer
            raise InputError((Fault(path="", need=Text(code="need.answer")),))

        return read

    return Input(title, "EvaluatedAnswer", reader, required=False)


def _asked_by(inputs: Document) -> Problem:
    """Return what kind of question the request among inputs is."""
    return problem_named(inputs.content.get("request"))


_START = Label(en="A plan to start from", zh="起始方案")
_PROPOSAL = Label(
    en="The plan to be judged; a whole answer serves too", zh="待评估的方案，也可为完整答案"
)
_AGAINST = Label(en="A proven answer to hold it against", zh="用于对照的已证明答案")

_ORDERS = {
    "orders": [
        {"team_id": "west", "incident_id": "car"},
        {"team_id": "east", "incident_id": "car"},
    ]
}


def _example(name: str) -> Any:
    return json.loads(request_json(EXAMPLES[name].build()))


def _solving(process_id: str, kind: str, title: Label, description: Label, example: str) -> Process:
    """Return the process that answers requests of a kind."""
    problem = PROBLEMS[kind]
    inputs = {"request": _request(problem)}
    if problem.starts:
        inputs["start"] = _plan(_START, problem, required=False)
    return Process(
        id=process_id,
        title=title,
        description=description,
        inputs=inputs,
        to_task=lambda parts, settings: Task(parts["request"], settings.store, parts.get("start")),
        result=problem.answer.__name__,
        example=lambda: {"request": _example(example)},
        kind=kind,
    )


def _evaluation(parts: Mapping[str, Any], settings: Settings) -> Task:
    request: AnyRequest = parts["request"]
    problem = problem_of(request)
    if problem.evaluate is None:
        with under("request"):
            raise unable(problem, lambda one: one.evaluate)
    against = parts.get("against")
    return Task(request, settings.store, proposal=parts["plan"], against=against)


_EVALUATING = Process(
    id="evaluate-plan",
    title=Label(en="Evaluate a plan", zh="评估方案"),
    description=Label(
        en="A plan made elsewhere: its figures, rule by rule, and its distance from a "
        "proven answer. Requests of kinds that can be evaluated: "
        f"{', '.join(EVALUATED)}.",
        zh="评估外部方案：逐条校核规则、计算指标，并给出与已证明答案的差距。"
        f"可评估的请求类别：{'、'.join(EVALUATED)}。",
    ),
    inputs={
        "request": _request(),
        "plan": _plan(_PROPOSAL, required=True),
        "against": _answer(_AGAINST),
    },
    to_task=_evaluation,
    result="EvaluatedAnswer",
    example=lambda: {
        "request": _example("minimal"),
        "plan": {"stations": [{"site_id": "B", "class_id": "city"}]},
    },
)


def _evaluating(
    process_id: str, kind: str, title: Label, description: Label, example: tuple[str, Any]
) -> Process:
    """Return the process that judges plans of a kind; ``example`` names a request, with a plan."""
    problem = PROBLEMS[kind]
    return Process(
        id=process_id,
        title=title,
        description=description,
        inputs={
            "request": _request(problem),
            "plan": _plan(_PROPOSAL, problem, required=True),
            "against": _answer(_AGAINST),
        },
        to_task=lambda parts, settings: Task(
            parts["request"],
            settings.store,
            proposal=parts["plan"],
            against=parts.get("against"),
        ),
        result=problem.answer.__name__,
        example=lambda: {"request": _example(example[0]), "plan": example[1]},
        kind=kind,
    )


def _replaying(kind: str, title: Label, example: str) -> Process:
    """Return the process that repeats a run of a kind from the record in its answer."""
    problem = PROBLEMS[kind]

    def reader(settings: Settings, inputs: Document) -> Reader:
        del settings, inputs
        return partial(read_model, RunRecord)

    return Process(
        id=f"replay-{kind.replace('_', '-')}",
        title=title,
        description=Label(
            en="The same run again, from the record in its answer: the same plan, to the byte.",
            zh="依据答案中的运行记录重现同一次求解，得到逐字节相同的方案。",
        ),
        inputs={
            "request": _request(problem),
            "record": Input(Label(en="The run's record", zh="运行记录"), "RunRecord", reader),
        },
        to_task=lambda parts, settings: Task(
            parts["request"], settings.store, record=parts["record"]
        ),
        result=problem.answer.__name__,
        example=lambda: {"request": _example(example), "record": _record(example)},
        kind=kind,
    )


def _record(example: str) -> Any:
    """Return a record of an example's run: one that ended with its first plan, or by proof."""
    request = EXAMPLES[example].build()
    others = ("deadline_ms",) if request.kind == "dispatch_teams" else ()
    first = {"dispatch_teams": 0, "dispatch_phase": 1}.get(request.kind)
    record = RunRecord(
        request_sha256=request_sha256(request, *others),
        versions={},
        seed=0,
        threads=1,
        backend="highs",
        level_ordinals=(first,),
    )
    return json.loads(record.model_dump_json())


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
            "site-facilities",
            "facilities",
            Label(en="Site facilities", zh="设施选址"),
            Label(
                en="Weighted points, sites with cost and capacity, a number or a budget: cover "
                "most, cover all, shorten the ways or the longest of them; proven and explained.",
                zh="给定带权需求点、场所的费用与容量、数量或预算：覆盖最多、全部覆盖、"
                "缩短总路程或最远路程；经证明并附说明。",
            ),
            "minimal-facilities",
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
        _solving(
            "open-shelters",
            "shelter_opening",
            Label(en="Open shelters", zh="启用避难场所"),
            Label(
                en="The day itself, with heads counted, sites full, roads cut: what opens next, "
                "and where everybody goes.",
                zh="灾害当日：已清点人数、已满场所与中断道路；下一处启用哪里、人员去往何处。",
            ),
            "minimal-opening",
        ),
        _solving(
            "pre-position",
            "dispatch_positioning",
            Label(en="Pre-position teams", zh="力量预置"),
            Label(
                en="Where ready teams wait for what a warning announces, so that most severity is "
                "expected to be served over its scenarios.",
                zh="根据预警的多种情景，待命队伍应在何处预置，使期望处置的严重度最高。",
            ),
            "minimal-positioning",
        ),
        _EVALUATING,
        _evaluating(
            "evaluate-orders",
            "dispatch_teams",
            Label(en="Evaluate orders", zh="评估调派指令"),
            Label(
                en="A dispatcher's own orders: their figures, rule by rule, their distance from "
                "the best, and which orders the best would change.",
                zh="调度员自拟的调派指令：逐条校核规则、计算指标，给出与最优方案的差距及其建议的调整。",
            ),
            ("minimal-dispatch", _ORDERS),
        ),
        _replaying("fire_stations", Label(en="Replay a siting", zh="重现消防站选址"), "minimal"),
        _replaying(
            "shelters",
            Label(en="Replay a choice of shelters", zh="重现避难场所选址"),
            "minimal-shelters",
        ),
        _replaying(
            "stock_rotation", Label(en="Replay a rotation", zh="重现储备轮换"), "minimal-rotation"
        ),
        _replaying(
            "dispatch_teams", Label(en="Replay a dispatch", zh="重现力量调派"), "minimal-dispatch"
        ),
        _replaying(
            "dispatch_phase",
            Label(en="Replay a disaster phase", zh="重现灾害处置阶段排程"),
            "minimal-phase",
        ),
        _replaying(
            "dispatch_readiness",
            Label(en="Replay a readiness plan", zh="重现备勤与移防"),
            "minimal-readiness",
        ),
        _replaying(
            "dispatch_positioning",
            Label(en="Replay a pre-positioning", zh="重现力量预置"),
            "minimal-positioning",
        ),
    )
}


URGENT = frozenset(
    one.id for one in PROCESSES.values() if one.kind and PROBLEMS[one.kind].deadline_s is not None
)
"""The processes whose answers somebody waits for: their jobs wait behind no others."""


def _no_reader(settings: Settings, inputs: Document) -> Reader:
    del settings, inputs
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
