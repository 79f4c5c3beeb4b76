"""Other programs on the incidents of `cases`: who can, by weighted completion; the rest by travel.

Each takes the problem and seconds, and returns the visits of each team. Seconds are those of the
processor, on one thread, so that a busy machine gives nobody more than another. OR-Tools Routing
gets a soft upper bound of 0 on each completion, with the severity as its cost. CP-SAT gets the same
objective. VROOM and PyVRP know travel only: they are shown, not beaten. They need the extra
``peers``.
"""

from threading import Event, Thread
from time import process_time

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from ortools.sat.python import cp_model

from benchmarks.routing.cases import HORIZON_S, LEFT_OUT_S
from optimizer.algorithms.routes.problem import FloatArray, Problem

Routes = list[list[int]]


def starts_of(problem: Problem, routes: Routes) -> FloatArray:
    """Return when each visit begins if nobody waits; what others answer has no times of ours."""
    start = np.full(len(problem.visits.stop), np.nan)
    for team, route in enumerate(routes):
        place, now = int(problem.teams.origin[team]), 0.0
        for visit in route:
            there = int(problem.visits.place[visit])
            start[visit] = now + problem.travel[0, place, there]
            now, place = start[visit] + problem.visits.service[team, visit], there
    return start


def ortools_routing(problem: Problem, limit_s: float) -> Routes:
    """OR-Tools Routing, guided local search, soft upper bounds."""
    travel = problem.travel[0].astype(int)
    places = len(travel)
    end = places
    matrix = np.zeros((places + 1, places + 1), dtype=int)
    matrix[:places, :places] = travel
    work = np.zeros(places + 1, dtype=int)
    work[problem.visits.place] = problem.visits.service[0]
    crews = len(problem.teams.origin)
    manager = pywrapcp.RoutingIndexManager(
        places + 1, crews, problem.teams.origin.tolist(), [end] * crews
    )
    model = pywrapcp.RoutingModel(manager)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix((0 * matrix).tolist()))
    step = model.RegisterTransitMatrix((matrix + work[:, None]).tolist())
    model.AddDimension(step, 0, HORIZON_S + 7200, True, "time")
    time = model.GetDimensionOrDie("time")
    _demands(problem, model, manager, time)
    asked = pywrapcp.DefaultRoutingSearchParameters()
    asked.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    )
    asked.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    end_s = process_time() + limit_s
    model.AddSearchMonitor(model.solver().CustomLimit(lambda: process_time() >= end_s))
    found = model.SolveWithParameters(asked)
    if found is None:
        return [[] for _ in range(crews)]
    visit_at = {int(place): visit for visit, place in enumerate(problem.visits.place)}
    routes: Routes = []
    for team in range(crews):
        index, route = model.Start(team), []
        while not model.IsEnd(index):
            node = manager.IndexToNode(index)
            if node in visit_at:
                route.append(visit_at[node])
            index = found.Value(model.NextVar(index))
        routes.append(route)
    return routes


def _demands(problem: Problem, model: object, manager: object, time: object) -> None:
    """Give each incident its skill, deadline, weight and penalty; unused depots may stay out."""
    used = set(problem.teams.origin.tolist())
    for place in range(int(problem.visits.place.min())):
        if place not in used:
            model.AddDisjunction([manager.NodeToIndex(place)], 0)  # type: ignore[attr-defined]
    for visit, place in enumerate(problem.visits.place.tolist()):
        index = manager.NodeToIndex(place)  # type: ignore[attr-defined]
        weight = int(problem.stops.weight[visit])
        time.CumulVar(index).SetMax(int(problem.stops.latest[visit]))  # type: ignore[attr-defined]
        time.SetCumulVarSoftUpperBound(index, 0, weight)  # type: ignore[attr-defined]
        model.AddDisjunction([index], int(weight * LEFT_OUT_S))  # type: ignore[attr-defined]
        able = np.flatnonzero(problem.visits.eligible[:, visit]).tolist()
        model.VehicleVar(index).SetValues([-1, *able])  # type: ignore[attr-defined]


def cp_sat(problem: Problem, limit_s: float) -> Routes:
    """CP-SAT: one circuit a team with optional visits, the same objective, one worker."""
    return cp_sat_proven(problem, limit_s)[0]


def cp_sat_proven(problem: Problem, limit_s: float) -> tuple[Routes, bool]:
    """Return what CP-SAT finds, and whether it is proven to be the best."""
    model = cp_model.CpModel()
    visits, crews = len(problem.visits.stop), len(problem.teams.origin)
    latest = problem.stops.latest.astype(int).tolist()
    start = [model.new_int_var(0, one, "") for one in latest]
    served = [model.new_bool_var("") for _ in range(visits)]
    arcs: dict[tuple[int, int, int], cp_model.IntVar] = {}
    for team in range(crews):
        arcs |= _circuit(model, problem, team, start)
    for visit in range(visits):
        able = np.flatnonzero(problem.visits.eligible[:, visit]).tolist()
        model.add(sum(1 - arcs[team, visit, visit] for team in able) == served[visit])
    weight = problem.stops.weight.astype(int)
    # A visit that is left out starts at 0, so its weight x start is nothing.
    work = problem.visits.service[0].astype(int)
    model.minimize(
        sum(
            int(weight[v]) * (start[v] + int(work[v]) * served[v])
            + int(weight[v] * LEFT_OUT_S) * (1 - served[v])
            for v in range(visits)
        )
    )
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = _solved(solver, model, limit_s)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return [[] for _ in range(crews)], False
    routes = [_followed(arcs, solver, team) for team in range(crews)]
    return routes, status == cp_model.OPTIMAL


