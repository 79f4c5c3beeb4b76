"""JSON to models, and every fault at once: of single fields and across them."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError

from api.problems import DEFAULT_KIND, PROBLEMS, AnyAnswer, AnyPlan, AnyRequest, Problem
from api.requests.documents import Document
from api.requests.faults import Finding, findings
from api.requests.paths import Path, shortened
from models.answer import Answer
from models.base import Model
from models.echo import EchoRequest
from models.faults import Fault
from models.text import Text
from optimizer.datasets import Store
from optimizer.errors import InputError

ModelT = TypeVar("ModelT", bound=Model)
AcrossFields = Callable[[ModelT], tuple[Fault, ...]]


def read_request(
    document: Document, *, store: Store | None = None, problem: Problem | None = None
) -> AnyRequest:
    """Return the request in ``document``, of the kind it names or of the one that is wanted.

    What needs more than one field is left to the engine, which checks it before anything else;
    only where there are faults already is it asked here, so that all are listed together.
    """
    asked = problem or _named(document)

    def across_fields(request: AnyRequest) -> tuple[Fault, ...]:
        try:
            asked.check(request, store)
        except InputError as error:
            return error.faults
        return ()

    return _read(asked.request, document, across_fields)


def problem_named(content: object) -> Problem:
    """Return what kind of request ``content`` would be; the default where it does not say."""
    kind = content.get("kind") if isinstance(content, dict) else None
    return PROBLEMS.get(kind if isinstance(kind, str) else "", PROBLEMS[DEFAULT_KIND])


def _named(document: Document) -> Problem:
    kind = document.content.get("kind", DEFAULT_KIND)
    if isinstance(kind, str) and kind in PROBLEMS:
        return PROBLEMS[kind]
    need = Text(code="need.problem", values={"known": ", ".join(PROBLEMS)})
    raise InputError((Fault(path="kind", value=shortened(kind), need=need),))


def read_model(model: type[ModelT], document: Document) -> ModelT:
    """Return the ``model`` in ``document``.

    Raises
    ------
    InputError
        With every fault of every field.
    """
    return _read(model, document)


def read_echo(document: Document) -> EchoRequest:
    """Return what is to be echoed."""
    return _read(EchoRequest, document)


def read_answer(document: Document, problem: Problem) -> AnyAnswer | AnyPlan:
    """Return the answer in ``document``, or the plan where it holds a bare plan."""
    if document.content.keys() & {"plan", "run"}:
        return _read(problem.answer, document)
    return _read(problem.plan, document)


def read_plan(document: Document, problem: Problem) -> AnyPlan:
    """Return the plan in ``document``, which may be a whole answer or a bare plan.

    Raises
    ------
    InputError
        It is neither, or an answer without a plan.
    """
    read = read_answer(document, problem)
    if not isinstance(read, Answer):
        return read
    if read.plan is None:
        need = Text(code="need.plan", values={"status": read.run.status.value})
        raise InputError((Fault(path="plan", value="null", need=need),))
    return read.plan


def _read(
    model: type[ModelT], document: Document, across_fields: AcrossFields[ModelT] | None = None
) -> ModelT:
    made, found = _validated(model, document.content)
    if made is not None and not document.faults:
        return made
    faults = document.faults + tuple(fault for _, fault in found)
    if across_fields is not None:
        made = made or _mended(model, document.content, found)
        faults += () if made is None else _apart(across_fields(made), faults)
    raise InputError(faults)


def _validated(
    model: type[ModelT], content: dict[str, object]
) -> tuple[ModelT | None, tuple[Finding, ...]]:
    try:
        return model.model_validate(content), ()
    except ValidationError as error:
        return None, findings(error, content)


def _mended(
    model: type[ModelT], content: dict[str, object], found: tuple[Finding, ...]
) -> ModelT | None:
    """Return the model without its faulty fields, or None where it is none without them.

    Only what other fields cannot refer to is left out: single values, and names unknown anyway.
    """
    mended: Any = content
    for path, fault in found:
        inside_list = not path or isinstance(path[-1], int)
        container = fault.value is None or fault.value[0] in "[{"
        if inside_list or (container and fault.need.code != "need.absent"):
            return None
        mended = _without(mended, path)
    return _validated(model, mended)[0]


def _without(content: Any, path: Path) -> Any:
    """Return ``content`` without the field at ``path``; what it shares is not touched."""
    step, *rest = path
    if not rest:
        return {name: value for name, value in content.items() if name != step}
    copied = content.copy()
    copied[step] = _without(content[step], tuple(rest))
    return copied


def _apart(faults: tuple[Fault, ...], known: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """Return the ``faults`` that stand neither above nor below nor at a known one."""
    places = [fault.path for fault in known]
    return tuple(
        fault
        for fault in faults
        if not any(_within(fault.path, place) or _within(place, fault.path) for place in places)
    )


def _within(inner: str, outer: str) -> bool:
    """Return whether one path lies in another.

    Examples
    --------
    >>> _within("sites[3].lat", "sites[3]"), _within("sites[31]", "sites[3]")
    (True, False)
    """
    return inner == outer or inner.startswith((f"{outer}.", f"{outer}["))
