"""What a file says of itself: the plan, its status and gap, its coordinates, what it rests on."""

from api.render.files.places import Target
from api.render.names import Names
from api.render.travel import notes
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.messages import formats, named
from models.text import Language


def about(
    request: FireStationRequest, answer: FireStationAnswer, language: Language, target: Target
) -> list[tuple[str, str]]:
    """Return items and their values, in the order they are read."""
    names = Names(request, language)
    gap = answer.run.gap
    said = [
        (names.say("file.name"), request.name.text(language)),
        (names.say("file.status"), named("status", answer.run.status.value, language)),
        (names.say("file.gap"), formats.NO_NUMBER if gap is None else formats.gap(gap, language)),
        (names.say("file.verified"), _verified(names, answer)),
        (names.say("file.crs"), target.said(language)),
        (names.say("file.data"), _data(names, answer)),
    ]
    return said + [(names.say("travel.method"), note) for note in notes(names, answer)]


def _data(names: Names, answer: FireStationAnswer) -> str:
    invented = names.request.illustrative or answer.illustrative
    return names.say("report.illustrative_banner" if invented else "file.data.given")


def _verified(names: Names, answer: FireStationAnswer) -> str:
    if answer.verification is None:
        return names.say("file.verified.none")
    checks = answer.verification.checks
    passed = sum(check.passed for check in checks)
    return names.say("file.verified.counts", passed=passed, total=len(checks))
