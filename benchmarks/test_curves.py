"""The plots and the table of the location searches, from results made up."""

from pathlib import Path

from benchmarks.curves import by_size, draw, markdown, proofs_by_size, proved_within
from benchmarks.readme import marks, placed

RUN = {
    "name": "a",
    "status": "optimal",
    "gap": 0.0,
    "wall_s": 3.0,
    "cpu_s": 2.0,
    "trace": [[1.0, 8.0, None], [2.0, 9.0, 10.0]],
}
ROW = {
    "family": "cover 100 x 1,000",
    "target": "each proved in 2 s",
    "places": 1_000,
    "seeds": [1, 2],
    "instances": 2,
    "proved": 1,
    "differ": 0,
    "worst_gap": 0.1,
    "cpu_s": 4.0,
    "worst_cpu_s": 2.0,
    "peak_mb": 100,
    "short": "1 of 2 not proved: at worst 10 %",
    "runs": [RUN, RUN | {"status": "feasible", "gap": 0.1}],
}
PEERS = [
    {
        "task": "a",
        "kind": "cover",
        "places": 10,
        "peer": "x",
        "outcome": "proven",
        "best": None,
        "wall_s": 1.0,
        "work_s": 0.5,
    },
    {"task": "a", "peer": "y", "outcome": "killed", "wall_s": 9.0},
]
WHOLE = {
    "machine": {"name": "tiny", "highspy": "1.0"},
    "siting": {"day": "2026-01-01", "rows": [ROW, ROW | {"family": "pmed", "places": None}]},
    "peers": {"runs": PEERS},
}


def test_what_was_not_proved_is_not_counted_as_proved() -> None:
    assert proved_within([ROW]) == {"cover 100 x 1,000": [(2.0, 0.5)]}
    assert by_size([ROW]) == {"cover 100 x n": [(1000.0, 2.0)]}
    assert proofs_by_size(PEERS) == {"x, cover": [(10.0, 0.5)]}


def test_the_table_says_machine_versions_seeds_and_goes_into_the_readme() -> None:
    table = markdown(WHOLE)
    assert (
        "| cover 100 x 1,000 | each proved in 2 s | 1 of 2 | 0 | 10.00% | 4.0 | 2.0 | 100 | 1 of 2"
        in table
    )
    assert "highspy 1.0" in table
    assert "1, 2" in table
    begin, end = marks("siting")
    assert placed(f"head\n{begin}\n{end}\ntail", "siting", table).count("cover 100") == 1
    assert placed("head", "siting", table) == "head"


def test_every_plot_is_drawn_that_has_something_to_show(tmp_path: Path) -> None:
    drawn = draw(WHOLE, tmp_path / "tiny")
    assert {path.stem for path in drawn} == {
        *("tiny-peers-profile", "tiny-peers-size"),
        *("tiny-siting-profile", "tiny-siting-size", "tiny-siting-gap"),
    }
    assert all("<svg" in path.read_text(encoding="utf-8") for path in drawn)
    assert draw({"machine": WHOLE["machine"]}, tmp_path / "none") == []
