"""The programs of a request, one file a level, for audit by any solver."""

from pathlib import Path
from typing import Literal

from models.run import LevelReport
from optimizer.backends.export import write
from optimizer.fire_stations.formulation import Formulation, floor_of

Format = Literal["mps", "lp"]


def export(
    formulation: Formulation,
    reports: tuple[LevelReport, ...],
    folder: Path,
    *,
    stem: str,
    form: Format = "mps",
) -> tuple[Path, ...]:
    """Write each level's program as ``folder/stem-level-1.mps`` and so on; return the files.

    Level ``k`` holds the levels before it at the values of ``reports``, less what they allow to
    be lost; levels that no report speaks of are left out. Columns and rows carry the names of
    their blocks.
    """
    written = []
    for level in range(len(reports)):
        floors = tuple(
            floor_of(formulation.part(earlier), report)
            for earlier, report in enumerate(reports[:level])
        )
        path = folder / f"{stem}-level-{level + 1}.{form}"
        write(formulation.program(formulation.part(level), floors), path)
        written.append(path)
    return tuple(written)
