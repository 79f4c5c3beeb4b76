"""Why a plan is as it is.

Every part speaks of the first objective (of the weighted sum, where one is asked), and counts
improvements: a gain is positive whether the objective is maximised or minimised. What the time
does not allow is left out and named.
"""

from models.fire_stations import FireStationExplanation
from models.run import LevelReport
from models.text import Text
from optimizer.control import RunControl
from optimizer.fire_stations.explain.binding import binding
from optimizer.fire_stations.explain.contributions import contributions
from optimizer.fire_stations.explain.marginal import marginal
from optimizer.fire_stations.explain.question import Asked
from optimizer.fire_stations.explain.ranking import ranking
from optimizer.fire_stations.explain.uncovered import uncovered
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.solution import Solution
from optimizer.quiet import quiet


def explain(
    formulation: Formulation,
    solution: Solution,
    reports: tuple[LevelReport, ...],
    control: RunControl,
) -> FireStationExplanation:
    """Return the reasons of ``solution``, found within ``control``."""
    asked = Asked(formulation, solution, reports)
    if control.stop is not None:
        parts = ("contributions", "uncovered", "marginal", "binding", "ranking")
        return FireStationExplanation(left_out=_named(dict.fromkeys(parts, False)))
    # Each part gets a share of what is left, so that a slow one does not starve the others.
    missed, missed_all = uncovered(asked, quiet(control, 0.2))
    ranked, ranked_all = ranking(asked, quiet(control, 0.2))
    added, added_all = contributions(asked, quiet(control, 0.5))
    counted, counted_all = marginal(asked, quiet(control, 0.5))
    bound, bound_all = binding(asked, quiet(control))
    complete = {
        "contributions": added_all,
        "uncovered": missed_all,
        "marginal": counted_all,
        "binding": bound_all,
        "ranking": ranked_all,
    }
    return FireStationExplanation(
        contributions=added,
        uncovered=missed,
        marginal=counted,
        binding=bound,
        ranking=ranked,
        left_out=_named(complete),
    )


def _named(complete: dict[str, bool]) -> tuple[Text, ...]:
    return tuple(
        Text(code=f"explanation.left_out.{part}") for part, done in complete.items() if not done
    )
