"""A plan of facilities for people: text, tables, map layers, parts of a report."""

from api.render.facilities.layers import layers as layers
from api.render.facilities.side import side as side
from api.render.facilities.tables import all_tables as all_tables
from api.render.facilities.tables import allocations as allocations
from api.render.facilities.text import sections as sections
from api.render.facilities.text import summary as summary
