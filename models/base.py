"""The one base class of all models."""

from functools import cache
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

_SET = object.__setattr__
SCHEMA_VERSION: Literal["1.0"] = "1.0"


def _no_truth_no_text(value: Any) -> Any:
    """Return the value, unless it is one of those that would be read as a whole number."""
    if isinstance(value, (bool, str, bytes)):
        raise PydanticKnownError("int_type")
    return value


def _with_strict_numbers(part: Any) -> Any:
    """Return a schema, or a part of one, in which every number refuses booleans and text."""
    if isinstance(part, (list, tuple)):
        return type(part)(_with_strict_numbers(one) for one in part)
    if not isinstance(part, dict) or _is_done(part):
        return part
    if part.get("type") == "float":
        return {**part, "strict": True}
    if part.get("type") == "int":
        return core_schema.no_info_before_validator_function(_no_truth_no_text, part)
    return {name: _with_strict_numbers(value) for name, value in part.items()}


def _is_done(part: dict[str, Any]) -> bool:
    function = part.get("function")
    return isinstance(function, dict) and function.get("function") is _no_truth_no_text


class Model(BaseModel):
    """Immutable, closed to unknown fields, finite numbers only.

    A number is a number: ``true`` and ``"5"`` are none, while 5 is read where 5.0 is wanted and
    5.0 where 5 is. All else keeps the forms JSON gives it (lists for tuples, text for dates).

    Computed fields are written to JSON for the reader's sake; on the way in they are
    dropped and computed afresh, so that an answer can be read back.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        made: CoreSchema = _with_strict_numbers(handler(source))
        return made

    @classmethod
    def trusted(cls, values: dict[str, Any]) -> Self:
        """Return the model of ``values``, unchecked: all fields, of the types they have once read.

        For the engine's own results, hundreds at a time, where checking takes longer than finding.
        """
        made = cls.__new__(cls)
        _SET(made, "__dict__", values)
        _SET(made, "__pydantic_fields_set__", _all_fields(cls))
        _SET(made, "__pydantic_extra__", None)
        _SET(made, "__pydantic_private__", None)
        return made

    @model_validator(mode="before")
    @classmethod
    def _drop_computed(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        computed = _computed(cls)
        if not computed or computed.isdisjoint(data):
            return data
        return {key: value for key, value in data.items() if key not in computed}


@cache
def _all_fields(model: type[Model]) -> set[str]:
    """Return the names of all fields of a model: one set for all that are made unchecked."""
    return set(model.model_fields)


@cache
def _computed(model: type[Model]) -> frozenset[str]:
    """Return the names of a model's computed fields, which pydantic gathers anew each time."""
    return frozenset(model.model_computed_fields)
