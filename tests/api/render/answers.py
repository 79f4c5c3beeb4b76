"""A small request and its answer, built by hand: two cells, two stations, two scenarios."""

from models.answer import Assumption, Check, Conflict, ConflictRule, Verification
from models.backdrop import BackdropShape
from models.fire_stations import FireStationAnswer, FireStationPlan, FireStationRequest
from models.fire_stations.explanation import (
    BindingRule,
    FireStationExplanation,
    InvestmentRank,
    MarginalStation,
    Replacement,
    Robustness,
    RobustnessCase,
    SecondOpinion,
    SiteContribution,
    SiteSurvival,
    UncoveredGroup,
)
from models.fire_stations.plan import (
    Action,
    District,
    Figures,
    GroupFigures,
    PlannedStation,
    ScenarioAllocation,
    WeightCover,
)
from models.fire_stations.rules import CountRange
from models.fire_stations.staffing import StaffingPlan, StationCrew
from models.fire_stations.staging import StagedYear, StagingPlan
from models.geometry import LineString
from models.places import Area, DemandPoint, Site, Station
from models.roads import ScenarioTravel, TravelReport
from models.run import Incumbent, LevelReport, RunReport, Status, StopReason
from models.text import Label, Text
from models.travel import ByCoordinates, LawScenario

NEAR, FAR, FOREST = "cell-near", "cell-far", "cell-forest"
OLD, NEW, SPARE, IDLE = "old", "new", "spare", "idle"
ROAD = LineString(coordinates=((114.30, 22.70), (114.32, 22.71)))


def request(name: str = "Two cells", *, site_name: str = "New & <fine>") -> FireStationRequest:
    """Return three cells, a station in service, one idle, two candidates, two scenarios."""
    return FireStationRequest(
        name=Label(en=name, zh=f"{name}（中文）"),
        demand_points=(
            DemandPoint(
                id=NEAR,
                lat=22.70,
                lon=114.30,
                weights={"residents": 600},
                area="north",
                area_m2=62_500,
            ),
            DemandPoint(
                id=FAR,
                lat=22.72,
                lon=114.33,
                weights={"residents": 400},
                area="south",
                area_m2=62_500,
            ),
            DemandPoint(id=FOREST, lat=22.74, lon=114.30, weights={"residents": 0}),
        ),
        sites=(
            Site(
                id=OLD,
                name=Label(en="Old", zh="旧站"),
                lat=22.70,
                lon=114.30,
                station=Station(class_id="small", owner="brigade / 大队"),
            ),
            Site(
                id=NEW,
                name=Label(en=site_name, zh=site_name),
                lat=22.72,
                lon=114.32,
                illustrative=True,
            ),
            Site(id=SPARE, lat=22.73, lon=114.31),
            Site(
                id=IDLE,
                lat=22.71,
                lon=114.31,
                station=Station(class_id="small", status="built_idle"),
            ),
        ),
        new_stations={"city": CountRange(min=1, max=1)},
        areas=(Area(id="north"), Area(id="south", name=Label(en="South", zh="南区"))),
        travel=ByCoordinates(
            scenarios=(LawScenario(id="peak", weight=1), LawScenario(id="free_flow", weight=3))
        ),
        illustrative=True,
    )


def _group(
    scope: str, group_id: str | None, covered: float, total: float, mean_s: float
) -> GroupFigures:
    cover = (WeightCover(weight="residents", total=total, covered=covered),)
    return GroupFigures.model_validate(
        {
            "scope": scope,
            "id": group_id,
            "cover": cover,
            "force": cover,
            "second": cover,
            "mean_time_s": mean_s,
            "p90_time_s": mean_s + 60,
            "worst_time_s": mean_s + 120,
        }
    )


def figures(covered: float, *, mean_s: float, capital: float, stations: dict[str, int]) -> Figures:
    """Return figures of which the total, the two areas and nothing else are known."""
    return Figures(
        groups=(
            _group("total", None, covered, 1000, mean_s),
            _group("area", "north", 600, 600, mean_s),
            _group("area", "south", covered - 600, 400, mean_s),
        ),
        station_count=stations,
        on_duty_people=45,
        headcount_people=90,
        vehicles={"engine": 6},
        crew_per_10k=900.0,
        capital_cost=capital,
        yearly_cost=16e6,
    )


