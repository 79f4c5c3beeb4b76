"""Stockpile placement: who holds what, so that people get help in time whatever happens."""
