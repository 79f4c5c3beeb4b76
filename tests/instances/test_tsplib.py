"""TSPLIB's points, and files that are not what they say."""

from pathlib import Path

import pytest

from instances.readers import tsplib

TEXT = "NAME : two\nDIMENSION : {}\nNODE_COORD_SECTION\n1 1.5e+01 2\n2 3 4\nEOF\n"


def test_points_are_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "two.tsp"
    path.write_text(TEXT.format(2))
    assert tsplib.points(path).tolist() == [[15.0, 2.0], [3.0, 4.0]]
    path.write_text(TEXT.format(3))
    with pytest.raises(ValueError, match="DIMENSION is 3, nodes are 2"):
        tsplib.points(path)
