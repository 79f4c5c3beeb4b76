"""From ways to the arrays of a road network: split, kept to one component, contracted."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from instances.extras import library
from instances.roads.chains import chains
from instances.roads.components import VEHICLES, components
from instances.roads.ways import (
    FloatArray,
    IntArray,
    Options,
    Trait,
    Ways,
    note,
    refuse,
    swapped,
)
from models.text import Text

Columns = dict[str, NDArray[np.generic]]

# A network that loses more than this share of its edges has ends that do not meet.
_LOST_SHARE = 0.1


@dataclass(frozen=True)
class Pieces:
    """Roads between junctions; ``start`` (piece + 1,) says where each begins in ``points``."""

    start: IntArray
    points: IntArray
    trait: IntArray  # (piece,)
    access: NDArray[np.uint8]  # (piece,)

    @property
    def ends(self) -> tuple[IntArray, IntArray]:
        """The first and the last point of each piece."""
        return self.points[self.start[:-1]], self.points[self.start[1:] - 1]

    def chosen(self, keep: NDArray[np.bool_]) -> "Pieces":
        """Return the pieces that are to be kept."""
        sizes = np.diff(self.start)
        start = np.concatenate([[0], np.cumsum(sizes[keep])])
        points = self.points[np.repeat(keep, sizes)]
        return Pieces(start, points, self.trait[keep], self.access[keep])


def split(ways: Ways, trait_of: IntArray) -> Pieces:
    """Return the ways cut wherever two of them, or one and itself, share a point."""
    sizes = np.array([len(line) for line in ways.lines])
    points = np.concatenate(ways.lines)
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    last = first + sizes - 1
    uses = np.bincount(points, minlength=len(ways.lon))
    cut = uses[points] > 1
    cut[first] = cut[last] = True
    begins, closes = cut.copy(), cut.copy()
    begins[last] = closes[first] = False
    starts, stops = np.flatnonzero(begins), np.flatnonzero(closes)
    lengths = stops - starts + 1
    start = np.concatenate([[0], np.cumsum(lengths)])
    offsets = np.arange(start[-1]) - np.repeat(start[:-1], lengths)
    way = np.repeat(np.arange(len(sizes)), sizes)[starts]
    access = np.array(ways.access, dtype=np.uint8)
    return Pieces(start, points[np.repeat(starts, lengths) + offsets], trait_of[way], access[way])


def build(path: Path, ways: Ways, options: Options) -> tuple[Columns, tuple[Text, ...]]:
    """Return the arrays of `models.roads.RoadNetwork`, and notes on what was left out.

    The largest part that cars reach both to and from all of itself is kept, and the largest
    connected part for walkers; lone pieces of either are left out and counted.
    """
    if not ways.lines:
        raise refuse(path, "no_roads")
    table = {trait: number for number, trait in enumerate(dict.fromkeys(ways.traits))}
    traits = list(table)
    pieces = split(ways, np.array([table[trait] for trait in ways.traits]))
    all_nodes = len(np.unique(np.concatenate(pieces.ends)))
    access = components(*pieces.ends, pieces.access, node_count=len(ways.lon))
    reduced = int((((access ^ pieces.access) & VEHICLES != 0) & (access != 0)).sum())
    kept = replace(pieces, access=access).chosen(access != 0)
    if not len(kept.trait):
        raise refuse(path, "no_roads")
    dropped = {
        "dropped_nodes": all_nodes - len(np.unique(np.concatenate(kept.ends))),
        "dropped_edges": len(pieces.trait) - len(kept.trait),
        "undriven_edges": reduced,
    }
    about: dict[str, object] = {
        "source": options.source or path.name,
        "format": ways.format,
        "licence": options.licence or ways.licence,
        "illustrative": False,
        **dropped,
    }
    columns = arrays(ways, _contracted(kept, traits), traits, about)
    return columns, (*ways.notes, *_lost(dropped, len(pieces.trait)))


def _lost(dropped: dict[str, int], edge_count: int) -> list[Text]:
    notes = []
    if dropped["dropped_edges"]:
        notes.append(
            note("dropped", nodes=dropped["dropped_nodes"], edges=dropped["dropped_edges"])
        )
    if dropped["dropped_edges"] > _LOST_SHARE * edge_count:
        notes.append(note("much_dropped", share=dropped["dropped_edges"] / edge_count))
    if dropped["undriven_edges"]:
        notes.append(note("undriven", number=dropped["undriven_edges"]))
    return notes


def _contracted(pieces: Pieces, traits: list[Trait]) -> Pieces:
    """Return the pieces with chains of like pieces as one; given times keep theirs apart."""
    timed = np.array([trait.time_s is not None for trait in traits])[pieces.trait]
    groups = chains(*pieces.ends, pieces.access, np.where(timed, -1, pieces.trait))
    lines = [_joined(pieces, group) for group in groups]
    heads = np.array([group[0][0] for group in groups])
    turned = np.array([group[0][1] for group in groups])
    access = np.where(turned, swapped(pieces.access[heads]), pieces.access[heads])
    start = np.concatenate([[0], np.cumsum([len(line) for line in lines])])
    return Pieces(start, np.concatenate(lines), pieces.trait[heads], access.astype(np.uint8))


def _joined(pieces: Pieces, group: list[tuple[int, bool]]) -> IntArray:
    parts = []
    for number, (piece, turned) in enumerate(group):
        line = pieces.points[pieces.start[piece] : pieces.start[piece + 1]]
        line = line[::-1] if turned else line
        parts.append(line[1:] if number else line)
    return np.concatenate(parts)


def lengths_m(lon: FloatArray, lat: FloatArray, start: IntArray) -> FloatArray:
    """Return the length of each line on the ellipsoid of WGS 84; two points each at least."""
    _, _, step = library("pyproj").Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    step = np.append(step, 0.0)
    step[start[1:] - 1] = 0.0  # the leap from one line to the next
    total: FloatArray = np.add.reduceat(step, start[:-1])
    return total


def arrays(ways: Ways, pieces: Pieces, traits: list[Trait], about: dict[str, object]) -> Columns:
    """Return the arrays of the network in the order that its model lists them."""
    first, last = pieces.ends
    nodes, which = np.unique(np.concatenate([first, last]), return_inverse=True)
    used = [traits[number] for number in pieces.trait.tolist()]
    class_names = sorted({trait.road_class for trait in used})
    names = sorted({trait.name for trait in used if trait.name is not None})
    class_index = {name: number for number, name in enumerate(class_names)}
    name_index: dict[str | None, int] = {name: number for number, name in enumerate(names)}
    lon, lat = ways.lon[pieces.points], ways.lat[pieces.points]
    inner = np.ones(len(pieces.points), dtype=np.bool_)
    inner[pieces.start[:-1]] = inner[pieces.start[1:] - 1] = False
    sizes = np.diff(pieces.start) - 2
    return {
        "node_lat": ways.lat[nodes],
        "node_lon": ways.lon[nodes],
        "edge_from": which[: len(first)].astype(np.int32),
        "edge_to": which[len(first) :].astype(np.int32),
        "edge_length_m": lengths_m(lon, lat, pieces.start),
        "edge_class": np.array([class_index[trait.road_class] for trait in used], dtype=np.int32),
        "class_names": np.array(class_names),
        "edge_maxspeed_m_s": np.array([trait.maxspeed_m_s for trait in used], dtype=np.float64),
        "edge_time_s": np.array([trait.time_s for trait in used], dtype=np.float64),
        "edge_access": pieces.access,
        "edge_name": np.array([name_index.get(trait.name, -1) for trait in used], dtype=np.int32),
        "names": np.array(names, dtype=np.str_),
        "shape_start": np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        "shape_lat": lat[inner],
        "shape_lon": lon[inner],
        "about": np.array(json.dumps(about, ensure_ascii=False, sort_keys=True)),
    }
