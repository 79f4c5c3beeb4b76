"""Stockpile placement: the question, the plan and its reasons."""
