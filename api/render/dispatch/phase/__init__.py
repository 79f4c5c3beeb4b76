"""Disaster-phase answers as text, lines for radio and chat, tables, map layers and sections."""

from api.render.dispatch.phase.layers import layers
from api.render.dispatch.phase.lines import round_lines, summary
from api.render.dispatch.phase.page import sections
from api.render.dispatch.phase.tables import all_tables, calls

__all__ = ["all_tables", "calls", "layers", "round_lines", "sections", "summary"]
