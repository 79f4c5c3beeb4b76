"""Why a plan is as it is: what each site adds, what stays open, what one more would bring."""

from typing import Literal

from models.base import Model
from models.fire_stations.plan import Action
from models.quantities import Identifier, Money, Share, Weight
from models.run import Status
from models.text import Text


class Replacement(Model):
    """The best other site for one of the plan's, and what the swap loses.

    ``exact``: the first objective was re-solved to proof with the site forbidden, all else free;
    ``objective`` and ``bound`` are of that solve; ``loss`` is >= 0 where the plan is optimal.
    """

    opened_sites: tuple[Identifier, ...]
    objective: float | None
    bound: float | None
    loss: float | None
    status: Status


class SiteContribution(Model):
    """What one opened site adds.

    ``adds`` is how much better the first objective is with it than without it, all other sites
    kept; ``adds_alone`` against today's stations only. ``swap_site`` is the best single site to
    stand in for it with all others kept, and ``swap_loss`` what that loses; ``without`` re-solves
    the first objective with the site forbidden.
    """

    site_id: Identifier
    class_id: Identifier
    action: Action
    adds: float
    adds_alone: float
    swap_site: Identifier | None = None
    swap_loss: float | None = None
    without: Replacement | None = None


class UncoveredGroup(Model):
    """Demand that no open station reaches in time, by reason, in the first travel scenario.

    ``too_far``: no site of the request reaches it; ``not_allowed``: only sites that a rule
    forbids; ``lost_to_others``: a site would reach it, but others were worth more.
    """

    reason: Literal["too_far", "not_allowed", "lost_to_others"]
    weight: Weight
    point_count: int
    point_ids: tuple[Identifier, ...] = ()


class MarginalStation(Model):
    """The first objective with one station more or fewer of a class (re-solved)."""

    class_id: Identifier
    change: Literal[-1, 1]
    objective: float | None
    bound: float | None
    gain: float | None
    status: Status


class BindingRule(Model):
    """A rule the plan meets without room to spare."""

    path: str
    rule: Text
    used: float | None = None
    limit: float | None = None


class InvestmentRank(Model):
    """One way to spend money, by first-objective gain per unit of capital + yearly cost.

    ``singly``: alone, against today; ``greedy``: in sequence, each given those before it.
    """

    mode: Literal["singly", "greedy"]
    order: int
    site_id: Identifier
    class_id: Identifier
    action: Action
    gain: float
    cost: Money
    gain_per_cost: float | None


class RobustnessCase(Model):
    """The first level re-solved with one assumption changed.

    ``plan_objective`` is what the plan achieves in that case, ``objective`` the best there;
    ``regret`` the difference; ``kept_sites`` those of the plan that the re-solved plan has too.
    """

    case: Text
    status: Status
    plan_objective: float
    objective: float | None
    regret: float | None
    kept_sites: tuple[Identifier, ...] = ()


class SiteSurvival(Model):
    """How often a site is chosen again; it survives if always, or if it costs < 0.1 % there."""

    site_id: Identifier
    chosen_share: Share
    survives: bool


class Robustness(Model):
    """The answer's fate if what it rests on is wrong."""

    cases: tuple[RobustnessCase, ...]
    sites: tuple[SiteSurvival, ...]
    complete: bool


class SecondOpinion(Model):
    """One level solved again by another solver, held against ours."""

    level: int
    backend: str
    objective: float | None
    verdict: Literal["agrees", "differs", "not_finished"]


class FireStationExplanation(Model):
    """The reasons of a plan; parts the time did not allow are empty and named in ``left_out``."""

    contributions: tuple[SiteContribution, ...] = ()
    uncovered: tuple[UncoveredGroup, ...] = ()
    marginal: tuple[MarginalStation, ...] = ()
    binding: tuple[BindingRule, ...] = ()
    ranking: tuple[InvestmentRank, ...] = ()
    robustness: Robustness | None = None
    second_opinion: tuple[SecondOpinion, ...] = ()
    left_out: tuple[Text, ...] = ()
