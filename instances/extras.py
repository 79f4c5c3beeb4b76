"""What a library that is not there is called, and what brings it."""


def needs_extra(package: str) -> ImportError:
    """Return the error that says which extra brings ``package``."""
    return ImportError(f"{package} is not installed; pip install 'muster[geography]' brings it")
