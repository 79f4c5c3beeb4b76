"""Keys: shown once, kept as hashes, renewed, revoked and expiring; the same on every database."""

import hashlib
import hmac

import pytest
from sqlalchemy import Engine, select

from api.jobs.audit import AuditLog
from api.jobs.callers import Caller, Role
from api.jobs.keys import KeyNameTakenError, KeyStore
from api.jobs.store import JobStore
from api.jobs.tables import SECRETS
from tests.api.jobs.databases import let_pass

KIND = "site-fire-stations"
BY = Caller("cli", "tester", Role.ADMIN)


@pytest.fixture
def keys(engine: Engine) -> KeyStore:
    return KeyStore(engine)


def test_a_key_says_who_calls_as_what_and_where(keys: KeyStore) -> None:
    assert not keys.any()
    shown = keys.create("坪山", Role.PLANNER, by=BY, areas=["b", "a", "b"])
    assert keys.any()
    caller = keys.caller(shown)
    assert caller is not None
    assert (caller.name, caller.role, caller.areas) == ("坪山", Role.PLANNER, {"a", "b"})
    assert caller.id == keys.listing()[0].id


def test_no_secret_is_kept(keys: KeyStore, engine: Engine) -> None:
    shown = keys.create("one", Role.VIEWER, by=BY)
    with engine.connect() as connection:
        row = connection.execute(select(SECRETS)).one()
    assert row.sha256 == hashlib.sha256(shown.encode()).hexdigest()
    assert shown.split("_")[1] == row.prefix == keys.listing()[0].prefixes[0]
    secret = shown.removeprefix(f"muster_{row.prefix}_")
    logged = "".join(entry.model_dump_json() for entry in AuditLog(engine).all())
    assert len(secret) == 43
    assert secret not in f"{tuple(row)}{keys.listing()}{logged}"


def test_what_is_no_key_is_nobody_s(keys: KeyStore) -> None:
    shown = keys.create("one", Role.ADMIN, by=BY)
    other = keys.create("two", Role.ADMIN, by=BY)
    prefix = shown[: len("muster_") + 12]
    crossed = prefix + other[len(prefix) :]
    for wrong in ("", "x", prefix, f"{shown}x", shown[:-1], shown.upper(), crossed, "\udcff" * 9):
        assert keys.caller(wrong) is None


def test_a_hash_is_compared_in_constant_time_whether_the_prefix_is_known_or_not(
    keys: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = keys.create("one", Role.ADMIN, by=BY)
    compared: list[tuple[int, int]] = []
    compare = hmac.compare_digest

    def counted(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", counted)
    for given in (shown, shown[:-1] + "-", "muster_000000000000_" + "x" * 43, "nonsense"):
        keys.caller(given)
    assert compared == [(64, 64)] * 4


def test_a_key_expires(keys: KeyStore, engine: Engine) -> None:
    shown = keys.create("short", Role.VIEWER, by=BY, valid_s=60)
    assert keys.caller(shown) is not None
    let_pass(engine, 61)
    assert keys.caller(shown) is None
    assert not keys.listing()[0].valid
    assert keys.rotate("short", by=BY, grace_s=60) is None
    assert keys.any()


def test_a_revoked_key_is_no_more_and_its_name_stays_taken(keys: KeyStore) -> None:
    shown = keys.create("gone", Role.VIEWER, by=BY)
    newer = keys.rotate("gone", by=BY, grace_s=60)
    assert keys.revoke("gone", by=BY)
    assert not keys.revoke("gone", by=BY)
    assert not keys.revoke("nobody", by=BY)
    assert newer is not None
    assert keys.caller(shown) is keys.caller(newer) is None
    assert keys.rotate("gone", by=BY, grace_s=60) is None
    with pytest.raises(KeyNameTakenError):
        keys.create("gone", Role.ADMIN, by=BY)
    assert keys.any()


def test_a_renewed_key_is_the_same_holder_and_the_old_one_ends_with_its_grace(
    keys: KeyStore, engine: Engine
) -> None:
    first = keys.create("one", Role.PLANNER, by=BY, areas=["a"])
    second = keys.rotate("one", by=BY, grace_s=60)
    assert second is not None
    assert keys.caller(first) == keys.caller(second)
    assert len(keys.listing()[0].prefixes) == 2
    third = keys.rotate("one", by=BY, grace_s=600)  # lengthens the grace of none
    let_pass(engine, 61)
    assert keys.caller(first) is None
    assert third is not None
    assert keys.caller(second) == keys.caller(third)
    assert keys.caller(third) is not None
    assert len(keys.listing()[0].prefixes) == 2


@pytest.mark.parametrize(
    ("areas", "seen"),
    [
        ({"a"}, "a1 a12"),
        ({"a1"}, "a1"),
        ({"a1", "a2"}, "a1 a12"),
        ({"b"}, "b1"),
        ({"a", "b"}, "a1 a12 a1b1 b1"),
        ({"city"}, "a1 a12 a1b1 b1"),
        ({"elsewhere", ""}, ""),
        (set(), ""),
    ],
)
def test_jobs_are_seen_by_the_areas_that_all_their_demand_lies_in(
    engine: Engine, areas: set[str], seen: str
) -> None:
    a1, a2 = ("a1", "a", "city"), ("a2", "a", "city")
    b1 = ("b1", "b", "city")
    found: dict[str, dict[str, tuple[str, ...]] | None] = {
        "a1": {"a1": a1},
        "a12": {"a1": a1, "a2": a2},
        "a1b1": {"a1": a1, "b1": b1},
        "b1": {"b1": b1},
        "partly": {"": (), "a1": a1},
        "nowhere": {"": ()},
        "unknown": None,
    }
    jobs = JobStore(engine)
    names = {jobs.submit(KIND, n.encode(), touched=one).id: n for n, one in found.items()}
    listed = sorted(names[job.id] for job in jobs.listing(areas=areas))
    assert listed == seen.split()
    assert listed == sorted(names[one] for one in names if jobs.seen(one, areas))
    assert len(jobs.listing()) == len(found)
