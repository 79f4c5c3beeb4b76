"""A small project that the tests damage and add to."""

from pathlib import Path

import pytest

DEMAND = "编号,经度,纬度,常住人口(万人)\na,114.30,22.70,1.2\nb,114.31,22.71,3\n"
SITES = "id,lon,lat,name\ns,114.30,22.70,South\nt,114.32,22.71,North\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small project without a fault."""
    made = tmp_path / "project"
    made.mkdir()
    (made / "demand.csv").write_text(DEMAND, encoding="utf-8")
    (made / "sites.csv").write_text(SITES, encoding="utf-8")
    (made / "project.toml").write_text('crs = "wgs84"\nnew_stations = 1\n', encoding="utf-8")
    return made
