"""Who may do what: the one table of roles by route. A route that is not in it refuses everybody.

Dispatchers and storekeepers read and check plans as planners do; what each may execute stands in
a second table, by process.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from api.jobs.audit import Act
from api.jobs.callers import Role


@dataclass(frozen=True)
class Permission:
    """The roles that may use a route; ``written``: what the log says when one does.

    Roles of ``own`` may use it for jobs that they have started themselves.
    """

    roles: frozenset[Role] = frozenset()
    own: frozenset[Role] = frozenset()
    public: bool = False
    written: Act | None = None


_PUBLIC = Permission(public=True)
_ALL = frozenset(Role)
_READ = Permission(_ALL)
_CHECK = Permission(_ALL - {Role.VIEWER})
_PLAN = Permission(frozenset({Role.PLANNER, Role.ADMIN}))
_DISPATCH = Permission(_PLAN.roles | {Role.DISPATCHER})
_STOP = Permission(_DISPATCH.roles, own=frozenset({Role.DISPATCHER}))
_ADMIN = Permission(frozenset({Role.ADMIN}))

EXECUTORS: Mapping[str, frozenset[Role]] = dict.fromkeys(
    (
        *("dispatch-teams", "evaluate-orders"),
        *("plan-disaster-phase", "plan-readiness", "pre-position", "open-shelters"),
        "send-supplies",
        *("replay-dispatch-teams", "replay-dispatch-phase"),
        *("replay-dispatch-readiness", "replay-dispatch-positioning"),
    ),
    _DISPATCH.roles,
)
"""The roles that may execute a process; those that plan where it is not named."""


def executors(process_id: str) -> frozenset[Role]:
    """Return the roles that may execute a process."""
    return EXECUTORS.get(process_id, _PLAN.roles)


PERMISSIONS: Mapping[tuple[str, str], Permission] = {
    ("GET", "/"): _PUBLIC,
    ("GET", "/page/{name}"): _PUBLIC,
    ("POST", "/page/key"): _PUBLIC,
    ("GET", "/page/jobs/{job_id}/levels"): _READ,
    ("GET", "/docs"): _PUBLIC,
    ("GET", "/openapi.json"): _PUBLIC,
    ("GET", "/healthz"): _PUBLIC,
    ("GET", "/readyz"): _PUBLIC,
    ("GET", "/v1/"): _READ,
    ("GET", "/v1/conformance"): _READ,
    ("GET", "/v1/processes"): _READ,
    ("GET", "/v1/processes/{process_id}"): _READ,
    ("POST", "/v1/processes/{process_id}/execution"): _DISPATCH,
    ("GET", "/v1/jobs"): _READ,
    ("GET", "/v1/jobs/{job_id}"): _READ,
    ("GET", "/v1/jobs/{job_id}/results"): Permission(_ALL, written=Act.READ_RESULTS),
    ("GET", "/v1/jobs/{job_id}/verification"): Permission(_ALL, written=Act.READ_RESULTS),
    ("GET", "/v1/jobs/{job_id}/explanation"): Permission(_ALL, written=Act.READ_RESULTS),
    ("GET", "/v1/jobs/{job_id}/inputs"): Permission(_ALL, written=Act.READ_INPUTS),
    ("GET", "/v1/jobs/{job_id}/events"): _READ,
    ("POST", "/v1/jobs/{job_id}/stop"): _STOP,
    ("DELETE", "/v1/jobs/{job_id}"): _PLAN,
    ("GET", "/v1/datasets"): _CHECK,
    ("POST", "/v1/datasets"): _CHECK,
    ("GET", "/v1/datasets/{sha256}"): _READ,
    ("GET", "/v1/datasets/{sha256}/content"): _READ,
    ("GET", "/v1/scenarios"): _READ,
    ("POST", "/v1/scenarios"): _PLAN,
    ("GET", "/v1/scenarios/{scenario_id}"): _READ,
    ("GET", "/v1/scenarios/{scenario_id}/versions"): _READ,
    ("PUT", "/v1/scenarios/{scenario_id}"): _PLAN,
    ("DELETE", "/v1/scenarios/{scenario_id}"): _PLAN,
    ("GET", "/v1/situations"): _READ,
    ("POST", "/v1/situations"): _DISPATCH,
    ("GET", "/v1/situations/{situation_id}"): _READ,
    ("DELETE", "/v1/situations/{situation_id}"): _DISPATCH,
    ("GET", "/v1/situations/{situation_id}/events"): _READ,
    ("POST", "/v1/situations/{situation_id}/events"): _DISPATCH,
    ("GET", "/v1/situations/{situation_id}/orders"): _READ,
    ("GET", "/v1/situations/{situation_id}/rank"): _READ,
    ("POST", "/v1/situations/{situation_id}/what-if"): _CHECK,
    ("POST", "/v1/comparisons"): _READ,
    ("POST", "/v1/hand-overs"): _READ,
    ("POST", "/v1/verify"): _CHECK,
    ("POST", "/v1/workbooks"): _CHECK,
    ("POST", "/v1/workbooks/faults"): _CHECK,
    ("POST", "/v1/workbooks/returns"): _CHECK,
    ("POST", "/v1/workbooks/preview"): _CHECK,
    ("GET", "/v1/templates/{kind}"): _READ,
    ("GET", "/v1/examples"): _READ,
    ("GET", "/v1/examples/{name}"): _READ,
    ("GET", "/v1/audit"): _ADMIN,
    ("GET", "/metrics"): _READ,
}
