"""The figures of a plan of rounds, counted again."""

from collections.abc import Iterator

from models.answer import Check
from optimizer.dispatch.phase.verify.question import PhaseQuestion
from optimizer.verification import Claim, claims_checked, listing_checked

_NEAR_S = 1e-3


def figures(question: PhaseQuestion) -> Iterator[Check]:
    """Yield the check of every figure."""
    request, plan = question.request, question.plan
    now = request.situation.now_s
    served = total = completion = lateness = left_out = 0.0
    done = now
    for severity, calls, whole in question.stops():
        total += severity
        if not whole:
            left_out += severity * request.unserved_s
            continue
        served += severity
        end = max(one.call.finish_s for one in calls)
        completion += severity * (end - now)
        done = max(done, end)
        if not request.hard_deadlines:
            begin = max(one.call.start_s for one in calls)
            late = max(0.0, begin - min(question.due_s(one) for one in calls))
            lateness += severity * request.late_factor * late
    yield _claims(
        "severity",
        [
            Claim("severity_served", served, plan.severity_served),
            Claim("severity_total", total, plan.severity_total),
        ],
    )
    found = completion + lateness + left_out
    for name, value, claimed in (
        ("completion", completion, plan.completion),
        ("lateness", lateness, plan.lateness),
        ("left_out", left_out, plan.left_out),
        ("objective", found, plan.objective),
        ("done", done, plan.done_s),
    ):
        path = "done_s" if name == "done" else name
        yield _claims(name, [Claim(path, value, claimed)])
    yield _claims("targets", list(_targets(question)))
    undone = [
        incident.id
        for incident in question.basis.incidents.values()
        if len(question.made[incident.id]) < question.slots(incident)
    ]
    yield listing_checked("figure.unserved", undone, plan.unserved, path="unserved")


def _targets(question: PhaseQuestion) -> Iterator[Claim]:
    """Yield how many incidents should be complete within a time, and how many are."""
    wanted = met = 0
    for name, work in question.works.items():
        if work.done_within_s is None:
            continue
        wanted += 1
        incident, calls = question.basis.incidents[name], question.made[name]
        if len(calls) == question.slots(incident):
            end = max(one.call.finish_s for one in calls)
            met += end <= incident.reported_s + work.done_within_s + _NEAR_S
    yield Claim("targets", float(wanted), float(question.plan.targets))
    yield Claim("targets_met", float(met), float(question.plan.targets_met))


def _claims(name: str, claims: list[Claim]) -> Check:
    path = claims[0].path
    return claims_checked(f"figure.{name}", claims, path=path, name=f"phase_{name}")
