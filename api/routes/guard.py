"""The guard before every route: whose key it is, what its role may do, which jobs it may see.

Without any key in the database the service is open, to callers of this machine alone: it listens
at loopback only, and the name and the page they come by are this machine's too, so that neither
a proxy nor a web page open in a browser (DNS rebinding) lets others in.
"""

from http import HTTPStatus
from urllib.parse import urlsplit

from anyio.to_thread import run_sync
from fastapi import Request

from api.errors import DoorError, no_job
from api.jobs.areas import within
from api.jobs.audit import Act
from api.jobs.callers import OPEN, Caller
from api.problems import Touched
from api.references import View
from api.routes.permissions import PERMISSIONS, Permission, executors
from api.services import Services, is_loopback, services_of

KEY_COOKIE = "muster_key"
_OWN = ("same-origin", "none")  # from the page, or typed by its reader; never from other pages
_CHALLENGE = 'Bearer realm="muster"'


async def guard(http: Request) -> None:
    """Let a call pass, or say why not.

    Raises
    ------
    DoorError
        401: no valid key. 403: not for its role, or not for others' jobs. 404: a job that it may
        not see.
    """
    method = "GET" if http.method == "HEAD" else http.method
    route = (method, http.scope["route"].path)
    permission = PERMISSIONS.get(route, Permission())
    if permission.public:
        return
    services = services_of(http)
    http.state.caller = caller = await run_sync(_caller, http, services)
    process_id, allowed = http.path_params.get("process_id"), permission.roles
    if process_id is not None and method == "POST":
        allowed = allowed & executors(process_id)
    if caller.role not in allowed:
        await run_sync(lambda: services.audit.add(caller, Act.DENIED, detail=" ".join(route)))
        raise _forbidden("http.not_your_role", role=caller.role.value)
    job_id = http.path_params.get("job_id")
    if job_id is not None:
        await run_sync(_check_job, job_id, permission, caller, services)
        if caller.role in permission.own:
            await run_sync(_check_own, job_id, " ".join(route), caller, services)


def caller_of(http: Request) -> Caller:
    """Return whom the guard has let pass."""
    caller: Caller = http.state.caller
    return caller


def view_of(http: Request) -> View:
    """Return what the caller may see."""
    services = services_of(http)
    stores = services.jobs, services.scenarios, services.audit
    return View(services.settings, caller_of(http), *stores)


def check_within(found: Touched, http: Request) -> None:
    """Raise where not all of the areas are the caller's.

    Raises
    ------
    DoorError
        403, with the areas that are.
    """
    areas = caller_of(http).areas
    if areas is not None and not within(found, areas):
        raise _forbidden("http.not_your_area", areas=", ".join(sorted(areas)))


def check_unlimited(http: Request) -> None:
    """Raise where the caller's key is limited to areas.

    Raises
    ------
    DoorError
        403, with the areas.
    """
    areas = caller_of(http).areas
    if areas is not None:
        raise _forbidden("http.not_for_areas", areas=", ".join(sorted(areas)))


def write_down(what: Act, http: Request, inputs: str, result: str) -> None:
    """Add to the log what a call has asked and got, by their hashes."""
    services_of(http).audit.add(caller_of(http), what, inputs=inputs, result=result)


def _caller(http: Request, services: Services) -> Caller:
    scheme, _, shown = http.headers.get("authorization", "").partition(" ")
    if not scheme and http.headers.get("sec-fetch-site", "none") in _OWN:
        shown = http.cookies.get(KEY_COOKIE, "")  # what the page at / was given
        scheme = "bearer" if shown else ""
    if not scheme:
        if services.open_here and _from_here(http) and not services.keys.any():
            return OPEN
        raise _unauthorized("http.key_needed", _CHALLENGE)
    found = services.keys.caller(shown.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise _unauthorized("http.key_invalid", f'{_CHALLENGE}, error="invalid_token"')
    return found


def _from_here(http: Request) -> bool:
    """Return whether a call names this machine by a name of loopback, and so does its page."""
    origin = http.headers.get("origin")
    names = [http.url.hostname] + ([] if origin is None else [urlsplit(origin).hostname])
    return all(name is not None and is_loopback(name) for name in names)


def _check_job(job_id: str, permission: Permission, caller: Caller, services: Services) -> None:
    if caller.areas is not None and not services.jobs.seen(job_id, caller.areas):
        raise no_job()
    if permission.written is None:
        return
    job = services.jobs.get(job_id)
    if job is not None and (job.result is not None or permission.written is Act.READ_INPUTS):
        services.audit.add(caller, permission.written, job_id=job_id)


def _check_own(job_id: str, route: str, caller: Caller, services: Services) -> None:
    job = services.jobs.get(job_id)
    if job is not None and job.submitter != caller.id:
        services.audit.add(caller, Act.DENIED, job_id=job_id, detail=route)
        raise _forbidden("http.not_your_job", role=caller.role.value)


def _unauthorized(code: str, challenge: str) -> DoorError:
    return DoorError(HTTPStatus.UNAUTHORIZED, code, headers={"www-authenticate": challenge})


def _forbidden(code: str, **values: str) -> DoorError:
    challenge = f'{_CHALLENGE}, error="insufficient_scope"'
    headers = {"www-authenticate": challenge}
    return DoorError(HTTPStatus.FORBIDDEN, code, values, headers=headers)
