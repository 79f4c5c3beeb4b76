"""A shelter answer for people: text, tables, assignment sheets, map layers, parts of a report."""

from api.render.shelters.geojson import layers as layers
from api.render.shelters.html import sections as sections
from api.render.shelters.sheets import assignments as assignments
from api.render.shelters.sheets import sheets as sheets
from api.render.shelters.sheets import tables_and_sheets as tables_and_sheets
from api.render.shelters.side import opening_side as opening_side
from api.render.shelters.side import side as side
from api.render.shelters.tables import all_tables as all_tables
from api.render.shelters.text import summary as summary
