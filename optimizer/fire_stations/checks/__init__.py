"""Every check of a request that needs more than one of its fields.

What one field can say is held by `models`; the shape of travel matrices by `optimizer.travel`.
"""

from models.faults import Fault
from models.fire_stations.request import FireStationRequest
from optimizer.demand import DemandArrays
from optimizer.fire_stations.checks.duplicates import duplicates
from optimizer.fire_stations.checks.effective import effective_classes as effective_classes
from optimizer.fire_stations.checks.effective import effective_standard as effective_standard
from optimizer.fire_stations.checks.numbers import numbers
from optimizer.fire_stations.checks.order import contradictions, order
from optimizer.fire_stations.checks.positions import positions
from optimizer.fire_stations.checks.references import references


def check(request: FireStationRequest, demand: DemandArrays) -> tuple[Fault, ...]:
    """Return all faults of ``request`` at once; ``demand`` is its demand as arrays.

    Of each kind at most a hundred are listed, and one more says how many there are besides.
    """
    return (
        *duplicates(request, demand),
        *references(request, demand),
        *positions(request, demand),
        *numbers(request),
        *order(request),
        *contradictions(request),
    )
