"""The location searches on published and seeded instances: ``python -m benchmarks.siting``."""
