"""Latencies of a real service: ``python -m benchmarks.service``.

One ``muster serve`` on SQLite, driven over HTTP from this process, on a machine that should
be idle. Five things are measured: quick calls alone and beside lanes full of siting jobs; how soon
a job has ended, and its process with it, after it was stopped or dismissed at a random moment, and
how soon if its search does not hear that it is asked, or not even that it is told to leave; whether
a stream of events that is cut at random moments comes back without gap or repeat; and how soon the
service says that it stands while large bodies, and small ones that name large datasets, come
in.
"""

import argparse
import itertools
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil

from api.carried import SMALL_BYTES
from benchmarks.bodies import Sent, during, quiet, write_naming, write_request
from benchmarks.machine import machine
from benchmarks.report import RESULTS, merge, write_report
from benchmarks.servers import free_port, serving
from instances.examples import EXAMPLES
from instances.generators.uniform_square import uniform_square
from optimizer.datasets import Store

_EXECUTION = "/v1/processes/site-fire-stations/execution"
_ENDED = {"successful", "failed", "dismissed"}
_BEAT_S = 0.01
_PATIENCE_S = 120.0
_CALM_S = 15.0  # longer than the engine takes to load
_LONGEST_WAIT_S = 4.0  # from the submission of a job to the moment it is ended
_CUT_S = (0.05, 1.0)  # how long a stream may be silent before it is cut
_QUEUE = 2  # jobs for each lane: one is solved, one waits
_SEED = 1
_QUIET = 500  # calls before bodies come

TARGETS_MS = {"healthz beside": 50.0, "verify added": 50.0, "execute added": 50.0}
TARGETS_MS |= {"healthz during bodies": 50.0, "healthz during datasets": 50.0}
HEARING = {"": (), ", unasked": ("unasked",), ", frozen": ("frozen",)}
TARGETS_MS |= {f"{way}{how}": 3000.0 for way in ("stop", "dismiss") for how in HEARING}


@dataclass(frozen=True)
class Row:
    """One measurement; ``target_ms`` None: there is none for it. Times in milliseconds."""

    what: str
    count: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    target_ms: float | None


@dataclass(frozen=True)
class Streams:
    """What came of streams that were cut: events read, cuts, events that lacked or came twice."""

    jobs: int
    events: int
    cuts: int
    gaps: int
    repeats: int


class Service:
    """A service that runs, and what is asked of it."""

    def __init__(self, client: httpx.Client, store: Store) -> None:
        self.client = client
        self.settle()
        self.quick = _quick()
        self.long = _long(store)

    def settle(self) -> None:
        """Wait for calm, and note which processes stand ready: they belong to no job."""
        self.started = _settled()

    def submit(self, request: dict[str, Any]) -> str:
        """Leave a request as a job and return its id."""
        sent = self.client.post(_EXECUTION, json=request, headers={"prefer": "respond-async"})
        sent.raise_for_status()
        return str(sent.json()["jobID"])

    def state(self, job: str) -> str:
        """Return where a job is."""
        return str(self.client.get(f"/v1/jobs/{job}").raise_for_status().json()["status"])

    def until(self, reached: Callable[[], bool]) -> None:
        """Wait for something to come."""
        deadline = time.monotonic() + _PATIENCE_S
        while not reached():
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(_BEAT_S)

    def end(self, job: str, way: str) -> None:
        """Stop or dismiss a job."""
        if way == "stop":
            self.client.post(f"/v1/jobs/{job}/stop").raise_for_status()
        else:
            self.client.delete(f"/v1/jobs/{job}").raise_for_status()

    def left(self) -> set[int]:
        """Return the processes that solve."""
        return _solvers() - self.started


def _quick() -> dict[str, Any]:
    return dict(EXAMPLES["minimal"].build().model_dump(mode="json"))


def _long(store: Store) -> dict[str, Any]:
    """Return a request whose first plans come at once, and whose proof takes many minutes."""
    square = uniform_square(1500, 300, radius_m=2.0, stations=40, seed=_SEED)
    asked = square.request(store.add_arrays(dict(square.columns)))
    document: dict[str, Any] = asked.model_dump(mode="json")
    return document | {"objectives": [{"kind": "backup"}], "limits": _limits(_SEED)}


def _solves(one: psutil.Process) -> bool:
    """Return whether a process was forked for a solve: it leads a group of its own."""
    forked = "forkserver" in " ".join(one.cmdline()) and os.getpgid(one.pid) == one.pid
    return forked and one.status() != psutil.STATUS_ZOMBIE


def _solvers() -> set[int]:
    found = set()
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.Error, ProcessLookupError):
            if _solves(one):
                found.add(one.pid)
    return found


def _settled() -> set[int]:
    """Return the processes that stand ready, once none has come or gone for a while."""
    deadline, found, since = time.monotonic() + _PATIENCE_S, _solvers(), time.monotonic()
    while time.monotonic() < min(deadline, since + _CALM_S):
        time.sleep(_BEAT_S * 10)
        if (now := _solvers()) != found:
            found, since = now, time.monotonic()
    return found


