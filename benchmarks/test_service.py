"""The measuring of the service itself: rows, targets, and one short run on a real service."""

import random
from pathlib import Path
from typing import Any

import pytest

service = pytest.importorskip(
    "benchmarks.service", reason="httpx or psutil absent", exc_type=ImportError
)


def told(p99_ms: float = 1.0, gaps: int = 0) -> dict[str, Any]:
    row = {"what": "stop", "p99_ms": p99_ms, "target_ms": 3000.0}
    return {"rows": [row], "streams": {"gaps": gaps, "repeats": 0}}


def test_a_missed_target_is_said() -> None:
    assert not service.missed(told())
    assert service.missed(told(p99_ms=3000.1)) == ["stop: p99 3000.1 ms, wanted 3000.0 ms"]
    assert service.missed(told(gaps=1)) == ["streams: 1 gaps"]


def test_the_ninety_ninth_of_a_hundred_is_one_that_was_measured() -> None:
    found = service.row("stop", [float(n) for n in range(1, 101)])
    assert (found.p50_ms, found.p99_ms, found.max_ms) == (50.0, 99.0, 100.0)


@pytest.mark.slow
def test_a_service_is_measured_from_end_to_end(tmp_path: Path) -> None:
    sent = service.Sent(number=2, size_bytes=1_000_000)
    found = service.measure(tmp_path, count=2, moments=2, cuts=3, sent=sent, rows_named=50_000)
    names = {one["what"] for one in found["rows"]}
    assert {"healthz beside", "verify added", "execute added", *service.TARGETS_MS} <= names
    streams = found["streams"]
    assert streams["cuts"] >= 3
    assert streams["events"] > streams["jobs"]
    assert (streams["gaps"], streams["repeats"]) == (0, 0)


def test_what_a_stream_lacks_or_brings_twice_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def follow(*_: object) -> tuple[list[int], int]:
        return [1, 2, 2, 4], 3

    class Silent:
        long: dict[str, Any] = {}  # noqa: RUF012

        def submit(self, _: object) -> str:
            return "job"

    monkeypatch.setattr(service, "_followed", follow)
    found = service.streams(Silent(), 3, random.Random(1))  # noqa: S311
    assert (found.events, found.cuts, found.gaps, found.repeats) == (4, 3, 1, 1)
