"""The tables, columns and settings of a project of stockpiles."""

_NAMED = ("id", "name", "name_en")
_PLACE = (*_NAMED, "lat", "lon", "position", "place")

STOCK_FIELDS: dict[str, tuple[str, ...]] = {
    "demand": (*_PLACE, "residents", "weights", "area", "subdistrict", "kit_free"),
    "sites": (
        *(*_PLACE, "tier", "area", "subdistrict", "volume", "floor_load", "handling", "open_s"),
        *("vehicle_count", "vehicle_load", "vehicle_volume", "vehicle_loading_s"),
        *("fee_share", "yearly_cost", "conditions"),
    ),
    "tiers": (
        *(*_NAMED, "dispatch_s", "hand_over_s", "reach_s", "own_area", "tier_budget"),
        *("may_hold", "refills"),
    ),
    "items": (
        *(*_NAMED, "unit", "unit_volume", "unit_mass", "price", "need_weight", "shelf_life"),
        *(
            "packs",
            "contents",
            "substitutes",
            "service_life",
            "conditions",
            "per_person",
            "per_person_day",
            "per_household",
        ),
        *("driver", "per_driver", "per_kit"),
    ),
    "minimums": ("tier", "item", "least", "per_resident", "each"),
    "lots": (
        *("id", "item", "depot", "quantity", "quantity_most", "unit", "expires", "expires_last"),
    ),
    "sizes": (
        *("depot", "size", "volume", "floor_load", "handling", "capital_cost", "life_years"),
        "yearly_cost",
    ),
    "contracts": (
        *(*_PLACE, "kind", "tier", "area", "subdistrict", "item", "most", "lead_time_s", "fee"),
    ),
    "bands": ("id", "end_s", "supply_days", "band_weight"),
    "scenarios": (
        *(*_NAMED, "kind", "probability", "duration_days", "slower", "affected", "stratum"),
        "held_out",
    ),
    "effects": (
        *("scenario", "where", "affected", "affected_people", "lost", "slower", "cut_off"),
        *("driver", "count"),
    ),
    "places": ("id", "name", "alias", "lat", "lon", "position", "precision"),
    "areas": (*_NAMED, "level", "parent"),
}
STOCK_NEEDED: dict[str, tuple[str, ...]] = {
    "demand": ("id", "residents"),
    "sites": ("id", "tier"),
    "tiers": ("id",),
    "items": ("id", "unit_volume", "price"),
    "minimums": ("tier", "item"),
    "lots": ("item", "depot"),
    "sizes": ("depot", "size", "volume"),
    "contracts": ("id", "tier", "item", "most", "lead_time_s", "fee"),
    "bands": ("id", "end_s"),
    "scenarios": ("id",),
    "effects": ("scenario", "where"),
    "places": ("name",),
    "areas": ("id",),
}
STOCK_LISTS = frozenset(  # it may do without
    {"minimums", "lots", "effects", "sizes", "contracts", "bands"}
)
STOCK_RULES = ("budget", "yearly_budget", "max_built")
STOCK_FAIR = ("least_cover", "gini", "chance_risk")
STOCK_TOLD = ("deadline_s", "holding_rate", "recovered_share")
STOCK_KITS = ("kit_tier", "kit_cost", "kit_free_share", "kit_share_max", "kit_life_years")
STOCK_SETTINGS = (*STOCK_RULES, *STOCK_TOLD, *STOCK_KITS, *STOCK_FAIR)
STOCK_NUMBERS = frozenset(STOCK_SETTINGS) - {"kit_tier"}
