"""What a process is: its inputs, how they become work, and the shapes that processes come in."""

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
    read_model,
    read_plan,
    read_request,
)
from api.requests.parts import Reader, read_parts, under
from api.settings import Settings
from api.solving import Echo, Task, Work
from instances.examples import EXAMPLES
from models.answer import Answer
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


def _example(name: str) -> Any:
    return json.loads(request_json(EXAMPLES[name].build()))


def solving(process_id: str, kind: str, title: Label, description: Label, example: str) -> Process:
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


EVALUATING = Process(
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


def evaluating(
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


def replaying(kind: str, title: Label, example: str) -> Process:
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
