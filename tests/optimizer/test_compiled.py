from typing import Any

import numba
import pytest

from optimizer.compiled import compiled


def test_code_compiles_where_it_can_be_kept_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    real = numba.njit

    def without_a_cache(*functions: Any, **options: Any) -> Any:
        if options.pop("cache", False):
            raise RuntimeError("cannot cache function: no locator available")
        return real(*functions, **options)

    monkeypatch.setattr(numba, "njit", without_a_cache)

    def double(number: int) -> int:
        return 2 * number

    assert compiled(double)(21) == 42


def test_kept_code_is_named_after_the_text_of_its_room() -> None:
    def nothing() -> int:
        return 0

    name = nothing.__qualname__
    compiled(nothing)
    assert nothing.__qualname__.startswith(f"{name}_")
    assert len(nothing.__qualname__) == len(name) + 13
