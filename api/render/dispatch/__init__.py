"""Dispatch answers as text, lines for radio and chat, map layers and pages."""

from api.render.dispatch.layers import layers
from api.render.dispatch.lines import order_line, order_lines
from api.render.dispatch.page import sections
from api.render.dispatch.sides import (
    dispatch_side,
    phase_side,
    positioning_side,
    readiness_side,
)
from api.render.dispatch.summary import summary
from api.render.dispatch.tables import all_tables, orders

__all__ = [
    "all_tables",
    "dispatch_side",
    "layers",
    "order_line",
    "order_lines",
    "orders",
    "phase_side",
    "positioning_side",
    "readiness_side",
    "sections",
    "summary",
]