def allocation(*, far_peak_s: float, far_site: str) -> tuple[ScenarioAllocation, ...]:
    """Return who serves the cells; nobody reaches the forest."""
    return tuple(
        ScenarioAllocation(
            scenario_id=scenario,
            nearest_site={NEAR: OLD, FAR: far_site},
            response_time_s={NEAR: 90.0, FAR: time_s},
        )
        for scenario, time_s in (("peak", far_peak_s), ("free_flow", 240.0))
    )


def plan() -> FireStationPlan:
    """Return the plan that keeps the old station and builds the new one."""
    return FireStationPlan(
        stations=(
            PlannedStation(
                site_id=OLD, class_id="small", action=Action.KEEP, capital_cost=0, yearly_cost=5e6
            ),
            PlannedStation(
                site_id=NEW,
                class_id="city",
                action=Action.BUILD,
                on_duty_people=30,
                vehicles={"engine": 4, "ladder": 1},
                capital_cost=63_000_000,
                yearly_cost=11e6,
            ),
        ),
        objective_values=(900.0,),
        before=figures(600, mean_s=300, capital=0, stations={"small": 1}),
        after=figures(900, mean_s=240, capital=63_000_000, stations={"small": 1, "city": 1}),
        districts=(District(site_id=OLD, built_up_area_m2=3e6, nominal_area_m2=2e6),),
        allocation=allocation(far_peak_s=330.0, far_site=NEW),
        allocation_before=allocation(far_peak_s=700.0, far_site=OLD),
        staffing=StaffingPlan(
            status=Status.OPTIMAL,
            levels=(_level(),),
            crews=(
                StationCrew(
                    site_id=NEW,
                    class_id="city",
                    headcount_people=60,
                    on_duty_people=30,
                    vehicles={"engine": 4},
                    norm_on_duty_people=30,
                    norm_vehicles={"engine": 4},
                ),
            ),
            headcount_people=60,
            hired_people=2,
            bought_vehicles={},
            per_10k=6.1,
            people_short_of_norm=1,
            vehicles_short_of_norm=0,
            people_short_of_per_10k=0,
            full_force_weight=500,
            full_force_total=1000,
        ),
        staging=StagingPlan(
            status=Status.OPTIMAL,
            level=_level(),
            years=(
                StagedYear(
                    year=2026,
                    opened_sites=(NEW,),
                    capital_cost=63e6,
                    budget_left=1e6,
                    objective=900,
                ),
            ),
        ),
        illustrative=True,
    )


def _level(status: Status = Status.OPTIMAL, bound: float = 900.0) -> LevelReport:
    stop = StopReason.PROOF if status is Status.OPTIMAL else StopReason.TIME
    return LevelReport(
        kind="cover",
        sense="max",
        status=status,
        stop=stop,
        objective=900,
        bound=bound,
        final=900,
        wall_s=0.5,
    )