def _solved(
    solver: cp_model.CpSolver, model: cp_model.CpModel, limit_s: float
) -> cp_model.CpSolverStatus:
    """Solve until so many seconds of the processor are spent."""
    end_s, ended = process_time() + limit_s, Event()

    def watch() -> None:
        while not ended.wait(0.05):
            if process_time() >= end_s:
                solver.stop_search()

    watcher = Thread(target=watch)
    watcher.start()
    status = solver.solve(model)
    ended.set()
    watcher.join()
    return status


def _circuit(
    model: cp_model.CpModel, problem: Problem, team: int, start: list[cp_model.IntVar]
) -> dict[tuple[int, int, int], cp_model.IntVar]:
    """Return a team's arcs (team, from, to); -1 is its place, an arc to itself leaves out."""
    travel, work = problem.travel[0].astype(int), problem.visits.service[0].astype(int)
    able = np.flatnonzero(problem.visits.eligible[team]).tolist()
    arcs = {
        (team, here, there): model.new_bool_var("") for here in (-1, *able) for there in (-1, *able)
    }
    model.add_circuit([(here + 1, there + 1, arc) for (_, here, there), arc in arcs.items()])
    for (_, here, there), arc in arcs.items():
        if there >= 0 and here != there:
            begin = problem.teams.origin[team] if here < 0 else problem.visits.place[here]
            before = 0 if here < 0 else start[here] + int(work[here])
            way = int(travel[begin, problem.visits.place[there]])
            model.add(start[there] >= before + way).only_enforce_if(arc)
    return arcs


def _followed(
    arcs: dict[tuple[int, int, int], cp_model.IntVar], solver: cp_model.CpSolver, team: int
) -> list[int]:
    after = {
        here: there
        for (whose, here, there), arc in arcs.items()
        if whose == team and here != there and solver.boolean_value(arc)
    }
    route: list[int] = []
    here = after.get(-1, -1)
    while here >= 0:
        route.append(here)
        here = after[here]
    return route


def vroom(problem: Problem, limit_s: float) -> Routes:
    """VROOM at its deepest exploration, which minimises travel; it takes its own time."""
    import vroom as engine  # noqa: PLC0415  comes with an extra

    del limit_s
    asked = engine.Input()
    asked.set_durations_matrix(profile="car", matrix_input=problem.travel[0].astype(np.uint32))
    crews = len(problem.teams.origin)
    for team in range(crews):
        skills = set(np.flatnonzero(problem.visits.eligible[team]).tolist())
        window = engine.TimeWindow(0, HORIZON_S)
        start = int(problem.teams.origin[team])
        asked.add_vehicle(engine.Vehicle(team + 1, start=start, skills=skills, time_window=window))
    for visit, place in enumerate(problem.visits.place.tolist()):
        window = engine.TimeWindow(0, int(problem.stops.latest[visit]))
        asked.add_job(
            engine.Job(
                visit + 1,
                location=place,
                default_service=int(problem.visits.service[0, visit]),
                skills={visit},
                priority=int(problem.stops.weight[visit]) * 10,
                time_windows=[window],
            )
        )
    table = asked.solve(exploration_level=5, nb_threads=1).routes
    routes: Routes = [[] for _ in range(crews)]
    for vehicle, job in table[table["type"] == "job"][["vehicle_id", "id"]].to_numpy().tolist():
        routes[int(vehicle) - 1].append(int(job) - 1)
    return routes


def pyvrp(problem: Problem, limit_s: float) -> Routes:
    """PyVRP, which minimises travel; a prize stands for severity, a profile for skills."""
    import pyvrp as engine  # noqa: PLC0415  comes with an extra

    far = 10**6
    travel = problem.travel[0].astype(np.int64)
    places, end = len(travel), len(travel)
    base = np.zeros((places + 1, places + 1), dtype=np.int64)
    base[:places, :places] = travel
    base[end, :places] = far
    matrices, vehicles = [], []
    for team, origin in enumerate(problem.teams.origin.tolist()):
        own = base.copy()
        unable = problem.visits.place[~problem.visits.eligible[team]]
        own[:, unable] = own[unable, :] = far
        np.fill_diagonal(own, 0)
        matrices.append(own)
        vehicles.append(
            engine.VehicleType(
                1,
                start_depot=origin,
                end_depot=int(problem.visits.place.min()),
                tw_late=HORIZON_S,
                profile=team,
                start_late=0,
            )
        )
    clients = [
        engine.Client(
            place,
            service_duration=int(problem.visits.service[0, visit]),
            tw_late=int(problem.stops.latest[visit]),
            prize=int(problem.stops.weight[visit]) * 10**5,
            required=False,
        )
        for visit, place in enumerate(problem.visits.place.tolist())
    ]
    depots = [engine.Depot(place) for place in range(int(problem.visits.place.min()))]
    data = engine.ProblemData(
        [engine.Location(0, 0) for _ in range(places + 1)],
        clients,
        [*depots, engine.Depot(end)],
        vehicles,
        matrices,
        matrices,
    )
    end_s = process_time() + limit_s
    best = engine.solve(data, lambda _: process_time() >= end_s, seed=1, display=False).best
    routes: Routes = [[] for _ in problem.teams.origin]
    for route in best.routes():
        routes[route.vehicle_type()] = [int(one.idx) for one in route if one.is_client()]
    return routes


PEERS = {"OR-Tools Routing": ortools_routing, "CP-SAT": cp_sat}
TRAVEL_ONLY = {"VROOM": vroom, "PyVRP": pyvrp}
