"""Solves beside the run: on its clock and its stop button, unheard by its listeners."""

from optimizer.control import RunControl

_LEAST_S = 1e-3


def quiet(control: RunControl, share: float = 1.0, nodes: int | None = None) -> RunControl:
    """Return a control of ``share`` of the seconds left whose improvements nobody hears of.

    The node limit is for the levels of the run; here ``nodes`` holds instead.
    """
    seconds = max(_LEAST_S, share * control.remaining_s)
    limits = control.limits.model_copy(update={"time_limit_s": seconds, "node_limit": nodes})
    return RunControl(limits, cancel=control.cancel, journal=control.journal)
