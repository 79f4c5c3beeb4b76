"""Measurements to tables and plots, one set of files per kind of machine.

``python -m benchmarks.report timings.json`` takes in what pytest-benchmark wrote; without an
argument the tables and plots are written anew from the JSON beside them, and the tables of the
location searches and of the peers into the README.
"""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import curves, peer_table
from benchmarks.machine import machine, name
from benchmarks.readme import placed

RESULTS = Path(__file__).parent / "results"
_README = Path(__file__).parents[1] / "README.md"
_RUN_COLUMNS = (
    "task",
    "peer",
    "outcome",
    "value",
    "best",
    "limit_s",
    "wall_s",
    "work_s",
    "solve_s",
    "peak_mb",
    "reason",
)
_PHASE_COLUMNS = ("phase", "case", "median_s", "rounds")
_ROUTER_COLUMNS = (
    "network",
    "router",
    "speeds",
    "pairs",
    "correlation",
    "ratio_median",
    "only_muster",
    "only_router",
    "pairs_180_300_s",
    "same_at_240_s",
    "same_when_scaled",
    "muster_s",
    "router_s",
)
_BAND_COLUMNS = (
    "network",
    "router",
    "speeds",
    "from_m",
    "pairs",
    "ratio_p10",
    "ratio_median",
    "ratio_p90",
)
_SITING_COLUMNS = (
    "family",
    "target",
    "instances",
    "proved",
    "differ",
    "worst_gap",
    "cpu_s",
    "wall_s",
    "worst_cpu_s",
    "worst_wall_s",
    "peak_mb",
    "load",
    "short",
)
_SERVICE_COLUMNS = ("what", "count", "p50_ms", "p99_ms", "max_ms", "target_ms")
_STREAM_COLUMNS = ("jobs", "events", "cuts", "gaps", "repeats")
_FILLS = {"proven": "#0b5fa5", "found": "#d9822b"}

Record = dict[str, Any]


def merge(folder: Path, here: Record, part: str, told: Record) -> Record:
    """Put ``told`` into the machine's JSON in ``folder`` as its ``part``, and return the whole."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{here['name']}.json"
    whole: Record = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    day = datetime.now(UTC).date().isoformat()
    whole |= {"machine": here, part: {"day": day, **told}}
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return whole


def phases(timings: Record) -> list[Record]:
    """Return the phases in pytest-benchmark's JSON, the median of each in seconds."""
    return [
        {
            "phase": one["name"].partition("[")[0].removeprefix("test_"),
            "case": one["name"].partition("[")[2].rstrip("]"),
            "median_s": round(one["stats"]["median"], 5),
            "rounds": one["stats"]["rounds"],
        }
        for one in timings["benchmarks"]
    ]


