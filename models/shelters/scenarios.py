"""What may happen: who leaves, which sites are lost, which ways are cut."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Model
from models.geometry import MultiPolygon, Polygon
from models.quantities import Identifier, Metres, Planar, Seconds, Share, SquareMetres
from models.shelters.places import Setting
from models.text import Label

PlanarRing = Annotated[tuple[tuple[Planar, Planar], ...], Field(min_length=3)]


class PlanarPolygon(Model):
    """An area on the request's plane, without holes: its corners as (x_m, y_m)."""

    type: Literal["Planar"] = "Planar"
    corners_m: PlanarRing


HazardShape = Annotated[Polygon | MultiPolygon | PlanarPolygon, Field(discriminator="type")]


class Hazard(Model):
    """An area in which a share of every site survives: none, unless it is said.

    A site on the edge lies inside.
    """

    kind: Identifier
    name: Label | None = None
    shape: HazardShape
    surviving_share: Share = 0.0


class Phase(Model):
    """One phase of a stay: hours, days, weeks.

    ``stay_share`` of those who leave need a place so long; ``weight`` is the phase's part of its
    scenario in expected values. Only sites that have all of ``needs_facilities`` serve in it.
    """

    id: Identifier
    name: Label | None = None
    m2_per_person: Annotated[SquareMetres, Field(gt=0)]
    walk_limit_m: Metres | None = None
    stay_share: Share = 1.0
    weight: Annotated[float, Field(gt=0)] = 1.0
    needs_facilities: tuple[str, ...] = ()


class ShelterScenario(Model):
    """One thing that may happen.

    ``weight`` is its probability in relation to the others. Of each group in each block the share
    ``leave_share`` leaves; a share by block goes before one by area (the smallest the block lies
    in), and that before the general one. ``surviving_share`` names sites lost or reduced;
    where several reductions meet, they multiply. ``settings`` are those that serve at all.
    ``travel_scenario`` names the state of the ways (None: the first), ``driving_scenario`` that of
    the fleet's; ``fetch_deadline_s`` stands in place of the fleet's deadline.
    ``m2_per_person`` is the space each person gets, ``walk_limit_m`` tightens the walking limit.
    With ``phases``, in order of time, both are theirs, and each phase is a case of its own, named
    ``scenario/phase`` in plans: people may move to other sites from one to the next.
    ``leave_part_by_group`` is the part of the block's share with which a group leaves;
    ``by_day`` counts people where they are by day.
    """

    id: Identifier
    name: Label | None = None
    weight: Annotated[float, Field(gt=0)] = 1.0
    leave_share: Share = 1.0
    leave_share_by_area: dict[Identifier, Share] = Field(default_factory=dict)
    leave_share_by_block: dict[Identifier, Share] = Field(default_factory=dict)
    hazards: tuple[Hazard, ...] = ()
    surviving_share: dict[Identifier, Share] = Field(default_factory=dict)
    settings: Annotated[tuple[Setting, ...], Field(min_length=1)] = (
        Setting.INDOOR,
        Setting.OUTDOOR,
    )
    travel_scenario: Identifier | None = None
    driving_scenario: Identifier | None = None
    fetch_deadline_s: Seconds | None = None
    m2_per_person: Annotated[SquareMetres, Field(gt=0)] = 1.5
    walk_limit_m: Metres | None = None
    leave_part_by_group: dict[Identifier, Share] = Field(default_factory=dict)
    by_day: bool = False
    phases: tuple[Phase, ...] = ()