@contextmanager
def running(
    folder: Path, lanes: int, *deaf: str, settings: Mapping[str, str] | None = None
) -> Iterator[Service]:
    """Run a service with so many lanes, ``deaf`` in a way of `benchmarks.deaf` if any."""
    port = free_port()
    settings = {"JOB_WORKERS": str(lanes), **(settings or {})}
    settings |= {"DATABASE_URL": f"sqlite:///{folder / 'jobs.sqlite3'}"}
    settings |= {"STORE_FOLDER": str(folder / "store"), "DISK_RESERVE_BYTES": "0"}
    env = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    env |= {f"MUSTER_{name}": value for name, value in settings.items()}
    program = ("benchmarks.deaf", *deaf) if deaf else ("api.cli",)
    command = (sys.executable, "-m", *program, "serve", "--port", str(port))
    with (
        serving(command, port, folder / "log.txt", env=env),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=_PATIENCE_S) as client,
    ):
        yield Service(client, Store(folder / "store"))


def timed(act: Callable[[], object], count: int) -> list[float]:
    """Return how long each of so many acts takes, in milliseconds."""
    taken = []
    for _ in range(count):
        start = time.perf_counter()
        act()
        taken.append(1000.0 * (time.perf_counter() - start))
    return taken


def row(what: str, taken_ms: Sequence[float]) -> Row:
    """Return times as they are told.

    Examples
    --------
    >>> row("stop", [1.0, 2.0, 3.0])
    Row(what='stop', count=3, p50_ms=2.0, p99_ms=3.0, max_ms=3.0, target_ms=3000.0)
    """
    p50, p99 = np.quantile(taken_ms, (0.5, 0.99), method="inverted_cdf")
    worst = max(taken_ms)
    told = (round(float(one), 1) for one in (p50, p99, worst))
    return Row(what, len(taken_ms), *told, target_ms=TARGETS_MS.get(what))


def calls(service: Service, count: int, lanes: int) -> list[Row]:
    """Measure quick calls alone, then beside lanes that are full with more jobs waiting."""
    answer = service.client.post(_EXECUTION, json=service.quick).raise_for_status().json()
    sent = {"request": service.quick, "plan": answer["plan"]}
    acts: dict[str, Callable[[], object]] = {
        "healthz": lambda: service.client.get("/healthz").raise_for_status(),
        "verify": lambda: service.client.post("/v1/verify", json=sent).raise_for_status(),
        "execute": lambda: service.client.post(_EXECUTION, json=service.quick).raise_for_status(),
    }
    alone = {name: timed(act, count) for name, act in acts.items()}
    service.settle()
    jobs = [service.submit(service.long | {"limits": _limits(n)}) for n in range(_QUEUE * lanes)]
    service.until(lambda: sum(service.state(job) == "running" for job in jobs) == lanes)
    service.until(lambda: len(service.left()) >= lanes)
    beside = {name: timed(act, count) for name, act in acts.items()}
    for job in reversed(jobs):
        service.end(job, "dismiss")
    service.until(lambda: all(service.state(job) in _ENDED for job in jobs))
    service.settle()
    rows = []
    for name in acts:
        rows += [row(f"{name} alone", alone[name]), row(f"{name} beside", beside[name])]
        rows.append(_added(f"{name} added", rows[-2], rows[-1]))
    return rows


def _limits(seed: int) -> dict[str, Any]:
    return {"time_limit_s": 300, "seed": seed}


def _added(what: str, alone: Row, beside: Row) -> Row:
    names = ("p50_ms", "p99_ms", "max_ms")
    more = (round(getattr(beside, name) - getattr(alone, name), 1) for name in names)
    return Row(what, beside.count, *more, target_ms=TARGETS_MS.get(what))


def ends(service: Service, count: int, rng: random.Random, how: str = "") -> list[Row]:
    """Stop and dismiss jobs at random moments; a job has ended when its process has, too."""
    taken: dict[str, list[float]] = {"stop": [], "dismiss": []}
    for number in range(count):
        way = ("stop", "dismiss")[number % 2]
        job = service.submit(service.long | {"limits": _limits(number)})
        time.sleep(rng.uniform(0.0, _LONGEST_WAIT_S))
        taken[way] += timed(lambda: _ended(service, job, way), 1)  # noqa: B023  called at once
    return [row(f"{way}{how}", times) for way, times in taken.items() if times]


def _ended(service: Service, job: str, way: str) -> None:
    service.end(job, way)
    service.until(lambda: service.state(job) in _ENDED and not service.left())


def streams(service: Service, cuts: int, rng: random.Random) -> Streams:
    """Read the events of jobs to their ends over streams that are cut, until it were so many."""
    totals = Streams(0, 0, 0, 0, 0)
    while totals.cuts < cuts:
        limits = {"time_limit_s": 20, "seed": totals.jobs}
        job = service.submit(service.long | {"limits": limits})
        numbers, made = _followed(service, job, rng)
        last = max(numbers)
        totals = Streams(
            totals.jobs + 1,
            totals.events + len(numbers),
            totals.cuts + made,
            totals.gaps + last - len(set(numbers)),
            totals.repeats + len(numbers) - len(set(numbers)),
        )
    return totals


