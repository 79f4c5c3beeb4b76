"""Stockpile placement: the question, the plan and its reasons."""

from models.answer import Answer
from models.stockpiles.explanation import StockExplanation as StockExplanation
from models.stockpiles.plan import StockPlan as StockPlan
from models.stockpiles.request import StockRequest as StockRequest


class StockAnswer(Answer[StockPlan, StockExplanation]):
    """Who holds what and how well that serves, proven, checked and explained."""
