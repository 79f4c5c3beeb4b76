"""The areas that a job's demand lies in, and who may see it by them.

A request is within some areas when every demand point's area, or one that it lies in, is among
them; a point without an area is within none. Kept are the areas of points with all that each
lies in, and how many areas of points there are: what a caller may see is then one query.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, false, func, insert, select

from api.jobs.tables import JOB_AREAS, JOBS
from api.problems import Touched


def within(found: Touched, areas: Collection[str]) -> bool:
    """Return whether all demand lies in ``areas``.

    Examples
    --------
    >>> found = {"a1": ("a1", "a"), "b1": ("b1", "b")}
    >>> within(found, {"a", "b1"}), within(found, {"a"}), within({"": ()}, {"a"})
    (True, False, False)
    """
    return all(any(area in areas for area in above) for above in found.values())


def keep(connection: Connection, job_id: str, found: Touched) -> None:
    """Keep the areas of a job that is being added."""
    rows = [
        {"job_id": job_id, "point_area": own, "area": area}
        for own, above in found.items()
        for area in above
    ]
    if rows:
        connection.execute(insert(JOB_AREAS), rows)


def visible(areas: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a job lies within ``areas``; what is not known of does not."""
    if not areas:
        return false()
    mine = (
        select(func.count(JOB_AREAS.c.point_area.distinct()))
        .where(JOB_AREAS.c.job_id == JOBS.c.id, JOB_AREAS.c.area.in_(areas))
        .scalar_subquery()
    )
    return JOBS.c.area_count == mine
