"""The report as paper: PDF, Word document, and the plan's map as a picture."""

from api.render.documents.paper import pdf
from api.render.documents.picture import map_picture
from api.render.documents.word import word

__all__ = ["map_picture", "pdf", "word"]
