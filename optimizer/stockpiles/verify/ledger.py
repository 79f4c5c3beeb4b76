"""What one scenario's deliveries amount to, and which of them break a rule."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from models.stockpiles import StockPlan
from models.stockpiles.plan import Deliveries
from models.stockpiles.scenarios import StockScenario
from optimizer.demand import FloatArray
from optimizer.stockpiles.verify.holdings import built_sizes, kit_share
from optimizer.stockpiles.verify.question import Question
from optimizer.verification import at_most

Load = tuple[int, int, float, float]  # band, item, quantity, way in seconds
_PARTS = ("band", "source", "block", "item", "need", "quantity")
_REFILLS = ("band", "source", "target", "item", "quantity")
_SECOND_S = 1e-3
_SCALE = 1e-6  # of a stock or a need: what rounding may take


@dataclass(eq=False)
class Ledger:
    """One scenario under a plan: what is due, in kits, delivered, and what is wrong with it."""

    scenario: StockScenario
    due: FloatArray  # (block, item, band)
    kits: FloatArray
    delivered: FloatArray  # (block, item, band) by the end of each band
    by_tier: dict[str, float]  # weighted need met by the deadline
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def missing(self) -> FloatArray:
        """What is not there by the end of each band."""
        return np.maximum(0.0, self.due - self.kits - self.delivered)


@dataclass(eq=False)
class Books:
    """The ledgers of a plan, one a scenario."""

    question: Question
    plan: StockPlan

    def __post_init__(self) -> None:
        """Sort what the plan holds by source and item."""
        question, plan = self.question, self.plan
        self._stock: dict[tuple[int, int], float] = defaultdict(float)
        places = {one.id: n for n, one in enumerate(question.sources)}
        items = {one.id: k for k, one in enumerate(question.request.items)}
        for one in plan.stock:
            self._stock[places[one.depot_id], items[one.item_id]] += one.quantity
        contracts = {one.id: one.item_id for one in question.request.contracts}
        for taken in plan.agreed:
            at = places[taken.contract_id], items[contracts[taken.contract_id]]
            self._stock[at] += taken.quantity
        shares = kit_share(question, plan)
        self._share = np.array([shares.get(one.id, 0.0) for one in question.request.blocks])
        self._sizes = built_sizes(question, plan)
        self._deliveries = {one.scenario_id: one for one in plan.deliveries}

    def ledger(self, scenario: StockScenario) -> Ledger:
        """Return one scenario's ledger."""
        due, kits = self.question.due(scenario)
        kits = kits * self._share[:, None, None]
        found = Ledger(scenario, due, kits, np.zeros(due.shape), defaultdict(float))
        sent = self._deliveries.get(scenario.id)
        if sent is not None and self._readable(sent, found):
            self._deliver(sent, found)
            self._weigh(sent, found)
        home = self.question.request.households
        if home is not None:
            last = self.question.deadline_band
            found.by_tier[home.tier] += float((kits[:, :, last] @ self._weights).sum())
        return found

    @property
    def _weights(self) -> FloatArray:
        return np.array([one.weight for one in self.question.request.items])

    def _readable(self, sent: Deliveries, found: Ledger) -> bool:
        """Note a list that is too short or names what is not there."""
        request = self.question.request
        limits = {
            "band": len(request.bands),
            "source": len(self.question.sources),
            "block": len(request.blocks),
            "item": len(request.items),
            "need": len(request.items),
            "target": len(request.depots),
        }
        for names in (_PARTS, tuple(f"refill_{name}" for name in _REFILLS)):
            columns = {name: getattr(sent, name) for name in names}
            lengths = {len(column) for column in columns.values()}
            strange = any(
                max(column, default=-1) >= limits[name.removeprefix("refill_")]
                for name, column in columns.items()
                if not name.endswith("quantity")
            )
            if len(lengths) != 1 or strange:
                found.faults["deliveries.known"].append(sent.scenario_id)
                return False
        return True

    def _deliver(self, sent: Deliveries, found: Ledger) -> None:
        """Add up what arrives, noting what cannot be in time or cannot stand in."""
        question = self.question
        arrivals: dict[tuple[int, int], float] = {}
        arrived: list[tuple[int, int, int, int, float]] = []  # band, source, block, item, units
        single, kits = np.zeros(found.due.shape[:2]), defaultdict[tuple[int, int], float](float)
        for b, n, j, k, need, quantity in zip(
            *(getattr(sent, part) for part in _PARTS), strict=True
        ):
            if (n, j) not in arrivals:
                arrivals[n, j] = question.arrives_s(found.scenario, n, j)
            self._note_late(found, arrivals[n, j], b)
            rate = self._rate(k, need)
            if rate <= 0.0:
                found.faults["deliveries.substitutes"].append(sent.scenario_id)
                continue
            kit = self._contents[k] if k == need else []
            if kit:
                kits[j, k] += quantity
                arrived += [(b, n, j, item, quantity * units) for item, units in kit]
            else:
                single[j, need] += quantity / rate
                arrived.append((b, n, j, need, quantity / rate))
        for b, _, j, item, units in arrived:
            found.delivered[j, item, b:] += units
        for b, n, m in zip(sent.refill_band, sent.refill_source, sent.refill_target, strict=True):
            self._note_late(found, question.refilled_s(found.scenario, n, m), b)
        lacking = np.maximum(0.0, found.due - found.kits)[..., -1]
        over = single - lacking
        if (over > _SCALE * np.maximum(1.0, lacking)).any() or self._for_nothing(kits, lacking):
            found.faults["deliveries.needed"].append(sent.scenario_id)
        self._credit(arrived, lacking, found)

    @cached_property
    def _contents(self) -> list[list[tuple[int, float]]]:
        """What each item contains: the places of items, and units of them."""
        items = self.question.request.items
        places = {one.id: k for k, one in enumerate(items)}
        return [[(places[name], units) for name, units in one.contents.items()] for one in items]

    def _for_nothing(self, kits: Mapping[tuple[int, int], float], lacking: FloatArray) -> bool:
        """Return whether a block has more of a kit than any one need of it could use."""
        for (j, k), quantity in kits.items():
            usable = max(float(lacking[j, item]) / units for item, units in self._contents[k])
            if quantity > usable + _SCALE * max(1.0, usable):
                return True
        return False

    def _credit(
        self,
        arrived: Sequence[tuple[int, int, int, int, float]],
        lacking: FloatArray,
        found: Ledger,
    ) -> None:
        """Count what each tier brought by the deadline, less its share of what is too much."""
        question, weights, packed = self.question, self._weights, any(self._contents)
        total = found.delivered[..., -1]
        for b, n, j, item, units in arrived:
            if b > question.deadline_band:
                continue
            useful = units
            if packed and total[j, item] > lacking[j, item]:
                useful = units * float(lacking[j, item] / total[j, item])
            found.by_tier[question.sources[n].tier] += useful * float(weights[item])

    def _note_late(self, found: Ledger, at_s: float, band: int) -> None:
        if at_s > self.question.request.bands[band].end_s + _SECOND_S:
            found.faults["deliveries.in_time"].append(found.scenario.id)

    def _rate(self, sent: int, needed: int) -> float:
        """Return how many units of one item do for one of another; 0 where they do not."""
        items = self.question.request.items
        return 1.0 if sent == needed else items[needed].substitutes.get(items[sent].id, 0.0)

    def _weigh(self, sent: Deliveries, found: Ledger) -> None:
        """Note what goes out beyond what there is, or beyond what can be handled."""
        for b, band in enumerate(self.question.request.bands):
            out, volume = self._gone(sent, b)
            if not self._covered(out, found.scenario):
                found.faults["deliveries.stock"].append(sent.scenario_id)
            if not self._handled(volume, band.end_s):
                found.faults["deliveries.handling"].append(sent.scenario_id)
        if not self._carried(sent, found.scenario):
            found.faults["deliveries.vehicles"].append(sent.scenario_id)

    def _carried(self, sent: Deliveries, scenario: StockScenario) -> bool:
        """Return whether depots' vehicles can have driven what is sent, by each band's end."""
        question, depots = self.question, self.question.request.depots
        limited = {n for n, one in enumerate(depots) if one.vehicles is not None}
        loads: dict[int, list[Load]] = defaultdict(list)
        for b, n, j, k, _, quantity in zip(
            *(getattr(sent, part) for part in _PARTS if limited), strict=True
        ):
            if n in limited:
                loads[n].append((b, k, quantity, question.travel_s(scenario, n, j)))
        for b, n, m, k, quantity in zip(
            *(getattr(sent, f"refill_{part}") for part in _REFILLS if limited), strict=True
        ):
            if n in limited:
                loads[n].append((b, k, quantity, question.between_s(scenario, n, m)))
        return all(self._driven(n, own) for n, own in loads.items())

    def _driven(self, n: int, loads: Sequence[Load]) -> bool:
        """Return whether one depot's vehicles can have driven its loads there and back."""
        asked, depot = self.question.request, self.question.request.depots[n]
        own = depot.vehicles
        assert own is not None
        once_s = self.question.tiers[depot.tier].hand_over_s + own.loading_s
        for measure, load in (("weight_kg", own.load_kg), ("volume_m3", own.load_m3)):
            for until, band in enumerate(asked.bands):
                able_s = max(0.0, band.end_s - self.question.ready_s(n))
                driven = sum(
                    quantity * getattr(asked.items[k], measure) * (2.0 * way_s + once_s)
                    for b, k, quantity, way_s in loads
                    if b <= until
                )
                if load is not None and not at_most(driven, own.count * load * able_s):
                    return False
        return True

    def _gone(
        self, sent: Deliveries, until: int
    ) -> tuple[dict[tuple[int, int], float], dict[int, float]]:
        """Return what is away from each source at the end of a band, and the volume handled."""
        request = self.question.request
        ends = [band.end_s for band in request.bands]
        out: dict[tuple[int, int], float] = defaultdict(float)
        volume: dict[int, float] = defaultdict(float)
        for band, n, k, quantity in zip(
            sent.band, sent.source, sent.item, sent.quantity, strict=True
        ):
            if band > until:
                continue
            back_s = request.items[k].returns_after_s
            if back_s is None or ends[until] - ends[band] < back_s:
                out[n, k] += quantity
            volume[n] += quantity * request.items[k].volume_m3
        for band, n, m, k, quantity in zip(
            *(getattr(sent, f"refill_{part}") for part in _REFILLS), strict=True
        ):
            if band <= until:
                out[n, k] += quantity
                volume[n] += quantity * request.items[k].volume_m3
            if band < until:
                out[m, k] -= quantity
        return out, volume

    def _covered(self, out: Mapping[tuple[int, int], float], scenario: StockScenario) -> bool:
        for (n, k), quantity in out.items():
            share = scenario.surviving_share.get(self.question.sources[n].id, 1.0)
            if not at_most(quantity, share * self._stock.get((n, k), 0.0)):
                return False
        return True

    def _handled(self, volume: Mapping[int, float], end_s: float) -> bool:
        for n, amount in volume.items():
            if n >= len(self.question.request.depots):
                continue
            depot = self.question.request.depots[n]
            if depot.handling_m3_per_h is None:
                continue
            rate = depot.handling_m3_per_h
            rate += sum(size.handling_m3_per_h for size in self._sizes.get(depot.id, ()))
            hours = max(0.0, end_s - self.question.ready_s(n)) / 3600.0
            if not at_most(amount, rate * hours):
                return False
        return True
