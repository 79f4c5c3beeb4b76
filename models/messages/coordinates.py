"""What coordinates say to people."""

COORDINATES: dict[str, tuple[str, str]] = {}
