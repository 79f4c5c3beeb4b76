"""Seeded days of calls: what a way of sending teams is worth before anyone relies on it."""
