"""Demand grids: what is counted by area, spread over cells with every total kept exactly."""

from instances.grids.cells import hexagons, squares
from instances.grids.grid import Buildings, Grid, Mesh, make_grid
from instances.grids.spread import spread
from instances.grids.zones import Zones, read_zones

__all__ = [
    "Buildings",
    "Grid",
    "Mesh",
    "Zones",
    "hexagons",
    "make_grid",
    "read_zones",
    "spread",
    "squares",
]
