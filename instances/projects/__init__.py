"""A planner's folder or workbook to a request."""

from instances.projects.importing import Imported, import_project, on_network

__all__ = ["Imported", "import_project", "on_network"]
