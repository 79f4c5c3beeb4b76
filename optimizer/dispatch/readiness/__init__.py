"""Readiness: the cover left by idle teams, and the moves that restore it."""
