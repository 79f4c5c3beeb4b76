"""Shelter siting drawn from a seed: towns for benchmarks, and tiny ones for tests."""

from instances.generators.shelters.town import Town as Town
from instances.generators.shelters.town import shelter_town as shelter_town
from instances.generators.shelters.town import spread_town as spread_town