def write_report(whole: Record, folder: Path) -> None:
    """Write the tables (text, CSV) and the plot (SVG) of a machine's JSON."""
    stem = folder / whole["machine"]["name"]
    runs, measured = whole.get("peers", {}).get("runs", []), whole.get("phases", {}).get("rows", [])
    lines = ["  ".join(f"{key} {value}" for key, value in whole["machine"].items())]
    if runs:
        asked = whole["peers"]
        conditions = (f"{key} {asked[key]}" for key in ("day", "threads", "load_before"))
        lines += ["", f"Peers: {', '.join(conditions)}", ""]
        lines += aligned(_RUN_COLUMNS, runs)
        stem.with_name(f"{stem.name}-peers.csv").write_text(as_csv(_RUN_COLUMNS, runs))
        stem.with_name(f"{stem.name}-peers.md").write_text(peer_table.markdown(whole))
        _plot(runs, stem.with_name(f"{stem.name}-peers.svg"))
    if measured:
        lines += ["", "Phases: median of the rounds", "", *aligned(_PHASE_COLUMNS, measured)]
        stem.with_name(f"{stem.name}-phases.csv").write_text(as_csv(_PHASE_COLUMNS, measured))
    sited = whole.get("siting", {}).get("rows", [])
    if sited:
        lines += [
            "",
            "Siting: proofs, published values missed, seconds of all and of the worst",
            "",
        ]
        lines += aligned(_SITING_COLUMNS, sited)
        stem.with_name(f"{stem.name}-siting.md").write_text(curves.markdown(whole))
    curves.draw(whole, stem)
    lines += _routers(whole.get("routers"), stem)
    lines += _service(whole.get("service"))
    stem.with_name(f"{stem.name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def tables(folder: Path, part: str, markdown: Callable[[Record], str]) -> str:
    """Return the tables of a part of the results of every machine that ``folder`` knows."""
    machines = (json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json"))
    return "\n".join(sorted(markdown(whole) for whole in machines if part in whole))


def _routers(told: Record | None, stem: Path) -> list[str]:
    """Return the tables of a comparison with a router as lines, and write that by distance."""
    if told is None:
        return []
    bands, whole = told["bands"], told["whole"]
    stem.with_name(f"{stem.name}-routers.csv").write_text(as_csv(_BAND_COLUMNS, bands))
    head = f"Routers: ratio of their times to Muster's, day {told['day']}"
    tables = [*aligned(_ROUTER_COLUMNS, whole), "", *aligned(_BAND_COLUMNS, bands)]
    return ["", head, "", *tables]


def _service(told: Record | None) -> list[str]:
    """Return the latencies of the service as lines."""
    if told is None:
        return []
    conditions = (f"{key} {told[key]}" for key in ("day", "lanes", "load_before"))
    streams = aligned(_STREAM_COLUMNS, [told["streams"]])
    head = f"Service: {', '.join(conditions)}; added: the difference of the quantiles"
    return ["", head, "", *aligned(_SERVICE_COLUMNS, told["rows"]), "", *streams]


def aligned(columns: Sequence[str], rows: Iterable[Record]) -> list[str]:
    """Return rows as lines of text in columns.

    Examples
    --------
    >>> aligned(("task", "value"), [{"task": "a", "value": 1.5}, {"task": "bb", "value": None}])
    ['task  value', 'a     1.5', 'bb    -']
    """
    cells = [list(columns), *([_cell(row.get(column)) for column in columns] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(columns))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def as_csv(columns: Sequence[str], rows: Iterable[Record]) -> str:
    """Return rows as CSV.

    Examples
    --------
    >>> as_csv(("task", "value"), [{"task": "a", "value": 1.5, "more": 2}])
    'task,value\\na,1.5\\n'
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _plot(runs: list[Record], path: Path) -> None:
    """Draw wall-clock time and memory of every run; a run without an answer is hatched."""
    from matplotlib import rc_context  # noqa: PLC0415  matplotlib comes with an extra
    from matplotlib.figure import Figure  # noqa: PLC0415

    tasks = list(dict.fromkeys(one["task"] for one in runs))
    peers = list(dict.fromkeys(one["peer"] for one in runs))
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "muster"}):
        figure = Figure(figsize=(10, 1.2 + 0.9 * len(tasks)), layout="constrained")
        panels = figure.subplots(1, 2, sharey=True)
        for panel, key, title in zip(
            panels, ("wall_s", "peak_mb"), ("wall clock (s)", "peak memory (MB)"), strict=True
        ):
            for one in runs:
                answered = one["outcome"] in _FILLS
                panel.barh(
                    tasks.index(one["task"]) + (peers.index(one["peer"]) + 0.5) / (len(peers) + 1),
                    one[key],
                    height=0.9 / (len(peers) + 1),
                    align="edge",
                    color=_FILLS.get(one["outcome"], "white"),
                    edgecolor="#3b4652",
                    hatch=None if answered else "////",
                )
                place = tasks.index(one["task"]) + (peers.index(one["peer"]) + 0.95) / (
                    len(peers) + 1
                )
                said = f" {one['peer']} {one[key]:g}" + ("" if answered else f" {one['outcome']}")
                panel.text(one[key], place, said, va="center", fontsize=6)
            panel.set_xscale("log")
            panel.set_xlabel(title)
            panel.set_yticks([place + 0.5 for place in range(len(tasks))], tasks)
            panel.set_xlim(right=20 * max(one[key] for one in runs))
        panels[0].invert_yaxis()
        figure.suptitle("blue: proven; orange: a plan without proof; hatched: no answer")
        figure.savefig(path, format="svg", metadata={"Date": None})


def main() -> int:
    """Take in what the arguments name, write the report, and return the exit code."""
    here = machine()
    for path in sys.argv[1:]:
        timings = json.loads(Path(path).read_text(encoding="utf-8"))
        merge(RESULTS, here, "phases", {"rows": phases(timings)})
    path = RESULTS / f"{name()}.json"
    if not path.is_file():
        print(f"nothing measured on this machine yet: {path} is absent", file=sys.stderr)  # noqa: T201
        return 2
    write_report(json.loads(path.read_text(encoding="utf-8")), RESULTS)
    readme = _README.read_text(encoding="utf-8")
    for part, markdown in (("siting", curves.markdown), ("peers", peer_table.markdown)):
        readme = placed(readme, part, tables(RESULTS, part, markdown))
    _README.write_text(readme, encoding="utf-8")
    print(path.with_suffix(".txt").read_text(encoding="utf-8"))  # noqa: T201  a command's output
    return 0


if __name__ == "__main__":
    sys.exit(main())
