"""The table of peers as Markdown, and in words whether Muster is as many times faster as aimed at.

A ratio is that of a peer's seconds to Muster's. It is a lower bound where the peer ended without a
proof; there is none where Muster has no proof, and none where the peer was not run or broke.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Record = dict[str, Any]
Seconds = Literal["wall_s", "work_s"]

MUSTER = "Muster"
RATED = ("spopt + CBC", "spopt + HiGHS")
_UNFINISHED = ("found", "none", "killed")
_SAID = {"found": "no proof: ", "none": "no plan: ", "killed": "killed: ", "proven": ""}
_MEASURES: tuple[tuple[Seconds, str], ...] = (
    ("work_s", "of the question alone"),
    ("wall_s", "of whole processes"),
)
_NOTE = (
    "A cell gives the seconds of the whole process, in brackets those of the question alone (from"
    " the files to the answer, when Python and the libraries are loaded), and the peak memory;"
    " *no proof* a plan worth so much, *no plan* an end without one, *killed* a process over its"
    " limit, *refused* a task that the library cannot be given as it is, *not run* one of a size"
    " at which it is not worth while. A ratio is spopt's seconds to Muster's; > where spopt has no"
    " proof. All had one thread and no gap allowed; every plan was judged by Muster's verifier."
)


@dataclass(frozen=True)
class Ratio:
    """How many times slower a peer was than Muster; ``open`` where it had not finished."""

    times: float
    open: bool

    def __str__(self) -> str:
        digits = f"{self.times:.1f}" if self.times < 10 else f"{self.times:,.0f}"
        return f"> {digits}" if self.open else digits


@dataclass(frozen=True)
class Aim:
    """How many times faster than spopt Muster is to be, and on which tasks."""

    words: str
    kind: str
    least: int
    most: int | None
    times: float

    def takes(self, run: Record) -> bool:
        """Return whether the run's task is one of those."""
        most = run["places"] if self.most is None else self.most
        return bool(run["kind"] == self.kind and self.least <= run["places"] <= most)


AIMS = (
    Aim("covers of 10,000 points", "cover", 10_000, 10_000, 20.0),
    Aim("p-medians of 500 places and more", "p-median", 500, None, 100.0),
)


def ratio(run: Record | None, muster: Record | None, seconds: Seconds) -> Ratio | None:
    """Return how many times slower a run was than Muster's, None where that cannot be said.

    Examples
    --------
    >>> mine = {"outcome": "proven", "wall_s": 2.0}
    >>> str(ratio({"outcome": "killed", "wall_s": 60.0}, mine, "wall_s"))
    '> 30'
    """
    if run is None or muster is None or muster["outcome"] != "proven":
        return None
    if run["outcome"] not in {"proven", *_UNFINISHED}:
        return None
    spent, mine = run.get(seconds), muster.get(seconds)
    if spent is None or not mine:
        return None
    return Ratio(spent / mine, run["outcome"] != "proven")


def markdown(whole: Record) -> str:
    """Return the table with its machine, versions and seeds, and what it comes to in words.

    A run that does not say what was asked has no row.
    """
    told = whole.get("peers", {})
    runs: list[Record] = [one for one in told.get("runs", []) if "kind" in one]
    if not runs:
        return "Nothing measured yet: `make bench`.\n"
    peers = [MUSTER, *dict.fromkeys(one["peer"] for one in runs if one["peer"] != MUSTER)]
    titles = ["task", "value", *peers, *(f"{peer} / {MUSTER}" for peer in RATED)]
    rows = [titles, *(list(_cells(by_peer, peers)) for by_peer in _tasks(runs))]
    head, *rest = (f"| {' | '.join(row)} |" for row in rows)
    machine = ", ".join(f"{key} {value}" for key, value in whole["machine"].items())
    versions = {f"{one['peer']} ({one['version']})": None for one in runs if one.get("version")}
    measured = (
        f"Measured {told['day']} on: {machine}; peers: {'; '.join(versions)};"
        f" threads {told['threads']}; seed of drawn instances: {told['seed']};"
        f" load before: {told['load_before']}."
    )
    items = [f"- {line}" for line in words(runs)]
    rule = "|" + "---|" * len(titles)
    return "\n".join([head, rule, *rest, "", _NOTE, "", *items, "", measured]) + "\n"


