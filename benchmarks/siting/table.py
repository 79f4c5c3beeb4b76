"""A family's row of the machine's table, and where it is kept."""

import json
import os
from dataclasses import asdict
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.report import merge
from benchmarks.siting.families import FAMILIES, SEEDS, Family
from benchmarks.siting.measuring import Measured
from models.run import Status


def row(family: Family, told: list[Measured]) -> dict[str, object]:
    """Return a family's row: proofs and agreement, seconds, the worst gap, what is short, why."""
    whole = sum(1 for _ in family.cases())
    left = [f"{len(told)} of {whole} measured"] if len(told) < whole else []
    short = family.aim.short(told)
    return {
        "family": family.name,
        "target": family.target,
        "short": "; ".join([*left, *short, *([family.why] if short and family.why else [])]),
        "places": family.places,
        "seeds": list(SEEDS[: len(told)]) if family.places is not None else [],
        "instances": len(told),
        "proved": sum(one.status == Status.OPTIMAL for one in told),
        "differ": sum(one.agrees is False for one in told),
        "worst_gap": max((one.gap or 0.0 for one in told), default=None),
        "cpu_s": round(sum(one.cpu_s for one in told), 2),
        "wall_s": round(sum(one.wall_s for one in told), 2),
        "worst_cpu_s": max((one.cpu_s for one in told), default=None),
        "worst_wall_s": max((one.wall_s for one in told), default=None),
        "peak_mb": max((one.peak_mb for one in told if one.peak_mb is not None), default=None),
        "load": round(os.getloadavg()[0], 1),
    }


def keep(row: dict[str, object], told: list[Measured], folder: Path) -> None:
    """Put a family's row and its instances into the machine's results."""
    here = machine()
    path = folder / f"{here['name']}.json"
    whole = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    kept = {one["family"]: one for one in whole.get("siting", {}).get("rows", [])}
    kept[str(row["family"])] = row | {"runs": [asdict(one) for one in told]}
    listed = [kept[name] for name in FAMILIES if name in kept]
    merge(folder, here, "siting", {"rows": listed})
