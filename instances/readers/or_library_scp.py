"""OR-Library set-covering files (``scp41`` to ``scpd5``): weighted location set covering.

``m n`` (rows, columns), the ``n`` costs, then for each row how many columns cover it, and which.
Rows are places, columns are sites whose land costs so much; every place must be covered.

Beasley, J. E. (1987). An algorithm for set covering problem. European Journal of Operational
Research 31(1), 85-93.
"""

from pathlib import Path

from instances.plain import STATION, within
from instances.readers.tokens import Tokens
from models.fire_stations import FireStationRequest
from models.fire_stations.objectives import Cost
from models.fire_stations.rules import CountRange, CoverFloor, Rules
from models.places import DemandPoint, Site
from models.text import Label
from models.travel import ByMatrix, MatrixScenario

# A covered row is this far from the column, and the standard is the same.
_COVERED_S = 1.0


def _row(tokens: Tokens, column_count: int) -> tuple[float | None, ...]:
    count = tokens.whole("cover_count", 1, column_count)
    times: list[float | None] = [None] * column_count
    for _ in range(count):
        times[tokens.whole("column", 1, column_count) - 1] = _COVERED_S
    return tuple(times)


def read(path: Path) -> FireStationRequest:
    """Return the file as a request: the least cost of sites that cover every row."""
    tokens = Tokens(path)
    row_count = tokens.whole("row_count", 1)
    column_count = tokens.whole("column_count", 1)
    costs = [tokens.number("column_cost", 0.0) for _ in range(column_count)]
    times = tuple(_row(tokens, column_count) for _ in range(row_count))
    tokens.finish()
    width = len(str(column_count))
    return FireStationRequest(
        name=Label(en=f"{path.stem}, set covering", zh=f"{path.stem}(集合覆盖)"),
        demand_points=tuple(DemandPoint(id=f"row-{i + 1}") for i in range(row_count)),
        sites=tuple(
            Site(id=f"column-{j + 1:0{width}d}", land_cost=cost) for j, cost in enumerate(costs)
        ),
        new_stations={STATION.id: CountRange()},
        classes=(STATION,),
        standard=within(_COVERED_S),
        travel=ByMatrix(scenarios=(MatrixScenario(travel_time_s=times),)),
        rules=Rules(cover_floors=(CoverFloor(share=1.0),)),
        objectives=(Cost(horizon_years=0.0),),
    )
