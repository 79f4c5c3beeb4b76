"""Map layers of a plan of facilities as GeoJSON (RFC 7946), or in metres on a plane.

Layers: ``demand_points`` (who serves them, or why nobody), ``facilities``, ``candidates`` (sites
not built) and ``service``, a straight line from each point to what serves it (not the way there).
Points that lie in a dataset are not drawn. Where places have no coordinates there is no layer.
"""

from typing import Any

from api.render.facilities.names import FacilityNames
from models.facilities import FacilityAnswer, FacilityPlan, FacilityRequest
from models.facilities.places import SiteState
from models.places import DemandPoint, DemandTable, Place
from models.text import Language

Feature = dict[str, Any]
_LINES_MAX = 5_000  # beyond, a map of them is black


def layers(
    request: FacilityRequest, answer: FacilityAnswer, language: Language, *, plane: bool = False
) -> dict[str, dict[str, Any]]:
    """Return the map layers by name; ``plane``: of places in metres."""
    points = () if isinstance(request.demand_points, DemandTable) else request.demand_points
    places: tuple[Place, ...] = (*points, *request.sites)
    if answer.plan is None or any(_spot(one, plane=plane) is None for one in places):
        return {}
    names = FacilityNames(request, language)
    drawn = _Drawing(names, answer.plan, points, plane)
    made = {
        "demand_points": drawn.points(),
        "facilities": drawn.sites(opened=True),
        "candidates": drawn.sites(opened=False),
        "service": drawn.service(),
    }
    return {
        name: {"type": "FeatureCollection", "features": features} for name, features in made.items()
    }


def _spot(place: Place, *, plane: bool) -> list[float] | None:
    x, y = (place.x_m, place.y_m) if plane else (place.lon, place.lat)
    return None if x is None or y is None else [x, y]


class _Drawing:
    """The features of one plan."""

    def __init__(
        self,
        names: FacilityNames,
        plan: FacilityPlan,
        points: tuple[DemandPoint, ...],
        plane: bool,
    ) -> None:
        self._names, self._plan, self._points, self._plane = names, plan, points, plane

    def _point(self, place: Place, **properties: object) -> Feature:
        spot = {"type": "Point", "coordinates": _spot(place, plane=self._plane)}
        return {"type": "Feature", "geometry": spot, "properties": properties}

    def points(self) -> list[Feature]:
        """Return the demand points, each with what of it is not served and why."""
        request = self._names.request
        missing = {one.point_id: one for one in self._plan.unserved or ()}
        found = []
        for point in self._points:
            left = missing.get(point.id)
            name = request.weight or next(iter(point.weights), None)
            told: dict[str, object] = {
                "id": point.id,
                "weight": point.weights.get(name, 0.0) if name else 1.0,
                "unserved": 0.0 if left is None else left.weight,
                "illustrative": request.illustrative,
            }
            if left is not None and left.reason is not None:
                told["reason"] = self._names.say(f"facilities.reason.{left.reason}")
            found.append(self._point(point, **told))
        return found

    def sites(self, *, opened: bool) -> list[Feature]:
        """Return the sites with a facility, or those without."""
        plan = {one.site_id: one for one in self._plan.facilities}
        found = []
        for site in self._names.request.sites:
            one = plan.get(site.id)
            if (one is not None) is not opened:
                continue
            told: dict[str, object] = {
                "id": site.id,
                "name": self._names.sites[site.id],
                "existing": site.state is SiteState.EXISTING,
                "illustrative": site.illustrative or self._names.request.illustrative,
            }
            if one is not None:
                told |= {"served_weight": one.served, "served_points": one.points}
            found.append(self._point(site, **told))
        return found

    def service(self) -> list[Feature]:
        """Return a line from every point to what serves it, where they are not too many."""
        given = self._plan.allocations or ()
        if len(given) > _LINES_MAX:
            return []
        points = {one.id: one for one in self._points}
        sites = {one.id: one for one in self._names.request.sites}
        return [
            {
                "type": "Feature",
                "geometry": {
                    "type": "LineString",
                    "coordinates": [
                        _spot(points[one.point_id], plane=self._plane),
                        _spot(sites[one.site_id], plane=self._plane),
                    ],
                },
                "properties": {
                    "point": one.point_id,
                    "site": self._names.sites[one.site_id],
                    "served_weight": one.served,
                    f"way_{self._names.unit}": one.way,
                },
            }
            for one in given
        ]
