"""A planner's folder or workbook to a request."""

from instances.projects.importing import Imported, import_project

__all__ = ["Imported", "import_project"]
