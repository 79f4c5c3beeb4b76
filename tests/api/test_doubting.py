"""A shifted list of places is doubted in every kind of request, and only that list."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.doubting import Located, suspicions
from api.settings import Settings
from instances.coordinates import from_wgs84
from instances.coordinates.systems import GCJ02, WGS84
from instances.examples import EXAMPLES
from models.backdrop import BackdropShape
from models.dispatch.situated import Situated
from models.shelters.places import Listed, ListedKind

RING = [(114.3, 22.66), (114.4, 22.66), (114.4, 22.76), (114.3, 22.76), (114.3, 22.66)]
OUTLINE = BackdropShape.model_validate(
    {"kind": "outline", "geometry": {"type": "Polygon", "coordinates": [RING]}}
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store_folder=tmp_path)


def spread(place: Any, *, shifted: bool, **more: object) -> tuple[Any, ...]:
    """Return the place 300 times over the outlined square, or as far off as GCJ-02 is."""
    lon, lat = np.random.default_rng(1).uniform((114.3, 22.66), (114.4, 22.76), (300, 2)).T
    if shifted:
        lon, lat = from_wgs84(lon, lat, GCJ02)
    return tuple(
        place.model_copy(update={"id": f"{place.id}{i}", "lon": x, "lat": y, **more})
        for i, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True))
    )


def asked(name: str, shifted: Sequence[str]) -> Located:
    """Return an example whose lists of places are each spread, those named ``shifted`` off."""
    whole: Any = EXAMPLES[name].build()
    request = whole.situation if isinstance(whole, Situated) else whole
    fields = ("demand_points", "blocks", "sites", "depots", "incidents", "teams")
    lists = {
        field: spread(getattr(request, field)[0], shifted=field in shifted)
        for field in fields
        if getattr(request, field, None)
    }
    placed = request.model_copy(update={**lists, "backdrop": (OUTLINE,), "source_crs": "wgs84"})
    if isinstance(whole, Situated):
        return whole.model_copy(update={"situation": placed})
    found: Located = placed
    return found


@pytest.mark.parametrize(
    ("name", "field", "told"),
    [
        ("minimal", "demand_points", "demand"),
        ("minimal-facilities", "sites", "sites"),
        ("minimal-shelters", "blocks", "demand"),
        ("minimal-stockpiles", "blocks", "demand"),
        ("minimal-stockpiles", "depots", "sites"),
        ("minimal-dispatch", "incidents", "incidents"),
        ("minimal-dispatch", "teams", "teams"),
        ("minimal-phase", "teams", "teams"),
    ],
)
def test_a_shifted_list_alone_is_doubted(
    name: str, field: str, told: str, settings: Settings
) -> None:
    (doubt,) = suspicions(asked(name, [field]), settings.store)
    assert doubt.places == told
    assert doubt.warning.code == "coordinates.suspicion_by_outlines"
    assert doubt.warning.values["inside"] < doubt.warning.values["inside_better"] == 1.0
    assert not list(suspicions(asked(name, []), settings.store))


def test_people_listed_by_place_are_doubted_by_the_system_of_their_own_table(
    settings: Settings,
) -> None:
    request: Any = asked("minimal-shelters", [])
    listed = spread(
        request.blocks[0], shifted=True, listed=Listed(kind=ListedKind.SLOPE), weights={}
    )
    both = request.model_copy(update={"blocks": (*request.blocks, *listed)})
    apart = {"demand": GCJ02, "listed": WGS84}
    assert [one.places for one in suspicions(both, settings.store, apart)] == ["listed"]
