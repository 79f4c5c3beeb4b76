"""Every check of a request that needs more than one of its fields."""

from optimizer.fire_stations.checks.effective import effective_classes as effective_classes
from optimizer.fire_stations.checks.effective import effective_standard as effective_standard
