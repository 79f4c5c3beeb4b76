"""Plots of the location searches and of their peers, and the table of the searches as Markdown.

* performance profile: the share of runs proved within a factor of the fastest peer's seconds
  (Dolan and More 2002), where peers were measured; the share of instances proved within so many
  seconds of processor time, for each family;
* time against size: the slowest instance of each seeded family by its number of places, and each
  peer's proofs of drawn instances of a kind; a curve ends where it has no proof;
* gap over time: how far objective and bound of a run lay apart at its improvements.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

Record = dict[str, Any]
Point = tuple[float, float]

_PROVED = frozenset({"optimal", "proven"})
_COLUMNS = (
    ("what", "family"),
    ("target", "target"),
    ("proved", "proved"),
    ("published values missed", "differ"),
    ("worst gap", "worst_gap"),
    ("CPU s, all", "cpu_s"),
    ("CPU s, slowest", "worst_cpu_s"),
    ("peak MB", "peak_mb"),
    ("short of the target", "short"),
)


def factors(runs: Sequence[Record]) -> dict[str, list[float]]:
    """Return, for each peer, by what factor it was slower than the fastest proof of each task.

    A task that a peer did not prove is missing from its list; one that nobody proved, from all.

    Examples
    --------
    >>> told = [{"task": "a", "peer": "x", "outcome": "proven", "wall_s": 1.0},
    ...         {"task": "a", "peer": "y", "outcome": "proven", "wall_s": 3.0},
    ...         {"task": "b", "peer": "y", "outcome": "found", "wall_s": 9.0}]
    >>> factors(told)
    {'x': [1.0], 'y': [3.0]}
    """
    proofs = [one for one in runs if one["outcome"] in _PROVED]
    fastest: dict[str, float] = {}
    for one in proofs:
        fastest[one["task"]] = min(one["wall_s"], fastest.get(one["task"], one["wall_s"]))
    found: dict[str, list[float]] = {one["peer"]: [] for one in runs}
    for one in proofs:
        found[one["peer"]].append(one["wall_s"] / max(1e-9, fastest[one["task"]]))
    return {peer: sorted(some) for peer, some in found.items()}


def steps(values: Iterable[float], count: int) -> list[Point]:
    """Return the share of ``count`` that is at most each value, as points of a step curve.

    Examples
    --------
    >>> steps([2.0, 1.0], 4)
    [(1.0, 0.25), (2.0, 0.5)]
    """
    return [(value, (n + 1) / max(1, count)) for n, value in enumerate(sorted(values))]


def proved_within(rows: Sequence[Record]) -> dict[str, list[Point]]:
    """Return the share of each family's instances proved within so many seconds of processor."""
    return {
        row["family"]: steps(
            (one["cpu_s"] for one in row["runs"] if one["status"] in _PROVED), row["instances"]
        )
        for row in rows
    }


def by_size(rows: Sequence[Record]) -> dict[str, list[Point]]:
    """Return (places, seconds of the slowest) of seeded families, by what they have in common."""
    found: dict[str, list[Point]] = {}
    for row in rows:
        if row.get("places") and row["worst_cpu_s"] is not None:
            kind = row["family"].replace(f"{row['places']:,}", "n")
            found.setdefault(kind, []).append((float(row["places"]), row["worst_cpu_s"]))
    return {kind: sorted(points) for kind, points in found.items()}


def proofs_by_size(runs: Sequence[Record]) -> dict[str, list[Point]]:
    """Return (places, seconds of the question alone) of each peer's proofs of drawn instances.

    Examples
    --------
    >>> told = {"peer": "x", "kind": "cover", "best": None, "outcome": "proven"}
    >>> proofs_by_size([told | {"places": 20, "work_s": 0.5}, told | {"places": 10, "work_s": 0.1}])
    {'x, cover': [(10.0, 0.1), (20.0, 0.5)]}
    """
    found: dict[str, list[Point]] = {}
    for one in runs:
        drawn = one.get("best") is None and one.get("work_s") is not None
        if drawn and one["outcome"] in _PROVED:
            at = (float(one["places"]), float(one["work_s"]))
            found.setdefault(f"{one['peer']}, {one['kind']}", []).append(at)
    return {curve: sorted(points) for curve, points in found.items()}


