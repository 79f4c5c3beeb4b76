"""A siting request with nothing decided beforehand: every rule is a row that can be left out.

The formulation fixes what no plan may have and reduces cover sets by it; that is fast, and it
hides what a rule does. Here no option is excluded, no station is forced, and the structure of
the question (one station per site, existing stations stay) is rows like any other rule.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from scipy.sparse import csr_array, eye_array, vstack

from models.fire_stations import FireStationRequest
from models.fire_stations.plan import Action
from models.fire_stations.rules import IdlePolicy
from models.places import Change, Site
from models.text import Text
from optimizer.demand import FloatArray
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.formulation.objectives import Parts
from optimizer.fire_stations.formulation.parts import Block, Part, Values
from optimizer.fire_stations.formulation.rules import Rule, RuleBook
from optimizer.fire_stations.instance import Instance, Posts
from optimizer.fire_stations.options import BoolArray, Options
from optimizer.linear import Builder, LinearProgram

NOMINAL_AREA = "rules.nominal_area"
STRUCTURE = frozenset({"sites", "sites[*].station", "sites[*].station.may"})


@dataclass(frozen=True)
class Slack:
    """How far one number may give way: its rules' limits on one side move by column ``slack``.

    ``upward`` moves upper limits up, else lower limits down; ``most`` bounds the move of the
    number, ``whole`` keeps it whole.
    """

    rules: tuple[Rule, ...]
    upward: bool
    most: float
    whole: bool

    def add(self, builder: Builder) -> None:
        """Add the column, and the rules with their limits movable."""
        builder.add_columns("slack", [1.0], upper=self.most, integer=self.whole)
        for rule in self.rules:
            per_row = np.ones(len(rule.lower)) if rule.slack is None else rule.slack
            sign = -1.0 if self.upward else 1.0
            terms = {**rule.terms, "slack": csr_array((sign * per_row)[:, None])}
            lower, upper = rule.lower, rule.upper
            moved, fixed = (f"{rule.path}.slack", rule.path)
            if self.upward:
                builder.add_rows(moved, terms, lower=-np.inf, upper=upper)
                builder.add_rows(fixed, rule.terms, lower=lower, upper=np.inf)
            else:
                builder.add_rows(moved, terms, lower=lower, upper=np.inf)
                builder.add_rows(fixed, rule.terms, lower=-np.inf, upper=upper)


@dataclass(frozen=True)
class Unruled:
    """The options of a request, its rules, and programs that keep any of them."""

    instance: Instance
    formulation: Formulation
    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, instance: Instance) -> Self:
        """Return ``instance`` with nothing fixed; idle stations are options whatever the policy."""
        asked = with_idle_options(instance)
        free = replace(asked, request=_permissive(asked.request))
        formulation = Formulation(free)
        book = RuleBook(Parts(asked))
        # The rules are those asked for; the cover they speak of must not be reduced by them.
        book.parts = formulation.parts
        listed = tuple(_with_same_site(asked, rule) for rule in book.rules())
        return cls(free, formulation, (*listed, *silent_rules(instance)))

    def part(self, level: int) -> Part:
        """Return the part of a level."""
        return self.formulation.part(level)

    def program(
        self,
        part: Part | None = None,
        *,
        without: Collection[str] = (),
        slack: Slack | None = None,
    ) -> LinearProgram:
        """Return the program of all rules but those at the paths ``without``.

        Its objective is ``part``; or to move ``slack`` least; or nothing.
        """
        builder = Builder("min" if part is None else part.sense)
        self._add_choice(builder)
        for block in self._blocks(part):
            block.add(builder)
        if slack is not None:
            slack.add(builder)
        moving = () if slack is None else slack.rules
        skipped = {*without, NOMINAL_AREA, *(rule.path for rule in moving)}
        for rule in self.rules:
            if rule.path not in skipped:
                rule.add(builder)
        program = builder.build()
        if part is None:
            return program
        expression = part.expression
        return program.with_cost(expression.row(program), part.sense, expression.constant)

    def _add_choice(self, builder: Builder) -> None:
        """Add options and posts; several options at one post are a rule's business to forbid."""
        options, posts = len(self.instance.options), len(self.instance.posts)
        builder.add_columns("option", np.zeros(options), integer=True)
        builder.add_columns("post", np.zeros(posts), upper=np.inf, integer=False)
        terms = {
            "post": csr_array(eye_array(posts, format="csr")),
            "option": csr_array(-self.instance.posts.options),
        }
        builder.add_rows("post", terms, lower=0.0, upper=0.0)

    def _blocks(self, part: Part | None) -> list[Block]:
        spoken = {name for rule in self.rules for name in rule.terms}
        wanted: dict[str, Block] = {
            block.name: block for block in self.formulation.parts.covers() if block.name in spoken
        }
        for block in () if part is None else part.blocks:
            wanted.setdefault(block.name, block)
        return list(wanted.values())

    def values(self, chosen: BoolArray, part: Part | None = None) -> Values:
        """Return what every column stands at when ``chosen`` options are taken."""
        count = self.instance.posts.options @ chosen.astype(np.float64)
        values: Values = {"option": chosen.astype(np.float64), "post": count}
        for block in self._blocks(part):
            block.fill(values, chosen, count > 0)
        return values


