"""The entry to the engine for fire stations; other problems are entered by their own `solve`."""

from models.fire_stations import FireStationAnswer, FireStationPlan, FireStationRequest
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.fire_stations.solve import Extras
from optimizer.fire_stations.solve import solve as solve_fire_stations


def solve(
    request: FireStationRequest,
    control: RunControl | None = None,
    *,
    start: FireStationPlan | None = None,
    store: Store | None = None,
    extras: Extras | None = None,
) -> FireStationAnswer:
    """Solve ``request`` and return a verified answer.

    Parameters
    ----------
    request
        The question. Its ``limits`` hold unless ``control`` brings others.
    control
        The clock, the stop button and the listener of the run.
    start
        A plan to start from, of this or a similar request; used where it fits.
    store
        Where the request's datasets are, and where a long allocation is kept.
    extras
        What the answer carries beside the plan: the explanation, by default.

    Raises
    ------
    InputError
        With every fault of the request.
    BackendError
        A solver library failed.
    VerificationError
        The plan found breaks a rule of its own request.
    """
    return solve_fire_stations(
        request, control or RunControl(request.limits), start=start, store=store, extras=extras
    )
