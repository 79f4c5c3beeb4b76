"""Standards of sheltering: phases by space per person and longest walk, classes by least size.

Each has its source and how sure it is; recalled values have not been held against a print. A
request that uses one should say so with its ``assumption``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from models.answer import Assumption
from models.confidence import Confidence
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

_SQUARE_FOOT_M2 = 0.3048**2


@dataclass(frozen=True)
class ShelterStandard:
    """A standard's phases, with its source and how sure its values are."""

    id: str
    name: Label
    phases: tuple[Phase, ...]
    source: str
    confidence: Confidence

    @property
    def assumption(self) -> Assumption:
        """What an answer that uses it rests on."""
        space = " / ".join(f"{one.m2_per_person:.3g}" for one in self.phases)
        return Assumption(
            path="scenarios.phases",
            value=f"{space} m²",
            source=self.source,
            confidence=self.confidence,
        )


SHELTER_STANDARDS: Mapping[str, ShelterStandard] = {
    one.id: one
    for one in (
        ShelterStandard(
            id="gb51143",
            name=Label(en="GB 51143-2015", zh="GB 51143-2015 防灾避难场所设计规范"),
            phases=GB_51143_PHASES,
            source=SOURCE,
            confidence="memory_high",
        ),
        ShelterStandard(
            id="sphere",
            name=Label(en="Sphere Handbook", zh="环球计划手册"),
            phases=(
                Phase(id="stay", name=Label(en="covered floor", zh="室内"), m2_per_person=3.5),
            ),
            source="Sphere Handbook 2018, shelter and settlement standard 3",
            confidence="found",
        ),
        ShelterStandard(
            id="red_cross",
            name=Label(en="American Red Cross, FEMA", zh="美国红十字会与联邦应急管理署"),
            phases=(
                Phase(
                    id="hurricane",
                    name=Label(en="hurricane, up to 36 h", zh="飓风，36小时内"),
                    m2_per_person=10 * _SQUARE_FOOT_M2,
                ),
                Phase(
                    id="short",
                    name=Label(en="up to 72 h", zh="72小时内"),
                    m2_per_person=20 * _SQUARE_FOOT_M2,
                ),
                Phase(
                    id="long",
                    name=Label(en="more than 72 h", zh="超过72小时"),
                    m2_per_person=40 * _SQUARE_FOOT_M2,
                ),
            ),
            source="FEMA functional needs support services 2010, quoting 10 / 20 / 40 ft²",
            confidence="found",
        ),
        ShelterStandard(
            id="guangdong",
            name=Label(en="Guangdong shelter outline", zh="广东省应急避护场所建设规划纲要"),
            phases=(
                Phase(
                    id="emergency",
                    name=Label(en="emergency, ten minutes on foot", zh="紧急，步行10分钟"),
                    m2_per_person=1.5,
                    walk_limit_m=500.0,
                ),
            ),
            source="Guangdong outline to 2020: 500 m; the space is GB 21734-2008, 5.4",
            confidence="found",
        ),
    )
}


@dataclass(frozen=True)
class ClassPreset:
    """A class of shelter: how large it is at least, and the last phase that it serves."""

    id: str
    name: Label
    least_effective_m2: float
    last_phase: str
    source: str = SOURCE
    confidence: Confidence = "memory_medium"


SHELTER_CLASSES: Mapping[str, ClassPreset] = {
    one.id: one
    for one in (
        ClassPreset("emergency", Label(en="emergency", zh="紧急避难场所"), 0.0, "emergency"),
        ClassPreset("short", Label(en="short-term", zh="短期避难场所"), 2_000.0, "short"),
        ClassPreset("medium", Label(en="medium-term", zh="中期避难场所"), 10_000.0, "medium"),
        ClassPreset("long", Label(en="long-term", zh="长期避难场所"), 50_000.0, "long"),
        ClassPreset("central", Label(en="central", zh="中心避难场所"), 200_000.0, "long"),
    )
}


def classes_allowed(effective_area_m2: float) -> tuple[ClassPreset, ...]:
    """Return the classes that a site of this effective area is large enough for.

    Examples
    --------
    >>> [one.id for one in classes_allowed(12_000.0)]
    ['emergency', 'short', 'medium']
    """
    return tuple(
        one for one in SHELTER_CLASSES.values() if one.least_effective_m2 <= effective_area_m2
    )
