"""Who goes where: nobody into a hazard, past the limit, into a closed or a full site."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from models.answer import Check
from models.shelters import ShelterPlan
from models.shelters.plan import Assignment
from optimizer.shelters.verify.question import Question
from optimizer.verification import at_most, finding, named

_WALK_TOLERANCE_M = 1e-6


def people(question: Question, plan: ShelterPlan) -> Iterator[Check]:
    """Yield the checks of a plan's assignments."""
    unknown = [_name(one) for one in plan.assignments if not _known(question, one)]
    yield finding(
        "people.known",
        passed=not unknown,
        path="scenarios",
        code="check.shelters.assignments",
        found=named(unknown),
    )
    if unknown:
        return
    opened = {shelter.site_id for shelter in plan.shelters}
    tests: tuple[tuple[str, str, Callable[[Assignment], bool]], ...] = (
        (
            "people.hazard",
            "scenarios",
            lambda one: question.survives[one.scenario_id, one.site_id] > 0,
        ),
        ("people.open", "sites", lambda one: one.site_id in opened),
        ("people.walk", "rules.walk_limit_m", lambda one: _walkable(question, one)),
        ("people.accessible", "groups", lambda one: question.accessible(one.site_id, one.group)),
        ("people.equipped", "groups", lambda one: question.equipped(one.site_id, one.group)),
    )
    for rule, path, holds in tests:
        broken = [_name(one) for one in plan.assignments if one.people > 0 and not holds(one)]
        yield finding(
            rule,
            passed=not broken,
            path=path,
            code=f"check.shelters.{rule}",
            found=named(broken),
        )
    yield _capacity(question, plan)
    yield _once(question, plan)


def _known(question: Question, one: Assignment) -> bool:
    return (
        one.scenario_id in question.scenarios
        and one.site_id in question.sites
        and one.block_id in question.block_index
        and one.group in question.groups
    )


def _walkable(question: Question, one: Assignment) -> bool:
    if question.groups[one.group].fetched:
        return True
    walk_m = question.walk(one.scenario_id, one.block_id, one.site_id)
    return walk_m <= question.walk_limit_m(one.scenario_id, one.group) + _WALK_TOLERANCE_M


def _capacity(question: Question, plan: ShelterPlan) -> Check:
    """Return the check that nobody has less space than a person needs."""
    used: dict[tuple[str, str], float] = defaultdict(float)
    for one in plan.assignments:
        usual = question.scenarios[one.scenario_id].m2_per_person
        m2 = max(usual, question.groups[one.group].m2_per_person)
        used[one.scenario_id, one.site_id] += one.people * m2
    over = sorted(
        f"{scenario}/{site}"
        for (scenario, site), m2 in used.items()
        if not at_most(m2, question.capacity_m2(scenario, site))
    )
    return finding(
        "people.capacity",
        passed=not over,
        path="sites",
        code="check.shelters.people.capacity",
        found=named(over),
    )


def _once(question: Question, plan: ShelterPlan) -> Check:
    """Return the check that no more people have a place than leave."""
    placed: dict[tuple[str, str, str], float] = defaultdict(float)
    for one in plan.assignments:
        placed[one.scenario_id, one.block_id, one.group] += one.people
    over = sorted(
        "/".join(key)
        for key, count in placed.items()
        if not at_most(count, question.leaving[key[0]].get((key[1], key[2]), 0.0))
    )
    return finding(
        "people.once",
        passed=not over,
        path="blocks",
        code="check.shelters.people.once",
        found=named(over),
    )


def _name(one: Assignment) -> str:
    return f"{one.scenario_id}/{one.block_id}/{one.group}/{one.site_id}"
