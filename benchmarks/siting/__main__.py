"""The location searches on published and seeded instances: ``python -m benchmarks.siting``.

Arguments name families (all by default). Each value is compared with the published one, and each
family's proofs, matches and seconds make a row of the machine's table, with what is short of the
target. Seconds are those of the one processor thread that searches, so that other work on the
machine does not count; those of the clock stand beside them. A gap is taken at its target's
seconds, a proof is waited for a while longer, unless ``--limit`` says otherwise. ``--out`` keeps a
short run apart from the committed results. What was measured is kept after each instance.
"""

import argparse
import json
import sys
from itertools import islice
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.report import RESULTS, write_report
from benchmarks.siting.families import FAMILIES
from benchmarks.siting.measuring import Measured, measure
from benchmarks.siting.table import keep, row
from models.run import Status


def main() -> int:
    """Measure what the arguments name, write the report, and return the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.siting", description=__doc__)
    parser.add_argument("families", nargs="*", help="all by default")
    parser.add_argument("--limit", type=float, help="processor seconds of an instance")
    parser.add_argument("--first", type=int, help="only so many instances of each")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    asked = parser.parse_args()
    unknown = sorted(set(asked.families) - set(FAMILIES))
    if unknown:
        parser.error(f"no family {', '.join(unknown)}; there are: {', '.join(FAMILIES)}")
    wrong = False
    for name in asked.families or FAMILIES:
        family, told = FAMILIES[name], list[Measured]()
        for case in islice(family.cases(), asked.first):
            told.append(measure(case, family.aim, asked.limit))
            print(told[-1], flush=True)  # noqa: T201  a command's output
            keep(row(family, told), told, asked.out)
        wrong |= any(one.agrees is False and one.status == Status.OPTIMAL for one in told)
        path = asked.out / f"{machine()['name']}.json"
        if path.is_file():
            write_report(json.loads(path.read_text(encoding="utf-8")), asked.out)
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
