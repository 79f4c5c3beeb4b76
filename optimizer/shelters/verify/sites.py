"""The sites of a plan: known, once each, the existing ones kept."""

from collections import Counter
from collections.abc import Iterator

from models.answer import Check
from models.shelters import ShelterPlan
from optimizer.shelters.verify.question import Question
from optimizer.verification import finding, named


def sites(question: Question, plan: ShelterPlan) -> Iterator[Check]:
    """Yield the checks that every other check of the plan builds on."""
    counts = Counter(shelter.site_id for shelter in plan.shelters)
    strange = sorted(
        site for site, count in counts.items() if count > 1 or site not in question.sites
    )
    yield finding(
        "sites.known",
        passed=not strange,
        path="sites",
        code="check.shelters.known",
        found=named(strange),
    )
    if strange:
        return
    standing = Counter(question.sites[site].ground for site in counts)
    yield finding(
        "sites.classes",
        passed=max(standing.values(), default=0) <= 1,
        path="sites",
        code="check.shelters.classes",
        found=named(sorted(ground for ground, count in standing.items() if count > 1)),
    )
    closed = sorted(
        site.id for site in question.request.sites if site.existing and site.ground not in standing
    )
    yield finding(
        "sites.existing",
        passed=not closed,
        path="sites",
        code="check.shelters.existing",
        found=named(closed),
    )
