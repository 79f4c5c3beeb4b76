"""Demand grids: totals to the last person, ground to the last square metre."""

from decimal import Decimal

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.grids import Buildings, Grid, Mesh, make_grid, read_zones, spread
from instances.shapes import ShapeError, plane_of, to_plane
from tests.instances.layers import layer

TRIANGLE = shapely.Polygon([(10, 20), (990, 130), (400, 870)])
SQUARE = shapely.box(1000, 0, 2000, 1000)
amounts = st.decimals(0, 10**7, places=2)


def gridded(figures: list[object], mesh: Mesh | None = None, **columns: list[object]) -> Grid:
    zones = read_zones(
        layer(figures, **columns), {name: name for name in columns if name != "名称"}
    )
    return make_grid(zones, mesh or Mesh())


@given(amounts, st.lists(st.floats(0.001, 1e6), min_size=1, max_size=60))
def test_parts_add_up_to_the_total_exactly(total: Decimal, shares: list[float]) -> None:
    parts = spread(total, np.array(shares))
    assert sum(parts) == total
    assert min(parts) >= 0


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 10**6), min_size=2, max_size=2),
    st.floats(90, 700),
    st.sampled_from([None, 8, 9]),
)
def test_every_area_keeps_its_residents_and_its_ground(
    residents: list[object], cell_m: float, resolution: int | None
) -> None:
    grid = gridded([TRIANGLE, SQUARE], Mesh(cell_m, resolution), residents=residents)
    assert grid.area_m2 is not None
    assert grid.zones is not None
    for zone, area_m2 in (("1", shapely.area(TRIANGLE)), ("2", 1e6)):
        mine = [at for at, name in enumerate(grid.zones) if name == zone]
        assert sum(grid.weights["residents"][at] for at in mine) == residents[int(zone) - 1]
        assert grid.area_m2[mine].sum() == pytest.approx(area_m2, rel=1e-7)
    assert len(set(grid.ids)) == len(grid.ids)


def test_people_are_spread_by_ground_over_squares_that_share_their_mesh() -> None:
    grid = gridded([SQUARE], residents=[1600])
    assert len(grid.ids) == 16
    assert set(grid.weights["residents"]) == {100}
    assert grid.area_m2 == pytest.approx(62_500, rel=1e-6)


def test_the_id_of_a_cell_does_not_depend_on_the_other_areas() -> None:
    alone = set(gridded([SQUARE], 名称=["沙湖"], residents=[5]).ids)
    both = set(gridded([SQUARE, TRIANGLE], 名称=["沙湖", "坪山"], residents=[5, 6]).ids)
    assert alone < both
    assert all(one.startswith(("沙湖:", "坪山:")) for one in both)


def test_positions_lie_in_their_pieces() -> None:
    ring = shapely.difference(shapely.box(0, 0, 240, 240), shapely.box(20, 20, 220, 220))
    grid = gridded([ring], residents=[7])
    assert shapely.intersects_xy(grid.pieces, grid.lon, grid.lat).all()


@pytest.mark.parametrize("resolution", [None, 9])
def test_points_are_gathered_into_cells(resolution: int | None) -> None:
    points = [shapely.Point(10, 10), shapely.Point(30, 20), shapely.Point(1400, 900)]
    grid = gridded(points, Mesh(250, resolution), residents=[3, 4, 5.5])
    assert sorted(grid.weights["residents"]) == [Decimal("5.5"), Decimal(7)]
    assert grid.zones is None


def test_people_live_where_the_floors_are_and_bare_areas_fall_back_to_ground() -> None:
    zones = read_zones(layer([SQUARE, TRIANGLE], residents=[900, 50]), {"residents": "residents"})
    homes = [shapely.Point(1100, 100), shapely.Point(1900, 900), shapely.Point(5000, 0)]
    floors = Buildings(layer(homes, floors=[1000, 2000, 9]), "floors")
    grid = make_grid(zones, Mesh(), floors)
    inside = [
        part
        for part, zone in zip(grid.weights["residents"], grid.zones or (), strict=True)
        if zone == "1"
    ]
    assert sorted(inside)[-3:] == [0, 300, 600]
    assert sum(grid.weights["residents"]) == 950
    assert [note.code for note in grid.notes] == ["grid.buildings_outside", "grid.bare"]


def test_footprints_count_where_no_floor_column_is_named() -> None:
    zones = read_zones(layer([SQUARE], residents=[30]), {"residents": "residents"})
    homes = [shapely.box(1100, 100, 1110, 110), shapely.box(1900, 900, 1920, 910)]
    grid = make_grid(zones, Mesh(), Buildings(layer(homes)))
    assert sorted(grid.weights["residents"])[-2:] == [10, 20]


def test_overlapping_areas_are_said() -> None:
    notes = gridded([SQUARE, shapely.box(1500, 0, 2500, 1000)], residents=[1, 1]).notes
    assert [note.code for note in notes] == ["grid.overlap"]


def test_every_bad_cell_is_named_at_once() -> None:
    bad = layer([SQUARE] * 4, 名称=["甲", "甲", None, "乙"], residents=["很多", -1, None, 3])
    with pytest.raises(ShapeError) as caught:
        read_zones(bad, {"residents": "residents", "id": "residents", "jobs": "jobs"})
    faults = [(one.path, one.need.code) for one in caught.value.faults]
    assert len(faults) == 7
    assert ("a.gpkg: row 2, column 名称", "grid.need.own_id") in faults
    assert ("a.gpkg: row 3, column residents", "grid.need.amount") in faults


@pytest.mark.parametrize(
    ("mesh", "residents", "code"),
    [
        (Mesh(0.5), 5, "grid.need.cell"),
        (Mesh(float("nan")), 5, "grid.need.cell"),
        (Mesh(1.0, 16), 5, "grid.need.resolution"),
        (Mesh(250, 15), 5, "grid.need.coarser"),
        (Mesh(250), "1000000000.1234567", "grid.need.digits"),
    ],
)
def test_a_mesh_or_a_number_that_cannot_be_kept_is_refused(
    mesh: Mesh, residents: object, code: str
) -> None:
    wide = shapely.box(0, 0, 10_000, 10_000)
    with pytest.raises(ShapeError) as caught:
        gridded([wide], mesh, residents=[residents])
    assert caught.value.faults[0].need.code == code


def test_a_layer_too_wide_for_one_plane_is_refused() -> None:
    with pytest.raises(ShapeError) as caught:
        gridded([SQUARE, shapely.box(2_000_000, 0, 2_000_100, 100)], residents=[1, 1])
    assert caught.value.faults[0].need.code == "shape.need.narrow"


def test_the_plane_is_the_nearest_zone() -> None:
    shapes = layer([SQUARE])
    assert shapely.area(to_plane(shapes.geometry, plane_of(shapes)))[0] == pytest.approx(1e6)
