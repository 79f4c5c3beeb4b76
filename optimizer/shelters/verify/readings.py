"""Shelter area per resident, in both readings: of all, by area, by walking catchment."""

from collections import defaultdict
from collections.abc import Iterator

from models.shelters import ShelterPlan
from optimizer.shelters.verify.question import Question
from optimizer.verification import Claim


def reading_claims(question: Question, plan: ShelterPlan, opened: set[str]) -> Iterator[Claim]:
    """Yield a claim for every number of the plan's readings."""
    assert plan.figures is not None
    claimed = plan.figures.readings
    wanted: dict[tuple[str, str | None], tuple[set[str], set[str]]] = {
        ("city", None): (question.blocks_in(None), question.sites_in(None)),
        **{
            ("area", one.id): (question.blocks_in(one.id), question.sites_in(one.id))
            for one in question.request.areas
        },
        **catchments(question, opened),
    }
    keys = [(one.scope, one.id) for one in claimed]
    if len(set(keys)) != len(keys) or set(keys) != set(wanted):
        yield Claim("figures.readings", float(len(wanted)), None)
        return
    for n, one in enumerate(claimed):
        blocks, sites = wanted[one.scope, one.id]
        path, mine = f"figures.readings[{n}]", sites & opened
        yield Claim(f"{path}.residents", sum(map(question.residents, blocks)), one.residents)
        effective = sum(map(question.effective_m2, mine))
        yield Claim(f"{path}.effective_m2", effective, one.effective_m2)
        yield Claim(f"{path}.gross_m2", sum(map(question.gross_m2, mine)), one.gross_m2)


def catchments(
    question: Question, opened: set[str]
) -> dict[tuple[str, str | None], tuple[set[str], set[str]]]:
    """Return the blocks of each open site: those that have no other open one nearer."""
    first = question.request.scenarios[0].id
    order = [site.id for site in question.request.sites if site.id in opened]
    blocks: dict[str | None, set[str]] = defaultdict(set)
    for block in question.request.blocks:
        walks = [(question.walk(first, block.id, site), n) for n, site in enumerate(order)]
        nearest = min(walks, default=(float("inf"), 0))
        within = nearest[0] <= question.request.rules.walk_limit_m
        blocks[order[nearest[1]] if within else None].add(block.id)
    found: dict[tuple[str, str | None], tuple[set[str], set[str]]] = {
        ("catchment", site): (blocks[site], {site}) for site in order
    }
    if blocks[None]:
        found["catchment", None] = (blocks[None], set())
    return found
