"""Programs with only some of their missed sets: relaxations that grow where they undercount.

A ladder has a set for every step of every point, most of them about far posts that never serve
it. A set left out counts as never missed, so the program without it promises at least what is
true. Sets with at most one open post in some plan at hand are kept: those are the steps up to a
point's second-nearest station. When a solution misses a set that was left out, more sets join.
"""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from optimizer.fire_stations.formulation.expression import Expression
from optimizer.fire_stations.formulation.parts import Block, Extreme, Part
from optimizer.fire_stations.formulation.sets import MissedSets
from optimizer.fire_stations.options import BoolArray, IndexArray

Active = dict[str, BoolArray]  # name of a block -> (set,)


def ladders(parts: tuple[Part, ...]) -> dict[str, MissedSets]:
    """Return the blocks of ``parts`` that may be thinned: those with nested sets."""
    return {
        block.name: block
        for part in parts
        for block in part.blocks
        if isinstance(block, MissedSets) and block.inner is not None
    }


def activated(
    active: Active, parts: tuple[Part, ...], open_posts: BoolArray
) -> tuple[Active, bool]:
    """Return ``active`` with the sets a plan calls for, and whether it missed one left out."""
    grown, undercounted = dict(active), False
    for name, block in ladders(parts).items():
        count = block.open_count(open_posts)
        known = active.get(name, np.zeros(len(count), dtype=np.bool_))
        undercounted |= bool(((count == 0) & ~known).any())
        grown[name] = known | (count <= 1)
    return grown, undercounted


def thinned(part: Part, active: Active) -> Part:
    """Return ``part`` with only the active sets of its ladders."""
    blocks = tuple(_thin_block(block, active) for block in part.blocks)
    terms = {
        name: row[active[name]] if name in active else row
        for name, row in part.expression.terms.items()
    }
    return Part(part.sense, blocks, Expression(terms, part.expression.constant))


def _thin_block(block: Block, active: Active) -> Block:
    if isinstance(block, MissedSets) and block.inner is not None and block.name in active:
        return _thin_sets(block, block.inner, active[block.name])
    if isinstance(block, Extreme):
        terms = {
            name: csr_array(matrix[:, active[name]]) if name in active else matrix
            for name, matrix in block.terms.items()
        }
        return replace(block, terms=terms)
    return block


def _thin_sets(block: MissedSets, inner: IndexArray, mask: BoolArray) -> MissedSets:
    """Return the kept sets; what lies inside a kept set is kept, so their nesting holds."""
    kept = np.flatnonzero(mask)
    place = np.zeros(len(mask), dtype=np.intp)
    place[kept] = np.arange(len(kept))
    own = np.where(mask[inner[kept]], inner[kept], kept)
    return MissedSets(block.name, csr_array(block.members[kept]), place[own])
