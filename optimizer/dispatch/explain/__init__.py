"""The reasons of a plan, as far as the time allows."""

from models.dispatch import DispatchExplanation
from models.text import Text
from optimizer.control import RunControl
from optimizer.dispatch.explain.changes import changes, duplicates, stale_teams
from optimizer.dispatch.explain.reasons import Doubts
from optimizer.dispatch.explain.runners_up import runners_up, too_many
from optimizer.dispatch.strategy import Found


def explain(found: Found, control: RunControl) -> DispatchExplanation:
    """Return the reasons of the plan found."""
    solution = found.solution
    request = solution.instance.request
    reasons, shortages, left_out = Doubts(solution).reasons(control)
    late = control.stop is not None or too_many(solution)
    missed = [Text(code="dispatch.left_out.reason", values={"incident": one}) for one in left_out]
    if late:
        missed.append(Text(code="dispatch.left_out.runners_up"))
    return DispatchExplanation(
        unserved=tuple(reasons),
        shortages=tuple(shortages),
        runners_up=() if late else tuple(runners_up(solution)),
        changes=tuple(changes(solution)),
        duplicates=duplicates(request),
        stale_teams=stale_teams(request),
        left_out=tuple(missed),
    )