def rule_activity(rule: Rule, values: Values) -> FloatArray:
    """Return what the rows of ``rule`` come to (row,)."""
    rows: FloatArray = np.zeros(len(rule.lower))
    for block, matrix in rule.terms.items():
        rows = rows + matrix @ values[block]
    return rows


def taken(asked: Instance, chosen: BoolArray, among: Instance) -> BoolArray:
    """Return ``chosen`` options of one instance among those of another that has more."""
    if len(asked.options) == len(among.options):
        return chosen
    place = {_identity(one): o for o, one in enumerate(among.options.entries)}
    found = np.zeros(len(among.options), dtype=np.bool_)
    for o in np.flatnonzero(chosen):
        found[place[_identity(asked.options.entries[o])]] = True
    return found


def _identity(option: object) -> tuple[object, ...]:
    names = ("site", "origin", "class_index", "action")
    return tuple(getattr(option, name) for name in names)


def with_idle_options(instance: Instance) -> Instance:
    """Return the instance with stations kept idle by policy as options too."""
    request = instance.request
    if request.rules.idle_stations is not IdlePolicy.CLOSED:
        return instance
    rules = request.rules.model_copy(update={"idle_stations": IdlePolicy.MAY_OPEN})
    asked = request.model_copy(update={"rules": rules})
    return with_options(replace(instance, request=asked))


def with_options(instance: Instance) -> Instance:
    """Return the instance with the options its own request leaves open."""
    options = Options.of(instance.request, instance.classes, instance.standard)
    return replace(instance, options=options, posts=Posts.of(options))


def _permissive(request: FireStationRequest) -> FireStationRequest:
    """Return the request without the rules and the stations that decide options beforehand."""
    cleared = {"forbidden_sites": (), "clearances": (), "open_sites": ()}
    rules = request.rules.model_copy(update={**cleared, "idle_stations": IdlePolicy.MAY_OPEN})
    sites = tuple(_closable(site) for site in request.sites)
    return request.model_copy(update={"rules": rules, "sites": sites})


def _closable(site: Site) -> Site:
    if site.station is None or Change.CLOSE in site.station.may:
        return site
    may = (*site.station.may, Change.CLOSE)
    return site.model_copy(update={"station": site.station.model_copy(update={"may": may})})


def _with_same_site(instance: Instance, rule: Rule) -> Rule:
    """Return a spacing rule that also keeps two new stations off one site: they are 0 m apart."""
    options = instance.options
    opened = options.site[options.opens]
    shared = np.flatnonzero(np.bincount(opened, minlength=1) > 1)
    if rule.path != "rules.spacing" or rule.steps is None or not len(shared):
        return rule
    rows = csr_array((options.site[None] == shared[:, None]) & options.opens, dtype=np.float64)
    count = len(shared)
    return replace(
        rule,
        terms={"option": csr_array(vstack([rule.terms["option"], rows]))},
        lower=np.append(rule.lower, np.full(count, -np.inf)),
        upper=np.append(rule.upper, np.ones(count)),
        steps=np.append(rule.steps, np.zeros(count)),
    )


def silent_rules(instance: Instance) -> Iterator[Rule]:
    """Yield the rules that a formulation keeps without a row: what makes them hold is elsewhere.

    Idle stations stay closed, where that is the policy, by not being options at all (the row
    here is over the options they would add); nominal areas are kept by cuts.
    """
    if instance.request.rules.idle_stations is IdlePolicy.CLOSED:
        entries = with_idle_options(instance).options.entries
        idle = [one.action is Action.COMMISSION for one in entries]
        if any(idle):
            yield Rule(
                path="rules.idle_stations",
                text=Text(code="rule.idle_stations"),
                terms={"option": csr_array(np.array([idle], dtype=np.float64))},
                lower=np.array([-np.inf]),
                upper=np.zeros(1),
            )
    if instance.request.rules.nominal_area == "enforce":
        nothing = np.zeros(0)
        text = Text(code="rule.nominal_area")
        yield Rule(NOMINAL_AREA, text, terms={}, lower=nothing, upper=nothing)
