"""What keeps a file from being written."""

from models.faults import Fault
from models.messages import render
from models.text import Text


class FileError(Exception):
    """A file cannot be made of an answer; ``fault`` says what is needed."""

    def __init__(self, path: str, code: str, **values: str) -> None:
        self.fault = Fault(path=path, need=Text(code=code, values=dict(values)))
        super().__init__(render(self.fault.need, "en"))


def needs_library(package: str, extra: str) -> FileError:
    """Return the error that says which extra brings ``package``."""
    return FileError("--format", "file.needs_library", package=package, extra=extra)
