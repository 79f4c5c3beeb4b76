"""What the travel times of an answer rest on, with the ground that its stations reach."""

from models.fire_stations import FireStationPlan
from models.roads import TravelReport
from optimizer.datasets import Store
from optimizer.fire_stations.instance import Instance
from optimizer.travel.report import travel_report


def grounds(instance: Instance, plan: FireStationPlan | None, store: Store | None) -> TravelReport:
    """Return the report of the request's travel.

    The ground is drawn for the standard's first arrival and its full force, turnout included.
    """
    standard = instance.standard
    return travel_report(
        instance.request.travel,
        instance.travel,
        (instance.demand, instance.request.sites),
        store,
        start_s={} if plan is None else _turnouts(instance, plan),
        within_s=sorted({standard.within_s, standard.full_force_within_s}),
    )


def _turnouts(instance: Instance, plan: FireStationPlan) -> dict[int, float]:
    """Return when the crew of each station of the plan starts to drive, by site."""
    sites = {site.id: j for j, site in enumerate(instance.request.sites)}
    own = {one.id: one.turnout_s for one in instance.classes}
    turnouts = {}
    for station in plan.stations:
        if station.site_id in sites:
            turnout_s = own.get(station.class_id)
            usual_s = instance.standard.turnout_s
            turnouts[sites[station.site_id]] = usual_s if turnout_s is None else turnout_s
    return turnouts
