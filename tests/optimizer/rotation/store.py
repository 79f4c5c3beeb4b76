"""One depot by hand: two lots of water, drills, a sale, boxes of ten, two years."""

from datetime import date
from typing import Any

from models.rotation import RotationAnswer, RotationRequest
from optimizer.control import RunControl
from optimizer.rotation.solve import solve

OLD, NEW = date(2027, 4, 30), date(2027, 12, 15)


def store(**more: Any) -> RotationRequest:
    """Return the store; 100 bottles must be there, 60 old and 60 newer ones are."""
    request = {
        "start": "2027-01-01",
        "years": 2,
        "months": 6,
        "tiers": [{"id": "upper", "refills": ["lower"]}, {"id": "lower"}],
        "depots": [
            {"id": "store", "tier": "upper", "lat": 22.7, "lon": 114.35, "volume_m3": 200.0},
            {"id": "shop", "tier": "lower", "lat": 22.71, "lon": 114.36},
        ],
        "items": [
            {
                "id": "water",
                "name": {"en": "Water", "zh": "饮用水"},
                "unit": {"en": "bottle", "zh": "瓶"},
                "packs": [{"id": "box", "name": {"en": "box", "zh": "箱"}, "holds": 10}],
                "volume_m3": 1.0,
                "weight_kg": 0.5,
                "price": 2.0,
                "shelf_life_days": 365.0,
            }
        ],
        "lots": [
            {
                "id": "old",
                "depot_id": "store",
                "item_id": "water",
                "quantity": 60.0,
                "expires_on": str(OLD),
            },
            {
                "id": "new",
                "depot_id": "store",
                "item_id": "water",
                "quantity": 60.0,
                "expires_on": str(NEW),
            },
            {
                "id": "unknown",
                "depot_id": "shop",
                "item_id": "water",
                "quantity_between": [5.0, 20.0],
                "expires_between": ["2027-09-30", "2028-03-31"],
            },
        ],
        "required": [{"depot_id": "store", "item_id": "water", "target": 100.0, "statutory": 40.0}],
        "outlets": [
            {
                "id": "drills",
                "kind": "use",
                "item_id": "water",
                "per_year": 60.0,
                "required": True,
                "depot_ids": ["store"],
            },
            {
                "id": "sale",
                "kind": "sale",
                "item_id": "water",
                "per_year": 120.0,
                "recovered_share": 0.5,
                "least_remaining_days": 30.0,
            },
        ],
        "supplies": [
            {
                "id": "boxes",
                "item_id": "water",
                "depot_ids": ["store"],
                "pack_id": "box",
                "lead_days": 20.0,
            }
        ],
        "refills": [{"from_tier": "upper", "to_tier": "lower", "least_remaining_days": 60.0}],
        "budgets": [{"year": 2027, "amount": 400.0}, {"year": 2028, "amount": 400.0}],
        "whole": True,
        "limits": {"time_limit_s": 60.0},
    }
    return RotationRequest.model_validate(request | more)


def answered(**more: Any) -> RotationAnswer:
    """Return the answer for the store."""
    request = store(**more)
    return solve(request, RunControl(request.limits))
