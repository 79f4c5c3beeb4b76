"""Uncapacitated and capacitated warehouse location: UflLib and OR-Library files.

* UflLib, "simple" format: ``FILE: name``, ``n m 0``, then per facility its number, its opening
  cost and its costs to the m customers. Hoefer, M. (2003). Experimental comparison of heuristic
  and approximation algorithms for uncapacitated facility location. WEA 2003.
* OR-Library's ``cap`` files, which UflLib calls ORLIB-cap: ``m n``, then capacity and opening cost
  of every facility, then per customer its demand and what all of it costs from each facility. In
  ``capa``, ``capb`` and ``capc`` the word ``capacity`` stands in the place of a number. Beasley, J.
  E. (1988). An algorithm for solving large capacitated warehouse location problems. European
  Journal of Operational Research 33(3).
"""

from pathlib import Path

from instances.readers import ReadError
from instances.readers.capacitated import Problem, request_of
from instances.readers.tokens import Tokens
from models.shelters import ShelterRequest
from models.text import Text

_OPEN = "capacity"


def read_simple(path: Path) -> ShelterRequest:
    """Return a file of UflLib's simple format; every customer has a demand of 1."""
    return request_of(simple(path))


def simple(path: Path) -> Problem:
    """Return the problem of a file of UflLib's simple format."""
    tokens = Tokens(path)
    tokens.word("FILE:")
    tokens.skip_line()
    facilities, customers = tokens.whole("facility_count", 1), tokens.whole("customer_count", 1)
    tokens.whole("zero", 0, 0)
    opening, by_facility = [], []
    for number in range(1, facilities + 1):
        tokens.whole("facility", number, number)
        opening.append(tokens.number("opening_cost", 0))
        by_facility.append([tokens.number("carrying_cost", 0) for _ in range(customers)])
    tokens.finish()
    cost = [list(row) for row in zip(*by_facility, strict=True)]
    return Problem(path.stem, [1.0] * customers, None, opening, cost, single_source=False)


def read_or_library(
    path: Path,
    *,
    capacity: float | None = None,
    uncapacitated: bool = False,
    single_source: bool = False,
) -> ShelterRequest:
    """Return an OR-Library ``cap`` file.

    ``capacity`` is that of every facility where the file leaves it open. ``uncapacitated`` leaves
    all capacities out, as the sets of uncapacitated problems do.

    Raises
    ------
    ReadError
        The file is not what its format says, or leaves a capacity open that is not given.
    """
    tokens = Tokens(path)
    facilities, customers = tokens.whole("facility_count", 1), tokens.whole("customer_count", 1)
    capacities, opening = [], []
    for _ in range(facilities):
        capacities.append(_capacity(tokens, 0.0 if uncapacitated else capacity))
        opening.append(tokens.number("opening_cost", 0))
    demand, cost = [], []
    for _ in range(customers):
        demand.append(tokens.number("demand", 0))
        cost.append([tokens.number("carrying_cost", 0) for _ in range(facilities)])
    tokens.finish()
    return request_of(
        Problem(
            path.stem,
            demand,
            None if uncapacitated else capacities,
            opening,
            cost,
            single_source=single_source,
        )
    )


def _capacity(tokens: Tokens, given: float | None) -> float:
    if not tokens.next_is(_OPEN):
        return tokens.number("capacity", 0)
    line = tokens.word(_OPEN)
    if given is None:
        raise ReadError(tokens.path, line, Text(code="read.capacity"))
    return given
