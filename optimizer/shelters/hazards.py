"""Which share of every site survives each scenario."""

import numpy as np
import shapely

from models.shelters import ShelterRequest
from models.shelters.scenarios import Hazard, HazardShape, PlanarPolygon, ShelterScenario
from optimizer.demand import FloatArray


def surviving_shares(request: ShelterRequest) -> FloatArray:
    """Return what is left of each site (scenario, site); 0 also where its setting cannot serve."""
    return np.array([_of_scenario(request, one) for one in request.scenarios])


def _of_scenario(request: ShelterRequest, scenario: ShelterScenario) -> FloatArray:
    named = scenario.surviving_share
    share = np.array([named.get(site.id, 1.0) for site in request.sites])
    share *= [site.setting in scenario.settings for site in request.sites]
    for hazard in scenario.hazards:
        share[_inside(request, hazard)] *= hazard.surviving_share
    return share


def _inside(request: ShelterRequest, hazard: Hazard) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    planar = isinstance(hazard.shape, PlanarPolygon)
    names = ("x_m", "y_m") if planar else ("lon", "lat")
    across, along = (
        np.array([getattr(site, name) for site in request.sites], dtype=np.float64)
        for name in names
    )
    return np.asarray(shapely.intersects_xy(_drawn(hazard.shape), across, along))


def _drawn(shape: HazardShape) -> shapely.Geometry:
    if isinstance(shape, PlanarPolygon):
        return shapely.Polygon(shape.corners_m)
    return shapely.geometry.shape(shape.model_dump())