def explanation() -> FireStationExplanation:
    """Return an explanation with something in every part."""
    kept = (NEW,)
    return FireStationExplanation(
        contributions=(
            SiteContribution(
                site_id=NEW,
                class_id="city",
                action=Action.BUILD,
                adds=300,
                adds_alone=300,
                swap_site=SPARE,
                swap_loss=20,
                without=Replacement(
                    opened_sites=(SPARE,), objective=880, bound=880, loss=20, status=Status.OPTIMAL
                ),
            ),
        ),
        uncovered=(UncoveredGroup(reason="too_far", weight=400, point_count=1, point_ids=(FAR,)),),
        marginal=(
            MarginalStation(
                class_id="city",
                change=1,
                objective=1000,
                bound=1000,
                gain=100,
                status=Status.OPTIMAL,
            ),
        ),
        binding=(
            BindingRule(
                path="new_stations.city",
                used=1,
                limit=1,
                rule=Text(code="rule.new_stations", values={"class_id": "city", "range": "1"}),
            ),
        ),
        ranking=tuple(
            InvestmentRank(
                mode=mode,
                order=1,
                site_id=NEW,
                class_id="city",
                action=Action.BUILD,
                gain=300,
                cost=74e6,
                gain_per_cost=300 / 74e6,
            )
            for mode in ("singly", "greedy")
        ),
        robustness=Robustness(
            cases=(
                RobustnessCase(
                    case=Text(code="rule.capital_budget", values={"limit": 80e6}),
                    status=Status.OPTIMAL,
                    plan_objective=850,
                    objective=860,
                    regret=10,
                    kept_sites=kept,
                ),
            ),
            sites=(SiteSurvival(site_id=NEW, chosen_share=1.0, survives=True),),
            complete=False,
        ),
        second_opinion=(SecondOpinion(level=0, backend="pulp", objective=900, verdict="agrees"),),
    )


def answer(status: Status = Status.OPTIMAL, *, bound: float = 900.0) -> FireStationAnswer:
    """Return a verified answer with every part filled."""
    stop = StopReason.PROOF if status is Status.OPTIMAL else StopReason.TIME
    return FireStationAnswer(
        plan=plan(),
        run=RunReport(
            status=status,
            stop=stop,
            levels=(_level(status, bound),),
            wall_s=1.5,
            backend="highs",
            incumbents=(
                Incumbent(elapsed_s=0.1, objective=800, bound=950),
                Incumbent(elapsed_s=0.4, objective=900),
            ),
        ),
        verification=Verification(
            checks=(Check(rule="new_stations", passed=True, path="new_stations"),)
        ),
        explanation=explanation(),
        assumptions=(
            Assumption(
                path="travel.detour_factor",
                value="1.35",
                source="invented here / 本例虚构",
                confidence="memory_low",
                illustrative=True,
                is_default=True,
            ),
        ),
        illustrative=True,
    )


def infeasible() -> FireStationAnswer:
    """Return the proof that no plan exists, with two rules in conflict."""
    return FireStationAnswer(
        plan=None,
        run=RunReport(status=Status.INFEASIBLE, stop=StopReason.PROOF, wall_s=0.2, backend="highs"),
        verification=None,
        conflict=Conflict(
            rules=(
                ConflictRule(
                    path="rules.capital_budget",
                    value=10e6,
                    smallest_change=53e6,
                    restores_at=63e6,
                    rule=Text(code="rule.capital_budget", values={"limit": 10e6}),
                ),
                ConflictRule(
                    path="new_stations.city",
                    value=1,
                    rule=Text(code="rule.new_stations", values={"class_id": "city", "range": "1"}),
                ),
            )
        ),
    )


def asked(site_name: str = "新站") -> FireStationRequest:
    """Return the request with a river beneath its map."""
    river = BackdropShape(kind="water", geometry=ROAD, name=Label(en="River", zh="坪山河"))
    return request(site_name=site_name).model_copy(update={"backdrop": (river,)})


def travelled() -> FireStationAnswer:
    """Return the answer with a road closed at the peak, which cuts the old station off."""
    flood = ScenarioTravel(
        scenario_id="peak", closures=("f",), closed_length_m=2500, closed_roads=ROAD,
        cut_off_sites=(OLD,),
    )  # fmt: skip
    found = TravelReport(method="straight_line", scenarios=(flood,))
    return answer().model_copy(update={"travel": found})


def two_states() -> FireStationAnswer:
    """Return the answer with other roads closed in each scenario, and places cut off in one."""
    peak = ScenarioTravel(
        scenario_id="peak", closed_roads=ROAD, cut_off_sites=(OLD,), unreachable_points=(FAR,)
    )
    free = ScenarioTravel(scenario_id="free_flow", closed_roads=ROAD)
    found = TravelReport(method="straight_line", scenarios=(peak, free))
    return answer().model_copy(update={"travel": found})