def gaps(run: Record) -> list[Point]:
    """Return (seconds, relative gap) at a run's improvements, with its end; none without bounds.

    Examples
    --------
    >>> gaps({"trace": [[1.0, 8.0, None], [2.0, 9.0, 10.0]], "wall_s": 3.0, "gap": 0.0})
    [(2.0, 0.1111111111111111), (3.0, 0.0)]
    """
    points = [
        (seconds, abs(objective - bound) / max(1.0, abs(objective)))
        for seconds, objective, bound in run.get("trace", ())
        if bound is not None
    ]
    return points if run["gap"] is None else [*points, (run["wall_s"], run["gap"])]


def markdown(whole: Record) -> str:
    """Return the table of the location searches with its machine, versions and seeds."""
    rows = whole.get("siting", {}).get("rows", [])
    if not rows:
        return "Nothing measured yet: `make bench-full`.\n"
    machine = ", ".join(f"{key} {value}" for key, value in whole["machine"].items())
    seeds = sorted({seed for row in rows for seed in row.get("seeds", ())})
    head = "| " + " | ".join(title for title, _ in _COLUMNS) + " |"
    rule = "|" + "---|" * len(_COLUMNS)
    lines = ["| " + " | ".join(_cells(row)) + " |" for row in rows]
    said = f"Measured {whole['siting']['day']} on: {machine}; seeds of drawn families: " + (
        ", ".join(map(str, seeds)) or "as listed by `benchmarks.siting`"
    )
    return "\n".join([head, rule, *lines, "", f"{said}."]) + "\n"


def _cells(row: Record) -> Iterator[str]:
    for _, key in _COLUMNS:
        value = row.get(key)
        if key == "proved":
            yield f"{value} of {row['instances']}"
        elif key == "short":
            yield "-" if value is None else value or "met"
        elif key == "worst_gap":
            yield "-" if value is None else f"{value:.2%}"
        else:
            yield "-" if value is None else str(value) if isinstance(value, str) else f"{value:,}"


def draw(whole: Record, stem: Path) -> list[Path]:
    """Draw what a machine's results hold, each plot as an SVG beside ``stem``; return the files."""
    from matplotlib import rc_context  # noqa: PLC0415  matplotlib comes with an extra

    rows, runs = whole.get("siting", {}).get("rows", []), whole.get("peers", {}).get("runs", [])
    rows = [row for row in rows if row.get("runs")]
    tasks = len({one["task"] for one in runs})
    plots: dict[str, tuple[dict[str, list[Point]], str, str]] = {
        "peers-profile": (
            {peer: steps(some, tasks) for peer, some in factors(runs).items()},
            "times slower than the fastest proof",
            "share of tasks proved",
        ),
        "peers-size": (proofs_by_size(runs), "places", "seconds of the question alone"),
        "siting-profile": (
            proved_within(rows),
            "processor seconds",
            "share of instances proved",
        ),
        "siting-size": (by_size(rows), "places", "processor seconds of the slowest"),
        "siting-gap": (_traces(rows), "seconds", "relative gap"),
    }
    drawn = []
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "muster"}):
        for name, (curves, across, up) in plots.items():
            path = stem.with_name(f"{stem.name}-{name}.svg")
            if any(curves.values()):
                _curves(curves, path, (across, up), stepped=not name.endswith("size"))
                drawn.append(path)
    return drawn


def _traces(rows: Sequence[Record]) -> dict[str, list[Point]]:
    """Return the gap over time of each family's instance that ended with the largest gap."""
    worst = {
        row["family"]: max(row["runs"], key=lambda one: (one["gap"] or 0.0, one["wall_s"]))
        for row in rows
    }
    return {family: gaps(run) for family, run in worst.items()}


def _curves(
    curves: dict[str, list[Point]], path: Path, axes: tuple[str, str], *, stepped: bool
) -> None:
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(9, 5), layout="constrained")
    panel = figure.subplots()
    for name, points in curves.items():
        if points:
            x, y = zip(*points, strict=True)
            style = "steps-post" if stepped else "default"
            panel.plot([max(one, 1e-3) for one in x], y, marker=".", drawstyle=style, label=name)
    panel.set_xscale("log")
    if not stepped:
        panel.set_yscale("log")
    panel.set_xlabel(axes[0])
    panel.set_ylabel(axes[1])
    panel.legend(fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5))
    figure.savefig(path, format="svg", metadata={"Date": None})
