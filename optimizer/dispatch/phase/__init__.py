"""The disaster phase: rounds of teams over hours."""
