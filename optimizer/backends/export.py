"""Write a program as an MPS or LP file that people and other solvers can read."""

from pathlib import Path

from models.run import RunLimits
from optimizer.backends.highs.loading import load, must
from optimizer.linear import LinearProgram

FORMATS = (".mps", ".lp")


def write(program: LinearProgram, path: Path) -> None:
    """Write ``program`` to ``path``, in the format its ending names.

    Columns and rows are called after their blocks: ``open_12`` is the column 12 of "open".
    """
    if path.suffix not in FORMATS:
        raise ValueError(f"{path.name} must end in one of {', '.join(FORMATS)}")
    highs = load(program, RunLimits())
    for place, name in enumerate(names(program.columns, len(program.cost))):
        must(highs.passColName(place, name), f"the column name {name}")
    for place, name in enumerate(names(program.rows, len(program.row_lower))):
        must(highs.passRowName(place, name), f"the row name {name}")
    must(highs.writeModel(str(path)), f"to write {path.name}")


def names(blocks: dict[str, slice], count: int) -> list[str]:
    """Return one name per column or row: its block's, and its place in the block.

    Examples
    --------
    >>> names({"open": slice(0, 2), "full force": slice(2, 3)}, 3)
    ['open_0', 'open_1', 'full_force_0']
    """
    found = [f"unnamed_{place}" for place in range(count)]
    for block, at in blocks.items():
        word = "_".join(block.split())
        found[at] = [f"{word}_{place}" for place in range(at.stop - at.start)]
    if len(set(found)) < count:
        raise ValueError("two blocks differ in nothing but their spaces")
    return found
