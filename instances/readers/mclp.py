"""The São José dos Campos files of the maximal covering location problem (``SJC324`` to ``818``).

The first line begins with the number of points; each further line is ``x y demand`` in metres.
Every point is a place and a site; distances are Euclidean and not rounded.

Lorena, L. A. N. and Pereira, M. A. (2002). A Lagrangean/surrogate heuristic for the maximal
covering location problem using Hillman's edition. International Journal of Industrial
Engineering 9(1), 57-67.
"""

from pathlib import Path

from instances.plain import METRES_AS_SECONDS, STATION, within
from instances.readers.tokens import Tokens
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import Cover
from models.fire_stations.rules import CountRange
from models.places import DemandPoint, Site
from models.text import Label


def read(path: Path, *, station_count: int, radius_m: float) -> FireStationRequest:
    """Return the file as a request: most demand within ``radius_m`` of ``station_count`` sites."""
    tokens = Tokens(path)
    point_count = tokens.whole("point_count", 1)
    tokens.skip_line()
    points = [
        (tokens.number("x"), tokens.number("y"), tokens.number("demand", 0.0))
        for _ in range(point_count)
    ]
    tokens.finish()
    width = len(str(point_count))
    return FireStationRequest(
        name=Label(
            en=f"{path.stem}, {station_count} stations within {radius_m:g} m",
            zh=f"{path.stem}：{station_count}座站，半径{radius_m:g} m",
        ),
        demand_points=tuple(
            DemandPoint(id=f"point-{i + 1}", x_m=x, y_m=y, weights={"residents": demand})
            for i, (x, y, demand) in enumerate(points)
        ),
        sites=tuple(
            Site(id=f"site-{i + 1:0{width}d}", x_m=x, y_m=y) for i, (x, y, _) in enumerate(points)
        ),
        new_stations={STATION.id: CountRange(min=station_count, max=station_count)},
        classes=(STATION,),
        standard=within(radius_m),
        travel=METRES_AS_SECONDS,
        objectives=(Cover(),),
    )
