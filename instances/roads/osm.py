"""OpenStreetMap files, PBF and XML, as downloaded or cut out: every way tagged ``highway``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from instances.extras import library
from instances.roads.tags import access_bits, limit_m_s
from instances.roads.ways import Options, Trait, Ways, note, refuse


def read(path: Path, options: Options) -> Ways:
    """Return the roads of an OpenStreetMap file; its positions are WGS 84 already."""
    del options
    lines: list[list[int]] = []
    traits: list[tuple[Trait, int]] = []
    position: dict[int, tuple[float, float]] = {}
    unplaced = 0
    for way in _ways(path):
        tags = {tag.k: tag.v for tag in way.tags}
        bits = access_bits(tags)
        if not bits:
            continue
        nodes = [(node.ref, node.location) for node in way.nodes]
        placed = [(ref, at) for ref, at in nodes if at.valid()]
        unplaced += len(nodes) - len(placed)
        position.update((ref, (at.lon, at.lat)) for ref, at in placed)
        for run in _runs([ref if at.valid() else None for ref, at in nodes]):
            lines.append(run)
            traits.append((_trait(tags), bits))
    if not lines:
        raise refuse(path, "no_placed_node" if unplaced else "no_highway")
    ways = _ways_over(position, lines, traits)
    if unplaced:
        ways.notes.append(note("unplaced_nodes", number=unplaced))
    return ways


def _ways(path: Path) -> Iterator[Any]:
    """Yield the ways tagged ``highway``, with the positions of their nodes."""
    osmium = library("osmium")
    try:
        yield from (
            osmium.FileProcessor(str(path))
            .with_locations()
            .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
            .with_filter(osmium.filter.KeyFilter("highway"))
        )
    except (RuntimeError, OSError) as error:
        raise refuse(path, "damaged", problem=str(error)) from None


def _runs(refs: list[int | None]) -> list[list[int]]:
    """Return the stretches of nodes that have positions, of two nodes or more.

    Examples
    --------
    >>> _runs([1, 2, None, 3, None, 4, 5])
    [[1, 2], [4, 5]]
    """
    runs: list[list[int]] = [[]]
    for ref in refs:
        if ref is None:
            runs.append([])
        else:
            runs[-1].append(ref)
    return [run for run in runs if len(run) >= 2]


def _trait(tags: dict[str, str]) -> Trait:
    return Trait(tags["highway"], tags.get("name") or tags.get("ref"), limit_m_s(tags))


def _ways_over(
    position: dict[int, tuple[float, float]],
    lines: list[list[int]],
    traits: list[tuple[Trait, int]],
) -> Ways:
    index = {ref: number for number, ref in enumerate(position)}
    at = np.array(list(position.values()))
    ways = Ways(at[:, 0], at[:, 1], format="OpenStreetMap", licence="ODbL 1.0")
    for line, (trait, bits) in zip(lines, traits, strict=True):
        ways.add(np.array([index[ref] for ref in line], dtype=np.int64), trait, bits)
    return ways