def _followed(service: Service, job: str, rng: random.Random) -> tuple[list[int], int]:
    """Return the numbers of a job's events as they came, and how often the stream was cut."""
    numbers: list[int] = []
    cuts = 0
    ended = False
    while not ended:
        most = rng.randint(1, 3)  # cut after so many events, or after a silence
        after = numbers[-1] if numbers else 0
        for number, ended in itertools.islice(_read(service, job, after, rng), most):
            numbers.append(number)
            if ended:
                break
        cuts += not ended
    return numbers, cuts


def _read(service: Service, job: str, after: int, rng: random.Random) -> Iterator[tuple[int, bool]]:
    """Give the number of each event, and whether it is the job's end, until a silence."""
    silence = httpx.Timeout(_PATIENCE_S, read=rng.uniform(*_CUT_S))
    headers = {"last-event-id": str(after)} if after else {}
    path = f"/v1/jobs/{job}/events"
    with (
        suppress(httpx.ReadTimeout),
        service.client.stream("GET", path, headers=headers, timeout=silence) as stream,
    ):
        event: dict[str, str] = {}
        for line in stream.iter_lines():
            name, _, value = line.partition(":")
            event[name] = value.strip()
            if not line and "id" in event:
                ended = json.loads(event["data"]).get("status") in _ENDED
                yield int(event["id"]), ended
                event = {}


def beside(folder: Path, sent: Sent, what: str, write: Callable[[Path, Store], None]) -> list[Row]:
    """Measure ``/healthz`` alone, then while what ``write`` has written is sent again and again."""
    with running(folder, 0, settings=sent.settings) as service:
        url, body = str(service.client.base_url), folder / "body.json"
        write(body, Store(folder / "store"))
        before = row(f"healthz before {what}", quiet(url, _QUIET))
        while_ = row(f"healthz during {what}", during(url, sent, body))
    return [before, while_, _added(f"healthz added by {what}", before, while_)]


def measure(
    folder: Path, count: int, moments: int, cuts: int, sent: Sent, rows_named: int
) -> dict[str, Any]:
    """Measure all of it and return what is told; of what is asked none times, nothing."""
    rng = random.Random(_SEED)  # noqa: S311  not a secret
    lanes = os.cpu_count() or 1
    rows: list[Row] = []
    cut = Streams(0, 0, 0, 0, 0)
    if count or cuts:
        with running(folder, lanes) as service:
            rows += calls(service, count, lanes) if count else []
            cut = streams(service, cuts, rng)
    for how, deaf in HEARING.items() if moments else ():
        with running(folder, lanes, *deaf) as service:
            rows += ends(service, moments, rng, how)
    if sent.number and sent.size_bytes:
        rows += beside(folder, sent, "bodies", lambda at, _: write_request(at, sent.size_bytes))
    if sent.number and rows_named:
        named = replace(sent, size_bytes=SMALL_BYTES)
        rows += beside(
            folder, named, "datasets", lambda at, store: write_naming(at, store, rows_named)
        )
    return {"lanes": lanes, "rows": [asdict(one) for one in rows], "streams": asdict(cut)}


def missed(told: dict[str, Any]) -> list[str]:
    """Return the targets that were missed."""
    late = [
        f"{one['what']}: p99 {one['p99_ms']} ms, wanted {one['target_ms']} ms"
        for one in told["rows"]
        if one["target_ms"] is not None and one["p99_ms"] > one["target_ms"]
    ]
    cut = told["streams"]
    return late + [f"streams: {cut[name]} {name}" for name in ("gaps", "repeats") if cut[name]]


def main() -> int:
    """Measure as the command line asks, write the results; 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service", description=__doc__)
    parser.add_argument("--calls", type=int, default=200, help="quick calls of each kind")
    parser.add_argument("--moments", type=int, default=100, help="jobs that are ended")
    parser.add_argument("--cuts", type=int, default=100, help="cuts of streams")
    parser.add_argument("--bodies", type=int, default=10, help="large bodies that come at once")
    parser.add_argument("--body-mb", type=int, default=150, help="the size of each")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of a named dataset")
    parser.add_argument("--bodies-s", type=float, default=1800.0, help="watched for at most")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    asked = parser.parse_args()
    load_before = round(os.getloadavg()[0], 1)
    with tempfile.TemporaryDirectory() as folder:
        sent = Sent(asked.bodies, asked.body_mb * 1_000_000, asked.bodies_s)
        told = measure(Path(folder), asked.calls, asked.moments, asked.cuts, sent, asked.rows)
    told = {"seed": _SEED, "load_before": load_before, **told}
    write_report(merge(asked.out, machine(), "service", told), asked.out)
    print(json.dumps(told, indent=1))  # noqa: T201  a command's output
    late = missed(told)
    for line in late:
        print(line, file=sys.stderr)  # noqa: T201  a command's output
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
