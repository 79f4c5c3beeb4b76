"""Small stock books, drawn from a seed."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from models.rotation import RotationRequest

START = date(2027, 1, 1)


def drawn(seed: int, **more: Any) -> RotationRequest:
    """Return two tiers, three depots and two items, over a year and a half or two."""
    rng = np.random.default_rng(seed)
    days = [START + timedelta(days=int(one)) for one in rng.integers(-20, 600, 6)]
    lots = [
        {
            "id": f"lot{n}",
            "depot_id": ("top", "low", "side")[n % 3],
            "item_id": ("food", "tent")[int(rng.random() < 0.3)],
            "quantity": float(rng.integers(0, 40)),
            "expires_on": day.isoformat(),
        }
        for n, day in enumerate(days)
    ]
    if rng.random() < 0.5:
        lots[0] |= {"quantity": None, "quantity_between": [3.0, 20.0]}
    if rng.random() < 0.5:
        first, last = days[1], days[1] + timedelta(days=40)
        between = [first.isoformat(), last.isoformat()]
        lots[1] |= {"expires_on": None, "expires_between": between}
    if rng.random() < 0.3:
        lots[2] |= {"expires_on": None}
    request = {
        "start": START.isoformat(),
        "years": 2,
        "months": int(rng.integers(1, 5)),
        "tiers": [
            {"id": "upper", "refills": ["lower"]},
            {"id": "lower", "may_hold": ["food"] if rng.random() < 0.3 else None},
        ],
        "depots": [
            {"id": "top", "tier": "upper", "volume_m3": 90.0 if rng.random() < 0.4 else 0.0},
            {"id": "low", "tier": "lower"},
            {"id": "side", "tier": "lower"},
        ],
        "items": [
            {
                "id": "food",
                "packs": [{"id": "box", "holds": 6}],
                "volume_m3": 1.0,
                "price": 4.0,
                "weight": 2.0,
                "shelf_life_days": float(rng.integers(150, 500)),
                "least_remaining_days": float(rng.integers(0, 40)),
            },
            {
                "id": "tent",
                "volume_m3": 2.0,
                "price": 30.0,
                "weight": 9.0,
                "shelf_life_days": None if rng.random() < 0.5 else 700.0,
            },
        ],
        "lots": lots,
        "incoming": [
            {
                "id": "coming",
                "depot_id": "top",
                "item_id": "food",
                "quantity": 10.0,
                "arrives_on": "2027-03-10",
                "expires_on": "2027-11-20",
            }
        ],
        "required": [
            {
                "depot_id": "top",
                "item_id": "food",
                "target": float(rng.integers(5, 45)),
                "statutory": 5.0 if rng.random() < 0.5 else 0.0,
            },
            {
                "depot_id": "low",
                "item_id": "food",
                "target": float(rng.integers(5, 25)),
                "from_day": "2027-05-01",
            },
            {"depot_id": "top", "item_id": "tent", "target": float(rng.integers(0, 12))},
        ],
        "outlets": [
            {
                "id": "drill",
                "kind": "use",
                "item_id": "food",
                "depot_ids": ["low"],
                "per_year": float(rng.integers(0, 30)),
                "months": [5, 11],
                "required": True,
                "least_remaining_days": 0.0,
            },
            {
                "id": "sale",
                "kind": "sale",
                "item_id": "food",
                "per_year": float(rng.integers(0, 60)),
                "recovered_share": 0.5,
                "least_remaining_days": 60.0,
            },
            {
                "id": "gift",
                "kind": "donation",
                "item_id": "tent",
                "per_year": float(rng.integers(0, 10)),
                "least_remaining_days": 30.0,
            },
        ],
        "supplies": [
            {
                "id": "food",
                "item_id": "food",
                "depot_ids": ["top", "low"],
                "pack_id": "box",
                "lead_days": 30.0,
                "months": [3, 9],
                "least_life_days": float(rng.integers(120, 300)),
            },
            {"id": "tent", "item_id": "tent", "depot_ids": ["top"], "price": 28.0},
        ],
        "refills": [
            {
                "from_tier": "upper",
                "to_tier": "lower",
                "lead_days": float(rng.integers(0, 40)),
                "least_remaining_days": float(rng.integers(0, 100)),
                "cost_per_unit": 0.1,
            }
        ],
        "budgets": [
            {"year": 2027, "amount": float(rng.integers(0, 400))},
            {"year": 2028, "amount": float(rng.integers(0, 400))},
        ],
        "limits": {"time_limit_s": 60.0},
    }
    # A tier that may not hold tents has none.
    if request["tiers"][1]["may_hold"]:  # type: ignore[index]
        for lot in lots:
            lot["item_id"] = "food" if lot["depot_id"] != "top" else lot["item_id"]
    return RotationRequest.model_validate(request | more)
