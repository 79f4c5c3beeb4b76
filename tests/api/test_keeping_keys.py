"""Keys and the log by the command line."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.api.doors import Muster


@pytest.fixture
def typed(muster: Muster, tmp_path: Path) -> Any:
    """Run ``muster`` over a database of its own; return exit code, output and errors."""
    url = f"sqlite:///{tmp_path / 'keys.sqlite3'}"

    def run(*arguments: str, **settings: str) -> tuple[int, str, str]:
        done = muster(*arguments, **{"MUSTER_DATABASE_URL": url, **settings})
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


def test_a_key_is_printed_once_and_listed_without_its_secret(typed: Any) -> None:
    code, shown, told = typed("keys", "create", "龙田", "--role", "planner", "--area", "longtian")
    assert code == 0
    assert re.fullmatch(r"muster_[0-9a-f]{12}_[\w-]{43}\n", shown)
    assert "龙田" in told
    _, listed, _ = typed("keys", "list", "--json")
    (key,) = json.loads(listed)
    assert (key["name"], key["role"], key["areas"]) == ("龙田", "planner", ["longtian"])
    assert key["prefixes"] == [shown.split("_")[1]]
    assert shown.strip().split("_", 2)[2] not in listed


def test_keys_are_renewed_revoked_and_each_is_in_the_log(typed: Any) -> None:
    typed("keys", "create", "one", "--role", "viewer", "--days", "30")
    code, shown, told = typed("keys", "rotate", "one", "--grace-hours", "1")
    assert (code, shown[:7]) == (0, "muster_")
    assert "valid until" in told
    assert typed("keys", "revoke", "one")[0] == 0
    assert typed("keys", "revoke", "one")[0] == 2
    _, logged, _ = typed("audit", "--json")
    entries = json.loads(logged)
    assert [one["what"] for one in entries] == ["create_key", "rotate_key", "revoke_key"]
    assert {one["who"] for one in entries} == {"cli"}
    code, whole, _ = typed("audit", "--check")
    assert (code, "3 entries" in whole) == (0, True)
    assert typed("audit", "--check", "--head", "f" * 64)[0] == 1
    assert typed("audit", "--since", "2999-01-01")[1] == ""
    assert "revoked" in typed("keys", "list")[1]


def test_all_that_is_wrong_with_a_key_is_said_at_once(typed: Any) -> None:
    code, _, told = typed("keys", "create", " boss", "--role", "admin", "--area", "a")
    assert (code, told.count("NAME"), told.count("--area")) == (2, 1, 1)
    typed("keys", "create", "x", "--role", "viewer")
    assert "rotate" in typed("keys", "create", "x", "--role", "viewer")[2]
    assert typed("keys", "revoke", "nobody")[0] == 2
    assert typed("audit", "--since", "soon")[0] == 2


def test_others_are_not_let_in_without_keys(typed: Any) -> None:
    code, _, told = typed("serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104
    assert (code, "muster keys create" in told) == (2, True)
    code, _, told = typed("serve", "--port", "0", MUSTER_KEYS="required")
    assert (code, "MUSTER_KEYS" in told) == (2, True)
