"""A stockpile answer for people: text, tables, map layers, parts of a report."""

from api.render.stockpiles.geojson import layers as layers
from api.render.stockpiles.html import sections as sections
from api.render.stockpiles.side import day_side as day_side
from api.render.stockpiles.side import side as side
from api.render.stockpiles.tables import all_tables as all_tables
from api.render.stockpiles.tables import stock as stock
from api.render.stockpiles.text import summary as summary
