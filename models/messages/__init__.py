"""The one table of messages: every text that people read, in English and Chinese.

A message is named by its code; its text is a format string over the values of a `Text`.
The table is split by subject into modules of this package, each a plain ``dict``:
code -> (English, Chinese).
"""

import string
from collections.abc import Mapping

from models.messages.access import ACCESS
from models.messages.answers import ANSWERS
from models.messages.benchmarks import BENCHMARKS
from models.messages.calibration import CALIBRATION
from models.messages.checks import CHECKS
from models.messages.cli import CLI
from models.messages.comparisons import COMPARISONS
from models.messages.coordinates import COORDINATES
from models.messages.datasets import DATASETS
from models.messages.dispatch import DISPATCH
from models.messages.documents import DOCUMENTS
from models.messages.drawings import DRAWINGS
from models.messages.facilities import FACILITIES
from models.messages.faults import FAULTS
from models.messages.folio import FOLIO
from models.messages.formats import TextFormatter
from models.messages.grids import GRIDS
from models.messages.http import HTTP
from models.messages.instances import INSTANCES
from models.messages.matrices import MATRICES
from models.messages.operation import OPERATION
from models.messages.page import PAGE
from models.messages.phase import PHASE
from models.messages.projects import PROJECTS
from models.messages.pydantic_faults import PYDANTIC_FAULTS
from models.messages.reasons import REASONS
from models.messages.report import REPORT
from models.messages.road_travel import ROAD_TRAVEL
from models.messages.roads import ROADS
from models.messages.rotation import ROTATION
from models.messages.rounds import ROUNDS
from models.messages.shelter_tables import SHELTER_TABLES
from models.messages.shelters import SHELTERS
from models.messages.situations import SITUATIONS
from models.messages.stock_tables import STOCK_TABLES
from models.messages.stockpiles import STOCKPILES
from models.messages.summary import SUMMARY
from models.messages.tables import TABLES
from models.text import Language, Text

MESSAGES: Mapping[str, tuple[str, str]] = {
    **ACCESS,
    **ANSWERS,
    **FOLIO,
    **BENCHMARKS,
    **DATASETS,
    **DISPATCH,
    **DOCUMENTS,
    **CALIBRATION,
    **OPERATION,
    **PHASE,
    **PROJECTS,
    **TABLES,
    **COMPARISONS,
    **COORDINATES,
    **ROADS,
    **ROAD_TRAVEL,
    **CHECKS,
    **CLI,
    **DRAWINGS,
    **FACILITIES,
    **FAULTS,
    **GRIDS,
    **HTTP,
    **INSTANCES,
    **MATRICES,
    **PAGE,
    **PYDANTIC_FAULTS,
    **REASONS,
    **REPORT,
    **ROTATION,
    **ROUNDS,
    **SHELTERS,
    **SHELTER_TABLES,
    **SITUATIONS,
    **STOCKPILES,
    **STOCK_TABLES,
    **SUMMARY,
}


def message(code: str, language: Language, /, **values: object) -> str:
    """Return the text of ``code`` in ``language`` with ``values`` put in.

    Examples
    --------
    >>> message("fault.duplicate", "en", first="sites[0].id")
    'an id of its own; the same stands at sites[0].id'
    """
    template = MESSAGES[code][0 if language == "en" else 1]
    currency = values.get("currency")
    formatter = TextFormatter(language, currency if isinstance(currency, str) else None)
    return formatter.vformat(template, (), values)


def named(prefix: str, key: str, language: Language) -> str:
    """Return the name of ``key`` under ``prefix``; a key of the user's own stands for itself.

    Examples
    --------
    >>> named("objective", "cover", "en"), named("weight", "pianos", "en")
    ('Cover within the standard', 'pianos')
    """
    code = f"{prefix}.{key}"
    return message(code, language) if code in MESSAGES else key


def render(text: Text, language: Language) -> str:
    """Return ``text`` in ``language``."""
    return message(text.code, language, **text.values)


def fields(template: str) -> set[str]:
    """Return the names a template speaks of.

    Examples
    --------
    >>> sorted(fields("{a} of {b:.1f}"))
    ['a', 'b']
    """
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
