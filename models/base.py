"""The one base class of all models."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

SCHEMA_VERSION: Literal["1.0"] = "1.0"


class Model(BaseModel):
    """Immutable, closed to unknown fields, finite numbers only.

    Computed fields are written to JSON for the reader's sake; on the way in they are
    dropped and computed afresh, so that an answer can be read back.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _drop_computed(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not cls.model_computed_fields.keys() & data.keys():
            return data
        return {key: value for key, value in data.items() if key not in cls.model_computed_fields}
