"""Who and what each chosen station gets: a second solve, on the sites of the first.

Five levels, each made best while the earlier ones keep what they won: people short of the norms,
vehicles short of the norms, people short of the number per 10,000, population reached by full
force, cost of hiring and buying (a year's pay and the purchase price). Among the cheapest the
fewest are hired and bought. The first three need no search (`resources`), the others one program
(`program`).
"""

from models.fire_stations.staffing import Staffing, StaffingPlan
from optimizer.control import RunControl
from optimizer.fire_stations.solution import Solution
from optimizer.fire_stations.staffing.groups import Groups
from optimizer.fire_stations.staffing.levels import StaffingLevels
from optimizer.fire_stations.staffing.program import StaffingProgram
from optimizer.fire_stations.staffing.resources import Resources


def staffing(solution: Solution, control: RunControl) -> StaffingPlan:
    """Return crews and vehicles for the stations of ``solution``.

    There always is a plan: nobody must be hired, and norms may be missed. It is ``feasible``
    where time ended before a level was proven. ``replay`` says for each level at which of its
    improvements to stop.
    """
    asked = solution.instance.request.staffing or Staffing()
    resources = Resources.of(solution, asked)
    program = StaffingProgram(resources, Groups.of(solution.instance, resources))
    return StaffingLevels(solution, program, control).climb()
