"""The table of the peers and its words, from results made up."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.peer_table import markdown, ratio, words
from benchmarks.report import tables, write_report

Record = dict[str, Any]


def told(task: str, peer: str, outcome: str, seconds: float, **more: Any) -> Record:
    return {
        "task": task,
        "kind": "cover",
        "places": 10_000,
        "peer": peer,
        "version": f"{peer} 1",
        "outcome": outcome,
        "value": 12_345.0 if outcome in {"proven", "found"} else None,
        "best": None,
        "limit_s": 60.0,
        "wall_s": seconds + 1.0,
        "work_s": seconds,
        "solve_s": seconds,
        "peak_mb": 2_000,
        "reason": None,
    } | more


MINE = told("square", "Muster", "proven", 0.5)
MEDIAN: Record = {"kind": "p-median", "places": 500}
MY_MEDIAN = told("median", "Muster", "proven", 0.5, **MEDIAN)


def of(*runs: Record) -> Record:
    return {
        "machine": {"name": "tiny", "highspy": "1.0"},
        "peers": {"day": "2026-01-01", "threads": 1, "load_before": 0.1, "seed": 7, "runs": runs},
    }


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("proven", "20"),
        ("found", "> 20"),
        ("none", "> 20"),
        ("killed", "> 20"),
        ("failed", "None"),
        ("wrong", "None"),
        ("refused", "None"),
    ],
)
def test_a_ratio_is_a_bound_where_the_peer_has_no_proof(outcome: str, said: str) -> None:
    assert str(ratio(told("square", "spopt + CBC", outcome, 10.0), MINE, "work_s")) == said


def test_there_is_no_ratio_where_muster_has_no_proof() -> None:
    peer = told("square", "spopt + CBC", "proven", 10.0)
    assert ratio(peer, MINE | {"outcome": "found"}, "work_s") is None
    assert ratio(peer, None, "work_s") is None
    assert ratio(None, MINE, "work_s") is None


def test_every_outcome_has_a_cell_and_the_table_says_versions_and_seed() -> None:
    table = markdown(
        of(
            MINE,
            told("square", "spopt + CBC", "proven", 10.0),
            told("square", "spopt + HiGHS", "killed", 59.0),
            told("square", "highspy", "found", 50.0),
            told("square", "CP-SAT", "refused", 0.1, reason="costs that are not whole"),
            told("other", "Muster", "proven", 0.5),
        )
    )
    row = next(line for line in table.splitlines() if line.startswith("| square"))
    assert row == (
        "| square: cover, 10,000 points, 60 s | 12,345 | 1.5 s (0.5), 2,000 MB"
        " | 11 s (10), 2,000 MB | killed: 60 s (59), 2,000 MB"
        " | no proof: 12,345, 51 s (50), 2,000 MB | refused: costs that are not whole"
        " | 7.3 (20) | > 40 (> 118) |"
    )
    assert "not run | not run | not run | not run | - | - |" in table
    assert "highspy 1.0; peers: Muster (Muster 1); spopt + CBC (spopt + CBC 1); " in table
    assert "seed of drawn instances: 7" in table


def test_an_aim_is_missed_by_any_peer_that_finished_sooner() -> None:
    cover, median, _ = words(
        [
            MINE,
            told("square", "spopt + CBC", "proven", 10.0),
            told("square", "spopt + HiGHS", "killed", 59.0),
        ]
    )
    assert cover == (
        "20 times faster than spopt on covers of 10,000 points: by seconds of the question alone"
        " met (spopt + CBC 20 on square, spopt + HiGHS > 118 on square); by seconds of whole"
        " processes missed, at worst 7.3 times"
        " (spopt + CBC 7.3 on square, spopt + HiGHS > 40 on square)."
    )
    assert median.endswith("alone not shown; by seconds of whole processes not shown.")


def test_a_bound_below_the_aim_shows_nothing_and_other_sizes_do_not_count() -> None:
    _, median, *left = words(
        [
            MY_MEDIAN,
            told("median", "spopt + CBC", "killed", 40.0, **MEDIAN),
            told("small", "Muster", "proven", 0.5, kind="p-median", places=200),
            told("small", "spopt + CBC", "proven", 1.0, kind="p-median", places=200),
        ]
    )
    assert "alone not shown (spopt + CBC > 80 on median);" in median
    assert "small" not in median
    assert left == ["No proof within the limit: spopt + CBC on median."]


def test_the_table_of_every_machine_is_written_and_read(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    whole = of(MINE, told("square", "spopt + CBC", "killed", 9.0))
    write_report(whole, tmp_path)
    assert (tmp_path / "tiny-peers.md").read_text(encoding="utf-8") == markdown(whole)
    assert tables(tmp_path, "peers", markdown) == ""  # no results yet, only what is made of them
    asked_nothing = {"task": "square", "peer": "Muster", "outcome": "proven", "wall_s": 1.0}
    assert markdown(of(asked_nothing)) == "Nothing measured yet: `make bench`.\n"
    assert markdown({"machine": {}}) == "Nothing measured yet: `make bench`.\n"
