"""Phases of sheltering by GB 51143-2015 (amended 2021): space per person and longest walk.

The values are recalled and have not been held against a print; a request that uses them should
say so.
"""

from models.answer import Assumption
from models.shelters.scenarios import Phase
from models.text import Label

SOURCE = "GB 51143-2015, table 3.1, recalled / 凭记忆，待核对"

GB_51143_PHASES: tuple[Phase, ...] = (
    Phase(
        id="emergency",
        name=Label(en="emergency, 1 day", zh="紧急（1天）"),
        m2_per_person=0.5,
        walk_limit_m=500.0,
    ),
    Phase(
        id="short",
        name=Label(en="short, 15 days", zh="短期（15天）"),
        m2_per_person=2.0,
        walk_limit_m=1000.0,
    ),
    Phase(
        id="medium",
        name=Label(en="medium, 30 days", zh="中期（30天）"),
        m2_per_person=3.0,
        walk_limit_m=1500.0,
    ),
    Phase(
        id="long",
        name=Label(en="long, 100 days", zh="长期（100天）"),
        m2_per_person=4.5,
        walk_limit_m=2500.0,
    ),
)

GB_51143_ASSUMPTION = Assumption(
    path="scenarios.phases",
    value="0.5 / 2 / 3 / 4.5 m²; 0.5 / 1 / 1.5 / 2.5 km",
    source=SOURCE,
    confidence="memory_high",
)