def words(runs: Sequence[Record]) -> list[str]:
    """Return in words whether each aim is met, and who finishes what."""
    return [*(_judged(aim, runs) for aim in AIMS), *_unfinished(runs)]


def _tasks(runs: Iterable[Record]) -> list[dict[str, Record]]:
    """Return the runs of each task by peer."""
    found: dict[str, dict[str, Record]] = {}
    for one in runs:
        found.setdefault(one["task"], {})[one["peer"]] = one
    return list(found.values())


def _cells(by_peer: dict[str, Record], peers: Sequence[str]) -> Iterator[str]:
    first = next(iter(by_peer.values()))
    asked = f"{first['task']}: {first['kind']}, {first['places']:,} points"
    yield f"{asked}, {first['limit_s']:g} s"
    proven = [one["value"] for one in by_peer.values() if one["outcome"] == "proven"]
    yield _value(proven[0]) if proven else "not proven"
    for peer in peers:
        yield _cell(by_peer.get(peer))
    for peer in RATED:
        run, muster = by_peer.get(peer), by_peer.get(MUSTER)
        whole, alone = (ratio(run, muster, seconds) for seconds in ("wall_s", "work_s"))
        yield "-" if whole is None else f"{whole} ({alone})"


def _cell(run: Record | None) -> str:
    if run is None:
        return "not run"
    if run["outcome"] not in _SAID:
        reason = run.get("reason")
        return f"{run['outcome']}: {reason}" if reason else str(run["outcome"])
    value = f"{_value(run['value'])}, " if run["outcome"] == "found" else ""
    alone = "-" if run.get("work_s") is None else f"{run['work_s']:.3g}"
    cell = f"{run['wall_s']:.3g} s ({alone}), {run['peak_mb']:,.0f} MB"
    return f"{_SAID[run['outcome']]}{value}{cell}"


def _value(value: float) -> str:
    return f"{value:,.10g}"


def _judged(aim: Aim, runs: Sequence[Record]) -> str:
    pairs = [
        (run, by_peer.get(MUSTER))
        for by_peer in _tasks(run for run in runs if aim.takes(run))
        for run in by_peer.values()
        if run["peer"] in RATED
    ]
    said = []
    for seconds, what in _MEASURES:
        found = [(run, ratio(run, muster, seconds)) for run, muster in pairs]
        rated = [(run, one) for run, one in found if one is not None]
        each = ", ".join(f"{run['peer']} {one} on {run['task']}" for run, one in rated)
        verdict = _verdict(aim, [one for _, one in rated])
        said.append(f"by seconds {what} {verdict}" + (f" ({each})" if each else ""))
    return f"{aim.times:g} times faster than spopt on {aim.words}: {'; '.join(said)}."


def _verdict(aim: Aim, rated: Sequence[Ratio]) -> str:
    """Return whether an aim is met: missed by any that finished sooner, else met by any."""
    short = [one.times for one in rated if not one.open and one.times < aim.times]
    if short:
        return f"missed, at worst {min(short):.1f} times"
    return "met" if any(one.times >= aim.times for one in rated) else "not shown"


def _unfinished(runs: Sequence[Record]) -> Iterator[str]:
    """Yield which tasks each peer did not prove within the limit, where there are any."""
    left: dict[str, list[str]] = {}
    for one in runs:
        if one["outcome"] in _UNFINISHED:
            left.setdefault(one["peer"], []).append(one["task"])
    if left:
        said = (f"{peer} on {', '.join(tasks)}" for peer, tasks in left.items())
        yield f"No proof within the limit: {'; '.join(said)}."
