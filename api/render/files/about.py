"""What a file says of itself: the plan, its status and gap, its coordinates, what it rests on."""

from typing import Any

from api.render.files.places import Target
from api.render.framing import standing
from api.render.names import Names
from api.render.travel import notes
from models.answer import Answer
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.messages import formats, message, named
from models.text import Language


def about(
    request: FireStationRequest, answer: FireStationAnswer, language: Language, target: Target
) -> list[tuple[str, str]]:
    """Return items and their values, in the order they are read."""
    names = Names(request, language)
    gap = answer.run.gap
    said = [
        (names.say("file.name"), request.name.text(language)),
        (names.say("file.status"), named("status", standing(answer.run), language)),
        (names.say("file.gap"), formats.NO_NUMBER if gap is None else formats.gap(gap, language)),
        (names.say("file.verified"), _verified(names, answer)),
        (names.say("file.crs"), target.said(language)),
        (names.say("file.data"), _data(names, answer)),
    ]
    return said + [(names.say("travel.method"), note) for note in notes(answer, language)]


def about_any(name: str, answer: Answer[Any, Any], language: Language) -> list[tuple[str, str]]:
    """Return what a file of any kind of answer says of itself."""

    def say(code: str) -> str:
        return message(code, language)

    gap, checks = answer.run.gap, answer.verification.checks if answer.verification else None
    verified = (
        say("file.verified.none")
        if checks is None
        else message(
            "file.verified.counts",
            language,
            passed=sum(one.passed for one in checks),
            total=len(checks),
        )
    )
    return [
        (say("file.name"), name),
        (say("file.status"), named("status", standing(answer.run), language)),
        (say("file.gap"), formats.NO_NUMBER if gap is None else formats.gap(gap, language)),
        (say("file.verified"), verified),
        (
            say("file.data"),
            say("report.illustrative_banner" if answer.illustrative else "file.data.given"),
        ),
        *((say("travel.method"), note) for note in notes(answer, language)),
    ]


def _data(names: Names, answer: FireStationAnswer) -> str:
    invented = names.request.illustrative or answer.illustrative
    return names.say("report.illustrative_banner" if invented else "file.data.given")


def _verified(names: Names, answer: FireStationAnswer) -> str:
    if answer.verification is None:
        return names.say("file.verified.none")
    checks = answer.verification.checks
    passed = sum(check.passed for check in checks)
    return names.say("file.verified.counts", passed=passed, total=len(checks))
