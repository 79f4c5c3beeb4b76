"""Areas and what lies within them."""

from collections.abc import Sequence

from models.places import Area


def above(areas: Sequence[Area], area_id: str | None) -> list[str]:
    """Return an area and those around it, from the smallest on."""
    chain: list[str] = []
    by_id = {area.id: area for area in areas}
    while area_id is not None and area_id not in chain:
        chain.append(area_id)
        area_id = by_id[area_id].parent
    return chain


def within(areas: Sequence[Area], area_id: str | None) -> set[str] | None:
    """Return an area and all within it; None, for everywhere, where no area is named."""
    if area_id is None:
        return None
    return {area.id for area in areas if area_id in above(areas, area.id)}
